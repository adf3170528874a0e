"""How soon the firm means to act on cases, and words that it uses again and again."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from crmlite.db.columns import Json, UTCDateTime
from crmlite.extensions import Model
from crmlite.work.shipped import Shipped, shipped_once

WHOSE = frozenset({"owner", "shipped_key", "shipped"})


class CaseTarget(Shipped, Model):
    """How long one of a case's clocks may run, for the cases that fit.

    `kind`, `level`, `category`, `tier` narrow it down, None being any. Of several that fit a case the
    one that falls due first stands. While the pack that one is of is off, it stands only for the
    cases that are in that pack's categories.
    """

    __tablename__ = "case_target"
    __table_args__ = (
        shipped_once("case_target"),
        {"info": {"record": "case_target", "silent": WHOSE}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(8), default="active")
    clock: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str | None] = mapped_column(String(12))
    level: Mapped[str | None] = mapped_column(String(40))
    category: Mapped[str | None] = mapped_column(String(40))
    tier: Mapped[str | None] = mapped_column(String(40))
    unit: Mapped[str] = mapped_column(String(8))  # minutes, days, elapsed
    amount: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int]


class CaseLevelRule(Model):
    """What complaints of a level ask of their joint team: `leader` is nobody, team (the lead of the
    case's team), manager or person (`leader_id`); of each of `team_ids` somebody should be in it."""

    __tablename__ = "case_level_rule"
    __table_args__ = ({"info": {"record": "case_level_rule"}},)

    id: Mapped[int] = mapped_column(primary_key=True)
    level: Mapped[str] = mapped_column(String(40), unique=True)
    leader: Mapped[str] = mapped_column(String(8))
    leader_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    team_ids: Mapped[list[int]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int]


class CannedReply(Shipped, Model):
    """A text that people answer with, `{contact}` and the like being filled in. One with an `owner_id`
    is offered to that person alone."""

    __tablename__ = "canned_reply"
    __table_args__ = (
        shipped_once("canned_reply"),
        {"info": {"record": "canned_reply", "silent": WHOSE}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(8), default="active")
    title: Mapped[dict[str, str]] = mapped_column(Json)
    body: Mapped[dict[str, str]] = mapped_column(Json)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int]
