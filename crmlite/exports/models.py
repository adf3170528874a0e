"""Files that were taken away."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from crmlite.db.columns import Json, UTCDateTime
from crmlite.extensions import Model


class ExportRow(Model):
    """A file with customers that somebody made; who it was, the ledger says.

    `layout` and `format` are those of `exports.wanted`; `asked` is the list as a saved view keeps
    it; `rows` is how many customers there were. `reader_id` is the person whose rights decided
    what stands in it: None for the command line, which sees everything.
    """

    __tablename__ = "export"
    __table_args__ = (
        Index("ix_export_reader", "reader_id", "made_at"),
        {"info": {"record": "export", "silent": {"made_at"}}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    reader_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    layout: Mapped[str] = mapped_column(String(16))
    format: Mapped[str] = mapped_column(String(8))
    asked: Mapped[dict[str, Any]] = mapped_column(Json)
    archived: Mapped[bool] = mapped_column(default=False)
    rows: Mapped[int]
