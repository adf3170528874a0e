"""Switching packs on and off, bringing what they ship up to date, and removing what they left."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask import current_app, g
from sqlalchemy import select

from crmlite import hooks
from crmlite.accounts.operations import ensure_shipped
from crmlite.accounts.queries import holders
from crmlite.declarations import PackPart
from crmlite.extensions import database
from crmlite.notifications.notices import Notice
from crmlite.notifications.operations import notify
from crmlite.packs.host import fitting, memory
from crmlite.packs.loading import Found, known
from crmlite.packs.models import Pack
from crmlite.packs.rights import MANAGE
from crmlite.work import Actor, Refused, current, operation, records
from crmlite.work.epoch import look_again
from crmlite.work.operations import move_epoch
from crmlite.work.shipped import ship_of

TABLE = Pack.__table__
STOPPED = "pack-stopped"
BREATH = 0.004  # seconds in which others may write


@operation("pack_enabled")
def enable_pack(name: str, *, by: Actor, at: datetime) -> int:
    """Switch a pack on: put in what it ships, give its rights to the roles that have them as shipped;
    answers the id of the operation.

    Raises Refused: `pack-unknown`, `pack-unfit` (with `fault`), `pack-clash` (with `other`, `name`).
    """
    found = _sound(name)
    with _arranging():
        row = memory().rows.get(name)
        if row is not None and row["enabled"]:
            return 0
        _refuse_clash(name)
        _write(
            found,
            row,
            {"enabled": True, "stopped": None, "pack_version": found.version, "switched_at": at},
        )
        _settle(name, by=by, at=at)
        _tell_parts(name)
    return current().id


@operation("pack_disabled")
def disable_pack(name: str, *, by: Actor, at: datetime) -> int:
    """Switch a pack off. All that was entered stays, to be read; answers the id of the operation, 0
    when it was off. Raises Refused (`pack-unknown`)."""
    return _switch_off(name, None)


@operation("pack_stopped")
def stop_pack(name: str, failures: int, *, by: Actor, at: datetime) -> int:
    """Switch off a pack that failed so often, and tell those who manage packs."""
    reason = {"code": "failing", "params": {"failures": failures}, "at": at.isoformat()}
    done = _switch_off(name, reason)
    if done:
        notify(
            [
                Notice(one, STOPPED, {"pack": name}, f"pack-stopped:{name}:{at.isoformat()}")
                for one in holders(MANAGE)
            ],
            by=by,
            at=at,
        )
    return done


@operation("pack_upgraded")
def upgrade_pack(name: str, *, by: Actor, at: datetime) -> int:
    """Bring what a pack ships to the version that is installed; what the firm adjusted stays. Answers
    the id of the operation, 0 when there is nothing to do. Raises as `enable_pack` does."""
    found = _sound(name)
    row = memory().rows.get(name)
    if row is None or not row["enabled"] or row["pack_version"] == found.version:
        return 0
    with _arranging():
        _write(found, row, {"pack_version": found.version})
        _settle(name, by=by, at=at)
        _tell_parts(name)
    return current().id


@operation("packs_ordered")
def order_packs(names: Sequence[str], *, by: Actor, at: datetime) -> int:
    """Say in which order packs are asked; answers the id of the operation, 0 when it was that one."""
    with _arranging():
        rows = memory().rows
        wanted = [name for name in names if name in rows]
        order = [*wanted, *(name for name in rows if name not in wanted)]
        changed = records.update_many(
            Pack, {rows[name]["id"]: {"position": place} for place, name in enumerate(order)}
        )
    return current().id if changed else 0


@operation("pack_data_taken")
def take_data(name: str, *, by: Actor, at: datetime) -> int:
    """Have it in the ledger that somebody takes what the book holds of a pack away, before it is handed
    out. Raises Refused: `pack-unknown` for one that was never on."""
    row = memory().rows.get(name)
    if row is None:
        raise Refused("pack-unknown", {"pack": name})
    records.update(Pack, row["id"], {"taken_at": at})
    current().known.clear()
    return current().id


def purge_pack(name: str, *, by: Actor, at: datetime) -> dict[str, int]:
    """Remove all that a pack left in the book; answers how much, by part.

    Records go in batches that let others write in between; cut short, it goes on when it is called
    again. Raises Refused: `pack-unknown` for one that was never on, `pack-on` while it is.
    """
    first, shed = 0, Counter[str]()
    for part in reversed(parts()):
        for work in part.shed(name) if part.shed else ():
            done = _shed(name, work, by=by, at=at, part_of=first or None)
            first = first or done["operation"]
            shed[part.name] += done["number"]
            time.sleep(BREATH)
    rest: dict[str, int] = _purge(name, by=by, at=at, part_of=first or None)
    return {part: number + shed[part] for part, number in rest.items()}


@operation("pack_purged")
def _shed(name: str, work: Callable[[], int], *, by: Actor, at: datetime) -> dict[str, int]:
    look_again()  # somebody may have switched it on meanwhile
    _off(name)
    return {"number": work(), "operation": current().id}


@operation("pack_purged")
def _purge(name: str, *, by: Actor, at: datetime) -> dict[str, int]:
    with _arranging():
        row = _off(name)
        purged = {part.name: part.purge(name) for part in reversed(parts()) if part.purge}
        records.delete(Pack, row["id"])
    return purged


def _off(name: str) -> Any:
    """A pack that is off. Raises Refused."""
    row = memory().rows.get(name)
    if row is None:
        raise Refused("pack-unknown", {"pack": name})
    if row["enabled"]:
        raise Refused("pack-on", {"pack": row["title"]})
    return row


def parts() -> list[PackPart]:
    """What slices do with packs, in their order."""
    return sorted(hooks.gathered("register_pack_parts"), key=lambda part: part.weight)


@contextmanager
def _arranging() -> Iterator[None]:
    """Change which packs are on: others wait for each other, and what follows sees it already."""
    move_epoch()
    g.pop("epoch", None)
    try:
        yield
    except BaseException:
        g.pop("epoch", None)  # what was read of the change holds no longer
        raise


def _sound(name: str) -> Found:
    found = known(current_app).get(name)
    if found is None:
        raise Refused("pack-unknown", {"pack": name})
    if found.incompatible:
        raise Refused("pack-other-version", {"pack": name})
    if not found.sound:
        raise Refused("pack-unfit", {"fault": found.fault})
    return found


def _refuse_clash(name: str) -> None:
    """Raises Refused where a pack that is on has something of the same name."""
    clash = fitting((*memory().on, name))[1].get(name)
    if clash is not None:
        other = memory().rows[clash.other]["title"]
        raise Refused("pack-clash", {"other": other, "name": clash.name})


def _write(found: Found, row: Any, values: dict[str, Any]) -> None:
    manifest = found.manifest
    assert manifest is not None
    title = manifest.title if isinstance(manifest.title, dict) else {"en": str(manifest.title)}
    if row is None:
        place = max((one["position"] for one in memory().rows.values()), default=-1) + 1
        records.insert(Pack, {"name": found.name, "title": title, "position": place, **values})
    else:
        records.update(Pack, row["id"], {"title": title, **values})
    current().known.clear()


def _switch_off(name: str, reason: dict[str, Any] | None) -> int:
    with _arranging():
        wanted = select(TABLE.c.id, TABLE.c.enabled).where(TABLE.c.name == name)
        row = database.session.execute(wanted).first()
        if row is None:
            raise Refused("pack-unknown", {"pack": name})
        if not row.enabled:
            return 0
        records.update(Pack, row.id, {"enabled": False, "stopped": reason})
        current().known.clear()
        _tell_parts(name)
    return current().id


def _settle(name: str, *, by: Actor, at: datetime) -> None:
    """Put in what a pack ships and its rights. Raises Refused where that is not fit for the book."""
    ship_of(name, at)
    current().known.clear()
    ensure_shipped(by=by, at=at)
    faults = [fault for part in parts() if part.faults for fault in part.faults(name)]
    if faults:
        raise Refused("pack-unfit", {"fault": faults[0]})


def _tell_parts(name: str) -> None:
    for part in parts():
        if part.switched is not None:
            part.switched(name)
