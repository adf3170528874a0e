"""Settings of the firm and the editable lists of choices."""

from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crmlite.db.columns import Json
from crmlite.extensions import Model
from crmlite.work.shipped import Shipped, shipped_once

WHOSE = frozenset({"owner", "shipped_key", "shipped"})


class SettingRow(Model):
    """One setting that differs from what was shipped."""

    __tablename__ = "setting"
    __table_args__ = ({"info": {"record": "setting"}},)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    value: Mapped[Any] = mapped_column(Json)


class ChoiceRow(Shipped, Model):
    """A value of an editable list: a source, a stage, a tier.

    Its key stays for ever; label and order are the manager's. Values without a `position` were never
    put in order: they follow those that were, as they are declared. A retired one is not offered any
    more and still names what has it. `more` is what a list's users keep beside the label.
    """

    __tablename__ = "choice"
    __table_args__ = (
        UniqueConstraint("list", "key"),
        shipped_once("choice"),
        {"info": {"record": "choice", "silent": WHOSE}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    list: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(40))
    label: Mapped[dict[str, str]] = mapped_column(Json)
    position: Mapped[int | None]
    retired: Mapped[bool] = mapped_column(default=False)
    more: Mapped[dict[str, Any] | None] = mapped_column(Json)
    version: Mapped[int] = mapped_column(default=1)
