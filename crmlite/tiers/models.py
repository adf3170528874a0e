"""How tiers come of points, the lists of proposals, and the tiers that people have pinned."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from crmlite.db.columns import Json, UTCDateTime
from crmlite.extensions import Model
from crmlite.work.shipped import Shipped, shipped_once


class TierScheme(Shipped, Model):
    """The points of a scheme of tiers: `factors` by name (`{"weight", "steps"}`), `bounds` by tier."""

    __tablename__ = "tier_scheme"
    __table_args__ = (
        shipped_once("tier_scheme"),
        {"info": {"record": "tier_scheme", "silent": {"owner", "shipped_key", "shipped"}}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    factors: Mapped[dict[str, Any]] = mapped_column(Json)
    bounds: Mapped[dict[str, int]] = mapped_column(Json)
    version: Mapped[int] = mapped_column(default=1)


class TierReview(Model):
    """A list of proposals: of a quarter (`2026Q4`), or made by hand (`by_id`). `looked` says how many
    customers were looked at, `unknown` of how many too little is known; one that is not `open` was
    followed by another."""

    __tablename__ = "tier_review"

    id: Mapped[int] = mapped_column(primary_key=True)
    quarter: Mapped[str] = mapped_column(String(6), index=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    state: Mapped[str] = mapped_column(String(8), default="making")  # making, open, closed
    looked: Mapped[int] = mapped_column(default=0)
    unknown: Mapped[int] = mapped_column(default=0)


class TierProposal(Model):
    """That a customer should have another tier. `points` has for each factor what it gave and of which
    value; `pack` and `why` say that a pack has chosen it. `state`: open, accepted, declined, or
    overtaken by a change of the customer."""

    __tablename__ = "tier_proposal"
    __table_args__ = (
        Index("uq_tier_proposal", "review_id", "customer_id", unique=True),
        Index("ix_tier_proposal_state", "review_id", "state", "id"),
        {
            "info": {
                "record": "tier_proposal",
                "root": ("customer", "customer_id"),
                "silent": {
                    "customer_id", "review_id", "before", "after", "points", "mean", "known",
                    "pack", "why",
                },
            }
        },
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("tier_review.id"))
    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customer.id", ondelete="CASCADE"), index=True
    )
    before: Mapped[str | None] = mapped_column(String(40))
    after: Mapped[str] = mapped_column(String(40))
    points: Mapped[dict[str, Any]] = mapped_column(Json)
    mean: Mapped[float | None]
    known: Mapped[int]
    pack: Mapped[str | None] = mapped_column(String(24))
    why: Mapped[dict[str, str] | None] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(10), default="open")
    version: Mapped[int] = mapped_column(default=1)


class TierPin(Model):
    """That a customer's tier stays as somebody has set it, and why."""

    __tablename__ = "tier_pin"
    __table_args__ = (
        {"info": {"record": "tier_pin", "root": ("customer", "customer_id"),
                  "silent": {"customer_id"}}},
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customer.id", ondelete="CASCADE"), unique=True
    )
    tier: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(300))
    pinned_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    pinned_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)
