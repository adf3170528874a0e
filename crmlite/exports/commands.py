"""`crmlite export`: customers as a file, from the console of the server."""

import os
import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from crmlite import clock, settings
from crmlite.access import Reader
from crmlite.access.readers import everything
from crmlite.access.sensitive import forget_viewings
from crmlite.accounts.queries import reader_of, user_by_login
from crmlite.customers.lists import Asked
from crmlite.exports import book, operations, order_book, orders
from crmlite.exports.formats import records
from crmlite.exports.making import made
from crmlite.exports.order_book import WantedOrders
from crmlite.exports.wanted import EXPORT, FORMATS, OPEN_ARCHIVED, Wanted
from crmlite.sales.queries.orders import Wanted as AskedOrders
from crmlite.wording import LOCALES, speaking
from crmlite.work.actors import command_line

SEE_ORDERS = "orders:see"


@click.group()
def export() -> None:
    """Write customers, orders or products into a file. 导出。"""


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
    kind = _kind(file)
    if sheet and kind == "json":
        raise click.ClickException("The customer sheet is written as .xlsx or .csv.")
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


@export.command("orders")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--as", "login", metavar="LOGIN", help="Only what this person may take. 以某人权限")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Of headings and values. 语言")
def export_orders(file: Path, login: str | None, lang: str | None) -> None:
    """All orders into FILE, which may end in .xlsx, .csv or .json; an older one is replaced.

    xlsx and csv have a row for each line and for what came back, and can be read in again. Without
    --as everything stands in it, nothing masked.
    """
    kind, reader, at = _kind(file), _reader(login), clock.now()
    if not reader.may(SEE_ORDERS):
        raise click.ClickException(f"{login} may not see orders.")
    wanted = WantedOrders(asked=AskedOrders(descending=False), reader=reader, format=kind)
    with _speaking(lang):
        ids = order_book.ids_of(wanted)
        operations.write_down_orders(wanted, len(ids), by=command_line(), at=at)
        _put(file, orders.made(wanted, ids, at, forget_viewings))
    print(f"{file}: {len(ids):,} orders.")


@export.command("products")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def export_products(file: Path) -> None:
    """The product list into FILE, which ends in .json; an older one is replaced."""
    if _kind(file) != "json":
        raise click.ClickException(f"{file}: the name must end in .json.")
    _put(file, records.written(orders.products_of(everything())))
    print(f"{file} is written.")


def _kind(file: Path) -> str:
    """The format that the end of a name says, of a file that can be where it is to be."""
    kind = file.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        known = ", ".join(f".{one}" for one in FORMATS)
        raise click.ClickException(f"{file}: the name must end in one of {known}.")
    if not file.absolute().parent.is_dir():
        raise click.ClickException(f"{file}: there is no such folder.")
    return kind


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
    _put(file, made(wanted, ids, at, forget_viewings))
    return len(ids)


def _put(file: Path, pieces: Iterable[bytes]) -> None:
    try:
        write_beside(file, pieces)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise click.ClickException(f"{file}: {why}. No file was written.") from None


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


def _speaking(lang: str | None) -> AbstractContextManager[None]:
    """In another language than that of the firm."""
    return nullcontext() if lang is None else speaking(LOCALES[lang])


__all__ = ["export"]
