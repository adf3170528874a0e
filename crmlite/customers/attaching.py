"""Files of customers: how a customer is found for them, and where they stand on its page."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from crmlite.access import Reader
from crmlite.customers.queries import in_sight
from crmlite.files.attachables import Attachable, Target
from crmlite.files.queries import unpacked
from crmlite.files.showing import attachments
from crmlite.panels import Panel
from crmlite.wording import N_

Row = Mapping[str, Any]


def attachable() -> Attachable:
    """Customers take files."""
    return Attachable(record_type="customer", label=N_("Customer"), find=_find)


def panels(customer: Row, reader: Reader) -> list[Panel]:
    """The files beside a customer; the row of its page holds the latest ones."""
    rows, active = unpacked(customer["attachments"]), customer["state"] == "active"
    given = attachments(
        "customer",
        customer["id"],
        _target(customer),
        reader,
        rows=rows,
        may_change=active,
        beside=True,
    )
    if given is None:
        return []
    return [
        Panel(
            name="attachments",
            title=_("Files"),
            template="files/_attachments.html",
            context=given,
            weight=50,
        )
    ]


def _find(reader: Reader, customer_id: int, *, change: bool) -> Target | None:
    row = in_sight(reader, [customer_id]).get(customer_id)
    if row is None or (change and row["state"] != "active"):
        return None
    return _target(row)


def _target(row: Row) -> Target:
    return Target(
        customer_id=row["id"],
        owner_id=row["owner_id"],
        url=url_for("customers.show", number=row["number"]),
        title=row["name"],
    )
