"""Marks the texts in this room that readers see, so that they are found and translated."""

from collections.abc import Mapping

Label = str | Mapping[str, str]
"""Words for readers: a text to be translated, or `{"en": …, "zh": …}` as packs and managers write."""


def N_(text: str) -> str:  # noqa: N802 - the name that translators' tools look for
    """`text` itself; marks it for translation. It is translated where it is shown."""
    return text


def NN_(one: str, many: str) -> tuple[str, str]:  # noqa: N802 - likewise, with a plural
    """Both forms of a text with `%(num)d` in it, marked for translation."""
    return one, many
