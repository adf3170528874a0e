"""How far two dates or moments lie from each other, on either database."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Integer, literal_column
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


class LaterThan(FunctionElement[bool]):
    """Whether a moment lies more than a span after another one."""

    inherit_cache = True
    type = Boolean()

    def __init__(
        self, first: ColumnElement[Any], last: ColumnElement[Any], span: timedelta
    ) -> None:
        super().__init__(first, last, literal_column(str(int(span.total_seconds()))))


@compiles(LaterThan)
def _later_on_sqlite(element: LaterThan, compiler: SQLCompiler, **more: Any) -> str:
    """The last places of a day's fraction are not exact, hence a thousandth of a second more."""
    first, last, seconds = (compiler.process(part, **more) for part in element.clauses)
    return f"(julianday({last}) - julianday({first}) > ({seconds} + 0.001) / 86400)"


@compiles(LaterThan, "postgresql")
def _later_on_postgresql(element: LaterThan, compiler: SQLCompiler, **more: Any) -> str:
    first, last, seconds = (compiler.process(part, **more) for part in element.clauses)
    return f"({last} - {first} > interval '{seconds} seconds')"
