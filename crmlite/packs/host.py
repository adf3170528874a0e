"""Which packs are on in this request, and what went wrong in them so far; `breaker.py` writes it down
and switches off one that keeps failing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, g
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from crmlite import clock, hooks
from crmlite.extensions import database
from crmlite.packs.loading import known
from crmlite.packs.models import Pack
from crmlite.packs.telling import told, traced
from crmlite.work.epoch import epoch
from crmlite.work.operations import current, is_running

KEY = "crmlite.packs.memory"
FAILURES = "pack_failures"
MOST_FAILURES = 5
PACKS = Pack.__table__


@dataclass(frozen=True, slots=True)
class Clash:
    """A pack that cannot be on beside another one: both have something of one name."""

    pack: str
    other: str
    hook: str
    name: str


class Memory:
    """The packs of the book as of one epoch, in their order: `on` are those that take part, `clashes`
    those that are switched on and cannot."""

    def __init__(self, number: int) -> None:
        self.epoch = number
        found = database.session.execute(select(PACKS).order_by(PACKS.c.position, PACKS.c.id))
        self.rows = {row["name"]: dict(row) for row in found.mappings()}
        wanted = [name for name, row in self.rows.items() if row["enabled"]]
        self.on, self.clashes = fitting(name for name in wanted if name in hooks.installed())


def fitting(packs: Any) -> tuple[tuple[str, ...], dict[str, Clash]]:
    """Of packs in their order those that can be on together, and why the others cannot."""
    taken: dict[tuple[str, str], str] = {}
    fit: list[str] = []
    clashes: dict[str, Clash] = {}
    for pack in packs:
        names = [
            (hook, name)
            for hook, things in hooks.registry().declared[pack].items()
            for thing in things
            if (name := hooks.name_of(thing)) is not None
        ]
        twin = next((one for one in names if one in taken), None)
        if twin is not None:
            clashes[pack] = Clash(pack, taken[twin], *twin)
            continue
        taken |= dict.fromkeys(names, pack)
        fit.append(pack)
    return tuple(fit), clashes


def memory() -> Memory:
    """What is known of the packs in this request."""
    known: Memory | None = current_app.extensions.get(KEY)
    if known is not None and known.epoch == epoch():
        return known
    # What an operation has written may still be taken back: only the operation itself keeps it.
    kept: dict[str, Any] = current().known if is_running() else current_app.extensions
    found: Memory | None = kept.get(KEY)
    if found is None or found.epoch != epoch():
        found = kept[KEY] = Memory(epoch())
    return found


class PackHost:
    """Answers for the packs of an application; see `hooks.Host`."""

    def enabled(self) -> tuple[str, ...]:
        """The packs that are on. While a request goes on, those that kept failing in it are not."""
        if not hooks.installed():
            return ()
        try:
            on = memory().on
        except DBAPIError:  # there is no book yet, or none that can be read
            if not is_running():
                database.session.rollback()
            return ()
        failures: list[Failure] | None = g.get(FAILURES)
        if failures is None:
            return on
        return tuple(pack for pack in on if _count(failures, pack) < MOST_FAILURES)

    def title(self, pack: str) -> str | Mapping[str, str]:
        """As the pack that is installed says, else as the book knows it; else its name."""
        found = known(current_app).get(pack)
        if found is not None and found.manifest is not None:
            return found.manifest.title
        row = memory().rows.get(pack)
        return pack if row is None else dict(row["title"])

    def failed(self, pack: str, where: str, error: BaseException) -> None:
        """Note what went wrong; it is written down when the request or the job is over."""
        message, trace = told(error)[:500], traced(error)[-8000:]
        failure = Failure(pack, clock.now(), where[:200], message, trace)
        g.setdefault(FAILURES, []).append(failure)


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that went wrong in a pack."""

    pack: str
    at: datetime
    place: str
    message: str
    trace: str


def _count(failures: list[Failure], pack: str) -> int:
    return sum(failure.pack == pack for failure in failures)
