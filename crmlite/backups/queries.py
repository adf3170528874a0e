"""What the page of backups shows: the files that are there, and how making them went."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import func, select

from crmlite import clock
from crmlite.backups import places
from crmlite.backups.models import DAMAGED, FAILED, GOOD, BackupRow
from crmlite.config import Config
from crmlite.extensions import database
from crmlite.health import Finding as Health
from crmlite.jobs.models import READY, RUNNING, Job
from crmlite.work.checks import Finding

SHOWN = 40
OLD = timedelta(hours=50)  # two nights, and some hours for a machine that sleeps
KINDS = ("make-backup", "daily-backup")

table = BackupRow.__table__


@dataclass(frozen=True, kw_only=True, slots=True)
class Backup:
    """A line of the list. `here` says that the file lies in the usual folder of this machine."""

    name: str
    made_at: datetime
    bytes: int = 0
    seconds: float = 0.0
    encrypted: bool = False
    state: str = GOOD
    reason: Finding | None = None
    proven_at: datetime | None = None
    here: bool = False
    elsewhere: bool = False

    @property
    def is_good(self) -> bool:
        """Whether it is thought to be whole."""
        return self.state == GOOD


def newest_elsewhere() -> tuple[str, datetime] | None:
    """Name and moment of the newest backup that was put outside the usual folder."""
    found = database.session.execute(
        select(table.c.name, table.c.made_at)
        .where(table.c.elsewhere, table.c.state == GOOD)
        .order_by(table.c.made_at.desc())
        .limit(1)
    ).first()
    return (found.name, found.made_at) if found else None


def folder() -> Path:
    """Where backups are kept."""
    config: Config = current_app.extensions["crmlite.config"]
    return config.backups_folder


def file_of(name: str) -> Path | None:
    """The file of a backup in the usual folder; None for any other name."""
    if places.made_at(name) is None:
        return None
    path = folder() / name
    return path if path.is_file() else None


def backups() -> list[Backup]:
    """The newest backups and attempts, newest first; files without a row are among them."""
    there = {path.name: path for path in places.files(folder())}
    statement = select(table).order_by(table.c.made_at.desc(), table.c.id.desc()).limit(2 * SHOWN)
    rows = database.session.execute(statement).mappings().all()
    named: dict[str, Backup] = {}
    failed = []
    for row in rows:
        if row["state"] == FAILED:
            failed.append(_from(row, here=False))
        elif row["name"] not in named and (row["name"] in there or row["elsewhere"]):
            named[row["name"]] = _from(row, here=row["name"] in there)
    for name, path in there.items():
        made = places.made_at(name)
        if name not in named and made is not None:
            size = path.stat().st_size
            named[name] = Backup(name=name, made_at=made, bytes=size, here=True)
    shown = [*named.values(), *failed]
    return sorted(shown, key=lambda backup: backup.made_at, reverse=True)[:SHOWN]


def damaged_names() -> set[str]:
    """Names of the files that could not be restored on trial."""
    statement = select(table.c.name).where(table.c.state == DAMAGED)
    return set(database.session.execute(statement).scalars())


def last_good() -> datetime | None:
    """When the newest good backup was made, by rows."""
    return _newest(table.c.made_at)


def last_proven() -> datetime | None:
    """When a backup was last restored on trial."""
    return _newest(table.c.proven_at)


def under_way() -> bool:
    """Whether a backup is being made, or will be in a moment."""
    jobs = Job.__table__
    running = select(jobs.c.id).where(
        jobs.c.kind.in_(KINDS),
        (jobs.c.state == RUNNING) | ((jobs.c.state == READY) & (jobs.c.slot.is_(None))),
    )
    return database.session.execute(running.limit(1)).first() is not None


def is_daily() -> bool:
    """Whether backups are made by themselves."""
    config: Config = current_app.extensions["crmlite.config"]
    return config.backups


def freshness() -> Health:
    """Whether the newest good backup is at most two days old."""
    newest = last_good()
    if newest is None:
        return Health(ok=not is_daily())
    age = clock.now() - newest
    return Health(ok=age < OLD, facts={"hours_ago": int(age.total_seconds() // 3600)})


def _newest(column: Any) -> datetime | None:
    found = select(func.max(column)).where(table.c.state == GOOD)
    newest: datetime | None = database.session.execute(found).scalar()
    return newest


def _from(row: Mapping[Any, Any], *, here: bool) -> Backup:
    why = row["reason"]
    return Backup(
        name=row["name"],
        made_at=row["made_at"],
        bytes=row["bytes"],
        seconds=row["seconds"],
        encrypted=row["encrypted"],
        state=row["state"],
        reason=Finding(why["text"], why["params"]) if why else None,
        proven_at=row["proven_at"],
        here=here,
        elsewhere=row["elsewhere"],
    )
