"""Reads working hours as people write them: of a day, `9:00-12:00, 13:30-18:00`, and of a week,
`mon-fri 9-12, 13:30-18; sat 9-12`."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from crmlite.rules.problems import Checked, refused
from crmlite.rules.text import folded, says_nothing
from crmlite.rules.wording import N_
from crmlite.rules.working_time.calendar import MINUTES, WEEK, Block

MESSAGES = {
    "hours_unreadable": N_(
        "“%(text)s” cannot be read. Please write hours like 09:00-12:00, 13:30-18:00."
    ),
    "hours_impossible": N_("There is no such time of day: %(text)s."),
    "hours_backwards": N_(
        "“%(text)s” ends before it begins. Hours past midnight belong to two days: up to 24:00, and "
        "from 00:00 on the next one."
    ),
    "hours_empty": N_("“%(text)s” is no time at all."),
    "hours_overlap": N_("“%(one)s” and “%(other)s” overlap."),
    "hours_too_long": N_("That is too much for one day. Please write hours like 09:00-12:00."),
    "week_without_days": N_(
        "“%(text)s” names no weekday. Please write hours like mon-fri 09:00-12:00, 13:30-18:00."
    ),
    "week_without_hours": N_("There are no hours for “%(text)s”."),
    "week_empty": N_("There must be working hours on one day of the week at least."),
}

LONGEST = 200
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CHINESE = "一二三四五六日"
FREE = frozenset(("closed", "off", "free", "休", "休息", "不上班", "放假"))

TIME = r"(\d{1,2})(?:[:.点时](\d{2})分?|(点半)|[点时]|(\d{2}))?(?:\s*(am|pm))?"
BLOCK = re.compile(rf"{TIME}\s*(?:[-–—~〜～―至到]|\bto\b)+\s*{TIME}", re.ASCII)
BETWEEN = re.compile(r"\s*(?:\band\b|[&+和/]|[\s,;、，；]*)\s*")
DAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?|(?:周|星期|礼拜)[一二三四五六日天])"
)
TO = r"\s*(?:[-–—~〜～至到]|\bto\b)\s*"
DAYS = re.compile(rf"(?<![a-z]){DAY}(?:{TO}{DAY})?(?:\s*[,、，]\s*{DAY}(?:{TO}{DAY})?)*(?![a-z])")
RUN = re.compile(rf"({DAY})(?:{TO}({DAY}))?")

Blocks = tuple[Block, ...]


def read_hours(text: str) -> Checked[Blocks]:
    """The hours of a day, in order; none for nothing, `-`, `closed` and `休息`.

    Full-width signs, `9`, `9.30`, `0930`, `9点半`, `5pm`, and all sorts of dashes are read; 24:00 is
    midnight at the end of the day.
    """
    typed = " ".join(folded(text).casefold().split())
    if says_nothing(typed) or typed in FREE:
        return Checked(())
    if len(typed) > LONGEST:
        return refused("hours_too_long")
    found: list[tuple[Block, str]] = []
    place = 0
    while place < len(typed):
        match = BLOCK.match(typed, place)
        if match is None or (match.end() < len(typed) and typed[match.end()].isalnum()):
            return refused("hours_unreadable", text=_piece(typed, place))
        start, end = _minute(match.groups()[:5]), _minute(match.groups()[5:])
        if start is None or end is None:
            return refused("hours_impossible", text=match[0])
        if start >= end:
            return refused("hours_empty" if start == end else "hours_backwards", text=match[0])
        found.append((Block(start, end), match[0]))
        if between := BETWEEN.match(typed, match.end()):
            place = between.end()
    return _apart(sorted(found))


def read_week(text: str) -> Checked[list[Blocks]]:
    """The hours of a week, Monday first: days and their hours, several times over.

    Days are `mon`, `Friday` or `周一`, a list of them (`mon,wed`) or a run (`mon-fri`), which may go
    across the end of the week (`sat-mon`). Hours of a day that is named twice are put together.
    """
    typed = " ".join(folded(text).casefold().replace("\n", ";").split())
    if len(typed) > LONGEST * WEEK:
        return refused("hours_too_long")
    named = list(DAYS.finditer(typed))
    before = typed[: named[0].start()] if named else typed
    if not typed.strip(" ;,"):
        return refused("week_empty")
    if before.strip(" ;,"):
        return refused("week_without_days", text=before.strip(" ;,"))
    texts: list[list[str]] = [[] for _ in range(WEEK)]
    ends = [following.start() for following in named[1:]]
    for match, end in zip(named, [*ends, len(typed)], strict=True):
        hours = typed[match.end() : end].strip(" ;,:")
        if not hours:
            return refused("week_without_hours", text=match[0])
        for day in _days(match[0]):
            texts[day].append(hours)
    read = [_together(parts) for parts in texts]
    if wrong := [problem for checked in read for problem in checked.problems]:
        return Checked(None, tuple(wrong[:1]))
    week = [checked.value or () for checked in read]
    return Checked(week) if any(week) else refused("week_empty")


def written(blocks: Sequence[Sequence[int]]) -> str:
    """Hours as `read_hours` takes them: `09:00-12:00, 13:30-18:00`."""
    return ", ".join(f"{_clock(start)}-{_clock(end)}" for start, end in blocks)


def _together(parts: Sequence[str]) -> Checked[Blocks]:
    found: list[Block] = []
    for part in parts:
        checked = read_hours(part)
        if not checked.ok:
            return checked
        found += checked.value or ()
    return _apart(sorted((block, written([block])) for block in found))


def _apart(found: Sequence[tuple[Block, str]]) -> Checked[Blocks]:
    """Hours that do not overlap."""
    for (one, one_text), (other, other_text) in pairwise(found):
        if other.start < one.end:
            return refused("hours_overlap", one=one_text, other=other_text)
    return Checked(tuple(block for block, _text in found))


def _days(text: str) -> Iterator[int]:
    """The weekdays that a list of days and runs names, Monday being 0."""
    for match in RUN.finditer(text):
        day = _weekday(match[1])
        last = _weekday(match[2]) if match[2] else day
        yield day
        while day != last:
            day = (day + 1) % WEEK
            yield day


def _weekday(text: str) -> int:
    if text[:3] in WEEKDAYS:
        return WEEKDAYS.index(text[:3])
    return CHINESE.index(text[-1].replace("天", "日"))


def _minute(groups: Sequence[str | None]) -> int | None:
    """The minute of the day of a time as it was written; None when there is none such."""
    hours, minutes, half, joined, noon = groups
    hour = int(hours or 0)
    minute = 30 if half else int(minutes or joined or 0)
    if noon:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if noon == "pm" else 0)
    found = hour * 60 + minute
    return found if minute < 60 and found <= MINUTES else None


def _piece(typed: str, place: int) -> str:
    """What cannot be read, up to the next sign that parts hours."""
    rest = re.split(r"[,;、，；]", typed[place:], maxsplit=1)[0].strip()
    return rest or typed


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
