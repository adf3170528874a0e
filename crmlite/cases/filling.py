"""What is filled into canned replies: `{contact}` and the like, from a fixed list and nothing more."""

import re
from collections.abc import Mapping

FIELDS = ("customer", "contact", "number", "subject", "me", "date")
FIELD = re.compile(r"\{(\w+)\}")


def filled(text: str, values: Mapping[str, str]) -> str:
    """A text with its fields filled in; any other braces stay as they are."""
    return FIELD.sub(lambda found: values.get(found[1], found[0]), text)
