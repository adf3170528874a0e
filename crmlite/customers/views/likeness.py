"""Customers that may be the same as one being entered, as far as the reader may know of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from crmlite.access import Reader
from crmlite.customers.choices import choice_label, tier_shown
from crmlite.customers.duplicates import Likely, Probe, likely_matches
from crmlite.customers.words import person_name
from crmlite.wording import N_

REASONS = {
    "number": N_("Same number"),
    "name": N_("Same name, legal form and place aside"),
    "near_name": N_("Similar name"),
    "pinyin": N_("Name sounds the same"),
    "phone": N_("Same phone number"),
    "email": N_("Same e-mail address"),
    "im": N_("Same chat account"),
    "birthday": N_("Same birthday, or nearly"),
    "address": N_("Same address, or nearly"),
}


@dataclass(frozen=True, slots=True)
class Alike:
    """A customer that may be meant. Whoever may not see it learns only whom to ask."""

    name: str
    url: str
    about: str
    reason: str
    owner: str

    @property
    def sentence(self) -> str:
        """The likeness as one that was shown is remembered."""
        return " ".join((self.url, self.name, self.reason, "" if self.url else self.owner))


def alike(reader: Reader, probe: Probe, *, besides: Collection[int] = ()) -> list[Alike]:
    """Who in the book may be the one that is entered."""
    words = REASONS | ({"name": N_("Same name")} if probe.kind == "person" else {})
    return [_shown(one, reader, words) for one in likely_matches(reader, probe, besides=besides)]


def _shown(one: Likely, reader: Reader, words: Mapping[str, str]) -> Alike:
    own = one.owner_id == reader.user_id
    owner = person_name(one.owner_id)
    reason = " · ".join(str(_(words[code])) for code in one.reasons)
    row = one.row
    if row is None:
        return Alike("", "", "", reason, "" if own else owner)
    parts = (
        row["number"],
        choice_label("tier", tier_shown(row)),
        _("owned by you") if own else owner,
        _("archived") if row["state"] == "archived" else "",
    )
    about = " · ".join(part for part in parts if part)
    url = url_for("customers.show", number=row["number"])
    return Alike(row["name"], url, about, reason, owner)
