"""The derived schema: triggers, full-text tables and expression indexes.

Alembic's rebuilds drop them silently, so they are made here after every migration, by one function,
and compared by `crmlite check`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, inspect, text


@dataclass(frozen=True, kw_only=True, slots=True)
class Derived:
    """Something beside the tables. Each engine has the statement that makes it, or none.

    `kind` is `trigger`, `index`, `table` or `function`; statements must bear being run when the
    thing is not there, and are skipped when it is there under the same name.
    """

    name: str
    kind: str
    sqlite: Sequence[str] = ()
    postgresql: Sequence[str] = ()
    on: str = ""  # the table of a trigger


REGISTERED: dict[str, Derived] = {}
BY_ROWS: dict[str, Callable[[Connection], Iterable[Derived]]] = {}


def derive(thing: Derived) -> None:
    """Register something that `ensure_derived_schema` makes."""
    REGISTERED[thing.name] = thing


def derive_by_rows(prefix: str, things: Callable[[Connection], Iterable[Derived]]) -> None:
    """Register what follows from rows of the book; all their names begin with the prefix."""
    BY_ROWS[prefix] = things


def wanted(connection: Connection) -> list[Derived]:
    """All that should be there."""
    by_rows = (thing for things in BY_ROWS.values() for thing in things(connection))
    return [*REGISTERED.values(), *by_rows]


def ensure_derived_schema(connection: Connection) -> list[str]:
    """Make what is missing; answers the names of what was made."""
    there = existing(connection)
    made = []
    for thing in wanted(connection):
        if getattr(thing, connection.dialect.name) and thing.name not in there:
            make(connection, thing)
            made.append(thing.name)
    return made


def make(connection: Connection, thing: Derived) -> None:
    """Make one thing that is not there."""
    for statement in getattr(thing, connection.dialect.name):
        connection.execute(text(statement.replace(":", "\\:")))


def missing(connection: Connection) -> list[str]:
    """Names of derived things that should be there and are not."""
    there = existing(connection)
    return [
        thing.name
        for thing in wanted(connection)
        if getattr(thing, connection.dialect.name) and thing.name not in there
    ]


def existing(connection: Connection) -> set[str]:
    """Names of all triggers, indexes and tables in the database."""
    if connection.dialect.name == "sqlite":
        rows = connection.execute(text("SELECT name FROM sqlite_master"))
        return {name for (name,) in rows}
    names = set(inspect(connection).get_table_names())
    for query in (
        "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()",
        (
            "SELECT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace"
        ),
        (
            "SELECT proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
            "WHERE n.nspname = current_schema()"
        ),
    ):
        names |= {name for (name,) in connection.execute(text(query))}
    return names


def append_only(table: str) -> None:
    """Register triggers that refuse to change or delete rows of a table."""
    for verb in ("UPDATE", "DELETE"):
        name = f"keep_{table}_{verb.lower()}"
        derive(
            Derived(
                name=name,
                kind="trigger",
                on=table,
                sqlite=[
                    (
                        f'CREATE TRIGGER "{name}" BEFORE {verb} ON "{table}" '
                        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                    )
                ],
                postgresql=[
                    (
                        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS $$ "
                        "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$ "
                        "LANGUAGE plpgsql"
                    ),
                    (
                        f'CREATE TRIGGER "{name}" BEFORE {verb} ON "{table}" '
                        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
                    ),
                ],
            )
        )
