"""Proving a book: is the database whole, is everything there that was, do sealed values open?"""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection, RowMapping, Table, func, inspect, select, table, text

from crmlite.backups.manifest import Facts
from crmlite.db import migrate
from crmlite.db.guarded_json import EXTRA, PREFIX, place_of
from crmlite.db.keyring import KeyRing
from crmlite.db.sealing import SealBroken, open_sealed
from crmlite.extensions import database
from crmlite.fields.sealing import sealed_fields
from crmlite.wording import N_
from crmlite.work.chain import Head, head
from crmlite.work.checks import Finding
from crmlite.work.proving import verify

SAMPLE = 200
MOST = 20

NOT_WHOLE = N_("The database is damaged (%(what)s).")
DANGLING = N_("A row of %(table)s points to one of %(parent)s that is not there.")
OTHER_COUNT = N_("%(table)s has %(found)s rows instead of %(wanted)s.")
NO_TABLE = N_("The table %(table)s is missing.")
SHUT = N_("%(number)s values of %(place)s cannot be opened with the keys of this book.")


def facts(connection: Connection) -> Facts:
    """The book on this connection in figures."""
    return Facts(
        engine=connection.dialect.name,
        schema=migrate.revision(connection) or "",
        counts={name: count(connection, name) for name in tables(connection)},
        head=head(connection),
    )


def tables(connection: Connection) -> list[str]:
    """All tables of the database, without those that search and SQLite keep for themselves."""
    if connection.dialect.name != "sqlite":
        return sorted(inspect(connection).get_table_names())
    rows = connection.execute(text("PRAGMA main.table_list")).mappings()
    return sorted(
        row["name"]
        for row in rows
        if row["type"] == "table" and not row["name"].startswith("sqlite_")
    )


def count(connection: Connection, name: str) -> int:
    """How many rows a table has."""
    return int(connection.execute(select(func.count()).select_from(table(name))).scalar_one())


def differences(connection: Connection, wanted: Facts) -> list[Finding]:
    """Where the numbers of rows are not those that were written down."""
    there = set(tables(connection))
    found = [Finding(NO_TABLE, {"table": name}) for name in wanted.counts if name not in there]
    for name, number in wanted.counts.items():
        if name in there and (rows := count(connection, name)) != number:
            params = {"table": name, "found": rows, "wanted": number}
            found.append(Finding(OTHER_COUNT, params))
    return found


def problems(
    connection: Connection, ring: KeyRing, expected: Head | None = None, *, thorough: bool = True
) -> list[Finding]:
    """What is wrong with a book of the newest schema; `expected` is a head that it must contain."""
    return [
        *damages(connection),
        *dangling(connection),
        *verify(connection, ring.secret("ledger"), expected),
        *shut_values(connection, ring, thorough=thorough),
    ]


def damages(connection: Connection) -> list[Finding]:
    """What SQLite finds wrong inside its own file."""
    if connection.dialect.name != "sqlite":
        return []
    rows = connection.execute(text(f"PRAGMA integrity_check({MOST})")).scalars()
    return [Finding(NOT_WHOLE, {"what": row}) for row in rows if row != "ok"]


def dangling(connection: Connection) -> list[Finding]:
    """Rows that point to nothing; PostgreSQL never lets them in."""
    if connection.dialect.name != "sqlite":
        return []
    rows = connection.execute(text("PRAGMA foreign_key_check")).fetchmany(MOST)
    return [Finding(DANGLING, {"table": row[0], "parent": row[2]}) for row in rows]


def sealed_columns() -> Iterator[tuple[Table, list[str]]]:
    """Tables with the columns whose values are sealed."""
    for found in database.metadata.sorted_tables:
        names = [column.name for column in found.columns if column.info.get("sealed")]
        if names:
            yield found, names


def shut_values(connection: Connection, ring: KeyRing, *, thorough: bool) -> list[Finding]:
    """Sealed columns with values that do not open in their place: all, or a sample of the newest
    and the oldest."""
    found = []
    for holder, names in sealed_columns():
        shut = dict.fromkeys(names, 0)
        for row in _rows(connection, holder, names, thorough):
            for name in names:
                shut[name] += not _opens(ring, row[name], (holder.name, name, row["uid"]))
        found += [
            Finding(SHUT, {"number": number, "place": f"{holder.name}.{name}"})
            for name, number in shut.items()
            if number
        ]
    return [*found, *_shut_inside(connection, ring, thorough=thorough)]


def _shut_inside(connection: Connection, ring: KeyRing, *, thorough: bool) -> Iterator[Finding]:
    """The same of further fields, each sealed by itself inside one column."""
    for holder, names in sealed_fields(connection):
        shut = dict.fromkeys(names, 0)
        for row in _rows(connection, holder, [EXTRA], thorough):
            for name in shut:
                stored = (row[EXTRA] or {}).get(name)
                place = place_of(holder, name, row["uid"])
                shut[name] += not (stored is None or _opens(ring, str(stored), place))
        yield from (
            Finding(SHUT, {"number": number, "place": f"{holder.name}.{PREFIX}{name}"})
            for name, number in shut.items()
            if number
        )


def _rows(
    connection: Connection, holder: Table, names: Sequence[str], thorough: bool
) -> Iterable[RowMapping]:
    statement = select(holder.c.id, holder.c.uid, *(holder.c[name] for name in names))
    if thorough:
        yield from connection.execute(statement.execution_options(yield_per=1000)).mappings()
        return
    last = 0
    for row in connection.execute(statement.order_by(holder.c.id).limit(SAMPLE)).mappings():
        last = row["id"]
        yield row
    newest = statement.where(holder.c.id > last).order_by(holder.c.id.desc()).limit(SAMPLE)
    yield from connection.execute(newest).mappings()


def _opens(ring: KeyRing, stored: str | None, place: tuple[str, str, str]) -> bool:
    if not stored:
        return True
    try:
        open_sealed(ring, stored, place)
    except SealBroken:
        return False
    return True
