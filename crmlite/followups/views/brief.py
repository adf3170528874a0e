"""The brief: what to know before a contact, for the phone and on paper."""

from typing import Any

from crmlite.access import current_reader, requires
from crmlite.customers import queries as customers
from crmlite.followups.brief import Brief
from crmlite.followups.kinds import ICONS, kinds
from crmlite.followups.views.blueprint import bp
from crmlite.paging import page


@bp.get("/customers/<number>/brief")
@requires("customers:see")
def brief(number: str) -> Any:
    """Who they are and how to reach them, what was said and promised, what they need and like."""
    reader = current_reader()
    customer = customers.customer(number, seen_by=reader)
    found = Brief(customer, reader)
    return page(
        "followups/brief.html",
        "followups/_brief.html",
        brief=found,
        record=found.record,
        customer=customer,
        reader=reader,
        kinds=kinds(),
        icons=ICONS,
    )
