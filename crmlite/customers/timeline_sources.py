"""What the customer book itself puts into the timeline: needs, remarks, changes of the customer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select

from crmlite.access import Reader, opened
from crmlite.customers import hanging
from crmlite.customers.choices import choice_label
from crmlite.customers.fields import column_of, customer_fields
from crmlite.customers.models import Customer, Need, Remark
from crmlite.customers.timeline import Entry, Row, TimelineSource
from crmlite.customers.words import in_words, person_name
from crmlite.extensions import database
from crmlite.history.queries import actor_words
from crmlite.wording import N_, label
from crmlite.work.ledger import ActorRow, ChangeRow, OperationRow

Before = tuple[datetime, str] | None
TOLD = ("lifecycle", "stage", "owner_id", "dedicated_id", "tier", "status")
TEMPLATE = "customers/moment_{}.html"
MOVES = {  # what a new state of the record means
    "active": N_("Brought back"),
    "archived": N_("Archived"),
    "deleted": N_("Moved to the recycle bin"),
    "merged": N_("Merged into another customer"),
}


def sources() -> list[TimelineSource]:
    """The sources in the order of the filter."""
    return [
        TimelineSource(name="needs", label=N_("needs"), entries=needs, weight=30),
        TimelineSource(name="remarks", label=N_("remarks"), entries=remarks, weight=40),
        TimelineSource(name="changes", label=N_("changes"), entries=changes, weight=90),
    ]


def needs(customer: Row, reader: Reader, before: Before, limit: int) -> Sequence[Entry]:
    """Each need when it was entered."""
    found = [
        Entry(
            at=row["created_at"],
            key=f"need-{row['id']:012d}",
            kind="needs",
            template=TEMPLATE.format("need"),
            context={
                "goal": opened(Need.goal, row),
                "status": choice_label("need_status", row["status"]),
                "words": [
                    choice_label(name, row[name])
                    for name in ("core_need", "urgency", "budget")
                    if row[name]
                ],
            },
        )
        for row in hanging.needs(customer["id"])
    ]
    return _page(found, before, limit)


def remarks(customer: Row, reader: Reader, before: Before, limit: int) -> Sequence[Entry]:
    """Each remark and risk note when it was written."""
    found = [
        Entry(
            at=row["created_at"],
            key=f"remark-{row['id']:012d}",
            kind="remarks",
            template=TEMPLATE.format("remark"),
            context={
                "text": opened(Remark.text, row),
                "is_risk": row["is_risk"],
                "who": person_name(row["author_id"]),
            },
        )
        for row in hanging.remarks(customer["id"])
    ]
    return _page(found, before, limit)


def _page(found: list[Entry], before: Before, limit: int) -> list[Entry]:
    found.sort(key=lambda entry: (entry.at, entry.key), reverse=True)
    return [e for e in found if before is None or (e.at, e.key) < before][:limit]


def changes(customer: Row, reader: Reader, before: Before, limit: int) -> Sequence[Entry]:
    """When the customer was added, and moves of what matters: stage, life-cycle, owner,
    dedicated person, tier.

    Rows of the ledger that tell nothing of these are read over, so that a page is full.
    """
    found: list[Entry] = []
    while True:
        rows = _ledger(customer["id"], before, limit)
        for row in rows:
            before = (row["at"], _key(row["id"]))
            if entry := _told(row):
                found.append(entry)
        if len(rows) < limit or len(found) >= limit:
            return found[:limit]


def _ledger(customer_id: int, before: Before, limit: int) -> Sequence[Row]:
    change, done, actor = ChangeRow.__table__, OperationRow.__table__, ActorRow.__table__
    statement = (
        select(change.c.id, change.c.verb, change.c.diff, done.c.at, actor.c.name, actor.c.kind)
        .join(done, done.c.id == change.c.operation_id)
        .join(actor, actor.c.id == done.c.actor_id)
        .where(change.c.record_type == "customer", change.c.record_id == customer_id)
        .order_by(done.c.at.desc(), change.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        at, key = before
        kind, _, number = key.partition("-")
        same = done.c.at == at
        if kind == "change":
            same = and_(same, change.c.id < int(number))
        elif kind < "change":
            same = and_(same, change.c.id < 0)
        statement = statement.where(or_(done.c.at < at, same))
    return database.session.execute(statement).mappings().all()


def _key(change_id: int) -> str:
    return f"change-{change_id:012d}"


def _told(row: Row) -> Entry | None:
    """The entry of a ledger row; None when it tells nothing that belongs here."""
    created = row["verb"] == "create"
    lines = [] if created else _lines(row["diff"])
    if not (created or lines):
        return None
    return Entry(
        at=row["at"],
        key=_key(row["id"]),
        kind="changes",
        template=TEMPLATE.format("change"),
        context={"created": created, "lines": lines, "who": actor_words(row["kind"], row["name"])},
    )


def _lines(diff: dict[str, list[Any]]) -> list[dict[str, str]]:
    fields = {column_of(field.name): field for field in customer_fields()}
    found = [
        {
            "label": label(fields[name].label),
            "old": in_words(fields[name], diff[name][0]),
            "new": in_words(fields[name], diff[name][1]),
        }
        for name in TOLD
        if name in diff and name in fields and name in Customer.__table__.c
    ]
    if "state" in diff:
        found.append({"label": label(MOVES.get(diff["state"][1])), "old": "", "new": ""})
    return found
