"""Views of a list that people keep: filters, order and columns under a name."""

from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from crmlite.db.columns import Json
from crmlite.extensions import Model


class SavedView(Model):
    """A list as somebody keeps it; shared ones stand on everyone's page. `query` is what the list is
    asked for, in words of its own."""

    __tablename__ = "saved_view"
    __table_args__ = ({"info": {"record": "saved_view"}},)

    id: Mapped[int] = mapped_column(primary_key=True)
    list: Mapped[str] = mapped_column(String(40), index=True)
    name: Mapped[str] = mapped_column(String(80))
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    shared: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    query: Mapped[dict[str, Any]] = mapped_column(Json)
    version: Mapped[int] = mapped_column(default=1)
