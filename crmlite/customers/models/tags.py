"""Tags by dimension. Those of the basic and need dimension mirror fields and are not kept here.

Dimensions and tags come from crmlite, from packs (`owner`) or from the firm."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crmlite.db.columns import Json, UTCDateTime
from crmlite.extensions import Model
from crmlite.work.shipped import Shipped, shipped_once

WHOSE = frozenset({"owner", "shipped_key", "shipped"})


class Dimension(Shipped, Model):
    """A family of tags. Of an exclusive one a customer has at most one tag at a time."""

    __tablename__ = "tag_dimension"
    __table_args__ = (
        shipped_once("tag_dimension"),
        {"info": {"record": "dimension", "silent": WHOSE}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    label: Mapped[dict[str, str]] = mapped_column(Json)
    exclusive: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)


class Tag(Shipped, Model):
    """A tag that people set by hand, or that its rule, a condition, puts on and takes off. A `quiet`
    one says little of interest: it stands on the customer's own page and in filters only."""

    __tablename__ = "tag"
    __table_args__ = (
        UniqueConstraint("dimension_id", "key"),
        shipped_once("tag"),
        {"info": {"record": "tag", "root": ("dimension", "dimension_id"), "silent": WHOSE}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dimension_id: Mapped[int] = mapped_column(ForeignKey("tag_dimension.id"))
    key: Mapped[str] = mapped_column(String(60))
    label: Mapped[dict[str, str]] = mapped_column(Json)
    retired: Mapped[bool] = mapped_column(default=False)
    rule: Mapped[dict[str, Any] | None] = mapped_column(Json)
    rule_on: Mapped[bool] = mapped_column(default=False)
    quiet: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)


class CustomerTag(Model):
    """That a customer has a tag. The ledger keeps it as the customer's `tags`."""

    __tablename__ = "customer_tag"

    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customer.id", ondelete="CASCADE"), primary_key=True
    )
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id"), primary_key=True, index=True)
    since: Mapped[datetime] = mapped_column(UTCDateTime)
