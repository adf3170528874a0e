"""What telephone revisits contribute: their page, and the way to it."""

from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext as _

from crmlite import hookimpl
from crmlite.access import Reader
from crmlite.calls.views import RIGHT, bp
from crmlite.panels import Action


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The page."""
    return [bp]


@hookimpl
def customer_actions(customer: Any, reader: Reader) -> list[Action]:
    """The button in the head of a customer's page."""
    if customer["state"] != "active" or not reader.covers(RIGHT, customer["owner_id"]):
        return []
    return [
        Action(
            name="call",
            label=_("Telephone revisit"),
            icon="phone",
            url=url_for("calls.call", number=customer["number"]),
            weight=25,
            drawer=False,
        )
    ]
