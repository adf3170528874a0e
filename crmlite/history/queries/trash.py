"""The recycle bin: deleted records that a reader may see, kind by kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Table, func, select

from crmlite.access import Reader, visible_to
from crmlite.accounts.queries import person_name
from crmlite.db.keyset import Sort, cut, ordered
from crmlite.extensions import database
from crmlite.history import wording
from crmlite.history.queries.deletions import deletions
from crmlite.history.queries.glimpses import Glimpse, Record, glimpses
from crmlite.history.restoring import may_restore
from crmlite.wording import label
from crmlite.work.record_types import RecordType, record_types

PAGE = 50
COUNT_AT_MOST = 999


@dataclass(frozen=True, slots=True)
class Deleted:
    """A record in the bin."""

    id: int
    name: str
    under: str
    under_url: str
    owner: str
    at: datetime
    who: str
    restorable: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """A page of the bin: deleted records of one kind, the latest first."""

    kind: str
    rows: Sequence[Deleted]
    before: str = ""
    after: str = ""


def binned() -> dict[str, RecordType]:
    """The kinds of records that go to the bin: those with a state that somebody owns, then what
    hangs on them."""
    kinds = sorted(record_types().items(), key=lambda pair: pair[1].root[0] != pair[0])
    return {
        name: kind
        for name, kind in kinds
        if {"state", "updated_at"} <= set(kind.table.c.keys()) and _scoped(kind) is not None
    }


def counts(reader: Reader) -> dict[str, int]:
    """How many deleted records of each kind the reader may see, up to COUNT_AT_MOST; one
    statement."""
    kinds = binned()
    if not kinds:
        return {}
    columns = [
        select(func.count())
        .select_from(_deleted(reader, kind, kind.table.c.id).limit(COUNT_AT_MOST).subquery())
        .scalar_subquery()
        .label(name)
        for name, kind in kinds.items()
    ]
    row = database.session.execute(select(*columns)).mappings().one()
    return {name: row[name] for name in kinds}


def trash(reader: Reader, kind_name: str, *, cursor: str = "", size: int = PAGE) -> Bin:
    """Deleted records of a kind, as far as the reader may see them; three statements a page.

    KeyError for a kind that has no bin. Raises BadCursor.
    """
    kind = binned()[kind_name]
    table, root_column = kind.table, kind.table.c[kind.root[1]]
    sort = Sort("deleted", table.c.updated_at, descending=True)
    wanted = _deleted(reader, kind, table.c.id, root_column.label("root_id"), table.c.updated_at)
    rows = database.session.execute(ordered(wanted, sort, table.c.id, cursor, size)).mappings()
    page = cut(rows.all(), sort, cursor, size, key="updated_at", id_key="id")
    ids = [row["id"] for row in page.rows]
    known = glimpses(
        [*((kind_name, i) for i in ids), *((kind.root[0], row["root_id"]) for row in page.rows)]
    )
    gone = deletions(kind_name, ids)
    deleted = [
        _in_words(reader, kind, known, row["id"], row["root_id"], gone.get(row["id"]), row)
        for row in page.rows
    ]
    return Bin(kind_name, deleted, page.before, page.after)


def may_bring_back(reader: Reader, kind_name: str, record_id: int) -> bool | None:
    """Whether the reader may restore this deleted record; None when it is not in their bin."""
    kind = binned().get(kind_name)
    if kind is None:
        return None
    statement = _deleted(reader, kind, kind.table.c[kind.root[1]].label("root_id"))
    row = database.session.execute(statement.where(kind.table.c.id == record_id)).first()
    if row is None:
        return None
    record, root = (kind_name, record_id), (kind.root[0], row.root_id)
    known = glimpses({record, root})
    return _may(reader, kind, known.get(record), known.get(root))


def _may(reader: Reader, kind: RecordType, record: Glimpse | None, root: Glimpse | None) -> bool:
    return may_restore(reader, kind, "state", "active", record=record, root=root)


def _deleted(reader: Reader, kind: RecordType, *columns: Any) -> Select[Any]:
    """Deleted records in the reader's sight; what hangs on a deleted record comes back with it
    and is not listed on its own."""
    table, scoped = kind.table, _scoped_table(kind)
    statement = select(*columns).where(table.c.state == "deleted")
    if scoped is table:
        return visible_to(reader, statement, states=("deleted",))
    joined = statement.select_from(table.join(scoped, scoped.c.id == table.c[kind.root[1]]))
    return visible_to(reader, joined)


def _scoped(kind: RecordType) -> Table | None:
    """The table whose owner decides who sees such records."""
    root = record_types().get(kind.root[0])
    return root.table if root is not None and "scope" in root.table.info else None


def _scoped_table(kind: RecordType) -> Table:
    found = _scoped(kind)
    if found is None:
        raise LookupError(kind.name)
    return found


def _in_words(
    reader: Reader,
    kind: RecordType,
    known: dict[Record, Glimpse],
    record_id: int,
    root_id: int,
    deletion: Any,
    row: Any,
) -> Deleted:
    record, root = known.get((kind.name, record_id)), known.get((kind.root[0], root_id))
    owner_id = root.owner_id if root else None
    own_root = kind.root[0] == kind.name
    name = record.name(reader) if record else ""
    return Deleted(
        id=record_id,
        name=name or label(kind.label),
        under=root.name(reader) if root and not own_root else "",
        under_url=root.address(reader) if root and not own_root else "",
        owner=person_name(owner_id),
        at=deletion.at if deletion else row["updated_at"],
        who=wording.actor_words(deletion.actor_kind, deletion.actor_name) if deletion else "",
        restorable=_may(reader, kind, record, root),
    )
