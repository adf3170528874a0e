"""What is to be done as calendars show it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for

from crmlite.access import Reader
from crmlite.followups.kinds import icon_of
from crmlite.followups.reasons import leads_to, reason_title, reason_words
from crmlite.followups.wording import due_state

Row = Mapping[str, Any]
SEE, EDIT = "customers:see", "tasks:edit"


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """A task on its day. `who` is the customer, or what stands in their place for who may not see
    them; `url` leads to what it comes from, else to the customer, and is empty where neither may be
    seen."""

    id: int
    icon: str
    who: str
    what: str
    why: str
    url: str
    on: date
    at: datetime | None
    state: str
    assignee_id: int | None
    channel: str
    may_move: bool


def item_of(row: Row, reader: Reader) -> Item:
    """A task as the reader may know it."""
    sees = reader.covers(SEE, row["owner_id"])
    here = url_for("customers.show", number=row["number"]) if sees else ""
    done = row["status"] != "open"
    return Item(
        id=row["id"],
        icon="heart-handshake" if row["kind"] == "promise" else icon_of(row["channel"]),
        who=row["name"] if sees else reason_title(row["reason"], reader),
        what=row["what"],
        why=reason_words(row["reason"], reader),
        url=leads_to(row["reason"], reader, here),
        on=row["due_on"],
        at=row["due_at"],
        state="done" if done else due_state(row["due_on"], row["due_at"]),
        assignee_id=row["assignee_id"],
        channel=row["channel"] or "",
        may_move=not done and row["kind"] != "case" and reader.covers(EDIT, row["owner_id"]),
    )
