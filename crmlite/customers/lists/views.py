"""The views of the list: those that every book has, one's own, and those that are shared."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from crmlite.access import Reader
from crmlite.customers.lists.query_string import Asked, asked_by_view
from crmlite.rules.conditions import ALWAYS, ME, All, FromToday, where
from crmlite.saved_views.queries import may_change, views_of
from crmlite.wording import N_

LIST = "customers"


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """A list under a name. `id` is 0 for those that every book has; `may_change` says whether the
    reader may."""

    key: str
    name: str
    asked: Asked
    id: int = 0
    may_change: bool = False


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
    return [
        View(
            key=str(row["id"]),
            name=row["name"],
            asked=asked_by_view(row["query"], str(row["id"]), reader),
            id=row["id"],
            may_change=may_change(reader, owner_id=row["owner_id"], shared=row["shared"]),
        )
        for row in views_of(LIST, reader)
    ]


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
