"""The feeds by which people read their calendar elsewhere."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
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
