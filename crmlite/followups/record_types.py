"""How the change record speaks of interactions, tasks and begun contacts."""

from typing import Any

from crmlite.access import current_reader
from crmlite.followups.kinds import LIST
from crmlite.followups.models import ContactStart, Interaction, Task
from crmlite.followups.reasons import reason_words
from crmlite.followups.sight import own_ids, own_written_ids
from crmlite.followups.wording import repeat_words
from crmlite.wording import N_, label
from crmlite.work.record_types import RecordType

STATES = {"active": N_("in use"), "deleted": N_("in the recycle bin")}
KINDS = {
    "next-step": N_("Next step"),
    "touch": N_("Planned touch"),
    "promise": N_("Promise"),
    "case": N_("asked for by a complaint"),
}
STATUSES = {"open": N_("open"), "done": N_("done"), "dropped": N_("dropped")}
STARTS = {
    "waiting": N_("not written yet"),
    "logged": N_("written down"),
    "dismissed": N_("did not take place"),
}
DIRECTIONS = {"out": N_("We contacted them"), "in": N_("They contacted us")}
# One of them alone would leave a task that is done and never was, or due on a day other than its moment's.
TOGETHER = ("closed_at", "closed_by_id", "due_on", "due_at", "remind_at", "repeat")


def record_types() -> list[RecordType]:
    """Interactions, tasks, begun contacts."""
    return [
        RecordType(
            name="interaction",
            label=N_("Follow-up"),
            many=N_("Follow-ups"),
            model=Interaction,
            icon="message-circle",
            title="content",
            see="interactions:see",
            edit="interactions:edit",
            fixed=("state", "recorded_by_id"),
            beside=own_written_ids,
            choices={"kind": LIST},
            labels={
                "kind": N_("Kind of follow-up"),
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
                "quotation_sent": N_("A quotation was sent"),
                "state": N_("State of the record"),
            },
            wording=_worded,
        ),
        RecordType(
            name="task",
            label=N_("Task"),
            many=N_("Tasks"),
            model=Task,
            icon="checklist",
            title="what",
            edit="tasks:edit",
            fixed=("state", "status", "kind", "reason", *TOGETHER),
            beside=own_ids,
            operations={
                "task_added": N_("Task planned"),
                "task_moved": N_("Task moved to another day"),
                "task_taken": N_("Task taken over"),
                "tasks_moved": N_("Tasks moved to another day"),
                "tasks_finished": N_("Tasks done"),
                "tasks_dropped": N_("Tasks dropped"),
            },
            choices={"channel": LIST},
            labels={
                "kind": N_("Kind of task"),
                "interaction_id": N_("Follows from"),
                "what": N_("What is to be done"),
                "due_on": N_("Due"),
                "due_at": N_("Due at"),
                "remind_at": N_("Remind at"),
                "repeat": N_("Comes again"),
                "reason": N_("Why it is there"),
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
        RecordType(
            name="contact_start",
            label=N_("Begun follow-up"),
            many=N_("Begun follow-ups"),
            model=ContactStart,
            icon="clock-play",
            edit="interactions:create",
            fixed=("state", "status", "user_id", "interaction_id"),
            operations={
                "contact_started": N_("Follow-up begun"),
                "contact_dismissed": N_("Follow-up did not take place"),
            },
            choices={"kind": LIST},
            labels={
                "kind": N_("Kind of follow-up"),
                "at": N_("Begun at"),
                "user_id": N_("Begun by"),
                "status": N_("State"),
                "interaction_id": N_("Written down as"),
                "state": N_("State of the record"),
            },
            wording=_start_worded,
        ),
    ]


def _start_worded(column: str, value: Any) -> str | None:
    return (
        label(STARTS[value]) if column == "status" and value in STARTS else _worded(column, value)
    )


def _worded(column: str, value: Any) -> str | None:
    if column == "repeat":
        return repeat_words(value)
    if column == "reason":
        return reason_words(value, current_reader())
    words = {
        "state": STATES,
        "status": STATUSES,
        "direction": DIRECTIONS,
        "kind": KINDS,
    }.get(column)
    return label(words[value]) if words and isinstance(value, str) and value in words else None
