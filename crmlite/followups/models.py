"""What was said with customers, and what is to be done next."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from crmlite.db.columns import Json, UTCDateTime
from crmlite.extensions import Model


class Interaction(Model):
    """A contact with a customer. `done_by_id` made it, `recorded_by_id` wrote it down.

    `answered` says whether the customer took part: only then it is a real contact. `imported` ones
    come from a file, with the moment and author they have there: nobody was late to write them down.
    """

    __tablename__ = "interaction"
    __table_args__ = (
        Index("ix_interaction_customer", "customer_id", "state", "occurred_at", "id"),
        Index(
            "ix_interaction_done", "done_by_id", "occurred_at", "recorded_at", "state", "imported"
        ),
        {
            "info": {
                "record": "interaction",
                "root": ("customer", "customer_id"),
                "silent": {"customer_id", "recorded_at", "imported"},
            }
        },
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"), index=True)
    state: Mapped[str] = mapped_column(String(8), default="active")
    kind: Mapped[str] = mapped_column(String(40))
    direction: Mapped[str] = mapped_column(String(4), default="out")  # out, in
    occurred_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    minutes: Mapped[int | None]
    participants: Mapped[str | None] = mapped_column(String(300))
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    done_by_name: Mapped[str | None] = mapped_column(String(120))
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    content: Mapped[str] = mapped_column(Text)
    feedback: Mapped[str | None] = mapped_column(Text)
    answered: Mapped[bool] = mapped_column(default=True)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    result: Mapped[str | None] = mapped_column(String(200))
    quotation_sent: Mapped[bool] = mapped_column(default=False)
    imported: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int]


class Task(Model):
    """Something to do for a customer by a day. `kind` is next-step, touch (what a strategy asks for),
    promise (what the customer was told would be done) or case (what the clock of a case asks for);
    `status` open, done, dropped.

    `due_at` is the moment where there is one, and `due_on` its day at the firm. `repeat` says when it
    comes again (`crmlite.rules.repeating`), `reason` why it is there, as code and params
    (`crmlite.followups.reasons`). `closed_at` and `closed_by_id` say when and by whom it was done or
    dropped. `alert_at` is the next moment at which somebody is to be told of it, and `alerted_at` up
    to when people were told: both follow from the rest.
    """

    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_assignee", "assignee_id", "status", "due_on", "id"),
        Index("ix_task_kind", "assignee_id", "status", "kind", "due_on", "id"),
        Index("ix_task_moment", "assignee_id", "status", "due_at"),
        Index("ix_task_customer", "customer_id", "status", "due_on"),
        Index(
            "ix_task_alert",
            "alert_at",
            sqlite_where=text("alert_at IS NOT NULL"),
            postgresql_where=text("alert_at IS NOT NULL"),
        ),
        {
            "info": {
                "record": "task",
                "root": ("customer", "customer_id"),
                "silent": {"customer_id", "planned_by_id", "alert_at", "alerted_at"},
            }
        },
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    interaction_id: Mapped[int | None] = mapped_column(ForeignKey("interaction.id"), index=True)
    state: Mapped[str] = mapped_column(String(8), default="active")
    kind: Mapped[str] = mapped_column(String(16), default="next-step")
    status: Mapped[str] = mapped_column(String(8), default="open")
    what: Mapped[str] = mapped_column(String(200))
    channel: Mapped[str | None] = mapped_column(String(40))
    due_on: Mapped[date] = mapped_column(Date)
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    remind_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    repeat: Mapped[dict[str, Any] | None] = mapped_column(Json)
    reason: Mapped[dict[str, Any] | None] = mapped_column(Json)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    planned_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    outcome: Mapped[str | None] = mapped_column(String(300))
    alert_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    alerted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int]


class ContactStart(Model):
    """That somebody began a contact with a customer: they tapped the number, or said that they are
    there. `status` is waiting until the contact is written down (logged, as `interaction_id`) or did
    not take place after all (dismissed)."""

    __tablename__ = "contact_start"
    __table_args__ = (
        Index("ix_contact_start_user", "user_id", "status", "at"),
        {
            "info": {
                "record": "contact_start",
                "root": ("customer", "customer_id"),
                "silent": {"customer_id"},
            }
        },
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    interaction_id: Mapped[int | None] = mapped_column(ForeignKey("interaction.id"), index=True)
    state: Mapped[str] = mapped_column(String(8), default="active")
    status: Mapped[str] = mapped_column(String(12), default="waiting")
    kind: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int]
