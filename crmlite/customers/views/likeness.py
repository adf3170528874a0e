"""Customers that may be the same as one being entered, as far as the reader may know of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from crmlite.access import Reader
from crmlite.customers.choices import choice_label, tier_shown
from crmlite.customers.words import person_name


@dataclass(frozen=True, slots=True)
class Alike:
    """A customer that may be meant. Whoever may not see it learns only whom to ask."""

    key: str
    name: str
    url: str
    about: str
    reason: str
    owner: str


def alike(row: Mapping[str, Any], reader: Reader) -> Alike:
    """A row of `queries.resembling` for a reader."""
    own = row["owner_id"] == reader.user_id
    owner = person_name(row["owner_id"])
    reason = (
        _("Same name once legal form and place are left out.")
        if row["same_name"]
        else _("Same phone or e-mail.")
    )
    archived = row["state"] == "archived"
    visible = reader.covers("customers:see", row["owner_id"]) and (
        not archived or reader.may("customers:see_archived")
    )
    if not visible:
        return Alike(str(row["id"]), "", "", "", reason, "" if own else owner)
    words = (
        row["number"],
        choice_label("tier", tier_shown(row)),
        _("owned by you") if own else owner,
        _("archived") if archived else "",
    )
    about = " · ".join(word for word in words if word)
    url = url_for("customers.show", number=row["number"])
    return Alike(str(row["id"]), row["name"], url, about, reason, owner)


def said(one: Alike) -> str:
    """The likeness in one sentence."""
    if one.name:
        return str(_("It resembles %(name)s (%(about)s).", name=one.name, about=one.about))
    if one.owner:
        return str(_("The book has one like it already: ask %(owner)s.", owner=one.owner))
    return str(_("The book has one like it already: ask a manager."))
