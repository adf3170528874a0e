"""Where sealed further fields are, by the rows of a book: for those who look through all of them."""

from typing import Any

from sqlalchemy import Connection, Row, Table, inspect, select

from crmlite.db.sealing import VERSION
from crmlite.fields.indexes import tables
from crmlite.fields.models import FieldRow
from crmlite.fields.object_kinds import kept_in
from crmlite.fields.values import sealed_column
from crmlite.rules.fields import is_sealed
from crmlite.rules.kinds import KINDS


def sealed_fields(connection: Connection) -> list[tuple[Table, list[str]]]:
    """Tables with the names of the further fields whose values are sealed there, whoever declared
    them. A row that cannot be read as a field counts as well: its values are there, and where its
    kind is unknown, they tell whether they are sealed."""
    if not inspect(connection).has_table(FieldRow.__tablename__):
        return []
    there, table = tables(), FieldRow.__table__
    found: dict[str, list[str]] = {}
    for row in connection.execute(select(table).order_by(table.c.id)):
        kind = kept_in(row.record_type)
        if kind in there and _is_sealed(connection, row, there[kind]):
            found.setdefault(kind, []).append(row.name)
    return [(there[kind], names) for kind, names in found.items()]


def _is_sealed(connection: Connection, row: Row[Any], holder: Table) -> bool:
    if row.kind in KINDS:
        return is_sealed(row.kind, sensitive=row.sensitive)
    value = sealed_column(row.name, holder)
    sealed = select(holder.c.id).where(value.like(f"{VERSION}.______.%")).limit(1)
    return connection.execute(sealed).first() is not None
