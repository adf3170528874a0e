"""What is known of records that the ledger speaks of: name, owner, whether they are still there."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Integer,
    String,
    case,
    cast,
    literal,
    null,
    select,
    union_all,
)

from crmlite.access import Reader, Shown
from crmlite.access.sensitive import from_ledger
from crmlite.db.sealing import SealBroken
from crmlite.extensions import database
from crmlite.wording import label
from crmlite.work.record_types import RecordType, record_types

Record = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A record as far as a line about it needs: `title` and `key` as stored, `owner_id` of the
    record that it hangs on."""

    kind: RecordType
    id: int
    root_id: int
    title: Any = None
    key: Any = None
    uid: str = ""
    state: str = "active"
    owner_id: int | None = None
    currency: str = ""
    see: str = ""

    @property
    def root(self) -> Record:
        """The record it hangs on; itself when it stands on its own."""
        return self.kind.root[0], self.root_id

    def seen_by(self, reader: Reader) -> bool:
        """Whether a reader may know more of it than that it is there."""
        return sees(reader, self.kind, self.owner_id, self.see)

    def name(self, reader: Reader) -> str:
        """What it is called, for a reader; empty when it has no name or is out of their sight."""
        if self.title in (None, "") or not self.seen_by(reader):
            return ""
        if self.kind.titled is not None:
            return self.kind.titled(self.title)
        if isinstance(self.title, Mapping):
            return label(self.title)
        return shown_safely(
            reader, self.kind, self.kind.title, self.title, uid=self.uid, owner_id=self.owner_id
        ).text

    def address(self, reader: Reader) -> str:
        """Where its page is; empty when it has none, or none for this reader."""
        return self.kind.url(self.key) if self.kind.url and self.seen_by(reader) else ""


def sees(reader: Reader, kind: RecordType, owner_id: int | None, see: str = "") -> bool:
    """Whether a reader may see records of a kind that hang on a record of this owner, one that asks for
    a right `see` besides."""
    root = record_types().get(kind.root[0])
    scope = root.table.info.get("scope", {}) if root else {}
    rights = {scope.get("permission", ""), kind.see, see} - {""}
    return all(reader.covers(right, owner_id) for right in rights)


def glimpses(records: Iterable[Record]) -> dict[Record, Glimpse]:
    """What is known of these records, in one statement; those that are gone are left out."""
    wanted: dict[str, set[int]] = {}
    for name, record_id in records:
        wanted.setdefault(name, set()).add(record_id)
    kinds = record_types()
    parts = [_columns(kinds[name], ids) for name, ids in wanted.items() if name in kinds]
    if not parts:
        return {}
    found = database.session.execute(union_all(*parts)).mappings()
    return {(row["kind"], row["id"]): _glimpse(kinds[row["kind"]], row) for row in found}


def shown_safely(
    reader: Reader, kind: RecordType, name: str, stored: Any, *, uid: str, owner_id: int | None
) -> Shown:
    """A stored value as a reader may see it; masked altogether when it cannot be opened."""
    try:
        return from_ledger(reader, kind.table, name, stored, uid=uid, owner_id=owner_id)
    except SealBroken:
        return Shown("••••", True)


def _columns(kind: RecordType, ids: Collection[int]) -> Any:
    """The same columns for every kind of record, so that one statement asks for all."""
    table = kind.table
    root = record_types().get(kind.root[0], kind).table
    owned = "owner_id" in root.c
    hangs = owned and root is not table
    source = table.join(root, root.c.id == table.c[kind.root[1]]) if hangs else table
    statement = select(
        literal(kind.name, String).label("kind"),
        table.c.id.label("id"),
        table.c[kind.root[1]].label("root_id"),
        _text(kind, kind.title).label("title"),
        _text(kind, kind.key).label("key"),
        _text(kind, "uid").label("uid"),
        _text(kind, "state").label("state"),
        (root.c.owner_id if owned else cast(null(), Integer)).label("owner_id"),
        _text(kind, "currency").label("currency"),
        _see(kind).label("see"),
    )
    return statement.select_from(source).where(table.c.id.in_(ids))


def _text(kind: RecordType, name: str) -> ColumnElement[str]:
    return cast(kind.table.c[name] if name in kind.table.c else null(), String)


def _see(kind: RecordType) -> ColumnElement[str]:
    """The right that a record asks for besides, by the column that leads somewhere."""
    there = [(kind.table.c[name].is_not(None), right) for name, right in kind.see_by.items()]
    return cast(case(*there) if there else null(), String)


def _glimpse(kind: RecordType, row: Mapping[str, Any]) -> Glimpse:
    title = row["title"]
    if title and isinstance(kind.table.c[kind.title].type, JSON):
        title = json.loads(title)
    return Glimpse(
        kind,
        row["id"],
        row["root_id"],
        title,
        row["key"],
        row["uid"] or "",
        row["state"] or "active",
        row["owner_id"],
        row["currency"] or "",
        row["see"] or "",
    )
