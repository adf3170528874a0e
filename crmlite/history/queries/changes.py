"""The change record: every change of every field, in words, for the one who reads it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from crmlite.access import Reader, Shown
from crmlite.extensions import database
from crmlite.history import wording
from crmlite.history.queries.cursors import Cursor, cut
from crmlite.history.queries.glimpses import Glimpse, Record, glimpses, sees
from crmlite.history.restoring import may_restore
from crmlite.history.wording import Speaker
from crmlite.paging import with_query
from crmlite.rules.text import folded
from crmlite.wording import label
from crmlite.work.currencies import currencies_of
from crmlite.work.ledger import ActorRow, ChangeRow, OperationRow
from crmlite.work.record_types import RecordType, record_types
from crmlite.work.records import CREATED, silent

PAGE = 50
READ_AT_ONCE = 300  # rows of the ledger that a search looks at with one statement
READ_AT_MOST = 3000  # and with one request; the next page goes on from there

Currencies = tuple[str | None, str | None]  # before and after a change; None for that of today


@dataclass(frozen=True, slots=True)
class Line:
    """One field of a change: what it was, what it became, whether the reader may put it back."""

    name: str
    label: str
    old: Shown
    new: Shown
    restorable: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What one operation did to one record."""

    id: int
    operation_id: int
    at: datetime
    who: str
    source: str
    kind: str
    record_id: int
    icon: str
    what: str
    name: str
    url: str
    deed: str
    operation: str
    lines: Sequence[Line]
    in_bin: bool = False

    @property
    def headline(self) -> str:
        """What happened to what: "Contact added: Claire Harlow"."""
        return wording.happened(self.deed, self.what, self.name)

    @property
    def byline(self) -> str:
        """Who did it, and from where unless that is who it was."""
        return f"{self.who} · {self.source}" if self.source else self.who

    @property
    def restorable(self) -> bool:
        """Whether the record is in the recycle bin and the reader may bring it back."""
        return self.deed == "deleted" and self.in_bin


@dataclass(frozen=True, slots=True)
class Changes:
    """A page of the change record. `unread` says that a search stopped before the end."""

    rows: Sequence[Change]
    before: str = ""
    after: str = ""
    text: str = ""
    unread: bool = False

    def address(self, url: str, cursor: str) -> str:
        """The address of another page of it; empty when there is none."""
        return with_query(url, {"q": self.text, "from": cursor}) if cursor else ""


def changes(
    reader: Reader,
    root: Record | None = None,
    *,
    record: Record | None = None,
    operation_id: int | None = None,
    text: str | None = None,
    cursor: str = "",
    size: int = PAGE,
) -> Changes:
    """What was changed of a root record and all that hangs on it, newest first.

    `record` or `operation_id` narrow it down, or stand instead of a root. `text` finds what the
    page shows, and only that: labels, people, values; a masked value is found by its mask. Of
    records out of the reader's sight it is told that they were changed, not which and how. Two
    statements a page, and a third where amounts stand on it, to say them in the currency of then; a
    search as many more as it must look through. Raises BadCursor.
    """
    statement = _statement(root, record, operation_id)
    terms = _terms(text)
    start = Cursor.read(cursor)
    if not terms:
        asked = start.apply(statement, ChangeRow.__table__.c.id).limit(size + 1)
        rows = database.session.execute(asked).mappings().all()
        page = cut(rows, start, size)
        return Changes(list(_worded(reader, page.rows, root)), page.before, page.after)
    return _searched(reader, statement, root, terms, start, size, text or "")


def _statement(root: Record | None, record: Record | None, operation_id: int | None) -> Select[Any]:
    rows, operations, actors = ChangeRow.__table__, OperationRow.__table__, ActorRow.__table__
    statement = (
        select(
            rows,
            operations.c.name.label("operation"),
            operations.c.at,
            operations.c.source,
            actors.c.kind.label("actor_kind"),
            actors.c.name.label("actor_name"),
        )
        .join(operations, operations.c.id == rows.c.operation_id)
        .join(actors, actors.c.id == operations.c.actor_id)
    )
    if root is not None:
        statement = statement.where(
            rows.c.root_type == root[0],
            rows.c.root_id == root[1],
            rows.c.operation_id >= _beginning(root),
        )
    if record is not None:
        statement = statement.where(rows.c.record_type == record[0], rows.c.record_id == record[1])
    if operation_id is not None:
        statement = statement.where(rows.c.operation_id == operation_id)
    elif root is None and record is None:
        raise ValueError("the changes of what?")
    return statement


def _beginning(root: Record) -> Any:
    """The operation that added a record. SQLite gives the ids of rows that are gone out again: what
    was there before under this one is another's past."""
    rows, operations = ChangeRow.__table__, OperationRow.__table__
    added = (
        select(func.max(rows.c.operation_id))
        .join(operations, operations.c.id == rows.c.operation_id)
        .where(
            rows.c.record_type == root[0],
            rows.c.record_id == root[1],
            rows.c.verb == CREATED,
            operations.c.undoes_id.is_(None),
        )
    )
    return func.coalesce(added.scalar_subquery(), 0)


def _searched(
    reader: Reader,
    statement: Select[Any],
    root: Record | None,
    terms: Sequence[str],
    start: Cursor,
    size: int,
    text: str,
) -> Changes:
    """The page of what fits, read piece by piece."""
    found: list[Change] = []
    cursor, looked_at, ended = start, 0, False
    while len(found) <= size and looked_at < READ_AT_MOST and not ended:
        asked = cursor.apply(statement, ChangeRow.__table__.c.id).limit(READ_AT_ONCE)
        rows = database.session.execute(asked).mappings().all()
        found += (fit for change in _worded(reader, rows, root) if (fit := fitting(change, terms)))
        looked_at += len(rows)
        ended = len(rows) < READ_AT_ONCE
        cursor = cursor.beyond(rows[-1]["id"]) if rows else cursor
    by_id = {change.id: change for change in found}
    page = cut([{"id": change.id} for change in found], start, size)
    kept = [by_id[row["id"]] for row in page.rows]
    unread = not ended and len(found) <= size
    before, after = page.before, page.after
    if unread and start.backwards:
        before = f"b{cursor.id}"
    elif unread:
        after = f"a{cursor.id}"
    return Changes(kept, before, after, text, unread)


def fitting(change: Change, terms: Sequence[str]) -> Change | None:
    """The change with the fields that fit, or whole when what stands above them does."""
    head = folded_words(change.headline, change.byline, change.operation)
    rest = [term for term in terms if term not in head]
    if not rest:
        return change
    lines = [
        line
        for line in change.lines
        if all(term in folded_words(line.label, line.old.text, line.new.text) for term in rest)
    ]
    return replace(change, lines=lines) if lines else None


def folded_words(*texts: str) -> str:
    """Texts as a search compares them: without regard to case and full or half width."""
    return "\n".join(folded(text).casefold() for text in texts)


def _terms(text: str | None) -> list[str]:
    return folded(text or "").casefold().split()


def _worded(
    reader: Reader, rows: Sequence[Mapping[str, Any]], root: Record | None
) -> Iterator[Change]:
    """Rows of the ledger as the reader gets them; changes of silent columns only are left out.

    On the page of a root record its own name is not said again and again.
    """
    speaker = Speaker(reader, glimpses(_mentioned(rows)))
    kinds, currencies = record_types(), currencies_of(rows)
    for row in rows:
        if row["diff"] or row["verb"] != "update":
            of_then = currencies.get(row["id"], (None, None))
            change = _change(speaker, kinds.get(row["record_type"]), row, of_then)
            yield replace(change, name="") if (change.kind, change.record_id) == root else change


def _mentioned(rows: Sequence[Mapping[str, Any]]) -> Iterator[Record]:
    """All records that rows of the ledger speak of."""
    kinds = record_types()
    for row in rows:
        yield row["record_type"], row["record_id"]
        yield row["root_type"], row["root_id"]
        kind = kinds.get(row["record_type"])
        for name, pair in row["diff"].items():
            target = wording.target_of(kind.table, name) if kind else ""
            if target and target != "user":
                yield from ((target, value) for value in pair if isinstance(value, int))


def _change(
    speaker: Speaker, kind: RecordType | None, row: Mapping[str, Any], currencies: Currencies
) -> Change:
    known, reader = speaker.known, speaker.reader
    root = known.get((row["root_type"], row["root_id"]))
    record = known.get((row["record_type"], row["record_id"]))
    deed = wording.deed(row["verb"], row["diff"])
    return Change(
        id=row["id"],
        operation_id=row["operation_id"],
        at=row["at"],
        who=wording.actor_words(row["actor_kind"], row["actor_name"]),
        source="" if row["source"] == row["actor_kind"] else wording.source_words(row["source"]),
        kind=row["record_type"],
        record_id=row["record_id"],
        icon=kind.icon if kind else "pencil",
        what=label(kind.label) if kind else row["record_type"],
        name=record.name(reader) if record else "",
        url=root.address(reader) if root else "",
        deed=deed,
        operation=wording.operation_words(row["operation"]),
        lines=list(_lines(speaker, kind, row, record, root, currencies)) if kind else [],
        in_bin=kind is not None
        and may_restore(reader, kind, "state", "active", record=record, root=root),
    )


def _lines(
    speaker: Speaker,
    kind: RecordType,
    row: Mapping[str, Any],
    record: Glimpse | None,
    root: Glimpse | None,
    currencies: Currencies,
) -> Iterator[Line]:
    was, became = (_in_currency(record, currency) for currency in currencies)
    owner_id = root.owner_id if root else None
    if not sees(speaker.reader, kind, owner_id, record.see if record else ""):
        return
    verb, deed = row["verb"], wording.deed(row["verb"], row["diff"])
    left_out = silent(kind.table) | ({"state"} if deed != verb else set())
    for name, old, new in _pairs(row["diff"]):
        if name in left_out or (verb == "create" and new is False):
            continue
        yield Line(
            name,
            wording.field_words(kind, name),
            speaker.value(kind, was, name, old, owner_id),
            speaker.value(kind, became, name, new, owner_id),
            verb == "update"
            and name != "state"
            and may_restore(speaker.reader, kind, name, old, record=record, root=root),
        )


def _in_currency(record: Glimpse | None, currency: str | None) -> Glimpse | None:
    """A record as it is, or was, in a currency; None for the one of today."""
    return replace(record, currency=currency) if record and currency else record


def _pairs(diff: Mapping[str, Sequence[Any]]) -> Iterable[tuple[str, Any, Any]]:
    """The fields of a diff; those that are kept together in one column each on their own."""
    for name, (old, new) in diff.items():
        if name != "extra":
            yield name, old, new
            continue
        was, now = old or {}, new or {}
        for key in {**was, **now}:
            if was.get(key) != now.get(key):
                yield f"extra.{key}", was.get(key), now.get(key)
