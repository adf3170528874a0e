"""What a customer needs, and what is good to know about them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from crmlite.db.columns import Json, UTCDateTime, sealed, uid
from crmlite.extensions import Model

CLOSED = ("landed", "dropped")  # what a need that carries its closing day is


class Need(Model):
    """Something a customer wants to achieve. `status` is open, proposed, landed or dropped."""

    __tablename__ = "need"
    __table_args__ = (
        Index("ix_need_customer", "customer_id", "state"),
        {
            "info": {
                "record": "need",
                "root": ("customer", "customer_id"),
                "silent": {"customer_id"},
            }
        },
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = uid()
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    state: Mapped[str] = mapped_column(String(8), default="active")
    status: Mapped[str] = mapped_column(String(12), default="open")
    goal: Mapped[str | None] = sealed("need", nullable=True)
    core_need: Mapped[str | None] = mapped_column(String(40))
    product: Mapped[str | None] = sealed("need", nullable=True)
    pain: Mapped[str | None] = sealed("need", nullable=True)
    expectations: Mapped[str | None] = sealed("need", nullable=True)
    decision: Mapped[str | None] = sealed("need", nullable=True)
    urgency: Mapped[str | None] = mapped_column(String(40))
    budget: Mapped[str | None] = mapped_column(String(40))
    opened_on: Mapped[date | None] = mapped_column(Date)
    closed_on: Mapped[date | None] = mapped_column(Date)
    extra: Mapped[dict[str, Any] | None] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int]


class Remark(Model):
    """A note about a customer: a special need, or a risk that stands at the top of the page."""

    __tablename__ = "remark"
    __table_args__ = (
        Index("ix_remark_customer", "customer_id", "state"),
        {
            "info": {
                "record": "remark",
                "root": ("customer", "customer_id"),
                "silent": {"customer_id", "author_id"},
            }
        },
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = uid()
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    state: Mapped[str] = mapped_column(String(8), default="active")
    is_risk: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = sealed("remark")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int]
