"""The timetable's arithmetic: when recurring work is due next."""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta, tzinfo

from crmlite.jobs.kinds import EVERY, JobKind

DAY = timedelta(days=1)
MOST_MISSED = 1000


def following(kind: JobKind, moment: datetime, zone: tzinfo) -> datetime:
    """The first slot of a recurring kind after `moment`; `zone` is the firm's."""
    if kind.every is not None:
        length = kind.every.total_seconds()
        return datetime.fromtimestamp((moment.timestamp() // length + 1) * length, UTC)
    day = moment.astimezone(zone).date()
    while (slot := _on(kind, day, zone)) <= moment:
        day += DAY
    return slot


def next_slot(
    kind: JobKind, last: datetime | None, taken: Collection[str], at: datetime, zone: tzinfo
) -> datetime:
    """The slot that comes after `last`, the newest one there was, seen at `at`.

    Kinds that catch up on every slot get the first missed one, others the first in the future.
    Slots whose key is `taken` are passed over: after the clock was set back, nothing is done twice.
    """
    start = at
    if kind.catch_up == EVERY and last is not None:
        start = min(at, max(last, at - MOST_MISSED * (kind.every or DAY)))
    slot = following(kind, start, zone)
    while slot_key(kind, slot, zone) in taken:
        slot = following(kind, slot, zone)
    return slot


def slot_key(kind: JobKind, slot: datetime, zone: tzinfo) -> str:
    """What makes a slot unique. A daily one is its day, so a change of time zone repeats none."""
    if kind.daily_at is not None:
        return f"{kind.name}:{slot.astimezone(zone).date().isoformat()}"
    return f"{kind.name}:{slot.isoformat()}"


def _on(kind: JobKind, day: date, zone: tzinfo) -> datetime:
    assert kind.daily_at is not None
    return datetime.combine(day, kind.daily_at, zone).astimezone(UTC)
