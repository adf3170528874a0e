"""The fields that packs and managers have recorded."""

from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from crmlite.db.columns import Json
from crmlite.extensions import Model
from crmlite.work.shipped import Shipped, shipped_once

LONGEST_HINT = 200


class FieldRow(Shipped, Model):
    """A field of a kind of record: `customer`, `contact`, `case`, `order`.

    Its name, its kind, and whether it is sensitive or holds several are for good: the values in the
    book were written by them. `choices` are as they were declared, those that are gone `retired`;
    `wordings` are what a manager calls the choices of a pack. `state` is active or retired: what a
    retired one holds is shown, and asked for no more.
    """

    __tablename__ = "field"
    __table_args__ = (
        Index("uq_field_name", "record_type", "name", unique=True),
        shipped_once("field"),
        {"info": {"record": "field"}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    record_type: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(41))
    kind: Mapped[str] = mapped_column(String(16))
    label: Mapped[dict[str, str]] = mapped_column(Json)
    hint: Mapped[dict[str, str] | None] = mapped_column(Json)
    group: Mapped[dict[str, str] | None] = mapped_column(Json)
    choices: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    choices_from: Mapped[str] = mapped_column(String(40), default="")
    wordings: Mapped[dict[str, dict[str, str]] | None] = mapped_column(Json)
    required_when: Mapped[dict[str, Any] | None] = mapped_column(Json)
    only_for: Mapped[str] = mapped_column(String(8), default="")
    sensitive: Mapped[bool] = mapped_column(default=False)
    indexed: Mapped[bool] = mapped_column(default=False)
    multiple: Mapped[bool] = mapped_column(default=False)
    aliases: Mapped[list[str] | None] = mapped_column(Json)
    position: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(8), default="active")
    version: Mapped[int] = mapped_column(default=1)
