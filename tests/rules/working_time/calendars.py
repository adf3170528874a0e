"""Calendars to count on: China's with its make-up days, New York's and London's with their clocks."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from crmlite.rules.working_time import Block, Calendar, ExceptionalDay, blocks_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
NINE_TO_SIX = blocks_of([(9 * 60, 18 * 60)])
WITH_LUNCH = blocks_of([(9 * 60, 12 * 60), (13 * 60 + 30, 18 * 60)])
FREE: tuple[Block, ...] = ()


def office_week(blocks: tuple[Block, ...]) -> list[tuple[Block, ...]]:
    """Monday to Friday alike, and nothing at the weekend."""
    return [blocks] * 5 + [FREE] * 2


def holidays(name: str, first: str, last: str) -> dict[date, ExceptionalDay]:
    """Days off in a row."""
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    found = {}
    while day <= end:
        found[day] = ExceptionalDay(works=False, name=name)
        day += timedelta(days=1)
    return found


def make_up(name: str, *days: str) -> dict[date, ExceptionalDay]:
    """Days worked although they are no weekdays."""
    return {date.fromisoformat(day): ExceptionalDay(works=True, name=name) for day in days}


# As the State Council published them for these years.
OFFICIAL: Mapping[date, ExceptionalDay] = {
    **holidays("元旦", "2025-01-01", "2025-01-01"),
    **holidays("春节", "2025-01-28", "2025-02-04"),
    **make_up("春节", "2025-01-26", "2025-02-08"),
    **holidays("国庆节", "2025-10-01", "2025-10-08"),
    **make_up("国庆节", "2025-09-28", "2025-10-11"),
    **holidays("元旦", "2026-01-01", "2026-01-03"),
    **make_up("元旦", "2026-01-04"),
    **holidays("春节", "2026-02-15", "2026-02-23"),
    **make_up("春节", "2026-02-14", "2026-02-28"),
    **holidays("清明节", "2026-04-04", "2026-04-06"),
    **holidays("劳动节", "2026-05-01", "2026-05-05"),
    **make_up("劳动节", "2026-05-09"),
    **holidays("国庆节", "2026-10-01", "2026-10-07"),
    **make_up("国庆节", "2026-09-20", "2026-10-10"),
}
CHINA = Calendar(zone=SHANGHAI, week=office_week(WITH_LUNCH), days=OFFICIAL)
CHINA_WITHOUT_LUNCH = Calendar(zone=SHANGHAI, week=office_week(NINE_TO_SIX), days=OFFICIAL)
NEW_YORK = Calendar(zone=ZoneInfo("America/New_York"), week=office_week(NINE_TO_SIX))
LONDON = Calendar(zone=ZoneInfo("Europe/London"), week=office_week(NINE_TO_SIX))
# They work when the clocks are changed.
NIGHTS_IN_NEW_YORK = Calendar(
    zone=NEW_YORK.zone, week=[blocks_of([(0, 6 * 60), (22 * 60, 24 * 60)])] * 7
)
ALWAYS_IN_LONDON = Calendar(zone=LONDON.zone, week=[blocks_of([(0, 24 * 60)])] * 7)
CALENDARS = {
    "China": CHINA,
    "China without lunch": CHINA_WITHOUT_LUNCH,
    "New York": NEW_YORK,
    "London": LONDON,
    "nights in New York": NIGHTS_IN_NEW_YORK,
    "always in London": ALWAYS_IN_LONDON,
}


def at(calendar: Calendar, text: str) -> datetime:
    """A moment as the clock on the wall there shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=calendar.zone)


def shown(calendar: Calendar, moment: datetime) -> str:
    """The same the other way round."""
    return moment.astimezone(calendar.zone).strftime("%Y-%m-%d %H:%M")
