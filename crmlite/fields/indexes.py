"""The indexes of quick fields: made from their rows, on each engine as its lists are read.

An index is made of the very expression by which a list is filtered and sorted, behind the state that
every list names: SQLite would otherwise go by an index of states and sort what it finds. On SQLite
one serves both directions; PostgreSQL puts empty values last only where the index says so, so it has
one for each.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, inspect, or_, select, text
from sqlalchemy.dialects import postgresql, sqlite

from crmlite.db.derived import Derived, derive_by_rows, existing, make
from crmlite.extensions import database
from crmlite.fields.models import FieldRow
from crmlite.fields.object_kinds import kept_in
from crmlite.fields.queries import readable
from crmlite.fields.values import sort_expression
from crmlite.jobs.queue import Lease, enqueue_once
from crmlite.rules.fields import Field
from crmlite.work import Actor, operation

PREFIX = "fx_"
KIND = "make-field-indexes"
DIALECTS = {"sqlite": sqlite.dialect(), "postgresql": postgresql.dialect()}


def tables() -> dict[str, Table]:
    """The table of each kind of record that keeps further fields."""
    return {
        str(table.info["record"]): table
        for table in database.metadata.sorted_tables
        if "inside" in table.info
    }


def index_name(record_type: str, name: str) -> str:
    """What the index of a field is called."""
    return f"{PREFIX}{kept_in(record_type)}_{name}"


def indexes_of(table: Table, record_type: str, field: Field) -> list[Derived]:
    """The indexes of one field."""
    name = index_name(record_type, field.name)
    lite, large = (_expression(field, dialect) for dialect in ("sqlite", "postgresql"))
    up = Derived(
        name=name,
        kind="index",
        sqlite=[f'CREATE INDEX "{name}" ON "{table.name}" ("state", {lite}, "id")'],
        postgresql=[f'CREATE INDEX "{name}" ON "{table.name}" ("state", ({large}), "id")'],
    )
    down = Derived(
        name=f"{name}_down",
        kind="index",
        postgresql=[
            (
                f'CREATE INDEX "{name}_down" ON "{table.name}" '
                f'("state", ({large}) DESC NULLS LAST, "id" DESC)'
            )
        ],
    )
    return [up, down]


def _expression(field: Field, dialect: str) -> str:
    compiled = sort_expression(field, None).compile(dialect=DIALECTS[dialect])
    return str(compiled)


def wanted(connection: Connection) -> Iterator[Derived]:
    """The indexes that there should be by the rows of the book: those of fields that are asked for."""
    if not inspect(connection).has_table(FieldRow.__tablename__):
        return
    there = tables()
    table, packs = FieldRow.__table__, database.metadata.tables["pack"]
    on = select(packs.c.name).where(packs.c.enabled.is_(True))
    quick = select(table).where(
        table.c.indexed.is_(True),
        table.c.state == "active",
        or_(table.c.owner == "", table.c.owner.in_(on)),
    )
    for row in connection.execute(quick.order_by(table.c.id)):
        table_of, field = there.get(kept_in(row.record_type)), readable(row)
        if table_of is not None and field is not None:
            yield from indexes_of(table_of, row.record_type, field)


derive_by_rows(PREFIX, wanted)


def differing(connection: Connection) -> tuple[list[Derived], list[str]]:
    """The indexes that are still to be made, and the names of those that nobody needs any more."""
    there = {name for name in existing(connection) if name.startswith(PREFIX)}
    engine = connection.dialect.name
    needed = {one.name: one for one in wanted(connection) if getattr(one, engine)}
    return (
        [one for name, one in needed.items() if name not in there],
        sorted(there - needed.keys()),
    )


def have_indexes_made() -> None:
    """Have indexes made and taken away in the background; belongs inside an operation."""
    missing, needless = differing(database.session.connection())
    if missing or needless:
        enqueue_once(KIND)


def unmade() -> set[str]:
    """The names of the indexes that are not there yet."""
    return {one.name for one in differing(database.session.connection())[0]}


def make_indexes(_payload: Mapping[str, Any], *, by: Actor, at: datetime, lease: Lease) -> None:
    """Make them one by one: a million records take seconds each, and others write in between."""
    while _make_next(by=by, at=at):
        lease.renew()


@operation("field_indexed", traced=False)
def _make_next(*, by: Actor, at: datetime) -> bool:
    """Make or take away one index; whether there was any."""
    connection = database.session.connection()
    missing, needless = differing(connection)
    if needless:
        connection.execute(text(f'DROP INDEX "{needless[0]}"'))
    elif missing:
        make(connection, missing[0])
    return bool(needless or missing)
