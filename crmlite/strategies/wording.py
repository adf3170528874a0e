"""Strategies in the reader's words: how often, around which day, who, by which way of contact."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from crmlite import settings
from crmlite.access import Reader
from crmlite.accounts.queries import person_name, role_by_key
from crmlite.customers.conditions.catalogue import whole_catalogue
from crmlite.rules.strategies import DEDICATED, OWNER, USER, Around, Cadence, Every, Touch
from crmlite.strategies.events import events
from crmlite.wording import N_, label

FESTIVAL_WORDS = {
    "new_year": N_("New Year"),
    "spring_festival": N_("the Spring Festival"),
    "mid_autumn": N_("the Mid-Autumn Festival"),
    "national_day": N_("National Day"),
}

ONCE = {
    "day": N_("once a day"),
    "week": N_("once a week"),
    "month": N_("once a month"),
    "quarter": N_("once a quarter"),
    "year": N_("once a year"),
}
SEVERAL = {
    "day": N_("every %(num)s days"),
    "week": N_("every %(num)s weeks"),
    "month": N_("every %(num)s months"),
    "quarter": N_("every %(num)s quarters"),
    "year": N_("every %(num)s years"),
}


def cadence_words(cadence: Cadence) -> str:
    """How often or when: "every 2 weeks", "3 days after a quotation was sent"."""
    match cadence:
        case Every(count, unit):
            return _every(count, unit)
        case Around(days):
            anchor = anchor_words(cadence)
            if not days:
                return _("on the day: %(what)s", what=anchor)
            if days < 0:
                return str(
                    ngettext(
                        "%(num)s day before: %(what)s",
                        "%(num)s days before: %(what)s",
                        -days,
                        what=anchor,
                    )
                )
            return str(
                ngettext(
                    "%(num)s day after: %(what)s",
                    "%(num)s days after: %(what)s",
                    days,
                    what=anchor,
                )
            )


def anchor_words(around: Around) -> str:
    """What a touch is dated by."""
    if around.event:
        if around.event in FESTIVAL_WORDS:
            return _(FESTIVAL_WORDS[around.event])
        event = events().get(around.event)
        return label(event.label) if event else around.event
    field = whole_catalogue().get(around.field)
    return label(field.label) if field else around.field


def _every(count: int, unit: str) -> str:
    if count == 1:
        return str(_(ONCE[unit]))
    return str(_(SEVERAL[unit], num=count))


def executor_words(executor: str) -> str:
    """Whose task a touch is."""
    if executor == OWNER:
        return _("Owner")
    if executor == DEDICATED:
        return _("Dedicated person")
    kind, _colon, who = executor.partition(":")
    if f"{kind}:" == USER:
        return person_name(int(who)) or executor
    role = role_by_key(who)
    return label(role.label) if role else executor


def touch_words(touch: Touch) -> str:
    """A touch in few words."""
    return _("%(what)s %(often)s", what=label(touch.label), often=cadence_words(touch.cadence))


def reason_words(params: Mapping[str, Any], _reader: Reader) -> str:
    """Why a touch is planned: by which strategy, counted from when; and that its own day was full."""
    name = label(params["name"])
    if params["anchor"]:
        said = _("%(strategy)s: %(day)s", strategy=name, day=_day(params["anchor"]))
    elif params["since"]:
        said = _("%(strategy)s: counted from %(day)s", strategy=name, day=_day(params["since"]))
    else:
        said = _("%(strategy)s: for the first time", strategy=name)
    if params.get("levelled"):
        day = _day(params["levelled"])
        return _("%(why)s; put off from %(day)s, which is full", why=said, day=day)
    return said


def _day(text: str) -> str:
    return str(format_date(date.fromisoformat(text), "medium"))


def channel_words(channel: str) -> str:
    """By which way of contact."""
    return settings.choice_label("channel", channel)


def message_for(touch: Touch, name: str) -> str:
    """The text to send to a customer of this name; empty where a touch has none."""
    return label(touch.message).replace("{name}", name)
