"""The SQL of the search, put together once; the words come as parameters."""

from typing import Any

from sqlalchemy import Select, Table, bindparam, cast, column, func, select, table
from sqlalchemy.dialects.postgresql import TSQUERY

from crmlite.search.derived_schema import INDEX
from crmlite.search.models import SearchDoc
from crmlite.search.rendering import fts5_match, tsquery
from crmlite.search.typed import Condition, Every

NEWEST = 200
FEW = 300  # rows that are looked through one by one
WINDOW = 2000

DOC: Table = SearchDoc.__table__
FTS = table(INDEX, column("rowid"), column(INDEX))
MATCH: Any = bindparam("match")
VISIBLE: Any = bindparam("visible")
SHOWN: tuple[Any, ...] = (DOC.c.id, DOC.c.record_id, DOC.c.title)


def sqlite_fitting(match: Any, *columns: Any) -> Select[Any]:
    """Rows that fit, in SQLite; `match` is an FTS5 query or a parameter."""
    matches = FTS.c[INDEX].op("MATCH")(match)
    return select(*columns).join_from(FTS, DOC, DOC.c.id == FTS.c.rowid).where(matches)


def postgresql_fitting(source: Any, match: Any, visible: Any, *columns: Any) -> Select[Any]:
    """Rows that fit, in PostgreSQL; `match` and `visible` are tsqueries or parameters."""
    return select(*columns).where(
        source.c.body.op("@@")(cast(match, TSQUERY)),
        source.c.scope.op("@@")(cast(visible, TSQUERY)),
    )


def sqlite_values(condition: Condition, visible: Condition) -> dict[str, str]:
    """The parameters of the statement for SQLite."""
    return {"match": fts5_match(Every((visible, condition)))}


def postgresql_values(condition: Condition, visible: Condition) -> dict[str, str]:
    """The parameters of the statements for PostgreSQL."""
    return {"match": tsquery(condition), "visible": tsquery(visible)}


def _newest_sqlite() -> Select[Any]:
    return sqlite_fitting(MATCH, *SHOWN).order_by(FTS.c.rowid.desc()).limit(NEWEST)


def _newest_of_latest() -> Select[Any]:
    latest = select(DOC).order_by(DOC.c.id.desc()).limit(WINDOW).subquery("latest")
    shown = (latest.c.id, latest.c.record_id, latest.c.title)
    return (
        postgresql_fitting(latest, MATCH, VISIBLE, *shown)
        .order_by(latest.c.id.desc())
        .limit(NEWEST)
    )


def _newest_of_all() -> Select[Any]:
    # Materialised, or the planner might walk all rows by id to find a rare word.
    fitting = (
        postgresql_fitting(DOC, MATCH, VISIBLE, *SHOWN).cte("fitting").prefix_with("MATERIALIZED")
    )
    return select(fitting).order_by(fitting.c.id.desc()).limit(NEWEST)


def _up_to_few_sqlite() -> Select[Any]:
    some = select(FTS.c.rowid).where(FTS.c[INDEX].op("MATCH")(MATCH)).limit(FEW + 1).subquery()
    return select(func.count()).select_from(some)


def _few_sqlite() -> Select[Any]:
    found = sqlite_fitting(MATCH, *SHOWN, DOC.c.body)
    return found.order_by(FTS.c.rowid.desc()).limit(FEW + 1)


NEWEST_IN_SQLITE = _newest_sqlite()
UP_TO_FEW_IN_SQLITE = _up_to_few_sqlite()
FEW_IN_SQLITE = _few_sqlite()
# PostgreSQL looks through the latest rows before it asks its index: of common words they hold
# enough, and to gather every row with such a word would take long.
NEWEST_OF_LATEST = _newest_of_latest()
NEWEST_OF_ALL = _newest_of_all()
