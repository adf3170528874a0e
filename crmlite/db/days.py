"""Days between two dates, on either database."""

from typing import Any

from sqlalchemy import ColumnElement, Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class DaysBetween(FunctionElement[int]):
    """How many days a date lies after another one; NULL where one of them is missing."""

    inherit_cache = True
    type = Integer()

    def __init__(self, first: ColumnElement[Any], last: ColumnElement[Any]) -> None:
        super().__init__(first, last)


@compiles(DaysBetween)
def _on_sqlite(element: DaysBetween, compiler: SQLCompiler, **more: Any) -> str:
    first, last = (compiler.process(part, **more) for part in element.clauses)
    return f"CAST(julianday({last}) - julianday({first}) AS INTEGER)"


@compiles(DaysBetween, "postgresql")
def _on_postgresql(element: DaysBetween, compiler: SQLCompiler, **more: Any) -> str:
    first, last = (compiler.process(part, **more) for part in element.clauses)
    return f"({last} - {first})"
