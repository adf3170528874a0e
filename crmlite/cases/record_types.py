"""How the change record speaks of cases and what hangs on them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import and_, or_, select

from crmlite.accounts.queries import person_name
from crmlite.cases.models import (
    CannedReply,
    Case,
    CaseEvent,
    CaseLevelRule,
    CaseLink,
    CaseMember,
    CaseMessage,
    CaseTarget,
    CaseTask,
    Improvement,
    ImprovementCase,
)
from crmlite.cases.operations.policies import have_clocks_read
from crmlite.cases.sight import case_ids
from crmlite.cases.telling import event_name, team_label
from crmlite.cases.words import (
    CLOCKS,
    COMPLAINT,
    KINDS,
    LEADERS,
    LISTS,
    OF_COMPLAINT,
    STATUSES,
    listed,
)
from crmlite.customers.further import words_of
from crmlite.extensions import database
from crmlite.wording import N_, label
from crmlite.work.record_types import RecordType

ALONG = ("case", "case_id")
WAY = ("moved", "planned", "responded", "reported", "revisited")
WHAT_IT_IS = ("kind", "complaint", "level")  # a complaint or none, and how grave a one
OF_THE_WAY = (  # what is changed by steps that write down what happened, and have others act
    "number", "state", "status", "kind", "level", "opened_at", "assignee_id", "team_id", "resolution",
)  # fmt: skip
STATES = {"active": N_("in use"), "deleted": N_("in the recycle bin")}
DIRECTIONS = {
    "in": N_("from the customer"),
    "out": N_("to the customer"),
    "note": N_("internal note"),
}
UNITS = {"minutes": N_("working minutes"), "days": N_("working days"), "elapsed": N_("hours")}
PURPOSES = {
    "promise": N_("Promise"),
    "plan": N_("Plan agreed"),
    "task": N_("Joint team"),
    "revisit": N_("Revisit"),
    "planning": N_("Agree the plan"),
    "progress": N_("Progress report"),
}
PROGRESS = {"open": N_("under way"), "done": N_("done"), "dropped": N_("dropped")}
CASE_LABELS = {
    "number": N_("No."),
    "kind": N_("Kind of case"),
    "subject": N_("In one line"),
    "category": N_("About"),
    "channel": N_("Came by"),
    "product": N_("Product"),
    "order_number": N_("Order no."),
    "level": N_("Level"),
    "mood": N_("Mood"),
    "demand": N_("Demand"),
    "is_complex": N_("Complex"),
    "status": N_("State"),
    "assignee_id": N_("Assignee"),
    "team_id": N_("Team"),
    "contact_id": N_("Contact"),
    "root_cause": N_("Root cause"),
    "cause_note": N_("More on the cause"),
    "corrective_action": N_("Corrective action"),
    "resolution": N_("How it was resolved"),
    "opened_at": N_("Opened"),
    "state": N_("State of the record"),
}


def record_types() -> list[RecordType]:
    """Cases, what was said and what happened, deadlines, canned replies, improvements."""
    return [
        RecordType(
            name="case",
            label=N_("Case"),
            many=N_("Cases"),
            model=Case,
            icon="message-circle",
            title="subject",
            see="cases:see",
            edit="cases:edit",
            rights={"assignee_id": "cases:assign", "team_id": "cases:assign"},
            fixed=OF_THE_WAY,
            returnable=_fits_its_kind,
            withheld=N_(
                "Not undone: the case is not a complaint any more, and only complaints have a level, "
                "a mood and a demand."
            ),
            beside=case_ids,
            operations={
                "case_opened": N_("Case opened"),
                "case_answered": N_("Customer answered"),
                "case_heard": N_("Customer heard"),
                "case_noted": N_("Note written"),
                "case_plan_agreed": N_("Plan agreed"),
                "case_assigned": N_("Case assigned"),
                "case_taken": N_("Case taken"),
                "case_handed_round": N_("Case assigned in turn"),
                "case_joined": N_("Joint team joined"),
                "case_left": N_("Joint team left"),
                "case_task_added": N_("Task of a case given"),
                "case_task_closed": N_("Task of a case done or dropped"),
                "case_resolved": N_("Case resolved"),
                "case_revisited": N_("Revisit written down"),
                "case_reopened": N_("Case reopened"),
                "case_level_changed": N_("Level changed"),
                "case_became_complaint": N_("Case became a complaint"),
                "case_linked": N_("Cases linked"),
                "case_unlinked": N_("Cases no longer linked"),
                "case_split": N_("Case split"),
                "cases_escalated": N_("Cases escalated"),
                "case_clocks_read": N_("Clocks read anew"),
            },
            choices={
                name: LISTS[name] for name in ("category", "channel", "level", "mood", "root_cause")
            },
            labels=CASE_LABELS,
            wording=_case_worded,
        ),
        RecordType(
            name="case_message",
            label=N_("Message of a case"),
            many=N_("Messages of a case"),
            model=CaseMessage,
            icon="message-circle",
            title="content",
            see="cases:see",
            fixed=("state", "direction", "author_id"),
            along=ALONG,
            choices={"channel": LISTS["channel"]},
            labels={
                "case_id": N_("Case"),
                "direction": N_("Direction"),
                "channel": N_("Channel"),
                "contact_id": N_("Contact"),
                "author_id": N_("Written by"),
                "content": N_("Text"),
                "mentions": N_("Mentions"),
                "at": N_("When"),
                "state": N_("State of the record"),
            },
            wording=_worded,
        ),
        RecordType(
            name="case_event",
            label=N_("What happened to a case"),
            model=CaseEvent,
            icon="history",
            title="kind",
            titled=event_name,
            see="cases:see",
            fixed=("state", "kind", "at", "data", "user_id", "why"),
            returnable=_is_last,
            withheld=N_(
                "Not undone: more happened to the case since. Please undo what came later first."
            ),
            along=ALONG,
            labels={
                "case_id": N_("Case"),
                "kind": N_("What happened"),
                "at": N_("When"),
                "user_id": N_("By whom"),
                "data": N_("More on it"),
                "why": N_("Why"),
                "state": N_("State of the record"),
            },
            wording=_event_worded,
        ),
        RecordType(
            name="case_member",
            label=N_("Member of a joint team"),
            model=CaseMember,
            icon="users",
            see="cases:see",
            edit="cases:edit",
            fixed=("user_id", "duty"),
            along=ALONG,
            choices={"duty": LISTS["duty"]},
            labels={"case_id": N_("Case"), "user_id": N_("Colleague"), "duty": N_("Duty")},
        ),
        RecordType(
            name="case_link",
            label=N_("Link of two cases"),
            model=CaseLink,
            icon="link",
            see="cases:see",
            edit="cases:edit",
            along=ALONG,
            labels={
                "case_id": N_("Case"),
                "other_id": N_("Other case"),
                "kind": N_("Kind of case"),
            },
        ),
        RecordType(
            name="case_task",
            label=N_("Task of a case"),
            model=CaseTask,
            icon="heart-handshake",
            see="cases:see",
            along=ALONG,
            labels={"case_id": N_("Case"), "task_id": N_("Task"), "purpose": N_("What it is for")},
            wording=_task_worded,
        ),
        RecordType(
            name="case_target",
            label=N_("Deadline"),
            many=N_("Deadlines"),
            model=CaseTarget,
            icon="clock",
            title="clock",
            titled=lambda clock: label(CLOCKS.get(clock, clock)),
            edit="cases:manage",
            fixed=("state",),
            refresh=lambda _ids: have_clocks_read(),
            choices={"category": LISTS["category"], "level": LISTS["level"]},
            labels={
                "clock": N_("Which clock"),
                "kind": N_("Only this kind of case"),
                "level": N_("Only this level"),
                "category": N_("Case category"),
                "tier": N_("Only customers of this tier"),
                "unit": N_("Counted in"),
                "amount": N_("How long"),
                "state": N_("State of the record"),
            },
            wording=_worded,
        ),
        RecordType(
            name="case_level_rule",
            label=N_("Joint team of a level"),
            many=N_("Joint teams of levels"),
            model=CaseLevelRule,
            icon="users",
            title="level",
            titled=lambda level: listed("level", level),
            edit="cases:manage",
            fixed=("level",),
            operations={"case_level_rule_saved": N_("Lead of a level set")},
            choices={"level": LISTS["level"]},
            labels={
                "level": N_("Level"),
                "leader": N_("Who leads"),
                "leader_id": N_("Person who leads"),
                "team_ids": N_("People from"),
            },
            wording=_rule_worded,
        ),
        RecordType(
            name="canned_reply",
            label=N_("Canned reply"),
            many=N_("Canned replies"),
            model=CannedReply,
            icon="message",
            title="title",
            edit="cases:manage",
            fixed=("state",),
            labels={
                "title": N_("Heading"),
                "body": N_("Text"),
                "owner_id": N_("Only for"),
                "state": N_("State of the record"),
            },
            wording=_worded,
        ),
        RecordType(
            name="improvement",
            label=N_("Improvement"),
            many=N_("Improvements"),
            model=Improvement,
            icon="bulb",
            title="title",
            see="improvements:see",
            edit="improvements:edit",
            fixed=("state",),
            labels={
                "title": N_("What is improved"),
                "detail": N_("How"),
                "owner_id": N_("Owner"),
                "due_on": N_("Due"),
                "status": N_("State"),
                "outcome": N_("Outcome"),
                "state": N_("State of the record"),
            },
            wording=_improvement_worded,
        ),
        RecordType(
            name="improvement_case",
            label=N_("Case of an improvement"),
            model=ImprovementCase,
            icon="bulb",
            operations={
                "improvement_case_told": N_("Customer told of an improvement"),
                "improvement_case_added": N_("Case added to an improvement"),
                "improvement_case_removed": N_("Case taken out of an improvement"),
            },
            see="improvements:see",
            edit="improvements:edit",
            fixed=("case_id", "told_at", "told_by_id", "told_how"),
            labels={
                "case_id": N_("Case"),
                "told_at": N_("Told at"),
                "told_by_id": N_("Told by"),
                "told_how": N_("How they were told"),
            },
        ),
    ]


def _fits_its_kind(_reader: Any, case_id: int, returning: Mapping[str, Any]) -> bool:
    """Whether a case is, or becomes again, one that can have what comes back."""
    if all(returning.get(name) is None for name in OF_COMPLAINT):
        return True
    table = Case.__table__
    now = database.session.execute(select(table.c.kind).where(table.c.id == case_id)).scalar()
    return returning.get("kind", now) == COMPLAINT


def _is_last(_reader: Any, event_id: int, returning: Mapping[str, Any]) -> bool:
    """Whether nothing came after an event on the way of its case, or of those that say what it is:
    what came is not taken back from under it. What was written in the same moment belongs to it. When
    a case was opened may be put back also later, but not to after what happened to it."""
    event, other = CaseEvent.__table__, CaseEvent.__table__.alias()
    if set(returning) == {"at"}:
        hinders = other.c.at < datetime.fromisoformat(returning["at"])
    else:
        alike = (event.c.kind.in_(some) & other.c.kind.in_(some) for some in (WAY, WHAT_IT_IS))
        later = other.c.recorded_at > event.c.recorded_at
        hinders = and_(later, or_(event.c.kind == "opened", *alike))
    wanted = (
        select(other.c.id)
        .join(event, event.c.case_id == other.c.case_id)
        .where(event.c.id == event_id, other.c.id != event_id, other.c.state == "active", hinders)
    )
    return database.session.execute(wanted.limit(1)).first() is None


def _case_worded(column: str, value: Any) -> str | None:
    further = words_of("case", column, value)
    return _worded(column, value) if further is None else further


def _worded(column: str, value: Any) -> str | None:
    words = {
        "state": STATES,
        "status": STATUSES,
        "direction": DIRECTIONS,
        "kind": KINDS,
        "clock": CLOCKS,
        "unit": UNITS,
    }.get(column)
    if column == "mentions" and value:
        return _(", ").join(map(person_name, value))
    if column in ("title", "body") and isinstance(value, dict):
        return label(value)
    return label(words[value]) if words and value in words else None


def _event_worded(column: str, value: Any) -> str | None:
    if column == "data" and isinstance(value, dict):
        return " · ".join(str(one) for name, one in value.items() if name != "interaction")
    if column == "kind":
        return event_name(str(value))
    return label(STATES[value]) if column == "state" and value in STATES else None


def _rule_worded(column: str, value: Any) -> str | None:
    if column == "team_ids" and isinstance(value, list):
        return _(", ").join(map(team_label, value))
    return label(LEADERS[value]) if column == "leader" and value in LEADERS else None


def _task_worded(column: str, value: Any) -> str | None:
    return label(PURPOSES[value]) if column == "purpose" and value in PURPOSES else None


def _improvement_worded(column: str, value: Any) -> str | None:
    words = {"state": STATES, "status": PROGRESS}.get(column)
    return label(words[value]) if words and value in words else None
