"""How each pack stands, what it would change, what it left and what went wrong in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from crmlite import __version__, hooks
from crmlite.access.sensitive import opened
from crmlite.extensions import database
from crmlite.packs.host import Clash, Failure, memory
from crmlite.packs.loading import Found, known
from crmlite.packs.models import PackFailure
from crmlite.packs.operations import parts
from crmlite.packs.words import BRINGS, UNSAID, brought, named
from crmlite.rules.wording import Label
from crmlite.wording import label
from crmlite.work.record_types import record_types
from crmlite.work.shipped import Outcome, foreseen_of

State = Literal["on", "off", "new", "stopped", "unfit", "clash", "gone"]
FAILED = PackFailure.__table__
LATEST = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class PackState:
    """A pack as the page shows it. `version` is the one on the machine, `standing` the one whose rows
    are in the book, empty where there are none. One that is `wanted` was switched on, be it able to
    take part or not."""

    name: str
    title: Label
    description: Label = ""
    icon: str = "package"
    version: str = ""
    standing: str = ""
    state: State = "new"
    wanted: bool = False
    reason: str = ""
    since: datetime | None = None

    @property
    def is_on(self) -> bool:
        """Whether it takes part."""
        return self.state == "on"

    @property
    def was_on(self) -> bool:
        """Whether the book may hold something of it."""
        return bool(self.standing)

    @property
    def can_be_on(self) -> bool:
        """Whether it can be switched on now."""
        return self.state in ("off", "new", "stopped")

    @property
    def is_behind(self) -> bool:
        """Whether another version is on the machine than the one whose rows are in the book."""
        return self.is_on and self.standing != self.version


def packs() -> list[PackState]:
    """All packs: those of the book in their order, then the others by name."""
    rows, installed = memory().rows, known(current_app)
    names = [*rows, *(name for name in sorted(installed) if name not in rows)]
    return [_state(name, installed.get(name), rows.get(name)) for name in names]


def pack(name: str) -> PackState | None:
    """One pack; None for one that neither the machine nor the book knows."""
    return next((one for one in packs() if one.name == name), None)


def _state(name: str, found: Found | None, row: Mapping[str, Any] | None) -> PackState:
    state, reason = _standing(name, found, row)
    manifest = found.manifest if found else None
    return PackState(
        name=name,
        title=manifest.title if manifest else row["title"] if row else name,
        description=manifest.description if manifest else "",
        icon=manifest.icon if manifest else "package",
        version=found.version if found else "",
        standing=row["pack_version"] if row else "",
        state=state,
        wanted=bool(row and row["enabled"]),
        reason=reason,
        since=row["updated_at"] if row else None,
    )


def _standing(name: str, found: Found | None, row: Mapping[str, Any] | None) -> tuple[State, str]:
    """How a pack stands, and why where that needs a reason."""
    if found is None:
        return "gone", _("It is not on this machine any more. What was entered can still be read.")
    if found.incompatible:
        return "unfit", wants(found)
    if not found.sound:
        return "unfit", found.fault
    if row is None:
        return "new", ""
    if row["enabled"]:
        clash = memory().clashes.get(name)
        return ("clash", _clash(clash)) if clash else ("on", "")
    if row["stopped"]:
        times = row["stopped"]["params"]["failures"]
        return "stopped", _(
            "It failed %(times)s times within ten minutes. The rest works as usual; what was entered "
            "can be read.",
            times=times,
        )
    return "off", ""


def wants(found: Found) -> str:
    """For which version of crmlite a pack is made."""
    assert found.manifest is not None
    return str(
        _(
            "It is made for crmlite %(wanted)s; this is %(version)s.",
            wanted=found.manifest.requires,
            version=__version__,
        )
    )


def _clash(clash: Clash) -> str:
    other = memory().rows[clash.other]["title"]
    return str(
        _(
            "It cannot be on beside %(other)s: both bring “%(name)s”.",
            other=label(other),
            name=clash.name,
        )
    )


def brings(name: str) -> list[tuple[str, int, str]]:
    """What a pack adds: of each kind what it is called, how many, and their names."""
    declared = hooks.registry().declared.get(name, {})
    order = [*BRINGS, *(hook for hook in declared if hook not in BRINGS)]
    lines = [
        (brought(hook), len(declared[hook]), named(declared[hook]))
        for hook in order
        if declared.get(hook) and hook not in UNSAID
    ]
    asked = _asked(name)
    told = [hook for hook in asked if hooks.answer_to(hook) == "None"]
    if number := len(asked) - len(told):
        lines.append((_("Parts of pages"), number, ""))
    if told:
        lines.append((_("Runs after changes"), len(told), ""))
    return lines


def told(name: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """What follows from what a pack adds: under each heading what it is about, and what it does."""
    declared = hooks.registry().declared.get(name, {})
    found = [part.told(name, declared) for part in parts() if part.told is not None]
    return [(heading, list(lines)) for heading, lines in found if lines]


def _asked(name: str) -> list[str]:
    """The hooks by which a pack puts something on pages or hears of changes."""
    manager = hooks.manager()
    plugin = manager.get_plugin(name)
    found = manager.get_hookcallers(plugin) if plugin is not None else None
    return [one.name for one in found or () if not one.name.startswith("register_")]


def changes(name: str) -> dict[str, list[Outcome]]:
    """What bringing a pack's rows up to date would do, by fate; what is new for a pack that never was
    on is all of it."""
    found: dict[str, list[Outcome]] = {}
    for outcome in foreseen_of(name):
        found.setdefault(outcome.fate, []).append(outcome)
    return found


def change_lines(outcomes: Mapping[str, Sequence[Outcome]]) -> list[tuple[str, str, str]]:
    """The same in words: the mark of a fate, the kind of record, what is meant."""
    marks = {"add": "+", "change": "~", "retire": "−", "keep": "="}
    kinds = record_types()
    return [
        (marks[fate], label(kinds[one.record].label), _what(one))
        for fate in marks
        for one in outcomes.get(fate, ())
    ]


def _words_there(outcome: Outcome) -> Any:
    """What a row is called that is in the book already; None where it has no words of its own."""
    kind = record_types()[outcome.record]
    table = kind.model.__table__
    if outcome.record_id is None or kind.title not in table.c:
        return None
    wanted = select(table.c[kind.title]).where(table.c.id == outcome.record_id)
    return database.session.execute(wanted).scalar()


def _what(outcome: Outcome) -> str:
    words = outcome.values.get("label") or outcome.values.get("title") or _words_there(outcome)
    name = label(words) if isinstance(words, str | dict) and words else outcome.key
    if outcome.problem:
        return str(_("%(name)s: %(why)s", name=name, why=label(outcome.problem)))
    if outcome.fate == "keep":
        return str(_("%(name)s: stays as you have it", name=name))
    return name


def held(name: str) -> list[tuple[str, int]]:
    """What the book holds of a pack: of each kind what it is called, and how many."""
    return [
        (label(words), number)
        for part in parts()
        if part.held is not None
        for words, number in part.held(name).items()
        if number
    ]


def failures(name: str) -> list[Failure]:
    """What went wrong in a pack lately, newest first."""
    wanted = select(FAILED).where(FAILED.c.pack == name).order_by(FAILED.c.id.desc()).limit(LATEST)
    return [
        Failure(
            name,
            row["at"],
            row["place"],
            opened(PackFailure.message, row),
            opened(PackFailure.trace, row),
        )
        for row in map(dict, database.session.execute(wanted).mappings())
    ]


def settings_of(name: str) -> int:
    """How many settings a pack has."""
    return len(hooks.declared("register_settings", name))
