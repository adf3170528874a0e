"""Conditions on customers that have a name."""

from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from crmlite.db.columns import Json
from crmlite.extensions import Model


class Segment(Model):
    """A named condition on customers. `key` is how other conditions name it, for good."""

    __tablename__ = "segment"
    __table_args__ = ({"info": {"record": "segment"}},)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    label: Mapped[dict[str, str]] = mapped_column(Json)
    tree: Mapped[dict[str, Any]] = mapped_column(Json)
    version: Mapped[int] = mapped_column(default=1)
