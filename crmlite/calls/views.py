"""The page of a telephone revisit."""

from typing import Any

from flask import Blueprint, abort, request, url_for
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.calls.forms import call_form
from crmlite.calls.outline import LEAST, MOST, outline_of
from crmlite.customers import queries as customers
from crmlite.followups.brief import Brief
from crmlite.followups.operations import log_interaction
from crmlite.followups.queries.interactions import contact_names
from crmlite.followups.queries.of_customer import open_steps
from crmlite.forms import Option
from crmlite.paging import page, saved, with_query

bp = Blueprint("calls", __name__, template_folder="templates")
RIGHT = "interactions:create"
KEPT = ("step", "back")  # what goes along from the address


@bp.route("/customers/<number>/call", methods=["GET", "POST"])
@requires(RIGHT)
def call(number: str) -> Any:
    """Call a customer along a prepared outline, `?step=` for a task that was planned; what was said
    becomes one contact, and the task is done with it."""
    reader = current_reader()
    customer = customers.customer(number, seen_by=reader)
    if not reader.covers(RIGHT, customer["owner_id"]):
        abort(403)
    steps = open_steps(customer["id"])
    outline = outline_of(customer, reader, steps, request.args.get("step"))
    names = contact_names(customer["id"])
    form = call_form(
        outline,
        [Option(str(key), name) for key, name in names],
        [Option(str(row["id"]), row["what"]) for row in steps],
        data={
            "asked": outline.mark,
            "occurred_at": clock.now(),
            "answered": True,
            "contact_id": next((pair[0] for pair in names), None),
            "closes": [outline.task_id] if outline.task_id else [],
        },
    )
    if form.validate_on_submit():
        done = log_interaction(
            form.draft(customer["id"], reader.user_id),
            form_key=form.key,
            by=reader.actor,
            at=clock.now(),
        )
        place = url_for("customers.show", number=number)
        if request.args.get("back") == "today":
            place = url_for("dashboard.today")
        return saved(place, message=_("Written down."), undo=done["operation"])
    here = url_for("calls.call", number=number)
    brief = Brief(customer, reader)
    return page(
        "calls/call.html",
        "calls/_call.html",
        form.http_status,
        form=form,
        outline=outline,
        customer=customer,
        brief=brief,
        record=brief.record,
        reader=reader,
        panels=[one for one in brief.panels if one.name != "talk"],
        least=LEAST,
        most=MOST,
        url=with_query(here, {name: request.args.get(name) for name in KEPT}),
    )
