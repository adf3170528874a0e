"""`crmlite import customers`, `crmlite import orders` and `crmlite import undo`."""

import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import click

from crmlite import clock
from crmlite.accounts.queries import user_by_login
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.imports import queries, trying, uploads
from crmlite.imports.judging import HOLD, ON_DUPLICATE
from crmlite.imports.models import BROKEN, CUSTOMERS, DUPLICATE, IMPORTED, ORDERS, UNDONE
from crmlite.imports.objects.targets import is_about_objects, kind_of
from crmlite.imports.operations import runs, undoing
from crmlite.imports.orders.judging import CREATE, REFUSE, WORDS
from crmlite.imports.sources.unreadable import Unreadable
from crmlite.imports.wording import MOST_ERRORS, reason, rows_reported
from crmlite.jobs import queue, running, signs
from crmlite.jobs.queries import is_over, outcome
from crmlite.objects.kinds import kinds
from crmlite.objects.models import Object
from crmlite.objects.words import called
from crmlite.sales.models import Order
from crmlite.work import Gone, Refused, actors
from crmlite.work.aside import aside

Run = Mapping[str, Any]
PAUSE = 1.0  # seconds
SOME_FAILED = 2
CHOSEN = ("on_duplicate", "owner_id", "unknown_customers", "unknown_products")


@click.group("import")
def imports() -> None:
    """Bring customers and orders from other programs, or take an import back. 导入。"""


FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
OWNER = click.option("--owner", metavar="LOGIN", help="Whose new customers become.")
COMMON = (
    click.option(
        "--dry-run", is_flag=True, help="Say what would become of each row; write nothing."
    ),
    click.option(
        "--on-duplicate",
        type=click.Choice(ON_DUPLICATE),
        default=HOLD,
        show_default=True,
        help="What to do with rows that are certain to be known.",
    ),
    click.option(
        "--encoding", help="How a text file is encoded, where it does not tell: gb18030, big5 …"
    ),
    click.option(
        "--json", "as_json", is_flag=True, help="Print the figures as JSON and nothing else."
    ),
)


def _common(command: Callable[..., None]) -> Callable[..., None]:
    """The file and the options that all kinds of files have."""
    for option in reversed(COMMON):
        command = option(command)
    return FILE(command)


@imports.command("customers")
@_common
@OWNER
def import_customers(
    file: Path,
    dry_run: bool,
    owner: str | None,
    on_duplicate: str,
    encoding: str | None,
    as_json: bool,
) -> None:
    """Import the customers of FILE (csv, xlsx, xls, ods, vcf). 导入客户。

    An import of the same file that was cut short goes on where it was. Exit code 2: some rows failed,
    all others are in; 1: the file cannot be read.
    """
    options = runs.Options(on_duplicate=on_duplicate, owner_id=_owner(owner))
    _import(CUSTOMERS, file, options, encoding, dry_run, as_json)


@imports.command("orders")
@_common
@OWNER
@click.option(
    "--unknown-customers",
    type=click.Choice((CREATE, REFUSE)),
    default=REFUSE,
    show_default=True,
    help="What to do with rows of customers that the book does not know.",
)
@click.option(
    "--unknown-products",
    type=click.Choice((CREATE, WORDS, REFUSE)),
    default=CREATE,
    show_default=True,
    help="What to do with products that are not in the list; words: the line keeps what it says.",
)
def import_orders(
    file: Path,
    dry_run: bool,
    owner: str | None,
    on_duplicate: str,
    encoding: str | None,
    as_json: bool,
    unknown_customers: str,
    unknown_products: str,
) -> None:
    """Import the orders of FILE (csv, xlsx, xls, ods), a row for each line or each order. 导入订单。

    An import of the same file that was cut short goes on where it was. Exit code 2: some rows failed,
    all others are in; 1: the file cannot be read.
    """
    options = runs.Options(
        on_duplicate=on_duplicate,
        owner_id=_owner(owner),
        unknown_customers=unknown_customers,
        unknown_products=unknown_products,
    )
    _import(ORDERS, file, options, encoding, dry_run, as_json)


@imports.command("records")
@click.argument("kind")
@_common
def import_objects(
    kind: str,
    file: Path,
    dry_run: bool,
    on_duplicate: str,
    encoding: str | None,
    as_json: bool,
) -> None:
    """Import records of a pack, of the KIND that it calls so (retail__coupon), out of FILE. 导入业务记录。

    An import of the same file that was cut short goes on where it was. Exit code 2: some rows failed,
    all others are in; 1: the file cannot be read.
    """
    if kind_of(kind) is None:
        there = ", ".join(of.name for of in kinds()) or "none"
        raise click.ClickException(f"there are no records called {kind!r}; there are {there}")
    _import(kind, file, runs.Options(on_duplicate=on_duplicate), encoding, dry_run, as_json)


def _import(
    about: str,
    file: Path,
    options: runs.Options,
    encoding: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Import a file about customers or orders, and say what became of it."""
    try:
        if dry_run:
            report, held = trying.try_out(file, options, encoding, about)
        else:
            run = _carried_out(about, file, options, encoding)
            report = _report(run)
            held = list(islice(queries.each_noted(run["id"], (DUPLICATE,)), MOST_ERRORS))
    except Unreadable as error:
        raise click.ClickException(reason(error.problem)) from None
    if as_json:
        print(json.dumps(report, ensure_ascii=False))
    else:
        _print(report, dry_run)
    _tell_held(held, report["duplicates"], dry_run)
    if report["failed"]:
        sys.exit(SOME_FAILED)


def _owner(login: str | None) -> int | None:
    if login is None:
        return None
    person = user_by_login(login)
    if person is None or not person.active:
        raise click.ClickException(f"nobody signs in as {login}")
    return person.id


def _carried_out(about: str, file: Path, options: runs.Options, encoding: str | None) -> Run:
    """The import of a file, at its end."""
    by, at = actors.command_line(), clock.now()
    with file.open("rb") as source:
        brought = runs.keep_file(source, file.name, encoding=encoding, about=about)
    begun = queries.unfinished(brought.digest, about, by.user_id)
    if begun is not None:
        uploads.discard(brought.uid)
        _must_agree(begun, options)
        print(f"Going on with import {begun['id']} at row {begun['position']}.", file=sys.stderr)
        import_id, job_id = begun["id"], begun["job_id"]
        if _nobody_does(job_id):
            job_id = runs.go_on(import_id, by=by, at=at)
    else:
        import_id = runs.bring(brought, options, by=by, at=at)
        try:
            job_id = runs.start(import_id, by=by, at=at)
        except Refused as refusal:
            runs.discard(import_id, by=by, at=at)
            uploads.discard(brought.uid)
            raise click.ClickException(reason(refusal)) from None
    _do(job_id)
    run = queries.load(import_id)
    if run["state"] == BROKEN:
        print(f"Import {import_id}: {run['position']} rows were read.", file=sys.stderr)
        raise Unreadable(run["problem"]["code"], **run["problem"]["params"])
    if run["state"] != IMPORTED:
        raise click.ClickException(f"import {import_id} is not done: {outcome(job_id)[1]}")
    return run


def _must_agree(begun: Run, options: runs.Options) -> None:
    """An import goes on as it was begun. Raises ClickException where it is to go otherwise now."""
    if any(begun["options"][name] != getattr(options, name) for name in CHOSEN):
        raise click.ClickException(
            f"import {begun['id']} of this file was begun with other options and is not done; give "
            f"the same ones, or undo it first: crmlite import undo {begun['id']}"
        )


def _do(job_id: int) -> None:
    """Do a job here and now. While another process has it, wait: it is done by that one, or left
    behind by it."""
    owner = signs.Identity.new(clock.now()).owner
    while (claimed := queue.claim(owner, clock.now(), only=job_id)) is None:
        if _nobody_does(job_id):
            return
        time.sleep(PAUSE)
    told = partial(claimed.kind.run, told=_tell)
    running.do(replace(claimed, kind=replace(claimed.kind, run=told)))
    if sys.stderr.isatty():
        print(file=sys.stderr)


def _nobody_does(job_id: int) -> bool:
    """Whether a job is done, or was given up; a worker would notice, but there may be none."""
    with aside() as connection:
        queue.park_deserted(connection, clock.now())
    return is_over(job_id)


def _tell(run: Run) -> None:
    if sys.stderr.isatty():
        print(f"\r{_rows(run['position'])}", end="", file=sys.stderr, flush=True)


def _report(run: Run) -> dict[str, Any]:
    """The figures of an import as `--json` prints them."""
    counts = {name: run[name] for name in ("created", "updated", "duplicates", "failed")}
    rows = rows_reported(queries.each_noted(run["id"]))
    return {"rows": sum(counts.values()), **counts, "errors": rows, "import": str(run["id"])}


def _print(report: Mapping[str, Any], dry_run: bool) -> None:
    for error in report["errors"]:
        where = f"row {error['row']}" + (f", {error['column']}" if error["column"] else "")
        print(f"{where}: {error['message']}")
    what = "would be " if dry_run else ""
    print(
        f"{_rows(report['rows'])}: {report['created']} {what}created, {report['updated']} "
        f"{what}updated, {report['duplicates']} {what}held back, {report['failed']} failed."
    )
    if report["import"]:
        print(f"Import {report['import']}. To undo it: crmlite import undo {report['import']}")


def _rows(number: int) -> str:
    return "1 row" if number == 1 else f"{number} rows"


def _tell_held(held: Sequence[Mapping[str, Any]], number: int, dry_run: bool) -> None:
    """Say which rows are held back, and why: not on standard output, which scripts read."""
    becomes = "would be held back" if dry_run else "is held back"
    for row in held:
        print(f"row {row['number']}, {row['name']}: {becomes}, it is {_whom(row)}", file=sys.stderr)
    if number > len(held):
        print(f"{_rows(number - len(held))} more: {becomes}", file=sys.stderr)


def _whom(row: Mapping[str, Any]) -> str:
    """Whom a row that is held back certainly is."""
    if row["earlier"]:
        return f"the same customer as in row {row['earlier']}"
    customer = database.session.get(Customer, row["customer_id"] or 0)
    return f"customer {customer.number} {customer.name}" if customer else "a known customer"


@imports.command("undo")
@click.argument("import_id", metavar="ID", type=int)
def undo_import(import_id: int) -> None:
    """Take back all that import ID did. 撤销导入。

    What it added and somebody worked on since is kept and listed; the exit code is 2 then.
    """
    by, at = actors.command_line(), clock.now()
    try:
        job_id = undoing.take_back(import_id, by=by, at=at)
    except Gone:
        raise click.ClickException(f"there is no import {import_id}") from None
    except Refused as refusal:
        raise click.ClickException(reason(refusal)) from None
    if job_id:
        _do(job_id)
    run = queries.load(import_id)
    if run["state"] != UNDONE:
        raise click.ClickException(f"import {import_id} is not undone: {outcome(job_id)[1]}")
    kept = _kept(run)
    for what in kept:
        print(f"{what} is kept: it was worked on since.")
    print(f"Import {import_id} is undone.")
    if kept:
        sys.exit(SOME_FAILED)


def _kept(run: Run) -> list[str]:
    """What is kept of an import that is undone: customers, orders or records, as it was about."""
    ids = run["kept"] or ()
    if run["target"] == ORDERS:
        return [f"Order {database.session.get_one(Order, one).number}" for one in ids]
    if is_about_objects(run["target"]):
        return [called(database.session.get_one(Object, one).called) for one in ids]
    customers = (database.session.get_one(Customer, one) for one in ids)
    return [f"{customer.number} {customer.name}" for customer in customers]
