"""`crmlite backup`, `restore` and `check`."""

import sys
from pathlib import Path
from typing import Any

import click
from flask import current_app

from crmlite import clock, hooks
from crmlite.backups import archive, operations, restoring
from crmlite.backups.manifest import Manifest
from crmlite.backups.refusal import BackupRefused
from crmlite.config import Config
from crmlite.db import migrate
from crmlite.db.engines import is_busy
from crmlite.db.keyring import KeysDamaged, WrongCode
from crmlite.db.keys import KEY
from crmlite.db.recovery import MistypedCode, read_code
from crmlite.extensions import database
from crmlite.work import Busy, actors
from crmlite.work.checks import DOUBT, GOOD, WRONG, Check, Finding

ANY_SCHEMA = {"engine", "integrity", "references", "schema"}  # others need the newest
TRIES = 3


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
def backup(file: Path | None) -> None:
    """Back the book up while it is in use: to FILE, into the folder FILE, or among the others.

    The file holds everything, with the keys locked by the recovery code. An earlier backup in FILE
    is replaced, nothing else is.
    """
    if file is not None and _is_something_else(file):
        raise click.ClickException(f"{file} is there already and is no backup. Name another file.")
    try:
        made = operations.make(file, by=actors.command_line(), at=clock.now())
    except BackupRefused as error:
        raise click.ClickException(str(error)) from None
    print(f"{made.path} ({made.size:,} bytes, {made.manifest.facts.rows:,} rows)")


def _is_something_else(file: Path) -> bool:
    """Whether a file holds what no backup of crmlite has put there."""
    return file.is_file() and file.stat().st_size > 0 and not archive.is_marked(file)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--code-stdin", is_flag=True, help="Read the recovery code from standard input.")
@click.option("--dry-run", is_flag=True, help="Only try whether it could be restored.")
def restore(file: Path, code_stdin: bool, dry_run: bool) -> None:
    """Put the book of the backup FILE in place of this one, which is kept aside.

    Asks for the recovery code. Everything is checked first; crmlite must not be running, but for
    --dry-run, which restores into a scratch place and throws it away.
    """
    config: Config = current_app.extensions["crmlite.config"]
    at = clock.now()
    ask = _code_from_stdin if code_stdin else _code_from_person
    try:
        if dry_run:
            _tell_rehearsed(restoring.rehearse(config, file, ask, at=at))
            return
        done = restoring.restore(config, file, ask, at=at)
    except (BackupRefused, WrongCode, KeysDamaged) as error:
        raise click.ClickException(f"{error} Nothing was changed.") from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise click.ClickException(f"{file}: {why}. Nothing was changed.") from None
    _write_down(file, done)
    print(f"Restored: {_in_words(done.manifest)}.")
    if done.kept is not None:
        print(f"What was here before is kept in {done.kept}")
    if done.kept_book is not None:
        print(f"The database that was here before is kept in {done.kept_book}")
    if done.kept_schema:
        print(f"The tables that were here before are kept in the schema {done.kept_schema}")
    print("Its recovery code is the one you gave. Everyone signs in anew.")


def _tell_rehearsed(found: Manifest) -> None:
    print(f"This backup can be restored, and the code is right: {_in_words(found)}.")
    print("Nothing was changed.")


def _in_words(found: Manifest) -> str:
    return f"the book of {found.made_at:%Y-%m-%d %H:%M} UTC, {found.facts.rows:,} rows"


def _write_down(file: Path, done: restoring.Restored) -> None:
    """Note the restore in the book that is in place now."""
    database.session.remove()
    database.engine.dispose()
    current_app.extensions.pop(KEY, None)
    by, at = actors.command_line(), clock.now()
    operations.note_restore(file.name[:200], done.manifest.made_at, by=by, at=at)


def _code_from_stdin() -> str:
    return sys.stdin.readline()


def _code_from_person() -> str:
    """What was typed; what cannot be a code is asked for again."""
    for left in reversed(range(TRIES)):
        typed: str = click.prompt("Recovery code", err=True)
        try:
            return read_code(typed)
        except MistypedCode as error:
            if not left:
                raise
            print(error, file=sys.stderr)
    raise AssertionError


@click.command()
@click.option("--all", "thorough", is_flag=True, help="Open every sealed value, not a sample.")
def check(thorough: bool) -> None:
    """Look whether the book is whole: database, schema, ledger, keys, backups. Changes nothing.

    One line per finding; exit code 1 when something is wrong.
    """
    config: Config = current_app.extensions["crmlite.config"]
    if config.is_sqlite and not config.database_file.exists():
        raise click.ClickException(f"There is no book in {config.instance}.")
    if not config.is_sqlite and _is_empty():  # a server that does not answer is said once
        raise click.ClickException("There is no book in the database.")
    wrong = False
    for one in sorted(hooks.gathered("register_checks"), key=lambda one: one.weight):
        for level, words in _lines(one, thorough):
            print(f"{level:8} {one.label}: {words}")
            wrong = wrong or level == WRONG
    sys.exit(1 if wrong else 0)


def _is_empty() -> bool:
    return migrate.standing(database.session.connection()) is migrate.Standing.EMPTY


def _lines(one: Check, thorough: bool) -> list[tuple[str, str]]:
    try:
        current = migrate.standing(database.session.connection()) is migrate.Standing.CURRENT
        if not current and one.name not in ANY_SCHEMA:
            return []
        found: list[Finding] = list(one.run(thorough))
    except Exception as error:  # noqa: BLE001 - whatever is broken, the others are still made
        if isinstance(error, Busy) or is_busy(error):
            return [(DOUBT, "cannot be checked now: others are writing")]
        return [(WRONG, f"cannot be checked ({type(error).__name__}: {_first_line(error)})")]
    finally:
        database.session.rollback()
    return [(finding.level, str(finding)) for finding in found] or [(GOOD, "all is well")]


def _first_line(error: Any) -> str:
    return str(getattr(error, "orig", error)).strip().partition("\n")[0]
