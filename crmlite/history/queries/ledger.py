"""The whole ledger, operation by operation: who did what, when, from where."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select

from crmlite import settings
from crmlite.access import Reader
from crmlite.extensions import database
from crmlite.history import wording
from crmlite.history.queries.cursors import Cursor, cut
from crmlite.history.queries.glimpses import Glimpse, Record, glimpses
from crmlite.wording import label
from crmlite.work.ledger import ActorRow, ChangeRow, OperationRow
from crmlite.work.operations import NAMES
from crmlite.work.record_types import record_types

PAGE = 50
MOST_ACTORS = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Filter:
    """Which operations are wanted; days are the firm's, both included."""

    actor_id: int | None = None
    name: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """An operation. `about` names a record that it changed, `others` counts the rest of them."""

    id: int
    at: datetime
    who: str
    user_id: int | None
    what: str
    source: str
    about: str = ""
    url: str = ""
    others: int = 0
    changes: int = 0
    undone: bool = False
    undoes_id: int | None = None
    part_of_id: int | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """A page of the ledger, newest first."""

    rows: Sequence[Done]
    before: str = ""
    after: str = ""


def ledger(reader: Reader, wanted: Filter, *, cursor: str = "", size: int = PAGE) -> Ledger:
    """A page of what was done; three statements. Raises BadCursor."""
    start = Cursor.read(cursor)
    statement = _limited(_statement(), wanted)
    asked = start.apply(statement, OperationRow.__table__.c.id).limit(size + 1)
    page = cut(database.session.execute(asked).mappings().all(), start, size)
    return Ledger(_in_words(reader, page.rows), page.before, page.after)


def done(reader: Reader, operation_id: int) -> Done | None:
    """One operation; None when there is none of that id."""
    statement = _statement().where(OperationRow.__table__.c.id == operation_id)
    rows = database.session.execute(statement).mappings().all()
    return _in_words(reader, rows)[0] if rows else None


def actors() -> list[tuple[int, str]]:
    """Everyone and everything that ever did something, by name."""
    table = ActorRow.__table__
    found = database.session.execute(select(table).order_by(table.c.name).limit(MOST_ACTORS))
    named = [(row.id, wording.actor_words(row.kind, row.name), row.kind) for row in found]
    people = [(actor_id, name) for actor_id, name, kind in named if kind == "person"]
    return people + [(actor_id, name) for actor_id, name, kind in named if kind != "person"]


def kinds_of_operations() -> list[tuple[str, str]]:
    """What can be done, in words, in the order of the words."""
    return sorted(((name, wording.operation_words(name)) for name in NAMES), key=lambda n: n[1])


def _statement() -> Select[Any]:
    table, people = OperationRow.__table__, ActorRow.__table__
    undo = table.alias("undo")
    return select(
        table,
        people.c.kind.label("actor_kind"),
        people.c.name.label("actor_name"),
        people.c.user_id,
        select(undo.c.id).where(undo.c.undoes_id == table.c.id).exists().label("undone"),
    ).join(people, people.c.id == table.c.actor_id)


def _limited(statement: Select[Any], wanted: Filter) -> Select[Any]:
    table = OperationRow.__table__
    if wanted.actor_id is not None:
        statement = statement.where(table.c.actor_id == wanted.actor_id)
    if wanted.name:
        statement = statement.where(table.c.name == wanted.name)
    if wanted.since is not None:
        statement = statement.where(table.c.at >= midnight(wanted.since))
    if wanted.until is not None and wanted.until < date.max:
        statement = statement.where(table.c.at < midnight(wanted.until + timedelta(days=1)))
    return statement


def midnight(day: date) -> datetime:
    """When a day begins at the firm."""
    return datetime.combine(day, time(), ZoneInfo(settings.get("timezone")))


def _in_words(reader: Reader, rows: Sequence[Any]) -> list[Done]:
    touched = _touched([row["id"] for row in rows])
    firsts = {operation_id: (kind, first) for operation_id, (kind, first, _, _) in touched.items()}
    known = glimpses(firsts.values())
    return [_done(reader, row, touched.get(row["id"]), known) for row in rows]


def _touched(operation_ids: Sequence[int]) -> dict[int, tuple[str, int, int, int]]:
    """Per operation one of the records it is about, how many there are, and how many changes.

    It is about the records that others hang on; about one that has a page of its own where it
    changed only that."""
    if not operation_ids:
        return {}
    table = ChangeRow.__table__
    found = database.session.execute(
        select(
            table.c.operation_id,
            table.c.root_type,
            func.min(table.c.root_id).label("first"),
            func.count(table.c.root_id.distinct()).label("roots"),
            func.count().label("changes"),
            func.min(table.c.record_type).label("record_type"),
            func.min(table.c.record_id).label("record_id"),
        )
        .where(table.c.operation_id.in_(operation_ids))
        .group_by(table.c.operation_id, table.c.root_type)
        .order_by(table.c.operation_id, func.count().desc(), table.c.root_type)
    )
    touched: dict[int, tuple[str, int, int, int]] = {}
    own_pages = {name for name, kind in record_types().items() if kind.url is not None}
    for row in found:
        if row.changes == 1 and row.record_type in own_pages and row.operation_id not in touched:
            touched[row.operation_id] = (row.record_type, row.record_id, 1, 1)
            continue
        kind, first, roots, changes = touched.get(
            row.operation_id, (row.root_type, row.first, 0, 0)
        )
        touched[row.operation_id] = (kind, first, roots + row.roots, changes + row.changes)
    return touched


def _done(
    reader: Reader,
    row: Any,
    touched: tuple[str, int, int, int] | None,
    known: dict[Record, Glimpse],
) -> Done:
    about = url = ""
    others = changes = 0
    if touched is not None:
        kind_name, first, roots, changes = touched
        kind, glimpse = record_types().get(kind_name), known.get((kind_name, first))
        about = glimpse.name(reader) if glimpse else ""
        about = about or (label(kind.label) if kind else kind_name)
        url = glimpse.address(reader) if glimpse and glimpse.state == "active" else ""
        others = roots - 1
    return Done(
        id=row["id"],
        at=row["at"],
        who=wording.actor_words(row["actor_kind"], row["actor_name"]),
        user_id=row["user_id"],
        what=wording.operation_words(row["name"]),
        source=wording.source_words(row["source"]),
        about=about,
        url=url,
        others=others,
        changes=changes,
        undone=bool(row["undone"]),
        undoes_id=row["undoes_id"],
        part_of_id=row["part_of_id"],
    )
