"""What follow-ups put into a customer's timeline."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from crmlite.access import Reader
from crmlite.accounts.queries import person_name
from crmlite.customers.timeline import Entry, Row, TimelineSource
from crmlite.followups.forms import later_answer, written_after
from crmlite.followups.kinds import icon_of, kind_label
from crmlite.followups.queries import of_customer
from crmlite.followups.queries.interactions import PREFIX, interactions_before
from crmlite.wording import N_

IN_TIME = timedelta(hours=24)


def sources() -> list[TimelineSource]:
    """Contacts with what they led to, and next steps that none led to."""
    return [
        TimelineSource(name="contacts", label=N_("interactions"), entries=interactions, weight=10),
        TimelineSource(name="steps", label=N_("next steps"), entries=steps, weight=20),
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


def steps(
    customer: Row, reader: Reader, before: tuple[datetime, str] | None, limit: int
) -> Sequence[Entry]:
    """Each next step that was planned by itself: when it was done or dropped, until then when it
    was planned. Those that follow from a contact stand under it."""
    may_edit = customer["state"] == "active" and reader.covers("tasks:edit", customer["owner_id"])
    return [
        Entry(
            at=row["moment"],
            key=f"{of_customer.PREFIX}-{row['id']:012d}",
            kind="steps",
            template="followups/moment_step.html",
            context={
                "row": row,
                "number": customer["number"],
                "may_edit": may_edit and row["status"] == "open",
                "planned_by": person_name(row["planned_by_id"]),
                "closed_by": person_name(row["closed_by_id"]),
                "assignee": person_name(row["assignee_id"]),
            },
        )
        for row in of_customer.steps_before(customer["id"], before, limit)
    ]


def _hours(span: timedelta) -> int:
    return int(span.total_seconds() // 3600)


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
            "step_closed_by": person_name(row["step_closed_by_id"]),
            "with_whom": [one for one in (row["contact_name"], row["participants"]) if one],
            "answered": later_answer(row) if row["answered"] else None,
            "late_hours": 0 if row["imported"] or after <= IN_TIME else _hours(after),
        },
    )
