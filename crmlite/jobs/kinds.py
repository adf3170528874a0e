"""Kinds of work for the background, declared by the slices and packs that need it done."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

from crmlite import hooks

Words = str | Mapping[str, str]
NAME = re.compile(r"[a-z][a-z0-9_-]*")
LATEST = "latest"
EVERY = "every"
LEASE = timedelta(minutes=2)


class UnknownKind(LookupError):
    """Work that nobody declared: a misspelt name, or a pack that is gone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class JobKind:
    """A kind of work.

    `run(payload, *, by, at)` does it. What it writes is committed together with the note that it
    is done, so the effect happens once, whatever dies. It must be quick, and must not mail, back
    up or wait for anybody: such work is `long`. Then `run(payload, *, by, at, lease)` makes its own
    operations, calls `lease.renew()` between batches, best inside each batch's operation, and bears
    being started again after a crash.

    Recurring work says `every` (counted from midnight UTC) or `daily_at` (a time of day of the
    firm). Its payload is `{"slot": "2026-11-25T03:00:00+00:00"}`, with `"asked": true` where somebody
    asked for it beside the timetable. `catch_up` says what happens to slots that were missed while the
    machine slept: `latest` runs once for all of them, `every` runs each, in order.

    Work that piles up in the book (rows marked by the operations that make it necessary) says
    `pending`, which answers whether there is any: it is asked every few seconds, must be quick and
    write nothing. One job then does all there is, or a part of it: it is followed by another. Its
    payload is empty.
    """

    name: str
    label: Words
    run: Callable[..., object]
    hint: Words = ""
    every: timedelta | None = None
    daily_at: time | None = None
    catch_up: str = LATEST
    pending: Callable[[], bool] | None = None
    long: bool = False
    lease: timedelta = LEASE

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise ValueError(f"a kind of job is called like seal-ledger, not {self.name!r}")
        if self.every is not None and self.daily_at is not None:
            raise ValueError(f"{self.name}: every and daily_at exclude each other")
        if self.recurs and self.pending is not None:
            raise ValueError(f"{self.name}: pending and a timetable exclude each other")
        if self.every is not None and self.every < timedelta(seconds=1):
            raise ValueError(f"{self.name}: every must be a second or more")
        if self.catch_up not in (LATEST, EVERY):
            raise ValueError(f"{self.name}: catch_up is {LATEST} or {EVERY}")

    @property
    def recurs(self) -> bool:
        """Whether it has a timetable."""
        return self.every is not None or self.daily_at is not None

    @property
    def on_demand(self) -> bool:
        """Whether it can be asked for: it is about nothing in particular."""
        return self.recurs or self.pending is not None


def kinds() -> Mapping[str, JobKind]:
    """All kinds by name, in the order they were registered."""
    return hooks.by_name("register_job_kinds")


def known(name: str) -> JobKind:
    """The kind of that name. Raises UnknownKind."""
    try:
        return kinds()[name]
    except KeyError:
        raise UnknownKind(name) from None


def payload_of(slot: Any) -> dict[str, Any]:
    """What recurring work is given."""
    return {"slot": slot.isoformat()}
