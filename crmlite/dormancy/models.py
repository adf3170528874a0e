"""How far each customer is down the ladder, after how many days its steps come, and the lists of each
quarter."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from crmlite.db.columns import Json, UTCDateTime
from crmlite.extensions import Model


class DormancyTerm(Model):
    """After how many days the steps come for customers of a tier, None for never; those of an empty
    `tier` hold for all tiers without their own (`crmlite.rules.dormancy.Terms`)."""

    __tablename__ = "dormancy_term"
    __table_args__ = ({"info": {"record": "dormancy_term"}},)

    id: Mapped[int] = mapped_column(primary_key=True)
    tier: Mapped[str] = mapped_column(String(40), unique=True)
    warn: Mapped[int | None]
    rest: Mapped[int | None]
    ask: Mapped[int | None]
    archive: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)


class Dormancy(Model):
    """What the ladder did with a customer, as far as it must know that: never versioned.

    `held` are the codes and texts of guards that keep the customer from becoming dormant.
    """

    __tablename__ = "dormancy"

    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customer.id", ondelete="CASCADE"), primary_key=True
    )
    warned_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    rested_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    kept_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    asked_for: Mapped[date | None] = mapped_column(Date)
    held: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)


class CleanupLine(Model):
    """A customer on the clean-up list of a quarter (`2026Q4`). `keep` says that somebody decided to
    keep it; one that was archived, or is not at rest any more, is done with."""

    __tablename__ = "cleanup_line"
    __table_args__ = (
        Index("uq_cleanup_line", "quarter", "customer_id", unique=True),
        {
            "info": {
                "record": "cleanup_line",
                "root": ("customer", "customer_id"),
                "silent": {"customer_id", "quarter"},
            }
        },
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    quarter: Mapped[str] = mapped_column(String(6))
    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customer.id", ondelete="CASCADE"), index=True
    )
    keep: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
