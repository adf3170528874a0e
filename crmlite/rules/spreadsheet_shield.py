"""Texts that a spreadsheet would take for formulas: made harmless when written, themselves again
when read."""

import re

# What nobody sees before a sign does not keep a spreadsheet from calculating.
UNSEEN = r"[\s\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
FORMULA = re.compile(rf"'*(?:[\t\r]|{UNSEEN}*[=+\-@＝＋－＠])")
NUMBER = re.compile(r"[+-]?[0-9.]+")


def shielded(text: str) -> str:
    """The text with a `'` before it where it would be taken for a formula; numbers, of which
    amounts and phones are some, stay as they are. So does the shield of a shielded text stay its
    own: `unshielded` answers exactly what was given."""
    if FORMULA.match(text) and not NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def unshielded(text: str) -> str:
    """The text without the `'` that shields it; a `'` before anything else is part of it."""
    return text[1:] if text.startswith("'") and FORMULA.match(text, 1) else text
