"""Cleans what people type or paste: nothing invisible, nothing endless, nothing that breaks a page."""

import re
import unicodedata

from crmlite.rules.problems import Checked, Problem, refused, warning
from crmlite.rules.wording import N_

MESSAGES = {
    "text_expected": N_("This must be text."),
    "text_broken": N_("The text holds characters that are cut in half. Please type it again."),
    "text_too_long": N_("At most %(most)s characters, please; this has %(length)s."),
    "text_cleaned": N_("Invisible control characters were removed."),
    "whole_number_expected": N_("Please enter a whole number, such as 12."),
    "number_out_of_range": N_("Please enter a number from %(least)s to %(most)s."),
}

LINE_ENDS = re.compile("\r\n|[\r\n\v\f\x85\u2028\u2029]")
# Marks that paste along with text from web pages and mean nothing: taken away without a word.
FILLERS = re.compile("[\u00ad\u200b\u2060-\u2064\ufeff]")
# Controls, characters that are none, and marks that turn the writing direction of all that follows.
CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff]"
    "|["
    + "".join(chr(plane << 16 | low) for plane in range(1, 17) for low in (0xFFFE, 0xFFFF))
    + "]"
)
SURROGATES = re.compile("[\ud800-\udfff]")
LOOKS_EMPTY = frozenset("\u115f\u1160\u2800\u3164\uffa0")
FULL_WIDTH = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {
    0x3000: " ",
    0xFFE0: "¢",
    0xFFE1: "£",
    0xFFE5: "¥",
    0x2212: "-",
}
WHOLE = re.compile(r"[+-]?(?:\d{1,30}|\d{1,3}(?:,\d{3}){1,9})", re.ASCII)
NOTHING = frozenset(("", *"- -- — —— – / \\ 无 無 暂无 没有 空 n/a none null (空)".split()))


def clean_text(raw: object, *, max_length: int, lines: bool = False) -> Checked[str]:
    """`raw` fit to be kept: composed (NFC), trimmed, without controls; emoji stay whole.

    With `lines`, line breaks (all as `\\n`) and tabs are kept, else they become blanks. Half
    characters (lone surrogates) and too long texts are errors; removed controls are a warning.
    The value is "" when nothing visible was entered.
    """
    if not isinstance(raw, str):
        return refused("text_expected")
    if SURROGATES.search(raw):
        return refused("text_broken")
    text = LINE_ENDS.sub("\n", FILLERS.sub("", unicodedata.normalize("NFC", raw)))
    if not lines:
        text = text.replace("\n", " ").replace("\t", " ")
    text, removed = CONTROLS.subn("", text)
    text = "" if looks_empty(text) else unicodedata.normalize("NFC", text).strip()
    if len(text) > max_length:
        return refused("text_too_long", most=max_length, length=len(text))
    return Checked(text, (warning("text_cleaned"),) if removed else ())


def clean_int(raw: object, *, least: int, most: int) -> Checked[int]:
    """A whole number between two bounds (both allowed); None when nothing was entered.

    Full-width digits and `1,200` are read; digits of other scripts, `5²` and `1e9` are refused.
    """
    if isinstance(raw, str):
        typed = folded(raw)
        if not typed:
            return Checked(None)
        if not WHOLE.fullmatch(typed):
            return refused("whole_number_expected")
        raw = int(typed.replace(",", ""))
    if not isinstance(raw, int) or isinstance(raw, bool):
        return refused("whole_number_expected")
    if not least <= raw <= most:
        return refused("number_out_of_range", least=least, most=most)
    return Checked(raw)


def folded(text: str) -> str:
    """Full-width letters, digits and signs as plain ones, outer blanks taken away.

    Narrower than NFKC on purpose: that would also make `52` of `5²` and `1` of `①`.
    """
    return text.translate(FULL_WIDTH).strip()


def looks_empty(text: str) -> bool:
    """Whether nothing in the text can be seen: blanks, joiners, fillers."""
    return all(
        character.isspace()
        or character in LOOKS_EMPTY
        or unicodedata.category(character) in ("Cf", "Cc")
        or "\ufe00" <= character <= "\ufe0f"
        for character in text
    )


def says_nothing(text: str) -> bool:
    """Whether a cell says that there is no value: empty, `-`, `/`, `无`, `n/a`."""
    return folded(text).casefold() in NOTHING


def unstorable(text: str) -> Problem | None:
    """The error for text that no database may be asked about; None when it is clean."""
    if SURROGATES.search(text) or CONTROLS.search(text):
        return Problem("text_broken")
    return None
