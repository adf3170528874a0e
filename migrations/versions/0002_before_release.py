"""Books begun before the first release: what they lack of the first schema.

Until then the one migration was written anew whenever the models changed, so that the schemas of all
those books are called 0001. What a book lacks is seen by looking at it; what stood elsewhere goes
where it belongs.
"""

import importlib.util
import secrets
from pathlib import Path

import sqlalchemy as sa
from alembic import context, op
from alembic.autogenerate import produce_migrations
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.operations.ops import ModifyTableOps

from crmlite.db import migrate
from crmlite.db.keys import ring
from crmlite.db.sealing import seal

revision = "0002"
down_revision = "0001"

BATCH = 1000
FILLED = {
    ("customer_facts", "incomplete"): (
        "(SELECT incomplete FROM customer WHERE id = customer_facts.customer_id)"
    ),
    ("case_facts", "status"): '(SELECT status FROM "case" WHERE id = case_facts.case_id)',
    ("import", "target"): "'customers'",
    ("session", "password_set_at"): "created_at",  # no password was set then: people sign in again
}
# By which key crmlite knows again what it brought, and in which rows.
KEYS = {
    "choice": (
        "CASE list WHEN 'case-category' THEN 'category:' || key"
        " ELSE 'value:' || list || '/' || key END",
        "was_shipped",
    ),
    "tag_dimension": ("key", "was_shipped"),
    "tag": (
        "'behaviour/' || key",
        "key IN ('high-potential', 'low-frequency')"
        " AND dimension_id IN (SELECT id FROM tag_dimension WHERE key = 'behaviour')",
    ),
    "case_target": ("was_shipped", "was_shipped IS NOT NULL"),
    "canned_reply": ("was_shipped", "was_shipped IS NOT NULL"),
}


class Tables:
    """Stands in for alembic.op in the first migration, and keeps the tables that it would make."""

    def __init__(self):
        self.metadata = sa.MetaData()

    def f(self, name):
        return name

    def create_table(self, name, *parts):
        sa.Table(name, self.metadata, *parts)

    def create_index(self, name, table, columns, **options):
        holder = self.metadata.tables[table]
        sa.Index(name, *(holder.c[column] for column in columns), **options)


def upgrade():
    first, there = first_schema(), present()
    if not any(
        set(table.c.keys()) - set(there.get(name, ())) for name, table in first.tables.items()
    ):
        return
    for name, columns in there.items():
        if name in first.tables:
            take_over(first.tables[name], columns)
    alter_to(first)


def downgrade():
    """Whoever has the first schema has all of it."""


def first_schema():
    """The tables as the first migration makes them."""
    path = Path(__file__).with_name("0001_first.py")
    spec = importlib.util.spec_from_file_location("first", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.op = Tables()
    module.upgrade()
    return module.op.metadata


def present():
    """The columns of each table of the book by their names, with their types."""
    found = sa.inspect(op.get_bind())
    return {
        name: {column["name"]: column["type"] for column in found.get_columns(name)}
        for name in found.get_table_names()
    }


def take_over(table, columns):
    """Give a table the columns that it lacks, and all columns what they are to hold."""
    make_room(table.name, columns)
    for column in table.c:
        if column.name not in columns:
            add(table, column)
    if table.name in KEYS and "shipped_key" not in columns:
        fill(table.name, "shipped_key", *KEYS[table.name])
    if table.name == "task" and "done_at" in columns:
        fill("task", "closed_at", "done_at")
    if table.name == "contact" and isinstance(columns["note"], sa.Text):
        seal_notes(table)


def make_room(name, columns):
    """Take away what cannot be told in the columns of now, and what is called as one of them."""
    if name == "pack_failure" and "uid" not in columns:
        op.execute("DELETE FROM pack_failure")  # it says in the open what is sealed now
    if name in KEYS and "shipped" in columns and "shipped_key" not in columns:
        if isinstance(columns["shipped"], sa.String) and op.get_bind().dialect.name != "sqlite":
            op.drop_constraint(f"uq_{name}_shipped", name, type_="unique")
        op.execute(f'ALTER TABLE "{name}" RENAME COLUMN shipped TO was_shipped')
        del columns["shipped"]


def add(table, column):
    """Add a column and fill it. That it must be filled is said later."""
    op.add_column(table.name, sa.Column(column.name, column.type))
    if column.name == "uid":
        give_uids(table)
    elif (table.name, column.name) in FILLED:
        fill(table.name, column.name, FILLED[table.name, column.name])
    elif not column.nullable:
        nothing = {sa.Boolean: "false", sa.Integer: "0", sa.String: "''"}
        (value,) = (text for kind, text in nothing.items() if isinstance(column.type, kind))
        fill(table.name, column.name, value)


def fill(table, column, value, where="1 = 1"):
    op.execute(f'UPDATE "{table}" SET "{column}" = {value} WHERE {where}')  # noqa: S608


def give_uids(table):
    """A name for each row under which its values are sealed."""
    bind = op.get_bind()
    ids = bind.execute(sa.select(table.c.id)).scalars().all()
    named = table.update().where(table.c.id == sa.bindparam("row")).values(uid=sa.bindparam("name"))
    for begin in range(0, len(ids), BATCH):
        some = ids[begin : begin + BATCH]
        bind.execute(named, [{"row": row, "name": secrets.token_urlsafe(16)} for row in some])


def seal_notes(contacts):
    """The first books kept notes on contacts in the open."""
    bind = op.get_bind()
    wanted = sa.select(contacts.c.id, contacts.c.uid, contacts.c.note).where(contacts.c.note != "")
    for row in bind.execute(wanted).all():
        keys = context.config.attributes["keys"] or ring()
        sealed = seal(keys, row.note, ("contact", "note", row.uid))
        bind.execute(contacts.update().where(contacts.c.id == row.id).values(note=sealed))


def alter_to(first):
    """Do what is left: what must be filled, types, indexes, references, and columns to be dropped."""
    options = {"compare_type": True, "include_object": migrate.is_from_models}
    seen = MigrationContext.configure(op.get_bind(), opts=options)
    operations = Operations(op.get_context())
    waiting = [produce_migrations(seen, first).upgrade_ops]
    while waiting:
        step = waiting.pop(0)
        if isinstance(step, ModifyTableOps) and op.get_bind().dialect.name == "sqlite":
            with operations.batch_alter_table(step.table_name) as batch:
                for change in step.ops:
                    batch.invoke(change)
        elif hasattr(step, "ops"):
            waiting.extend(step.ops)
        else:
            operations.invoke(step)
