"""Making a backup: a copy of one moment, proven, packed, read again, and only then put in place."""

import errno
import io
import secrets
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, inspect, select
from sqlalchemy.exc import DBAPIError

import crmlite
from crmlite.backups import archive, places, proof
from crmlite.backups.manifest import Facts, Manifest
from crmlite.backups.refusal import BackupFailed, BackupRefused, BackupUnusable
from crmlite.backups.sqlite_book import BUSY
from crmlite.backups.veil import Veil
from crmlite.backups.writing import Writer
from crmlite.config import Config
from crmlite.db import durable, migrate
from crmlite.db.engines import is_busy, is_full, sqlite_module
from crmlite.db.keyring import KeyRing
from crmlite.files import keeping
from crmlite.files.models import Attachment
from crmlite.settings.models import SettingRow
from crmlite.wording import N_

ELSEWHERE = {"instance", "database_url"}  # they belong to the machine, and may hold a password
NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
SECRET = ("password", "secret", "token", "key")

_setting, _attachment = SettingRow.__table__, Attachment.__table__
ENCRYPT = select(_setting.c.value).where(_setting.c.name == "encrypt_backups")

NO_FOLDER = N_("There is no folder %(place)s.")
COPY_BROKEN = N_("The copy was not kept, because it is not whole: %(what)s")
NO_ROOM = N_("There is no room for a backup in %(place)s.")
CANNOT_READ = N_("The book cannot be read (%(why)s).")
CANNOT_WRITE = N_("The backup cannot be written to %(place)s (%(why)s).")


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup."""

    path: Path
    size: int
    manifest: Manifest


def make(
    config: Config, target: Path | None = None, *, at: datetime, encrypted: bool | None = None
) -> Made:
    """Back the book up while it is in use: to a file or into a folder, else among the others.

    It is encrypted as the firm's settings say, unless `encrypted` says otherwise. Raises
    BackupFailed, KeysMissing or KeysDamaged; then nothing is left behind, and a file that was there
    before is untouched.
    """
    path = _target(config, target, at)
    ring = KeyRing.load(config.keys_file)
    try:
        with places.workplace(path.parent, at) as folder:
            parts, facts, wanted, uids = _copy(config, ring, folder)
            packed, veiled = folder / path.name, wanted if encrypted is None else encrypted
            manifest = _pack(config, ring, packed, parts, uids, facts, at=at, encrypted=veiled)
            with archive.opened(packed) as again:
                again.prove(ring)
                again.read_through(ring)
            packed.replace(path)
            durable.sync_folder(path.parent)
    except BackupUnusable as error:
        raise BackupFailed(COPY_BROKEN, what=str(error)) from error
    except (OSError, DBAPIError, sqlite_module().Error) as error:
        raise _explained(error, path.parent) from error
    return Made(path, path.stat().st_size, manifest)


def _target(config: Config, target: Path | None, at: datetime) -> Path:
    if target is None:
        return config.backups_folder / places.file_name(at)
    if target.is_dir():
        return target / places.file_name(at)
    if not target.absolute().parent.exists():
        raise BackupFailed(NO_FOLDER, place=str(target.parent))
    return target.absolute()


def _copy(
    config: Config, ring: KeyRing, folder: Path
) -> tuple[Mapping[str, Path], Facts, bool, Sequence[str]]:
    """The parts of the database, proven, whether the firm wants its backups encrypted, and which
    files are attached."""
    with places.book_of(config).copied(config, folder) as (parts, connection):
        facts = proof.facts(connection)
        wanted = connection.execute(ENCRYPT).scalar() is True
        uids = _attached(connection)
        if facts.schema == migrate.head():
            found = proof.problems(connection, ring, facts.head, thorough=False)
        else:  # before an upgrade: the models do not fit these tables
            found = [*proof.damages(connection), *proof.dangling(connection)]
    if found:
        raise BackupFailed(COPY_BROKEN, what=str(found[0]))
    return parts, facts, wanted, uids


def _attached(connection: Connection) -> Sequence[str]:
    """The uids of attached files; none in a book that was made before there were any."""
    if not inspect(connection).has_table(_attachment.name):
        return []
    return connection.execute(select(_attachment.c.uid)).scalars().all()


def _pack(
    config: Config,
    ring: KeyRing,
    target: Path,
    parts: Mapping[str, Path],
    uids: Iterable[str],
    facts: Facts,
    *,
    at: datetime,
    encrypted: bool,
) -> Manifest:
    salt = secrets.token_hex(16) if encrypted else ""
    writer = Writer(target, ring, Veil(ring.secret("backup"), salt) if encrypted else None)
    try:
        writer.add(archive.KEYS, io.BytesIO(ring.wrap_ring()))
        writer.add(archive.CONFIG, io.BytesIO(settings_kept(config).encode()))
        for name, path in parts.items():
            with path.open("rb") as file:
                writer.add(name, file)
        for uid in uids:
            # One that was lost must keep nobody from backing up the rest; `crmlite check` names it.
            with suppress(FileNotFoundError):
                _add_attached(writer, config, uid)
        return writer.finish(
            Manifest(
                app=crmlite.__version__,
                made_at=at,
                facts=facts,
                fingerprint=ring.fingerprint,
                salt=salt,
            )
        )
    except BaseException:
        writer.abandon()
        raise


def _add_attached(writer: Writer, config: Config, uid: str) -> None:
    with keeping.place_in(keeping.folder(config), uid).open("rb") as file:
        writer.add(f"{archive.FILES}{uid}", file)


def settings_kept(config: Config) -> str:
    """The settings that follow a book to another machine, as config.toml has them."""
    lines = []
    for field in fields(Config):
        value = getattr(config, field.name)
        secret = any(word in field.name for word in SECRET)
        if field.name not in ELSEWHERE and not secret and value != field.default:
            lines.append(f"{field.name} = {_toml(value)}\n")
    return "".join(lines)


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return str(value)


def _explained(error: Exception, folder: Path) -> BackupRefused:
    text = str(error)
    full = "disk is full" in text or "disk I/O error" in text or is_full(error)
    if full or getattr(error, "errno", None) in NO_SPACE:
        return BackupFailed(NO_ROOM, place=str(folder))
    if is_busy(error) or "database is locked" in text:
        return BackupFailed(BUSY)
    if isinstance(error, OSError):
        why = error.strerror or type(error).__name__
        return BackupFailed(CANNOT_WRITE, place=str(folder), why=why)
    why = str(getattr(error, "orig", error)).strip().partition("\n")[0]
    return BackupFailed(CANNOT_READ, why=why)
