"""What the ladder says: in tasks, notifications, and why somebody stays."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from crmlite import settings
from crmlite.access import Reader, visible_to
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.rules.messages import MESSAGES
from crmlite.wording import exactly, label

Params = Mapping[str, Any]
CUSTOMERS = Customer.__table__


def in_firms_language(words: Mapping[str, str]) -> str:
    """What tasks say: everybody reads the same line."""
    return words["zh" if str(settings.get("language")) == "zh" else "en"]


def ended_words(params: Params, _reader: Reader) -> str:
    """Why a task asks what becomes of a cooperation."""
    return str(
        _("the contract ended %(day)s, and nothing came after it", day=exactly(_day(params["on"])))
    )


def reactivation_words(_params: Params, _reader: Reader) -> str:
    """Why a task is there of somebody who was brought back."""
    return str(_("reactivation plan"))


def _day(text: str) -> date:
    return date.fromisoformat(text)


def quiet_words(params: Params, reader: Reader) -> str | None:
    """That customers went quiet."""
    if params["customer"] is None:
        return str(
            ngettext(
                "%(num)d customer of yours has had no real contact for long",
                "%(num)d customers of yours have had no real contact for long",
                params["count"],
            )
        )
    wanted = select(CUSTOMERS.c.name).where(CUSTOMERS.c.id == params["customer"])
    name = database.session.execute(visible_to(reader, wanted)).scalar()
    return name and str(_("No real contact for long: %(customer)s", customer=name))


def quiet_url(_params: Params) -> str:
    """Where they stand."""
    return url_for("dormancy.quiet")


def cleanup_words(params: Params, _reader: Reader) -> str:
    """That there is a list to confirm."""
    return str(
        ngettext(
            "The clean-up list of %(quarter)s is ready: %(num)d customer at rest",
            "The clean-up list of %(quarter)s is ready: %(num)d customers at rest",
            params["count"],
            quarter=quarter_words(params["quarter"]),
        )
    )


def cleanup_url(_params: Params) -> str:
    """The list."""
    return url_for("dormancy.cleanup")


def quarter_words(quarter: str) -> str:
    """A quarter in the reader's language."""
    year, number = quarter.split("Q")
    return str(_("Q%(number)s %(year)s", number=number, year=year))


def held_words(held: Any) -> str:
    """Why a customer does not become dormant, though it is time."""
    return " ".join(label(one["text"] or MESSAGES[one["code"]]) for one in held or ())
