"""Values of further fields: as the JSON column `extra` has them, in statements, and for a reader."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Float,
    String,
    Table,
    func,
    literal_column,
)
from sqlalchemy import column as named_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from crmlite.db.guarded_json import EXTRA
from crmlite.rules.fields import Field
from crmlite.rules.values import from_stored, to_stored


class MomentText(String):
    """A moment as its ISO text in UTC, which sorts as moments do."""


READ_AS = {  # what stands in the JSON, by what the values of a kind are
    "text": "text",
    "key": "text",
    "day": "text",
    "moment": "moment",
    "whole": "whole",
    "id": "whole",
    "number": "number",
    "flag": "flag",
}
TYPES: Mapping[str, TypeEngine[Any]] = {
    "text": String(),
    "moment": MomentText(),
    "whole": BigInteger(),
    "number": Float(),
    "flag": Boolean(),
}


class Value(FunctionElement[Any]):
    """What stands in `extra` under a name; NULL where that is none of its kind. The name is part of
    the statement, since no index serves a path that is bound to it."""

    inherit_cache = True

    def __init__(self, extra: ColumnElement[Any], name: str, read_as: str) -> None:
        super().__init__(extra, literal_column(name), literal_column(read_as))
        self.type = TYPES[read_as]


ON_SQLITE = {
    "text": "json_type({0}, {1}) IN ('text', 'array')",
    "moment": "json_type({0}, {1}) = 'text'",
    "whole": "json_type({0}, {1}) = 'integer'",
    "number": "json_type({0}, {1}) IN ('integer', 'real')",
    "flag": "json_type({0}, {1}) IN ('true', 'false')",
}
ON_POSTGRESQL = {
    "text": ("jsonb_typeof({0} -> {1}) IN ('string', 'array')", "({0} ->> {1})"),
    "moment": ("jsonb_typeof({0} -> {1}) = 'string'", "({0} ->> {1})"),
    "whole": (
        "jsonb_typeof({0} -> {1}) = 'number'",
        "CAST(CAST({0} ->> {1} AS NUMERIC) AS BIGINT)",
    ),
    "number": (
        "jsonb_typeof({0} -> {1}) = 'number'",
        "CAST({0} ->> {1} AS DOUBLE PRECISION)",
    ),
    "flag": ("jsonb_typeof({0} -> {1}) = 'boolean'", "CAST({0} ->> {1} AS BOOLEAN)"),
}


@compiles(Value)
def _on_sqlite(element: Value, compiler: SQLCompiler, **more: Any) -> str:
    column, name, read_as = (compiler.process(part, **more) for part in element.clauses)
    path = f"'$.\"{name}\"'"
    fits = ON_SQLITE[read_as].format(column, path)
    return f"CASE WHEN {fits} THEN json_extract({column}, {path}) END"


@compiles(Value, "postgresql")
def _on_postgresql(element: Value, compiler: SQLCompiler, **more: Any) -> str:
    column, name, read_as = (compiler.process(part, **more) for part in element.clauses)
    fits, value = (part.format(column, f"'{name}'") for part in ON_POSTGRESQL[read_as])
    return f"CASE WHEN {fits} THEN {value} END"


class Folded(FunctionElement[Any]):
    """A text without regard to case: on SQLite to that of Latin letters alone, since an index there
    may only call what is SQLite's own."""

    inherit_cache = True
    type = String()


@compiles(Folded)
def _folded_on_sqlite(element: Folded, compiler: SQLCompiler, **more: Any) -> str:
    return f"{compiler.process(element.clauses, **more)} COLLATE NOCASE"


@compiles(Folded, "postgresql")
def _folded_on_postgresql(element: Folded, compiler: SQLCompiler, **more: Any) -> str:
    return f"lower({compiler.process(element.clauses, **more)})"


def is_one_of(found: Value, texts: Sequence[str]) -> ColumnElement[bool]:
    """Whether a text is one of these, without regard to case; by its index wherever that tells."""
    plain = all(_folds_plainly(text) for text in texts)
    folded: ColumnElement[Any] = Folded(found) if plain else func.lower(found)
    return folded.in_([text.lower() for text in texts])


def _folds_plainly(text: str) -> bool:
    return all(one.isascii() or one.lower() == one.upper() for one in text)


def extra_column(field: Field, table: Table | None) -> ColumnElement[Any]:
    """A field in a statement over its table: a day as its ISO text, several choices as the text of
    their list, a sealed value as it is sealed. Without a table as an index of it says it."""
    extra = named_column(EXTRA) if table is None else table.c[EXTRA]
    return Value(extra, field.name, "text" if field.sealed else READ_AS[field.traits.values])


def sealed_column(name: str, table: Table) -> ColumnElement[Any]:
    """A sealed value in a statement over its table, as it is sealed."""
    return Value(table.c[EXTRA], name, "text")


def sort_expression(field: Field, table: Table | None) -> ColumnElement[Any]:
    """What its values are put in order by: texts without regard to case. The index of a field is
    made of the same."""
    found = extra_column(field, table)
    return Folded(found) if field.traits.values == "text" and not field.sealed else found


def extra_value(field: Field, kept: Any) -> Any:
    """A value of a field as Python has it, from the JSON or from what `extra_column` gives; None for
    what is none of its kind."""
    if field.sealed:
        return kept  # who opens it has the value itself
    return read_back(field, kept)


def read_back(field: Field, kept: Any) -> Any:
    """The same of a value that was opened."""
    if field.multiple and isinstance(kept, str):
        kept = _listed(kept)
    found = from_stored(field, kept)
    return list(found) if isinstance(found, tuple) else found


def _listed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def extra_kept(values: Mapping[str, Any], fields: Iterable[Field]) -> dict[str, Any]:
    """Values of fields as the JSON has them, None for those that are to be emptied: the same value
    always stands there in the same way. Raises TypeError for one that is not of its field's kind."""
    by_name = {field.name: field for field in fields}
    return {name: _kept(by_name[name], value) for name, value in values.items() if name in by_name}


def _kept(field: Field, value: Any) -> Any:
    return to_stored(field, tuple(value) if isinstance(value, list) else value)


def moment_text(at: datetime) -> str:
    """A moment as it stands in the JSON."""
    return str(to_stored(MOMENT, at))


MOMENT = Field(name="at", label="At", kind="moment")
