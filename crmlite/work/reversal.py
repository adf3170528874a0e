"""How changes are put back: each field that nobody changed since, many records at a time."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Table, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from crmlite.db.columns import UTCDateTime
from crmlite.db.guarded_json import EXTRA, PREFIX, is_equal
from crmlite.db.keys import ring
from crmlite.db.sealing import SealBroken, open_sealed
from crmlite.extensions import database
from crmlite.work.changed_since import Later
from crmlite.work.currencies import money_of, value_in
from crmlite.work.record_types import CURRENCY, RecordType, record_types
from crmlite.work.records import (
    CHUNK,
    CREATED,
    DELETED,
    UPDATED,
    add_change,
    chunks,
    has_inside,
    is_sealed,
    plain,
    touched_columns,
)

Record = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Undone:
    """How an undo went: how many records are as they were, and which were left alone, wholly or
    in part, because they changed since. `operation` is the undo itself, 0 when it did nothing.
    `hindered` says why it was cut short: `busy`, `full`, or empty."""

    restored: int
    kept: list[Record]
    operation: int = 0
    hindered: str = ""


@dataclass(slots=True)
class Reversal:
    """Changes on their way back; `put_back` is the way in."""

    later: Later
    kinds: Mapping[str, RecordType]
    staying: Collection[Record] = ()  # added, and worked on since
    kept: set[Record] = field(default_factory=set)
    restored: set[Record] = field(default_factory=set)
    roots: dict[str, set[int]] = field(default_factory=dict)
    was: dict[Record, dict[str, Any]] = field(default_factory=dict)  # as in the database
    rows: dict[Record, dict[str, Any]] = field(default_factory=dict)  # as they are to become
    outside: dict[tuple[str, str], dict[int, Any]] = field(default_factory=dict)  # beside the rows

    def take(self, changes: Sequence[Mapping[str, Any]]) -> None:
        """Put back some changes, newest first."""
        self.read(changes)
        self.later.read(changes, self.kinds)
        for change in changes:
            record = (change["record_type"], change["record_id"])
            kind = self.kinds.get(change["record_type"])
            whole = kind is not None and self.one(kind, record, change)
            (self.restored if whole else self.kept).add(record)
            if kind is not None:
                self.roots.setdefault(change["root_type"], set()).add(change["root_id"])
        self.write()

    def read(self, changes: Iterable[Mapping[str, Any]]) -> None:
        """The rows of the changed records as they stand now; one statement per kind."""
        wanted: dict[str, set[int]] = {}
        for change in changes:
            wanted.setdefault(change["record_type"], set()).add(change["record_id"])
        for name, ids in wanted.items():
            if (kind := self.kinds.get(name)) is None:
                continue
            statement = select(kind.table).where(kind.table.c.id.in_(ids))
            if database.engine.dialect.name == "postgresql":
                statement = statement.with_for_update()
            for row in database.session.execute(statement).mappings():
                self.keep((name, row["id"]), row)

    def keep(self, record: Record, row: Mapping[Any, Any]) -> None:
        """Remember a row as the database has it."""
        self.rows[record], self.was[record] = dict(row), dict(row)

    def one(self, kind: RecordType, record: Record, change: Mapping[str, Any]) -> bool:
        """Put back one change; False when any of it had to be left alone."""
        if (change["root_type"], change["root_id"]) in self.staying:
            return False  # who stays keeps what came with them
        if kind.part_of and self.whole(kind, record, change) in self.staying:
            return False
        row = self.rows.get(record)
        match change["verb"]:
            case "delete":
                return row is None and self.insert_again(kind, record, change)
            case "create":
                return row is not None and self.take_away(kind, record, row, change)
        return row is not None and self.reverse(kind, record, row, change)

    def whole(self, kind: RecordType, record: Record, change: Mapping[str, Any]) -> Record:
        """What a record is a part of."""
        assert kind.part_of is not None
        name, column = kind.part_of
        row = self.rows.get(record) or {column: change["diff"].get(column, (None, 0))[1]}
        return name, row[column]

    def reverse(
        self, kind: RecordType, record: Record, row: dict[str, Any], change: Mapping[str, Any]
    ) -> bool:
        """Give fields their earlier values, except those that have another one by now."""
        apart = self.apart(kind, row, change)
        whole = not apart
        for name, (old, new) in change["diff"].items():
            if name in apart:
                continue
            if name in kind.restorers:
                if self.later.touched(change, name):
                    whole = False
                else:
                    self.outside.setdefault((kind.name, name), {})[record[1]] = old
            elif name not in row:
                whole = False
            elif name == EXTRA and has_inside(kind.table):
                whole = reverse_inside(kind.table, row, old or {}, new or {}, apart) and whole
            elif same(kind.table, name, row, new):
                row[name] = typed(kind.table, name, old)
            elif not same(kind.table, name, row, old):
                whole = False
        return whole

    def apart(
        self, kind: RecordType, row: Mapping[str, Any], change: Mapping[str, Any]
    ) -> Collection[str]:
        """The amounts and the currency that a change set and that stay as they are, since one of them
        is another by now: an amount in another currency is another amount."""
        money = money_of(kind, change["diff"])
        now = {name: value_in(row, name) for name in money}
        if all(now[name] == old for name, (old, _new) in money.items()):
            return ()
        beside = (CURRENCY, *kind.measured) if CURRENCY in money else (CURRENCY,)
        if self.later.touched_money(change, beside):
            return money
        is_same = all(now[name] == new for name, (_old, new) in money.items())
        return () if is_same or CURRENCY not in money else money

    def take_away(
        self, kind: RecordType, record: Record, row: dict[str, Any], change: Mapping[str, Any]
    ) -> bool:
        """Undo an addition, unless people worked on the record or on what hangs on it."""
        if self.later.worked_on(change):
            return False
        gone = kind.gone or ({"state": "deleted"} if "state" in kind.table.c else None)
        if gone:
            row.update(gone)
            return True
        self.write()
        try:
            with database.session.begin_nested():
                database.session.execute(delete(kind.table).where(kind.table.c.id == record[1]))
        except IntegrityError:  # something refers to it
            return False
        diff = {name: [plain(value), None] for name, value in row.items() if value is not None}
        add_change(kind.table, record[1], DELETED, diff, row)
        del self.rows[record], self.was[record]
        return True

    def insert_again(self, kind: RecordType, record: Record, change: Mapping[str, Any]) -> bool:
        """Bring back a row that was taken away for good."""
        table = kind.table
        diff = {name: old for name, (old, _) in change["diff"].items() if name in table.c}
        values = {name: typed(table, name, old) for name, old in diff.items()}
        self.write()
        try:
            with database.session.begin_nested():
                database.session.execute(insert(table).values(values))
        except IntegrityError:  # its place is taken, or what it hung on is gone
            return False
        add_change(table, record[1], CREATED, {n: [None, old] for n, old in diff.items()}, values)
        self.keep(record, values)
        return True

    def write(self) -> None:
        """Write the rows that differ by now, those with the same columns in one statement, and
        what is kept beside them."""
        waiting: dict[tuple[str, tuple[str, ...]], list[int]] = {}
        for (name, record_id), row in self.rows.items():
            was = self.was[name, record_id]
            if changed := tuple(column for column, value in row.items() if value != was[column]):
                waiting.setdefault((name, changed), []).append(record_id)
        for (name, columns), ids in waiting.items():
            kind = self.kinds[name]
            if not self.update(kind, columns, ids):
                for record_id in ids:
                    if not self.update(kind, columns, [record_id]):
                        self.kept.add((name, record_id))
                        self.keep((name, record_id), self.was[name, record_id])
        outside, self.outside = self.outside, {}
        for (name, field_name), values in outside.items():
            self.kinds[name].restorers[field_name](values)

    def update(self, kind: RecordType, columns: Collection[str], ids: Sequence[int]) -> bool:
        """Write these columns of these rows; False when a value is taken by another record."""
        table = kind.table
        befores = [self.was[kind.name, record_id] for record_id in ids]
        afters = [
            {name: self.rows[kind.name, was["id"]][name] for name in columns}
            | touched_columns(table, was)
            for was in befores
        ]
        statement = (
            update(table)
            .where(table.c.id == bindparam("row_id"))
            .values(
                {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in afters[0]}
            )
        )
        values = [
            {"row_id": was["id"], **{f"new_{name}": value for name, value in after.items()}}
            for was, after in zip(befores, afters, strict=True)
        ]
        try:
            with database.session.begin_nested():
                database.session.connection().execute(statement, values)
        except IntegrityError:
            return False
        for was, after in zip(befores, afters, strict=True):
            diff = {name: [plain(was[name]), plain(after[name])] for name in columns}
            add_change(table, was["id"], UPDATED, diff, was)
            self.keep((kind.name, was["id"]), was | after)
        return True


def put_back(changes: Sequence[Mapping[str, Any]], within: Collection[int] = ()) -> Undone:
    """Put back changes out of the ledger, newest first, and all that follows from them.

    Belongs inside an operation. A field that somebody changed since stays as it is now, and its
    record is named. What operations `within` did since does not count: they are put back, too.
    """
    kinds = record_types()
    operations = {change["operation_id"] for change in changes}
    later = Later({*operations, *within})
    reversal = Reversal(later, kinds, staying=_staying(changes, later, kinds))
    for start in range(0, len(changes), CHUNK):
        reversal.take(changes[start : start + CHUNK])
    for name, ids in reversal.roots.items():
        kind = kinds.get(name)
        if kind is not None and kind.refresh is not None:
            for some in chunks(sorted(ids)):
                kind.refresh(some)
    return Undone(len(reversal.restored - reversal.kept), sorted(reversal.kept))


def _staying(
    changes: Sequence[Mapping[str, Any]], later: Later, kinds: Mapping[str, RecordType]
) -> set[Record]:
    """The records added by these changes, on which others hang or that have parts, that people worked
    on since."""
    parts = {kind.name: kind.part_of[0] for kind in kinds.values() if kind.part_of}
    having = {*parts, *parts.values()}
    added = [
        change
        for change in changes
        if change["verb"] == CREATED
        and (_record(change) == _root(change) or change["record_type"] in having)
    ]
    for start in range(0, len(added), CHUNK):
        later.read(added[start : start + CHUNK], kinds)
    return {_record(one) for one in added if later.worked_on(one)}


def _record(change: Mapping[str, Any]) -> Record:
    return change["record_type"], change["record_id"]


def _root(change: Mapping[str, Any]) -> Record:
    return change["root_type"], change["root_id"]


def reverse_inside(
    table: Table,
    row: dict[str, Any],
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    apart: Collection[str] = (),
) -> bool:
    """Give further fields their earlier values, each by itself, but for those `apart`; False when any
    had to be left."""
    now, whole = dict(row[EXTRA] or {}), True
    for key in {**old, **new}:
        was, became = old.get(key), new.get(key)
        if was == became or PREFIX + key in apart:
            continue
        if is_equal(ring(), table, key, now.get(key), became, row["uid"]):
            now[key] = was
        elif not is_equal(ring(), table, key, now.get(key), was, row["uid"]):
            whole = False
    row[EXTRA] = {key: value for key, value in now.items() if value is not None} or None
    return whole


def same(table: Table, column: str, row: Mapping[str, Any], recorded: Any) -> bool:
    """Whether a row still has the value that the ledger recorded; sealed ones compare by text."""
    now = plain(row[column])
    if now == recorded:
        return True
    if not (is_sealed(table, column) and now and recorded):
        return False
    place = (table.name, column, row["uid"])
    try:
        return open_sealed(ring(), now, place) == open_sealed(ring(), recorded, place)
    except SealBroken:
        return False


def typed(table: Table, column: str, value: Any) -> Any:
    """A value from a diff as its column takes it: ISO text becomes a day or a moment again."""
    kind = table.c[column].type
    if isinstance(value, str) and isinstance(kind, UTCDateTime):
        return datetime.fromisoformat(value)
    if isinstance(value, str) and isinstance(kind, Date):
        return date.fromisoformat(value)
    return value
