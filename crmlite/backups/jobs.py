"""What runs in the background for safety: sealing, backups, rehearsals, resealing."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app

from crmlite import settings
from crmlite.backups import operations, places, queries, rehearsing, resealing, rotation
from crmlite.backups.refusal import BackupRefused
from crmlite.config import Config
from crmlite.jobs.kinds import JobKind
from crmlite.jobs.queue import Lease
from crmlite.jobs.running import JobFailed
from crmlite.wording import N_
from crmlite.work import Actor
from crmlite.work.chain import seal_ledger

PATIENCE = timedelta(minutes=30)  # a copy is made in one step, during which no lease is renewed


def kinds() -> list[JobKind]:
    """The kinds of work of this slice."""
    return [
        JobKind(
            name="seal-ledger",
            label=N_("Seal the ledger"),
            hint=N_("Makes it evident if somebody later alters what was done, and by whom."),
            run=seal,
            every=timedelta(minutes=1),
            long=True,
        ),
        JobKind(
            name="daily-backup",
            label=N_("Daily backup"),
            hint=N_("Keeps seven days, four weeks and twelve months."),
            run=daily,
            daily_at=time(3, 0),
            long=True,
            lease=PATIENCE,
        ),
        JobKind(
            name=operations.BY_HAND,
            label=N_("Backup by hand"),
            run=by_hand,
            long=True,
            lease=PATIENCE,
        ),
        JobKind(
            name="prove-backup",
            label=N_("Try the newest backup"),
            hint=N_("Restores it into a scratch place each week, and compares."),
            run=prove,
            every=timedelta(days=7),
            long=True,
            lease=PATIENCE,
        ),
        JobKind(
            name=resealing.KIND,
            label=N_("Seal values with the new key"),
            run=resealing.reseal_values,
            long=True,
        ),
    ]


def seal(_payload: Mapping[str, Any], *, by: Actor, at: datetime, lease: Lease) -> None:
    """Seal what was done since."""
    seal_ledger(by=by, at=at, between=lease.renew)


def daily(payload: Mapping[str, Any], *, by: Actor, at: datetime, lease: Lease) -> None:
    """Back up, and take away the backups that the rule does not keep; switched off, only when somebody
    asks for it."""
    if _config().backups or payload.get("asked"):
        by_hand(payload, by=by, at=at, lease=lease)


def by_hand(_payload: Mapping[str, Any], *, by: Actor, at: datetime, lease: Lease) -> None:
    """The same, whenever somebody asks."""
    try:
        operations.make(by=by, at=at)
    except BackupRefused as error:
        raise JobFailed(error.finding.text, **error.finding.params) from error
    lease.renew()
    rotate(at)


def prove(_payload: Mapping[str, Any], *, by: Actor, at: datetime, lease: Lease) -> None:
    """Try the newest backup; before there is any, there is nothing to try."""
    if not places.files(_config().backups_folder):
        return
    try:
        rehearsing.rehearse(by=by, at=at)
    except BackupRefused as error:
        raise JobFailed(error.finding.text, **error.finding.params) from error


def rotate(at: datetime) -> list[str]:
    """Remove the superfluous backups; answers their names."""
    damaged = queries.damaged_names()
    folder = _config().backups_folder
    there = [
        rotation.Kept(path.name, made, good=path.name not in damaged)
        for path in places.files(folder)
        if (made := places.made_at(path.name)) is not None
    ]
    zone = ZoneInfo(settings.get("timezone"))
    gone = sorted(rotation.superfluous(there, at, zone))
    for name in gone:
        (folder / name).unlink(missing_ok=True)
    return gone


def _config() -> Config:
    config: Config = current_app.extensions["crmlite.config"]
    return config
