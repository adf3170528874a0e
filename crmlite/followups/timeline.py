"""What follow-ups put into a customer's timeline."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from crmlite.access import Reader
from crmlite.accounts.queries import person_name
from crmlite.customers.timeline import Entry, Row, TimelineSource
from crmlite.followups.forms import written_after
from crmlite.followups.kinds import icon_of, kind_label
from crmlite.followups.queries.interactions import PREFIX, interactions_before
from crmlite.wording import N_

IN_TIME = timedelta(hours=24)


def sources() -> list[TimelineSource]:
    """Contacts with what they led to."""
    return [
        TimelineSource(name="contacts", label=N_("interactions"), entries=interactions, weight=10)
    ]


def interactions(
    customer: Row, reader: Reader, before: tuple[datetime, str] | None, limit: int
) -> Sequence[Entry]:
    """Each contact when it took place."""
    if not reader.covers("interactions:see", customer["owner_id"]):
        return []
    may_edit = reader.covers("interactions:edit", customer["owner_id"])
    return [
        _entry(row, customer["number"], may_edit)
        for row in interactions_before(customer["id"], before, limit)
    ]


def _entry(row: Row, number: str, may_edit: bool) -> Entry:
    after = written_after(row["occurred_at"], row["recorded_at"])
    return Entry(
        at=row["occurred_at"],
        key=f"{PREFIX}-{row['id']:012d}",
        kind="contacts",
        template="followups/moment_interaction.html",
        context={
            "row": row,
            "number": number,
            "may_edit": may_edit,
            "icon": icon_of(row["kind"]),
            "kind": kind_label(row["kind"]),
            "who": person_name(row["done_by_id"]) or row["done_by_name"] or "",
            "late_hours": int(after.total_seconds() // 3600) if after > IN_TIME else 0,
        },
    )
