"""What cases put on the pages of others: the customer's page, the brief, Today."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import Reader, can
from crmlite.cases import timeline
from crmlite.cases.explaining import left_in_brief, left_until, state_of
from crmlite.cases.facts import calendar_for
from crmlite.cases.queries import cases as reading
from crmlite.cases.queries import queue
from crmlite.cases.words import clock_label
from crmlite.panels import Action, Panel
from crmlite.rules.casework import Status

Row = Mapping[str, Any]
SHOWN, LATEST, SHOWN_TODAY = 3, 20, 6


def of_customer(customer: Row, reader: Reader) -> list[Panel]:
    """The latest cases of a customer."""
    if not reader.may("cases:see"):
        return []
    found = timeline.latest(customer, reader, SHOWN)
    if not found:
        return []
    context = {"cases": found}
    return [
        Panel(
            name="cases",
            title=_("Complaints"),
            template="cases/_customer_panel.html",
            context=context,
            weight=25,
        )
    ]


def actions(customer: Row, reader: Reader) -> list[Action]:
    """Opening a case for a customer."""
    if not can("cases:create") or customer["state"] != "active":
        return []
    return [
        Action(
            name="new-case",
            label=_("New complaint"),
            icon="message-circle",
            url=url_for("cases.new", customer=customer["number"]),
            weight=20,
            drawer=False,
        )
    ]


def brief(customer: Row, reader: Reader) -> list[Panel]:
    """Open cases of a customer, to be known before one talks with them."""
    if not reader.may("cases:see"):
        return []
    found = [
        one
        for one in reading.of_customer(reader, customer["id"], limit=LATEST)
        if one["status"] != Status.CONFIRMED
    ]
    if not found:
        return []
    return [
        Panel(
            name="open-cases",
            title=_("Open complaints"),
            template="cases/_customer_panel.html",
            context={"cases": found},
            weight=20,
        )
    ]


def on_today(shown: Any, reader: Reader) -> list[Panel]:
    """What somebody has on the desk, the most urgent first."""
    if not reader.may("cases:see") or shown.is_team:
        return []
    rows, count = queue.on_desk(reader, shown.ids[0], SHOWN_TODAY)
    if not rows:
        return []
    now = clock.now()
    return [
        Panel(
            name="cases",
            title=_("Complaints on my clock") if shown.mine else _("Complaints on the desk"),
            template="cases/_today_panel.html",
            context={"cases": [_on_desk(row, now) for row in rows]},
            count=count,
            url=url_for("cases.queue", view="mine") if shown.mine else "",
            weight=20,
        )
    ]


def _on_desk(row: Row, now: datetime) -> dict[str, Any]:
    found = {
        "subject": row["subject"],
        "number": row["number"],
        "url": url_for("cases.show", number=row["number"]),
        "customer": row["customer"],
        "clock": clock_label(row["clock"]) if row["clock"] else "",
        "left": _("on hold") if row["is_held"] else "",
        "state": "",
    }
    if row["due_at"] is not None:
        left = left_until(row["due_at"], row["unit"], now, calendar_for(row))
        found |= {
            "left": left_in_brief(left, row["unit"]),
            "state": state_of(left, is_held=False),
        }
    return found
