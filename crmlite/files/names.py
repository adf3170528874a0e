"""What an attached file is called: as it was typed, without what could mislead or break something."""

import re
import unicodedata

LONGEST = 200
LONGEST_ENDING = 20
NAMELESS = "file"
# Control and unassigned characters, half characters, and what changes the direction of reading or
# cannot be seen; the joiners of emoji and of some scripts stay.
UNWANTED = re.compile(
    "[\\x00-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\u061c\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff]"
)
BLANKS = re.compile(r"\s+")


def cleaned(typed: str) -> str:
    """A name of one to 200 characters, without folders; the ending outlives a name that is cut."""
    last = re.split(r"[/\\]", typed)[-1]
    seen = UNWANTED.sub("", BLANKS.sub(" ", last))  # a line break is a blank, not nothing
    name = unicodedata.normalize("NFC", BLANKS.sub(" ", seen)).strip().rstrip(". ")
    if not name.strip("."):
        return NAMELESS
    stem, ending = split(name)
    if len(name) > LONGEST:
        name = stem[: LONGEST - len(ending)].rstrip() + ending
    return name if stem else f"{NAMELESS}{ending}"


def split(name: str) -> tuple[str, str]:
    """A name and its ending with the dot: `("quote.final", ".pdf")`. A long ending is none."""
    stem, dot, ending = name.rpartition(".")
    if not dot or not ending or len(ending) > LONGEST_ENDING:
        return name, ""
    return stem, f".{ending}"
