"""Brings different ways of writing the same to one form: width, case, accents, 國 and 国."""

import re
import unicodedata

ACCENTS = re.compile("[\u0300-\u036f]")
SURROGATES = re.compile("[\ud800-\udfff]")
HAN_RANGES = "々〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
HAN_BLOCKS = (  # those of Unicode with characters that have another form
    *((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF)),
    *((0x20000, 0x2A6DF), (0x2A700, 0x2EBEF), (0x2F800, 0x2FA1F), (0x30000, 0x323AF)),
)
AT_ONCE = 4096
# Written without blanks between words, as are kana and Hangul: every character counts by itself.
UNSPACED_RANGES = (
    HAN_RANGES + "\u1100-\u11ff\u3041-\u30ff\u3105-\u318f\u31a0-\u31ff\ua960-\ua97f\uac00-\ud7ff"
)
# Vowels and other marks of scripts whose words would be torn apart without them.
MARK_RANGES = "\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0963\u0966-\u109f\u1780-\u17d3"
HAN = re.compile(f"[{HAN_RANGES}]")
RUN = re.compile(
    f"[{UNSPACED_RANGES}]+|(?:[a-z0-9]|(?![{UNSPACED_RANGES}])(?:[^\\W_]|[{MARK_RANGES}]))+"
)
UNSPACED = re.compile(f"[{UNSPACED_RANGES}]")
LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}
)


class Simplified(dict[int, str]):
    """Traditional characters to simplified ones; every other character is itself.

    One by one and not by phrase: what a character becomes must not depend on its neighbours, or a
    part of a name would not be found in the whole.
    """

    def __missing__(self, code: int) -> str:
        if not self and code >= HAN_BLOCKS[0][0]:
            self.update(_simplified())
            return self[code]
        return chr(code)


SIMPLIFIED = Simplified()


def _simplified() -> dict[int, str]:
    """The characters that change, of all that there are: the converter itself is not kept."""
    from opencc import OpenCC

    convert = OpenCC("t2s").convert
    found = {}
    for first, last in HAN_BLOCKS:
        for start in range(first, last + 1, AT_ONCE):
            some = [chr(code) for code in range(start, min(start + AT_ONCE, last + 1))]
            pairs = zip(some, convert("\n".join(some)).split("\n"), strict=True)
            found |= {ord(before): after for before, after in pairs if before != after}
    return found


def unified(text: str) -> str:
    """The text in half width and small letters, without accents; characters as they were written.

    Broken halves of characters become blanks.
    """
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", SURROGATES.sub(" ", text)).casefold()
    text = ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFKC", text).translate(LETTERS)


def fold(text: str) -> str:
    """The text as it is compared: like `unified`, and in simplified characters."""
    text = unified(text)
    return text if text.isascii() else text.translate(SIMPLIFIED)


def is_han(character: str) -> bool:
    """Whether a character is a Chinese one, which has a reading in pinyin."""
    return HAN.match(character) is not None


def is_unspaced(character: str) -> bool:
    """Whether a character belongs to a script that puts no blanks between words."""
    return UNSPACED.match(character) is not None


def runs(folded: str) -> list[str]:
    """The words of a folded text, and its runs of Chinese characters, in order."""
    return RUN.findall(folded)


def squeezed(folded: str) -> str:
    """A folded text without blanks and punctuation."""
    return "".join(runs(folded))
