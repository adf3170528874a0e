"""Which backups are kept: one for each of seven days, four weeks and twelve months."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

DAYS = 7
WEEKS = 4
MONTHS = 12
FRESH = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup that lies there: its name, when it was made, and whether it is whole."""

    name: str
    made_at: datetime
    good: bool = True


def superfluous(there: Iterable[Kept], now: datetime, zone: tzinfo) -> set[str]:
    """Names of the backups that may go; the days are those of `zone`.

    What is younger than a day stays. Damaged ones take no good one's place; the last good one never
    goes, and while there is none, nothing does.
    """
    everything = list(there)
    good = sorted((one for one in everything if one.good), key=lambda one: one.made_at)
    if not good:
        return set()
    kept = {one.name for one in everything if now - one.made_at < FRESH}
    for period, most in ((_day, DAYS), (_week, WEEKS), (_month, MONTHS)):
        newest = {period(one.made_at.astimezone(zone)): one.name for one in good}
        kept |= {newest[start] for start in sorted(newest)[-most:]}
    return {one.name for one in everything} - kept


Period = Callable[[datetime], tuple[int, ...]]


def _day(at: datetime) -> tuple[int, ...]:
    return at.year, at.month, at.day


def _week(at: datetime) -> tuple[int, ...]:
    return tuple(at.isocalendar()[:2])


def _month(at: datetime) -> tuple[int, ...]:
    return at.year, at.month
