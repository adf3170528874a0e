"""Reading calendars: from memory, until the epoch says that something about them or about the firm
changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import select

from crmlite import settings
from crmlite.calendars import official
from crmlite.calendars.models import CalendarDay, WorkingCalendar
from crmlite.extensions import database
from crmlite.rules.working_time import Block, Calendar, ExceptionalDay
from crmlite.wording import label
from crmlite.work.epoch import epoch
from crmlite.work.operations import current, is_running

KEY = "crmlite.calendars"
ACTIVE = "active"
Week = Sequence[Sequence[Block]]


@dataclass(frozen=True, kw_only=True, slots=True)
class CalendarEntry:
    """A calendar as it is kept. `zone` and `country` are None where the firm's own hold."""

    id: int
    key: str
    label: Mapping[str, str]
    zone: str | None
    country: str | None
    week: Week
    is_default: bool
    state: str
    version: int

    @property
    def name(self) -> str:
        """What it is called, in the reader's language."""
        return label(self.label)

    @property
    def active(self) -> bool:
        """Whether it is there, and not deleted."""
        return self.state == ACTIVE


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnDay:
    """A day that a manager has set, as it is kept."""

    id: int
    day: date
    works: bool
    label: Mapping[str, str]
    blocks: Sequence[Block] | None
    version: int

    @property
    def exception(self) -> ExceptionalDay:
        """What it makes of the day."""
        return ExceptionalDay(works=self.works, name=self.label, blocks=self.blocks)


class Memory:
    """All calendars as of one epoch."""

    def __init__(self, number: int) -> None:
        self.epoch = number
        self.entries = _entries()
        self.days = _days()
        self._made: dict[int, Calendar] = {}

    @property
    def default(self) -> CalendarEntry:
        """The calendar of those who have chosen none."""
        return next(one for one in self.entries.values() if one.is_default and one.active)

    def calendar(self, calendar_id: int | None) -> Calendar:
        """A calendar to count on; the default one for None. Raises KeyError."""
        entry = self.default if calendar_id is None else self.entries[calendar_id]
        known = self._made.get(entry.id)
        if known is None:
            known = self._made[entry.id] = made(
                entry.week,
                zone=entry.zone or str(settings.get("timezone")),
                country=country_of(entry),
                own={one.day: one.exception for one in self.days.get(entry.id, ())},
            )
        return known


def memory() -> Memory:
    """What is in force in this request."""
    known: Memory | None = current_app.extensions.get(KEY)
    if known is not None and known.epoch == epoch():
        return known
    # What an operation has written may still be taken back: only the operation itself keeps it.
    kept = current().known if is_running() else current_app.extensions
    if kept is current_app.extensions or KEY not in kept:
        kept[KEY] = Memory(epoch())
    found: Memory = kept[KEY]
    return found


def as_written() -> Memory:
    """Calendars as the database has them at this very moment, for operations that change them."""
    return Memory(0)


def calendar_of(calendar_id: int | None) -> Calendar:
    """A calendar to count on, also one that was deleted; the default one for None. Raises KeyError
    for one that never was."""
    return memory().calendar(calendar_id)


def calendars() -> list[CalendarEntry]:
    """The calendars to choose from: the default one first, then by age."""
    found = [one for one in memory().entries.values() if one.active]
    return sorted(found, key=lambda one: (not one.is_default, one.id))


def entry(calendar_id: int) -> CalendarEntry | None:
    """A calendar as it is kept; None when there is none, or when it was deleted."""
    found = memory().entries.get(calendar_id)
    return found if found is not None and found.active else None


def named(name: str) -> CalendarEntry | None:
    """The calendar that is called so in one of the languages; None when none is."""
    wanted = name.strip().casefold()
    return next(
        (
            one
            for one in calendars()
            if wanted in {one.key, *(words.casefold() for words in one.label.values())}
        ),
        None,
    )


def own_days(calendar_id: int) -> list[OwnDay]:
    """The days that managers have set on a calendar, in order."""
    return memory().days.get(calendar_id, [])


def country_of(one: CalendarEntry) -> str:
    """The country whose official holidays hold on a calendar; empty for none. The firm's may be one
    of which none are known."""
    if one.country is not None:
        return one.country
    country = str(settings.get("country"))
    return country if official.is_known(country) else ""


def countries_in_use() -> set[str]:
    """The countries whose official holidays are asked for: the firm's, and those of its calendars."""
    chosen = {one.country for one in calendars() if one.country}
    return {str(settings.get("country")), *chosen}


def made(week: Week, *, zone: str, country: str, own: Mapping[date, ExceptionalDay]) -> Calendar:
    """A calendar to count on."""
    return Calendar(
        zone=ZoneInfo(zone),
        week=week,
        days=official.Days(country, own),
        announced_to=official.announced_to(country) if country else None,
    )


def blocks_of(kept: Sequence[Sequence[int]]) -> tuple[Block, ...]:
    """Hours out of the database."""
    return tuple(Block(start, end) for start, end in kept)


def _entries() -> dict[int, CalendarEntry]:
    table = WorkingCalendar.__table__
    return {row.id: _entry(row) for row in database.session.execute(select(table))}


def _entry(row: Any) -> CalendarEntry:
    return CalendarEntry(
        id=row.id,
        key=row.key,
        label=row.label,
        zone=row.zone,
        country=row.country,
        week=tuple(blocks_of(blocks) for blocks in row.week),
        is_default=row.is_default,
        state=row.state,
        version=row.version,
    )


def _days() -> dict[int, list[OwnDay]]:
    table = CalendarDay.__table__
    found: dict[int, list[OwnDay]] = {}
    for row in database.session.execute(select(table).order_by(table.c.day)):
        one = OwnDay(
            id=row.id,
            day=row.day,
            works=row.works,
            label=row.label,
            blocks=None if row.blocks is None else blocks_of(row.blocks),
            version=row.version,
        )
        found.setdefault(row.calendar_id, []).append(one)
    return found
