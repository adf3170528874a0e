"""Backups that were made, and how they fared when they were tried."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from crmlite.db.columns import Json, UTCDateTime
from crmlite.extensions import Model

GOOD = "good"
FAILED = "failed"  # there is no file
DAMAGED = "damaged"  # there is a file, and it cannot be restored


class BackupRow(Model):
    """A backup, or the attempt at one. The file is believed, not the row: it says how it went.

    `name` is the file's; `elsewhere` that it was written to another folder than the usual one.
    `reason` is a text with what fills it in. `proven_at` is when it was last restored on trial.
    """

    __tablename__ = "backup"
    __table_args__ = ({"info": {"record": "backup"}},)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    elsewhere: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    seconds: Mapped[float]
    bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    rows: Mapped[int] = mapped_column(BigInteger, default=0)
    encrypted: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(8))
    reason: Mapped[dict[str, Any] | None] = mapped_column(Json)
    proven_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)
