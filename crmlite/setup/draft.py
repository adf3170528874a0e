"""What was said so far, in the cookie of the browser in which it was said: nothing of it is in the book
before the last step, and nothing of it is a secret."""

from collections.abc import Mapping
from typing import Any

from flask import session

KEY = "setup"
MARK, PLACE, FIRM, MANAGER = "mark", "place", "firm", "manager"


def said(part: str) -> Any:
    """One part of it; None before it was said."""
    return session.get(KEY, {}).get(part)


def keep(part: str, values: Mapping[str, Any] | str) -> None:
    """Keep a part."""
    session[KEY] = {**session.get(KEY, {}), part: values}


def drop(part: str, *names: str) -> None:
    """Take names out of a part that follow from what was changed elsewhere."""
    kept = said(part)
    if kept:
        keep(part, {name: value for name, value in kept.items() if name not in names})
