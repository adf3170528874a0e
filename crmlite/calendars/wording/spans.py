"""Days and hours in the reader's words: `Sat 21, Sun 22 Nov`, `11月21–22日 周末`, `9:00–12:00`."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton

from crmlite.rules.working_time import Block
from crmlite.wording import language

DAY = timedelta(days=1)
SATURDAY = 5
WEEKDAYS = "一二三四五六日"
SOME_MONDAY = date(2026, 3, 2)
ENGLISH = "en_GB"
KEPT = 2_000


def day(at: date, *, with_year: bool = False) -> str:
    """A day with its weekday: `Wed 25 Nov`, `11月25日 周三`."""
    return _day(at, with_year, language())


def days(first: date, last: date, *, with_year: bool = False) -> str:
    """Days in a row: two in English are named both; the year, where it is given, stands at the end,
    or at both where they differ."""
    if first == last:
        return day(first, with_year=with_year)
    spans = first.year != last.year and with_year
    if language() == "zh":
        return _chinese(first, last, with_year=with_year, spans=spans)
    between = ", " if last - first == DAY else " – "
    if (first.year, first.month) == (last.year, last.month):
        start = f"{weekday(first.weekday())} {first.day}"
    else:
        start = day(first, with_year=spans)
    return f"{start}{between}{day(last, with_year=with_year)}"


def moment(at: datetime, zone: ZoneInfo, *, with_year: bool = False) -> str:
    """A day and the time on the wall there: `Fri 20 Nov, 17:40`, `11月20日 周五 17:40`."""
    local = at.astimezone(zone)
    return on(local.date(), clock(local.time()), with_year=with_year)


def on(at: date, times: str, *, with_year: bool = False) -> str:
    """A day and times on it."""
    between = " " if language() == "zh" else ", "
    return f"{day(at, with_year=with_year)}{between}{times}"


def clock(at: time) -> str:
    """What the clock on the wall shows, without seconds: `9:00`."""
    return f"{at.hour}:{at.minute:02}"


def minute_of_day(minute: int) -> str:
    """The same of a minute of the day; the last one is 24:00."""
    return f"{minute // 60}:{minute % 60:02}"


def hours(blocks: Sequence[Block]) -> str:
    """Hours of a day: `9:00–12:00, 13:30–18:00`."""
    return listed(f"{minute_of_day(block.start)}–{minute_of_day(block.end)}" for block in blocks)


def listed(parts: Iterable[str]) -> str:
    """Parts of one kind in a row."""
    return ("、" if language() == "zh" else ", ").join(parts)


def week(blocks: Sequence[Sequence[Block]]) -> str:
    """A week at a glance, days with the same hours together: `Mon–Fri 9:00–18:00; Sat 9:00–12:00`."""
    found: list[tuple[int, int]] = []
    for number in range(len(blocks)):
        if not blocks[number]:
            continue
        if found and found[-1][1] == number - 1 and blocks[number - 1] == blocks[number]:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    parts = [f"{_weekdays(first, last)} {hours(blocks[first])}" for first, last in found]
    return ("；" if language() == "zh" else "; ").join(parts)


def weekday(number: int) -> str:
    """A day of the week, Monday being 0: `Mon`, `周一`."""
    if language() == "zh":
        return f"周{WEEKDAYS[number]}"
    return _weekday(number, "EEE")


def _weekdays(first: int, last: int) -> str:
    if first == last:
        return weekday(first)
    if last - first == 1:
        return listed((weekday(first), weekday(last)))
    return f"{weekday(first)}{'至' if language() == 'zh' else '–'}{weekday(last)}"


def _chinese(first: date, last: date, *, with_year: bool, spans: bool) -> str:
    start = f"{first.year}年" if with_year else ""
    start += f"{first.month}月{first.day}"
    if (first.year, first.month) == (last.year, last.month):
        weekend = first.weekday() == SATURDAY and last - first == DAY
        return f"{start}–{last.day}日{' 周末' if weekend else ''}"
    end = f"{last.year}年" if spans else ""
    return f"{start}日–{end}{last.month}月{last.day}日"


@lru_cache(maxsize=KEPT)
def _day(at: date, with_year: bool, spoken: str) -> str:
    if spoken == "zh":
        year = f"{at.year}年" if with_year else ""
        return f"{year}{at.month}月{at.day}日 周{WEEKDAYS[at.weekday()]}"
    text = format_skeleton("MMMEd", at, locale=ENGLISH).replace(",", "")
    return f"{text} {at.year}" if with_year else text


@lru_cache
def _weekday(number: int, form: str) -> str:
    return format_date(SOME_MONDAY + number * DAY, form, locale=ENGLISH)
