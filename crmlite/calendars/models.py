"""Working calendars, and the days that a manager has set on them."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crmlite.db.columns import Json, UTCDateTime
from crmlite.extensions import Model


class WorkingCalendar(Model):
    """Weekly hours, a time zone, and the country whose official holidays hold.

    `week` is seven lists, Monday first, of pairs: the minutes of the day at which a stretch of work
    begins and ends. `zone` and `country` are None where the firm's own hold, whatever those become;
    `country` is empty where no official holidays do, else `CN`, or `GB-ENG` for a part of one.
    `official` tells which official days due times were last made with.
    """

    __tablename__ = "working_calendar"
    __table_args__ = ({"info": {"record": "calendar", "silent": {"key", "official"}}},)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    label: Mapped[dict[str, str]] = mapped_column(Json)
    zone: Mapped[str | None] = mapped_column(String(64))
    week: Mapped[list[list[list[int]]]] = mapped_column(Json)
    country: Mapped[str | None] = mapped_column(String(12))
    is_default: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(12), default="active")
    official: Mapped[str | None] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)


class CalendarDay(Model):
    """A day that a manager has set: off, or worked, with hours of its own or the usual ones."""

    __tablename__ = "calendar_day"
    __table_args__ = (
        UniqueConstraint("calendar_id", "day"),
        {"info": {"record": "calendar_day", "root": ("calendar", "calendar_id")}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("working_calendar.id"))
    day: Mapped[date] = mapped_column(Date)
    works: Mapped[bool]
    label: Mapped[dict[str, str]] = mapped_column(Json)
    blocks: Mapped[list[list[int]] | None] = mapped_column(Json)
    version: Mapped[int] = mapped_column(default=1)
