"""Fields of packs: kept together in the JSON column `extra` of a customer, by their names."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Boolean, ColumnElement, String, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from crmlite.customers.models import Customer
from crmlite.rules.fields import BadDeclaration, Field
from crmlite.work.records import plain

# Each kind that such a field may be of, and how its value is read out of the JSON.
KINDS = {
    "text": "text",
    "longtext": "text",
    "url": "text",
    "choice": "text",
    "choices": "text",
    "industry": "text",
    "date": "text",
    "integer": "whole",
    "person": "whole",
    "boolean": "flag",
}
TYPES: Mapping[str, TypeEngine[Any]] = {
    "text": String(),
    "whole": BigInteger(),
    "flag": Boolean(),
}


def refuse_unfit(fields: Iterable[Field]) -> None:
    """Raise BadDeclaration for a field of a pack that cannot be kept as it is declared."""
    for field in fields:
        if reason := _unfit(field):
            raise BadDeclaration(f"Field {field.name!r}: {reason}.")


def _unfit(field: Field) -> str:
    if not field.pack:
        return f"{field.name} has no column, so its name is like `pack__{field.name}`"
    if field.sensitive or field.sealed:
        return "sensitive and sealed fields of packs are not supported yet: it would be kept as \
plain text and shown whole to everybody"
    if field.kind not in KINDS or (field.multiple and field.kind != "choices"):
        several = "several of a " if field.multiple else ""
        return f"{several}{field.kind} is not supported yet; there are {', '.join(KINDS)}"
    return ""


class Value(FunctionElement[Any]):
    """What stands in `extra` under a name; NULL where that is none of its kind. The name is part of
    the statement, since no index serves a path that is bound to it."""

    inherit_cache = True

    def __init__(self, name: str, read_as: str) -> None:
        super().__init__(Customer.__table__.c.extra, literal_column(name), literal_column(read_as))
        self.type = TYPES[read_as]


ON_SQLITE = {
    "text": "json_type({0}, {1}) IN ('text', 'array')",
    "whole": "json_type({0}, {1}) = 'integer'",
    "flag": "json_type({0}, {1}) IN ('true', 'false')",
}
ON_POSTGRESQL = {
    "text": ("jsonb_typeof({0} -> {1}) IN ('string', 'array')", "({0} ->> {1})"),
    "whole": (
        "jsonb_typeof({0} -> {1}) = 'number'",
        "CAST(CAST({0} ->> {1} AS NUMERIC) AS BIGINT)",
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


def extra_column(field: Field) -> ColumnElement[Any]:
    """A field of a pack in a statement over `customer`: a day as its ISO text, several choices as
    the text of their list."""
    return Value(field.name, KINDS[field.kind])


def extra_value(field: Field, kept: Any) -> Any:
    """A value of a field as Python has it, from the JSON or from what `extra_column` gives."""
    if field.kind == "date" and isinstance(kept, str):
        return date.fromisoformat(kept)
    if field.multiple and isinstance(kept, str):
        return json.loads(kept)
    return kept


def extra_kept(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of fields as the JSON has them."""
    return {name: plain(value) for name, value in values.items()}
