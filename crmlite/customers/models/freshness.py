"""What was confirmed about customers, by whom and when, and how soon changes were entered."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from crmlite.db.columns import UTCDateTime
from crmlite.extensions import Model


class Confirmation(Model):
    """That somebody confirmed a `part` of a contact or need (`crmlite.rules.freshness`); what has no row
    was confirmed by nobody so far. A change of the part takes the moment away. `asked_at` is when it was
    last asked whether it still holds."""

    __tablename__ = "confirmation"
    __table_args__ = (
        Index("uq_confirmation", "record", "record_id", "part", unique=True),
        Index("ix_confirmation_at", "confirmed_at"),
        {
            "info": {
                "record": "confirmation",
                "root": ("customer", "customer_id"),
                "silent": {"customer_id", "asked_at"},
            }
        },
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customer.id", ondelete="CASCADE"), index=True
    )
    record: Mapped[str] = mapped_column(String(8))
    record_id: Mapped[int]
    part: Mapped[str] = mapped_column(String(8))
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Learnt(Model):
    """When somebody learnt of a change of a contact, a need or the status (`what`), and when they
    entered it: never changed."""

    __tablename__ = "learnt"
    __table_args__ = (Index("ix_learnt_user", "user_id", "entered_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customer.id", ondelete="CASCADE"), index=True
    )
    what: Mapped[str] = mapped_column(String(8))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    learnt_at: Mapped[datetime] = mapped_column(UTCDateTime)
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
