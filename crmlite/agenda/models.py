"""The feeds by which people read their calendar elsewhere, and the weeks that they swept."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crmlite.db.columns import UTCDateTime
from crmlite.extensions import Model


class CalendarFeed(Model):
    """The feed of a person. Of the secret in its address only a digest is kept, none once it was
    revoked; `uid` goes into the names of what it tells, and stays when the address is made anew."""

    __tablename__ = "calendar_feed"
    __table_args__ = (
        {"info": {"record": "calendar_feed", "silent": {"user_id", "secret_hash", "uid"}}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), unique=True)
    secret_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    uid: Mapped[str] = mapped_column(String(22))
    made_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class SweptWeek(Model):
    """That somebody went through their week, which began on the Monday `week_on`: when they said so, and
    how much of it was done by then."""

    __tablename__ = "swept_week"
    __table_args__ = (
        UniqueConstraint("user_id", "week_on"),
        {"info": {"record": "swept_week"}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    week_on: Mapped[date] = mapped_column(Date, index=True)
    finished_at: Mapped[datetime] = mapped_column(UTCDateTime)
    done: Mapped[int]
    total: Mapped[int]
