"""Where sealed further fields are, by the rows of a book: for those who look through all of them."""

from sqlalchemy import Connection, Table, inspect, select

from crmlite.fields.indexes import tables
from crmlite.fields.models import FieldRow
from crmlite.fields.object_kinds import kept_in
from crmlite.fields.queries import field_of_row
from crmlite.rules.fields import Field


def sealed_fields(connection: Connection) -> list[tuple[Table, list[Field]]]:
    """Tables with the further fields whose values are sealed there, whoever declared them."""
    if not inspect(connection).has_table(FieldRow.__tablename__):
        return []
    there, table = tables(), FieldRow.__table__
    found: dict[str, list[Field]] = {}
    for row in connection.execute(select(table).order_by(table.c.id)):
        field = field_of_row(row)
        kind = kept_in(row.record_type)
        if field.sealed and kind in there:
            found.setdefault(kind, []).append(field)
    return [(there[kind], fields) for kind, fields in found.items()]
