"""What follow-ups put into a customer's timeline."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _

from crmlite.access import Reader
from crmlite.accounts.queries import person_name
from crmlite.customers.timeline import Entry, Row, TimelineSource
from crmlite.followups.attaching import clip
from crmlite.followups.forms import later_answer, written_after
from crmlite.followups.kinds import icon_of, kind_label
from crmlite.followups.queries import of_customer
from crmlite.followups.queries.interactions import PREFIX, interactions_before
from crmlite.followups.wording import due_state, due_words, promise_state, promise_words
from crmlite.rules.promptness import is_late
from crmlite.wording import N_


def sources() -> list[TimelineSource]:
    """Contacts with what they led to, and tasks that none led to."""
    return [
        TimelineSource(name="contacts", label=N_("follow-ups"), entries=interactions, weight=10),
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
        _entry(row, customer["number"], may_edit, clip(row, customer, reader))
        for row in interactions_before(customer["id"], before, limit)
    ]


def steps(
    customer: Row, reader: Reader, before: tuple[datetime, str] | None, limit: int
) -> Sequence[Entry]:
    """Each task that was planned by itself: when it was done or dropped, until then when it was
    planned. Those that follow from a contact stand under it."""
    may_edit = customer["state"] == "active" and reader.covers("tasks:edit", customer["owner_id"])
    return [
        Entry(
            at=row["moment"],
            key=f"{of_customer.PREFIX}-{row['id']:012d}",
            kind="steps",
            template="followups/moment_step.html",
            context={
                "row": row,
                "task": _task(row),
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


def _entry(row: Row, number: str, may_edit: bool, files: Row | None) -> Entry:
    after = written_after(row["occurred_at"], row["recorded_at"])
    late = is_late(row["occurred_at"], row["recorded_at"])
    return Entry(
        at=row["occurred_at"],
        key=f"{PREFIX}-{row['id']:012d}",
        kind="contacts",
        template="followups/moment_interaction.html",
        context={
            "row": row,
            "number": number,
            "may_edit": may_edit,
            "files": files,
            "icon": icon_of(row["kind"]),
            "kind": kind_label(row["kind"]),
            "who": person_name(row["done_by_id"]) or row["done_by_name"] or "",
            "tasks": [_task(task) for task in row["tasks"]],
            "with_whom": [one for one in (row["contact_name"], row["participants"]) if one],
            "answered": later_answer(row) if row["answered"] else None,
            "late_hours": _hours(after) if late and not row["imported"] else 0,
        },
    )


def _task(row: Row) -> dict[str, object]:
    """A task as it stands under its contact: what, how it stands, and who closed it when."""
    is_promise = row["kind"] == "promise"
    if is_promise:
        words, state = promise_words(row), promise_state(row)
    elif row["status"] == "open":
        words = due_words(row["due_on"], row["due_at"])
        state = due_state(row["due_on"], row["due_at"])
    else:
        words = _("done") if row["status"] == "done" else _("dropped")
        state = "kept" if row["status"] == "done" else ""
    return {
        "what": row["what"],
        "words": words,
        "state": state,
        "icon": "heart-handshake" if is_promise else "calendar",
        "closed_at": row["closed_at"],
        "closed_by": person_name(row["closed_by_id"]),
        "outcome": row["outcome"],
    }
