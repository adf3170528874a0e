"""Where sealed further fields are, by the rows of a book: for those who look through all of them."""

from sqlalchemy import Connection, Table, inspect, select

from crmlite.fields.indexes import tables
from crmlite.fields.models import FieldRow
from crmlite.fields.object_kinds import kept_in
from crmlite.rules.fields import is_sealed


def sealed_fields(connection: Connection) -> list[tuple[Table, list[str]]]:
    """Tables with the names of the further fields whose values are sealed there, whoever declared
    them. A row that cannot be read as a field counts as well: its values are there."""
    if not inspect(connection).has_table(FieldRow.__tablename__):
        return []
    there, table = tables(), FieldRow.__table__
    found: dict[str, list[str]] = {}
    for row in connection.execute(select(table).order_by(table.c.id)):
        kind = kept_in(row.record_type)
        if kind in there and is_sealed(row.kind, sensitive=row.sensitive):
            found.setdefault(kind, []).append(row.name)
    return [(there[kind], names) for kind, names in found.items()]
