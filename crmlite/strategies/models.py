"""Strategies as the firm follows them, and each state in which it did."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from crmlite.db.columns import Json, UTCDateTime
from crmlite.extensions import Model
from crmlite.work.shipped import Shipped, shipped_once


class Strategy(Shipped, Model):
    """How customers are kept in touch with. `serves` is the condition on customers whom it takes,
    `touches` what it asks for; of the main ones that take a customer, the one of the highest
    `priority` is followed, and those `on_top` come on top. One that is off plans nothing; one that is
    retired is shipped no more.
    """

    __tablename__ = "strategy"
    __table_args__ = (
        shipped_once("strategy"),
        {"info": {"record": "strategy", "silent": {"owner", "shipped_key", "shipped"}}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    label: Mapped[dict[str, str]] = mapped_column(Json)
    goal: Mapped[dict[str, str]] = mapped_column(Json)
    serves: Mapped[dict[str, Any]] = mapped_column(Json)
    touches: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    priority: Mapped[int] = mapped_column(default=50)
    on_top: Mapped[bool] = mapped_column(default=False)
    is_on: Mapped[bool] = mapped_column(default=True)
    retired: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)


class StrategyVersion(Model):
    """A strategy as it stood from a moment on: what a customer's plan was made by. Never changed."""

    __tablename__ = "strategy_version"
    __table_args__ = (UniqueConstraint("strategy_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    strategy_id: Mapped[int] = mapped_column(ForeignKey("strategy.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    operation_id: Mapped[int] = mapped_column(ForeignKey("operation.id"))
    since: Mapped[datetime] = mapped_column(UTCDateTime)


class Followed(Model):
    """That a strategy serves a customer, since when, and by which version the plan was made. Follows
    from the customer and the strategy."""

    __tablename__ = "followed_strategy"

    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customer.id", ondelete="CASCADE"), primary_key=True
    )
    strategy_id: Mapped[int] = mapped_column(
        ForeignKey("strategy.id"), primary_key=True, index=True
    )
    version_id: Mapped[int] = mapped_column(ForeignKey("strategy_version.id"))
    begun_on: Mapped[date] = mapped_column(Date)


class PausedStrategy(Model):
    """That a strategy served a customer until a day. Serves it the customer again soon, it goes on from
    where it was (`crmlite.strategies.planner.knowing`)."""

    __tablename__ = "paused_strategy"

    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customer.id", ondelete="CASCADE"), primary_key=True
    )
    strategy_id: Mapped[int] = mapped_column(
        ForeignKey("strategy.id"), primary_key=True, index=True
    )
    begun_on: Mapped[date] = mapped_column(Date)
    ended_on: Mapped[date] = mapped_column(Date)


class PlannedTouch(Model):
    """A touch that was planned for a customer, as the task `task_id`. Follows from the plan.

    `state` says what became of it: open; done; left out, by a person; lapsed, since its day was over;
    or withdrawn, since the plan asks for it no more. `since_on` is the day from which it was counted,
    `anchor_on` the one around which it lies; `planned_on` is the day of the plan, which the task may
    be put off from, but not to `before_on`, and `levelled_on` the one to which it was, where too much
    was to be done that day. `ended_on` is the day on which it was done or ended otherwise, `met_on` that
    of the contact which did it, where nobody closed the task. `executor_id` is whose task it is by the
    plan.
    """

    __tablename__ = "planned_touch"
    __table_args__ = (
        Index("ix_planned_touch_customer", "customer_id", "state"),
        Index(
            "uq_planned_touch_open",
            "customer_id",
            "strategy_id",
            "touch",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_planned_touch_before", "state", "before_on"),
        Index("ix_planned_touch_plan", "executor_id", "planned_on"),
        Index(
            "ix_planned_touch_levelled",
            "executor_id",
            "levelled_on",
            sqlite_where=text("levelled_on IS NOT NULL"),
            postgresql_where=text("levelled_on IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"))
    strategy_id: Mapped[int] = mapped_column(ForeignKey("strategy.id"), index=True)
    touch: Mapped[str] = mapped_column(String(60))
    version_id: Mapped[int] = mapped_column(ForeignKey("strategy_version.id"))
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id", ondelete="CASCADE"), unique=True)
    executor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    state: Mapped[str] = mapped_column(String(10), default="open")
    since_on: Mapped[date | None] = mapped_column(Date)
    anchor_on: Mapped[date | None] = mapped_column(Date)
    planned_on: Mapped[date] = mapped_column(Date)
    before_on: Mapped[date] = mapped_column(Date)
    levelled_on: Mapped[date | None] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)
    met_on: Mapped[date | None] = mapped_column(Date)
