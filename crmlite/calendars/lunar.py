"""Days of the Chinese lunar calendar, as the library `borax` knows them (1900 to 2100)."""

from datetime import date
from functools import lru_cache

FIRST, LAST = 1900, 2099
FESTIVALS = {"spring_festival": (1, 1), "mid_autumn": (8, 15)}
SOLAR_FESTIVALS = {"new_year": (1, 1), "national_day": (10, 1)}


@lru_cache(maxsize=4096)
def lunar_day(year: int, month: int, day: int) -> date | None:
    """The day on which a day of a lunar year falls; the last of its month where that is shorter, as
    people keep such a birthday. None outside of the years that are known."""
    from borax.calendars.lunardate import LCalendars, LunarDate

    if not FIRST <= year <= LAST:
        return None
    last = int(LCalendars.ndays(year, month))
    found: date = LunarDate(year, month, min(day, last)).to_solar_date()
    return found


def yearly(month: int, day: int, years: range, *, lunar: bool = False) -> list[date]:
    """A day of each of these years: 29 February is the 28th where there is none."""
    if lunar:
        return [found for year in years if (found := lunar_day(year, month, day)) is not None]
    return [_solar(year, month, day) for year in years]


def _solar(year: int, month: int, day: int) -> date:
    return date(year, month, 28 if (month, day) == (2, 29) and not _is_leap(year) else day)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def festival(name: str, years: range) -> list[date]:
    """The days of a festival in these years."""
    if name in FESTIVALS:
        return yearly(*FESTIVALS[name], years, lunar=True)
    return yearly(*SOLAR_FESTIVALS[name], years)
