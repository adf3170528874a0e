"""Many rows of one table in one go, without what SQLAlchemy does anew for each of them."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Table, insert
from sqlalchemy.sql.schema import ScalarElementColumnDefault


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all give the same columns. Columns that none gives have their default, which
    must be a plain value."""
    if not rows:
        return
    text, columns, positional = _compiled(connection.dialect, table, tuple(rows[0]))
    values = ([to(row) for _name, to in columns] for row in rows)
    if positional:
        connection.exec_driver_sql(text, [tuple(each) for each in values])
    else:
        names = [name for name, _to in columns]
        connection.exec_driver_sql(text, [dict(zip(names, each, strict=True)) for each in values])


@lru_cache(maxsize=256)
def _compiled(
    dialect: Dialect, table: Table, given: tuple[str, ...]
) -> tuple[str, list[tuple[str, Callable[[Mapping[str, Any]], Any]]], bool]:
    """The statement, its columns in order with what gives the value of each, and whether it counts
    them instead of naming them."""
    defaults = {
        column.name: column.default.arg
        for column in table.c
        if column.name not in given and isinstance(column.default, ScalarElementColumnDefault)
    }
    names = (*given, *defaults)
    compiled = insert(table).compile(dialect=dialect, column_keys=list(names))
    order = compiled.positiontup if compiled.positional else names
    assert order is not None
    columns = [(name, _giver(dialect, table, name, defaults)) for name in order]
    return str(compiled), columns, bool(compiled.positional)


def _giver(
    dialect: Dialect, table: Table, name: str, defaults: Mapping[str, Any]
) -> Callable[[Mapping[str, Any]], Any]:
    to = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
    if name in defaults:
        constant = defaults[name] if to is None else to(defaults[name])
        return lambda row: constant
    if to is None:
        return lambda row: row[name]
    return _Remembering(name, to)


class _Remembering:
    """Hands a value over, and the same one, such as the moment of an operation, without ado."""

    def __init__(self, name: str, to: Callable[[Any], Any]) -> None:
        self.name, self.to = name, to
        self.last: tuple[Any, Any] = (None, to(None))

    def __call__(self, row: Mapping[str, Any]) -> Any:
        value = row[self.name]
        before, handed = self.last
        if value is not before:
            handed = self.to(value)
            self.last = (value, handed)
        return handed
