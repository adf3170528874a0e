"""How the change record speaks of interactions and next steps."""

from typing import Any

from crmlite.followups.kinds import LIST
from crmlite.followups.models import Interaction, Task
from crmlite.wording import N_, label
from crmlite.work.record_types import RecordType

STATES = {"active": N_("in use"), "deleted": N_("in the recycle bin")}
KINDS = {"next-step": N_("planned by hand")}
STATUSES = {"open": N_("open"), "done": N_("done"), "dropped": N_("dropped")}
DIRECTIONS = {"out": N_("We contacted them"), "in": N_("They contacted us")}


def record_types() -> list[RecordType]:
    """Interactions and next steps."""
    return [
        RecordType(
            name="interaction",
            label=N_("Interaction"),
            many=N_("Interactions"),
            model=Interaction,
            icon="message-circle",
            title="content",
            see="interactions:see",
            edit="interactions:edit",
            fixed=("state", "recorded_by_id"),
            choices={"kind": LIST},
            labels={
                "kind": N_("Kind of contact"),
                "content": N_("What was said"),
                "occurred_at": N_("When"),
                "minutes": N_("Length in minutes"),
                "direction": N_("Direction"),
                "contact_id": N_("With"),
                "participants": N_("Others who took part"),
                "done_by_id": N_("Done by"),
                "done_by_name": N_("Done by"),
                "recorded_by_id": N_("Logged by"),
                "answered": N_("Answered"),
                "answered_at": N_("Answered at"),
                "feedback": N_("Their feedback"),
                "result": N_("Result"),
                "state": N_("State of the record"),
            },
            wording=_worded,
        ),
        RecordType(
            name="task",
            label=N_("Next step"),
            many=N_("Next steps"),
            model=Task,
            icon="checklist",
            title="what",
            edit="tasks:edit",
            fixed=("state", "status"),
            operations={
                "task_added": N_("Next step planned"),
                "task_moved": N_("Next step moved to another day"),
            },
            choices={"channel": LIST},
            labels={
                "kind": N_("Kind of step"),
                "interaction_id": N_("Follows from"),
                "what": N_("Next step"),
                "due_on": N_("Due"),
                "channel": N_("How"),
                "assignee_id": N_("Assigned to"),
                "status": N_("State"),
                "closed_at": N_("Closed at"),
                "closed_by_id": N_("Closed by"),
                "outcome": N_("Outcome"),
                "state": N_("State of the record"),
            },
            wording=_worded,
        ),
    ]


def _worded(column: str, value: Any) -> str | None:
    words = {
        "state": STATES,
        "status": STATUSES,
        "direction": DIRECTIONS,
        "kind": KINDS,
    }.get(column)
    return label(words[value]) if words and value in words else None
