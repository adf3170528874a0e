"""Factors, points and proposals in words."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from crmlite import hooks, settings
from crmlite.access import Reader
from crmlite.customers.choices import choice_label
from crmlite.customers.words import money
from crmlite.rules.amounts import exponent
from crmlite.rules.tiering import FACTORS, OF_AMOUNTS
from crmlite.tiers.facts import PROSPECTS
from crmlite.wording import N_, label

NAMES: Mapping[str, str] = {
    "amount": N_("Yearly amount"),
    "margin": N_("Margin"),
    "tenure": N_("Customer since"),
    "contacts": N_("Contacts within half a year"),
    "satisfaction": N_("Satisfaction"),
    "growth": N_("Growth"),
    "prospects": N_("Prospects"),
}
HINTS: Mapping[str, str] = {
    "amount": N_("In whole units of the currency: 20000: 25, 100000: 50."),
    "margin": N_("In percent. Not recorded yet: unknown."),
    "tenure": N_("In years."),
    "contacts": N_("Real contacts within half a year."),
    "satisfaction": N_("From 1 to 5. Not recorded yet: unknown."),
    "growth": N_("What was bought within a year, in percent of the year before."),
    "prospects": N_("As somebody judges it: 1 low, 2 medium, 3 high."),
}


def factor_words(points: Mapping[str, Any], *, sees_amounts: bool) -> list[str]:
    """What each factor gave and of which value, then which are unknown; what counts for nothing is left
    out."""
    said, unknown = [], []
    for name in FACTORS:
        found = points.get(name)
        if not found or not found["weight"]:
            continue
        if name in OF_AMOUNTS and not sees_amounts:
            said.append(_("%(factor)s •••", factor=_(NAMES[name])))
        elif found["points"] is None:
            unknown.append(_(NAMES[name]))
        else:
            said.append(
                _(
                    "%(factor)s %(value)s: %(points)s",
                    factor=_(NAMES[name]),
                    value=_value(name, found["value"]),
                    points=found["points"],
                )
            )
    if unknown:
        said.append(_("unknown: %(factors)s", factors=_(", ").join(unknown)))
    return said


def _value(name: str, value: float) -> str:
    match name:
        case "amount":
            return money(round(value) * 10 ** exponent(settings.get("currency")))
        case "growth" | "margin":
            return str(_("%(number)s%%", number=format_decimal(round(value))))
        case "tenure":
            return str(_("%(years)s years", years=format_decimal(round(value, 1))))
        case "prospects":
            keys = {level: key for key, level in PROSPECTS.items()}
            return choice_label("prospects", keys.get(round(value), ""))
    return str(format_decimal(round(value, 1)))


def chosen_words(row: Mapping[str, Any]) -> str:
    """That a pack has chosen a tier, and why."""
    if not row["pack"]:
        return ""
    return _("%(pack)s: %(why)s", pack=label(hooks.title(row["pack"])), why=label(row["why"]))


def proposed_words(params: Mapping[str, Any], _reader: Reader) -> str:
    """That a list of proposals waits."""
    return str(
        ngettext(
            "%(num)d tier is proposed anew", "%(num)d tiers are proposed anew", params["count"]
        )
    )


def proposed_url(_params: Mapping[str, Any]) -> str:
    """Where it stands."""
    return url_for("tiers.index")
