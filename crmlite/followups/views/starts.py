"""Contacts that begin: noted with one tap, and settled when they are written down."""

from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.customers import queries as customers
from crmlite.followups.kinds import kinds
from crmlite.followups.operations import dismiss_start, start_contact
from crmlite.followups.queries.promptness import start
from crmlite.followups.views.blueprint import bp
from crmlite.followups.views.staying import CHANGED, renews
from crmlite.paging import asked_from, saved


@bp.post("/customers/<number>/starts")
@requires("interactions:create")
def begin(number: str) -> Any:
    """Note that the reader begins a contact now: it waits on Today until it is written down."""
    reader = current_reader()
    customer = customers.customer(number, seen_by=reader)
    if not reader.covers("interactions:create", customer["owner_id"]):
        abort(403)
    offered = [choice.key for choice in kinds()]
    wanted = request.form.get("kind", "")
    kind = wanted if wanted in offered else offered[0]
    done = start_contact(customer["id"], kind, by=reader.actor, at=clock.now())
    message = _("Noted. Write down afterwards what was said: it waits under Today.")
    return _answer(number, message if done["operation"] else "", done["operation"])


@bp.post("/starts/<int:start_id>/dismissal")
@requires("interactions:create")
def dismiss(start_id: int) -> Any:
    """Say that a begun contact did not take place after all."""
    reader = current_reader()
    row = start(start_id, reader)
    if row is None:
        abort(404)
    done = dismiss_start(start_id, by=reader.actor, at=clock.now())
    message = (
        _("It did not take place: nothing is to be written down.")
        if done
        else _("Nothing changed: it was written down or taken off before.")
    )
    return _answer(row["number"], message, done)


def _answer(number: str, message: str, done: int) -> Any:
    """A page that htmx asks from stays; a browser goes back to where it was."""
    endpoint, _values = asked_from()
    events = {CHANGED: True} if renews(number) or endpoint else None
    back = url_for("dashboard.today")
    match request.args.get("back"):
        case "brief":
            back = url_for("followups.brief", number=number)
        case "customer":
            back = url_for("customers.show", number=number)
    return saved(back, message=message, undo=done or None, events=events)
