"""Books of earlier schemas, kept in tests/setup/books by scripts/keep_book.py, laid on either engine."""

import importlib.util
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from crmlite.testing import config_for
from tests import postgresql

BOOKS = Path(__file__).with_name("books")
NAMES = sorted(path.stem for path in BOOKS.glob("*.zip"))
DERIVED = ("search_", "sqlite_", "fx_", "alembic_")


def lay(name, engine, folder):
    """Unpack a book into an instance; answers its settings. In PostgreSQL its tables are made by the
    migrations that came with it."""
    with zipfile.ZipFile(BOOKS / f"{name}.zip") as packed:
        packed.extractall(folder)
    config = config_for(folder)
    if engine == "postgresql":
        url = postgresql.create_database("template1")
        lite, config = folder / "crmlite.db", config_for(folder, url)
        move(f"sqlite:///{lite}", config.url, sorted((folder / "migrations").glob("*.py")))
        lite.unlink()
    return config


def move(source, target, migrations):
    """Make the tables in PostgreSQL and copy all rows."""
    here, there = sa.create_engine(source), sa.create_engine(target)
    with here.connect() as old, there.begin() as new:
        with Operations.context(MigrationContext.configure(new)):
            for path in migrations:
                spec = importlib.util.spec_from_file_location("migration", path)
                module = importlib.util.module_from_spec(spec)
                spec.loader.exec_module(module)
                module.upgrade()
        new.execute(sa.text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        metadata = sa.MetaData()
        metadata.reflect(new)
        new.execute(sa.text("SET session_replication_role = replica"))  # rows come in any order
        for table in metadata.sorted_tables:
            copy(old, new, table)
    here.dispose()
    there.dispose()


def copy(old, new, table):
    """All rows of a table, and the sequence behind its ids moved on."""
    plain = sa.table(table.name, *(sa.column(c.name, read_as(c.type)) for c in table.c))
    rows = [
        {name: in_utc(value) for name, value in row.items()}
        for row in old.execute(sa.select(plain)).mappings()
    ]
    if rows:
        new.execute(table.insert(), rows)
    if "id" in table.c and rows:
        sequence = sa.func.pg_get_serial_sequence(f'"{table.name}"', "id")
        new.execute(sa.select(sa.func.setval(sequence, max(row["id"] for row in rows))))


def in_utc(value):
    """SQLite keeps moments without a zone."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


def read_as(kind):
    """The type by which SQLite reads what PostgreSQL keeps in a column."""
    return sa.JSON() if isinstance(kind, sa.JSON) else kind


def rows_of(url):
    """Every row there is: `{table: {key: {column: value}}}`, without what is derived."""
    engine = sa.create_engine(url)
    metadata = sa.MetaData()
    found = {}
    with engine.connect() as connection:
        metadata.reflect(connection, only=lambda name, _: not name.startswith(DERIVED))
        for table in metadata.tables.values():
            keys = [column.name for column in table.primary_key] or list(table.c.keys())
            rows = connection.execute(sa.select(table)).mappings()
            found[table.name] = {tuple(row[k] for k in keys): dict(row) for row in rows}
    engine.dispose()
    return found


def shape_of(url):
    """What the tables are like, in words that tell two of one engine apart."""
    engine = sa.create_engine(url)
    found = sa.inspect(engine)
    shape = {}
    for name in found.get_table_names():
        if not name.startswith(DERIVED):
            shape[name] = {
                "columns": sorted(
                    (c["name"], str(c["type"]), c["nullable"], c["default"] is not None)
                    for c in found.get_columns(name)
                ),
                "key": found.get_pk_constraint(name)["constrained_columns"],
                "references": sorted(
                    (f["constrained_columns"], f["referred_table"], str(f["options"]))
                    for f in found.get_foreign_keys(name)
                ),
                "unique": sorted(u["column_names"] for u in found.get_unique_constraints(name)),
                "indexes": sorted(
                    (i["name"], i["column_names"], bool(i["unique"]), condition(i))
                    for i in found.get_indexes(name)
                ),
            }
    engine.dispose()
    return shape


def condition(index):
    """Which rows an index is about."""
    options = index.get("dialect_options", {})
    return str(options.get("sqlite_where", options.get("postgresql_where", "")))
