"""A case: an enquiry, a service request, a cooperation problem or a complaint of a customer."""

from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crmlite.db.columns import Json, UTCDateTime, uid
from crmlite.extensions import Model
from crmlite.fields import guards_of

ROOT = ("customer", "customer_id")


class Case(Model):
    """What a customer came with, and how far it is.

    `kind` is enquiry, service, cooperation or complaint; only complaints have a `level`, a `mood` and
    a `demand`. `status` is where it stands on its way (see `crmlite.rules.casework`). `opened_at` is
    when the customer came with it, from which its clocks run.
    """

    __tablename__ = "case"
    __table_args__ = (
        Index("ix_case_customer", "customer_id", "state", "opened_at"),
        Index("ix_case_category", "category", "state", "opened_at"),
        {
            "info": {
                "record": "case",
                "root": ROOT,
                "silent": {"customer_id"},
                "inside": partial(guards_of, "case"),
            }
        },
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = uid()
    number: Mapped[str] = mapped_column(String(40), unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"), index=True)
    state: Mapped[str] = mapped_column(String(8), default="active")
    kind: Mapped[str] = mapped_column(String(12))
    subject: Mapped[str] = mapped_column(String(200))
    category: Mapped[str | None] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(40))
    product: Mapped[str | None] = mapped_column(String(200))
    order_number: Mapped[str | None] = mapped_column(String(80))
    level: Mapped[str | None] = mapped_column(String(40))
    mood: Mapped[str | None] = mapped_column(String(40))
    demand: Mapped[str | None] = mapped_column(Text)
    is_complex: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(String(16), default="new")
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    root_cause: Mapped[str | None] = mapped_column(String(40))
    cause_note: Mapped[str | None] = mapped_column(Text)
    corrective_action: Mapped[str | None] = mapped_column(Text)
    resolution: Mapped[str | None] = mapped_column(Text)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    extra: Mapped[dict[str, Any] | None] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int]


class CaseFacts(Model):
    """What follows from a case and its events, kept so that the queue and the sweep go by index.

    `is_open` until it is confirmed; `status` is the case's own. Of its clocks that run, `clock` names
    the one that is due next, at `due_at`, counted in `unit`; `due_at` is None while nothing runs, or
    while it waits for the customer (`is_held`). By `sort_at` the queue is in order: where nothing is
    due, it lies in the far future.
    `owner_id` and `tier` are the customer's, as they were looked at last. `step` is how far it was
    escalated, and `step_at` when the next step comes.
    """

    __tablename__ = "case_facts"
    __table_args__ = (
        Index("ix_case_facts_due", "is_open", "sort_at", "case_id"),
        Index("ix_case_facts_assignee", "assignee_id", "is_open", "sort_at", "case_id"),
        Index("ix_case_facts_owner", "owner_id", "is_open", "sort_at", "case_id"),
        Index("ix_case_facts_team", "team_id", "is_open", "sort_at", "case_id"),
        Index("ix_case_facts_status", "status", "sort_at", "case_id"),
        Index("ix_case_facts_step", "step_at"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    tier: Mapped[str | None] = mapped_column(String(40))
    is_open: Mapped[bool] = mapped_column(default=True)
    status: Mapped[str] = mapped_column(String(16))
    clock: Mapped[str | None] = mapped_column(String(16))
    unit: Mapped[str | None] = mapped_column(String(8))
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sort_at: Mapped[datetime] = mapped_column(UTCDateTime)
    is_held: Mapped[bool] = mapped_column(default=False)
    step: Mapped[int] = mapped_column(default=0)
    step_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reopened: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime] = mapped_column(UTCDateTime)


class CaseEvent(Model):
    """Something that happened to a case: it was opened, moved, answered, escalated …

    `at` is when it happened, by which the clocks go; `recorded_at` when it was written down. `data`
    says what, such as `{"from": "new", "to": "acknowledged"}`; `why` is in the words of who did it.
    """

    __tablename__ = "case_event"
    __table_args__ = (
        Index("ix_case_event_case", "case_id", "at", "id"),
        {"info": {"record": "case_event", "root": ROOT, "silent": {"customer_id", "recorded_at"}}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    state: Mapped[str] = mapped_column(String(8), default="active")
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    data: Mapped[dict[str, Any] | None] = mapped_column(Json)
    why: Mapped[str | None] = mapped_column(Text)


class CaseMessage(Model):
    """A part of the conversation: `in` from the customer, `out` to them, `note` for colleagues only."""

    __tablename__ = "case_message"
    __table_args__ = (
        Index("ix_case_message_case", "case_id", "at", "id"),
        {"info": {"record": "case_message", "root": ROOT, "silent": {"customer_id"}}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    state: Mapped[str] = mapped_column(String(8), default="active")
    direction: Mapped[str] = mapped_column(String(4))  # in, out, note
    channel: Mapped[str | None] = mapped_column(String(40))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    content: Mapped[str] = mapped_column(Text)
    mentions: Mapped[list[int] | None] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int]


class CaseMember(Model):
    """Somebody of the joint team of a case, and what they do in it."""

    __tablename__ = "case_member"
    __table_args__ = (
        UniqueConstraint("case_id", "user_id"),
        {"info": {"record": "case_member", "root": ROOT, "silent": {"customer_id"}}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    duty: Mapped[str] = mapped_column(String(40))


class CaseLink(Model):
    """That two cases belong together: one was split off the other, or both are about the same."""

    __tablename__ = "case_link"
    __table_args__ = (
        UniqueConstraint("case_id", "other_id"),
        {"info": {"record": "case_link", "root": ROOT, "silent": {"customer_id"}}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))  # split, related


class CaseTask(Model):
    """That a task of the follow-ups belongs to a case: a promise, what one of its clocks asks for, or
    what somebody who works on it is asked for."""

    __tablename__ = "case_task"
    __table_args__ = (
        UniqueConstraint("task_id"),
        {"info": {"record": "case_task", "root": ROOT, "silent": {"customer_id"}}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(16))  # see crmlite.cases.operations.tasks


class CaseSeries(Model):
    """How far the numbers of cases have come."""

    __tablename__ = "case_series"

    series: Mapped[str] = mapped_column(String(40), primary_key=True)
    last: Mapped[int]


class Improvement(Model):
    """What is changed so that a complaint does not come again. `status` is open, done or
    dropped."""

    __tablename__ = "improvement"
    __table_args__ = (
        Index("ix_improvement_status", "state", "status", "due_on"),
        {"info": {"record": "improvement"}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(8), default="active")
    title: Mapped[str] = mapped_column(String(200))
    detail: Mapped[str | None] = mapped_column(Text)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    due_on: Mapped[date | None] = mapped_column(Date)
    status: Mapped[str] = mapped_column(String(8), default="open")
    outcome: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int]


class ImprovementCase(Model):
    """That an improvement is about a case; `told_at` says when its customer was told of it."""

    __tablename__ = "improvement_case"
    __table_args__ = (
        UniqueConstraint("improvement_id", "case_id"),
        {"info": {"record": "improvement_case", "root": ("improvement", "improvement_id")}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    improvement_id: Mapped[int] = mapped_column(ForeignKey("improvement.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    told_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    told_how: Mapped[str | None] = mapped_column(String(200))
