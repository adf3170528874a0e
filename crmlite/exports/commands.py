"""`crmlite export`: customers as a file, from the console of the server."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from flask import g
from flask_babel import force_locale

from crmlite import clock, settings
from crmlite.access import Reader
from crmlite.access.readers import everything
from crmlite.access.sensitive import forget_viewings
from crmlite.accounts.queries import reader_of, user_by_login
from crmlite.customers.lists import Asked
from crmlite.exports import book, operations
from crmlite.exports.making import made
from crmlite.exports.wanted import EXPORT, FORMATS, OPEN_ARCHIVED, Wanted
from crmlite.wording import LOCALES
from crmlite.work.actors import command_line


@click.group()
def export() -> None:
    """Write customers into a file. 导出客户。"""


@export.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--as", "login", metavar="LOGIN", help="Only what this person may take. 以某人权限")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Of headings and values. 语言")
@click.option("--archived", is_flag=True, help="Archived ones, too. 含已归档")
@click.option("--sheet", is_flag=True, help="As the customer sheet with 16 columns. 客户表")
def customers(file: Path, login: str | None, lang: str | None, archived: bool, sheet: bool) -> None:
    """All customers into FILE, which may end in .xlsx, .csv or .json; an older one is replaced.

    xlsx and csv have every field with the main contact, the first need and the last contact; json
    has all there is. Without --as everything stands in it, nothing masked.
    """
    kind = file.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        known = ", ".join(f".{one}" for one in FORMATS)
        raise click.ClickException(f"{file}: the name must end in one of {known}.")
    if sheet and kind == "json":
        raise click.ClickException("The customer sheet is written as .xlsx or .csv.")
    if not file.absolute().parent.is_dir():
        raise click.ClickException(f"{file}: there is no such folder.")
    reader = _reader(login)
    wanted = Wanted(
        asked=Asked(sort="created"),
        reader=reader,
        layout="sheet" if sheet else "all",
        format=kind,
        archived=archived,
    )
    if archived and not reader.may(OPEN_ARCHIVED):
        print(f"{login} may not open archived customers: they are left out.", file=sys.stderr)
    with _speaking(lang):
        number = _export(wanted, file)
    print(f"{file}: {number:,} customers.")


def _reader(login: str | None) -> Reader:
    if login is None:
        return everything()
    person = user_by_login(login)
    reader = reader_of(person.id) if person else None
    if reader is None:
        raise click.ClickException(f"Nobody can sign in as {login}.")
    if not reader.may(EXPORT):
        raise click.ClickException(f"{login} may not export customers.")
    return reader


def _export(wanted: Wanted, file: Path) -> int:
    at = clock.now()
    ids = book.ids_of(wanted, clock.today(ZoneInfo(settings.get("timezone"))))
    operations.write_down(wanted, len(ids), by=command_line(), at=at)
    # Nobody has looked: who had the file written stands in the ledger.
    try:
        write_beside(file, made(wanted, ids, at, forget_viewings))
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise click.ClickException(f"{file}: {why}. No file was written.") from None
    return len(ids)


def write_beside(file: Path, pieces: Iterable[bytes]) -> None:
    """Write a private file beside the place and put it there when it is whole: whatever fails, an
    older file stays as it was."""
    beside = file.with_name(f".{file.name}.{os.getpid()}.part")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as target:
            for piece in pieces:
                target.write(piece)
            target.flush()
            os.fsync(target.fileno())
        beside.replace(file)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise


@contextmanager
def _speaking(lang: str | None) -> Iterator[None]:
    """In another language than that of the firm."""
    if lang is None:
        yield
        return
    with force_locale(LOCALES[lang]):
        for known in ("language", "sayings", "texts"):
            g.pop(known, None)
        yield


__all__ = ["export"]
