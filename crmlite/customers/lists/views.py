"""The views of the list: those that every book has, one's own, and those that are shared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, or_, select

from crmlite.access import Reader
from crmlite.customers.lists.asking import Asked, asked_by_view
from crmlite.customers.models import SavedView
from crmlite.extensions import database
from crmlite.rules.conditions import ALWAYS, ME, All, FromToday, where
from crmlite.wording import N_

LIST = "customers"


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """A list under a name. `id` is 0 for those that every book has."""

    key: str
    name: str
    asked: Asked
    id: int = 0
    shared: bool = False
    owner_id: int | None = None


BUILTIN = (
    ("mine", N_("My customers"), All((where("owner", "is", ME),)), "name", False),
    ("all", N_("All"), ALWAYS, "name", False),
    (
        "quiet",
        N_("Quiet for 30 days"),
        All(
            (
                where("lifecycle", "is", "active", "interested"),
                where("last_contact", "before", FromToday(-30, "d")),
            )
        ),
        "last_contact",
        False,
    ),
    (
        "ending",
        N_("Contract ending"),
        All(
            (
                where("contract_ends_on", "since", FromToday(0, "d")),
                where("contract_ends_on", "before", FromToday(60, "d")),
            )
        ),
        "contract_ends_on",
        False,
    ),
    ("incomplete", N_("To be completed"), All((where("incomplete", "is", True),)), "name", False),
)


TABLE = SavedView.__table__
SAVED = (
    select(TABLE)
    .where(
        TABLE.c.list == LIST, or_(TABLE.c.owner_id == bindparam("reader"), TABLE.c.shared.is_(True))
    )
    .order_by(TABLE.c.position, TABLE.c.id)
)


def builtin_views() -> list[View]:
    """The views that every book has."""
    return [
        View(
            key=key,
            name=_(name),
            asked=Asked(tree=tree, sort=sort, descending=descending, view=key),
        )
        for key, name, tree, sort, descending in BUILTIN
    ]


def saved_views(reader: Reader) -> list[View]:
    """One's own views and those that others share; one statement."""
    rows = database.session.execute(SAVED, {"reader": reader.user_id})
    return [
        View(
            key=str(row.id),
            name=row.name,
            asked=asked_by_view(row.query, str(row.id), reader),
            id=row.id,
            shared=row.shared,
            owner_id=row.owner_id,
        )
        for row in rows
    ]


def view_row(view_id: int) -> Mapping[str, Any] | None:
    """A saved view as it is stored; None when there is none."""
    return database.session.execute(select(TABLE).where(TABLE.c.id == view_id)).mappings().first()


def views(reader: Reader) -> list[View]:
    """All views in the order of their tabs."""
    found = builtin_views()
    if reader.scope("customers:see") == "own":  # mine and all are the same
        found = [view for view in found if view.key != "mine"]
    return [*found, *saved_views(reader)]


def current(asked: Asked, among: Sequence[View]) -> str:
    """The key of the view that a list is; empty when it is none of them.

    A view with other columns or in another order is still that view.
    """
    for view in among:
        if view.key == asked.view:
            return view.key
    same = replace(asked, cursor="")
    for view in among:
        if view.asked.tree == same.tree and not asked.view:
            return view.key
    return ""
