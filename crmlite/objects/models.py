"""The kinds of records that packs bring, and the records."""

from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from crmlite.db.columns import Json, UTCDateTime, uid
from crmlite.extensions import Model
from crmlite.fields import guards_of
from crmlite.fields.object_kinds import OBJECT
from crmlite.work.shipped import Shipped, shipped_once


class ObjectType(Shipped, Model):
    """A kind of records: what a pack declared of it, kept so that its records are shown also while
    the pack is off or gone.

    Its name and its parent are for good. `title` and `day` name the fields that name and date one.
    `state` is active or retired (declared no more).
    """

    __tablename__ = "object_type"
    __table_args__ = (shipped_once("object_type"), {"info": {"record": "object_type"}})

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(32), unique=True)
    label: Mapped[dict[str, str]] = mapped_column(Json)
    many: Mapped[dict[str, str]] = mapped_column(Json)
    icon: Mapped[str] = mapped_column(String(40))
    parent: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(41))
    day: Mapped[str] = mapped_column(String(41), default="")
    in_timeline: Mapped[bool] = mapped_column(default=True)
    listed: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(8), default="active")
    version: Mapped[int] = mapped_column(default=1)


def _of(parent: str) -> Index:
    """The index by which the records of a parent are found; most records have another one."""
    there = text(f"{parent}_id IS NOT NULL")
    return Index(
        f"ix_object_{parent}",
        f"{parent}_id",
        "state",
        sqlite_where=there,
        postgresql_where=there,
    )


class Object(Model):
    """A record of a pack. What is recorded of it stands in `extra`.

    `day` and `called` follow from that: the day that dates it (of a kind without such a field the
    firm's day on which it was added), and its kind with the value of the field that names it.
    """

    __tablename__ = "object"
    __table_args__ = (
        Index("ix_object_customer", "customer_id", "state", "type_id", "day"),
        Index("ix_object_type", "type_id", "state", "day", "id"),
        Index("ix_object_counted", "type_id", "state", "customer_id", "day"),
        _of("contact"),
        _of("order"),
        _of("case"),
        {
            "info": {
                "record": OBJECT,
                "root": ("customer", "customer_id"),
                "silent": {"customer_id", "day", "called"},
                "inside": partial(guards_of, OBJECT),
            }
        },
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = uid()
    type_id: Mapped[int] = mapped_column(ForeignKey("object_type.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("order.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    state: Mapped[str] = mapped_column(String(8), default="active")
    day: Mapped[date | None] = mapped_column(Date)
    called: Mapped[list[Any] | None] = mapped_column(Json)
    extra: Mapped[dict[str, Any] | None] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int]
