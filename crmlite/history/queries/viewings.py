"""Who looked at sensitive values, and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from crmlite.access import Reader
from crmlite.access.sensitive import ViewingRow
from crmlite.accounts.queries import person_name
from crmlite.extensions import database
from crmlite.history import wording
from crmlite.history.queries.cursors import Cursor, cut
from crmlite.history.queries.glimpses import Glimpse, Record, glimpses
from crmlite.history.queries.ledger import midnight
from crmlite.wording import label
from crmlite.work.record_types import record_types

PAGE = 50
NAMED = 5  # records that a line names; the rest is counted


@dataclass(frozen=True, kw_only=True, slots=True)
class Filter:
    """Whose looks are wanted, on which days; both days included."""

    user_id: int | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A record whose values were seen, and the one it hangs on."""

    name: str
    under: str
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Viewing:
    """One look: who saw which fields of which records."""

    id: int
    at: datetime
    who: str
    what: str
    fields: str
    records: Sequence[Seen]
    others: int


@dataclass(frozen=True, slots=True)
class Viewings:
    """A page of the log of viewings, newest first."""

    rows: Sequence[Viewing]
    before: str = ""
    after: str = ""


def viewings(reader: Reader, wanted: Filter, *, cursor: str = "", size: int = PAGE) -> Viewings:
    """A page of the log; three statements. Raises BadCursor."""
    table = ViewingRow.__table__
    statement = select(table)
    if wanted.user_id is not None:
        statement = statement.where(table.c.user_id == wanted.user_id)
    if wanted.since is not None:
        statement = statement.where(table.c.at >= midnight(wanted.since))
    if wanted.until is not None and wanted.until < date.max:
        statement = statement.where(table.c.at < midnight(wanted.until + timedelta(days=1)))
    start = Cursor.read(cursor)
    asked = start.apply(statement, table.c.id).limit(size + 1)
    page = cut(database.session.execute(asked).mappings().all(), start, size)
    known = _known(page.rows)
    return Viewings([_in_words(reader, row, known) for row in page.rows], page.before, page.after)


def _known(rows: Sequence[Any]) -> dict[Record, Glimpse]:
    """The records that the page names, and the ones that they hang on."""
    named = glimpses((row["record_type"], i) for row in rows for i in row["record_ids"][:NAMED])
    roots = {one.root for one in named.values()} - named.keys()
    return named | glimpses(roots)


def _in_words(reader: Reader, row: Any, known: dict[Record, Glimpse]) -> Viewing:
    kind = record_types().get(row["record_type"])
    ids = row["record_ids"]
    found = [known[row["record_type"], i] for i in ids[:NAMED] if (row["record_type"], i) in known]
    return Viewing(
        id=row["id"],
        at=row["at"],
        who=person_name(row["user_id"]),
        what=label(kind.label) if kind else row["record_type"],
        fields=wording.of_json(
            [wording.field_words(kind, name) if kind else name for name in row["columns"]]
        ),
        records=[_seen(reader, one, known.get(one.root)) for one in found],
        others=len(ids) - len(found),
    )


def _seen(reader: Reader, one: Glimpse, root: Glimpse | None) -> Seen:
    name = one.name(reader) or label(one.kind.label)
    if root is None or (root.id == one.id and root.kind is one.kind):
        return Seen(name, "", one.address(reader))
    return Seen(name, root.name(reader), root.address(reader))
