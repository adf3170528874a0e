"""Hand-overs that were made."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from crmlite.db.columns import Json, UTCDateTime
from crmlite.extensions import Model


class Handover(Model):
    """That the customers and work of `user_id` pass to others. `way` says how they are dealt out;
    `counts` is what there was, by kind. Of `total` things `moved` are done; `finished_at` is None while
    it is under way. Both follow from the work."""

    __tablename__ = "handover"
    __table_args__ = ({"info": {"record": "handover", "silent": {"moved", "finished_at"}}},)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    receivers: Mapped[list[int]] = mapped_column(Json)
    way: Mapped[str] = mapped_column(String(8))
    counts: Mapped[dict[str, int]] = mapped_column(Json)
    total: Mapped[int]
    moved: Mapped[int] = mapped_column(default=0)
    operation_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
