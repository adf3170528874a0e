"""How the text of a file is encoded: told by the file itself, never guessed into other words.

Bytes that could be two things are nobody's guess: a name that comes out as another name is worse
than a question. `detect` answers what is certain, `likely` what to offer first when it must be
asked.
"""

import codecs
import io
from collections.abc import Callable, Iterable, Iterator

from crmlite.imports.sources.rows import Opener
from crmlite.imports.sources.unreadable import Unreadable

CHUNK = 1 << 20
SAMPLE = 1 << 16
MARKS = (  # UTF-32's mark begins like UTF-16's
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
OFFERED = ("utf-8", "gb18030", "big5", "utf-16", "cp1252", "mac_roman", "shift_jis", "euc_kr")
LONGEST_LINE = 1 << 22  # characters
PLAUSIBLE = 0.95  # of the characters that are not ASCII


def detect(opened: Opener) -> str | None:
    """The encoding of a file; None when only a person can tell."""
    with opened() as file:
        start = file.read(SAMPLE)
    for mark, encoding in MARKS:
        if start.startswith(mark):
            return encoding if fits(opened, encoding) else None
    if wide := _without_mark(start):
        return wide if fits(opened, wide) else None
    if fits(opened, "utf-8"):
        return "utf-8"
    if fits(opened, "gb18030") and _reads_like_chinese(opened):
        return "gb18030"
    return None


def likely(opened: Opener) -> list[str]:
    """The encodings that a file can be read with, the likeliest first."""
    able = [encoding for encoding in OFFERED if fits(opened, encoding)]
    if "big5" in able and _share_of(opened, "big5", _is_common_in_big5) >= PLAUSIBLE:
        able.sort(key=lambda encoding: encoding != "big5")
    return able


def fits(opened: Opener, encoding: str) -> bool:
    """Whether the whole file can be read so."""
    try:
        for _text in texts(opened, encoding):
            pass
    except (UnicodeError, LookupError):
        return False
    return True


def texts(opened: Opener, encoding: str) -> Iterator[str]:
    """The text of a file, in pieces. Raises UnicodeError where it is not so encoded."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    with opened() as file:
        while piece := file.read(CHUNK):
            yield decoder.decode(piece)
        yield decoder.decode(b"", final=True)


def lines(opened: Opener, encoding: str) -> Iterator[str]:
    """The lines of a file with their ends, whichever they are; a lone carriage return is one."""
    rest = ""
    for text in texts(opened, encoding):
        *whole, rest = _with_ends(rest + text)
        yield from whole
        if len(rest) > LONGEST_LINE:
            raise Unreadable("line_too_long")
    if rest:
        yield from _with_ends(rest, last=True)


def _with_ends(text: str, *, last: bool = False) -> Iterable[str]:
    """Lines as `\\n`, `\\r\\n` and `\\r` part them; of an unfinished text the last one may go on."""
    lines = list(io.StringIO(text, newline=""))
    if not last and (not lines or lines[-1].endswith("\n")):
        lines.append("")
    return lines


def _without_mark(start: bytes) -> str | None:
    """UTF-16 by the zero bytes that every second place of plain letters then has."""
    pairs = len(start) // 2
    if not pairs:
        return None
    even, odd = start[0 : 2 * pairs : 2].count(0), start[1 : 2 * pairs : 2].count(0)
    if odd > pairs * 0.2 and even < odd / 10:
        return "utf-16-le"
    if even > pairs * 0.2 and odd < even / 10:
        return "utf-16-be"
    return None


def _reads_like_chinese(opened: Opener) -> bool:
    """Whether what is not ASCII are the characters of simplified Chinese. Western letters and Big5
    come out of GB18030 as characters as well, but as such that nobody writes."""
    return _share_of(opened, "gb18030", _is_in_gb2312) >= PLAUSIBLE


def _share_of(opened: Opener, encoding: str, is_one: Callable[[str], bool]) -> float:
    known: dict[str, bool] = {}
    fitting = others = 0
    for text in texts(opened, encoding):
        for character in text:
            if character < "\x80":
                continue
            if character not in known:
                known[character] = is_one(character)
            if known[character]:
                fitting += 1
            else:
                others += 1
    return fitting / (fitting + others) if fitting + others else 1.0


def _is_in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return character == "€"
    return True


def _is_common_in_big5(character: str) -> bool:
    try:
        return character.encode("big5")[0] <= 0xC6  # the frequent ones, and signs
    except UnicodeEncodeError:
        return False
