"""Next steps: planned, done, moved, dropped."""

from datetime import date
from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.customers import queries as customers
from crmlite.followups.composer import steps_panel
from crmlite.followups.days import soon
from crmlite.followups.forms import DayForm, StepForm
from crmlite.followups.operations import add_task, drop_task, finish_task, move_task
from crmlite.followups.queries.interactions import open_steps
from crmlite.followups.queries.steps import step
from crmlite.followups.views.blueprint import bp
from crmlite.followups.views.staying import CHANGED, stays
from crmlite.forms.times import zone
from crmlite.paging import page, saved
from crmlite.wording import exactly

ADDRESS = "/steps/<int:task_id>"


@bp.route("/customers/<number>/steps/new", methods=["GET", "POST"])
@requires("tasks:edit")
def new_step(number: str) -> Any:
    """Plan a next step by itself."""
    reader = current_reader()
    customer = customers.customer(number, seen_by=reader)
    if not reader.covers("tasks:edit", customer["owner_id"]):
        abort(403)
    form = StepForm(data={"assignee_id": reader.user_id})
    if form.validate_on_submit():
        done = add_task(
            customer["id"], form.value(), form_key=form.key, by=reader.actor, at=clock.now()
        )
        place = url_for("customers.show", number=number)
        return _answer(number, place, _("Planned."), done["operation"])
    return page(
        "followups/step.html",
        "followups/_step.html",
        form.status,
        form=form,
        title=_("Next step"),
        url=url_for(".new_step", number=number),
        customer=customer,
        soon=soon(clock.today(zone())),
    )


@bp.get("/customers/<number>/steps")
@requires("customers:see")
def steps_of(number: str) -> Any:
    """What is still to be done for a customer."""
    reader = current_reader()
    customer = customers.customer(number, seen_by=reader)
    panel = steps_panel(customer, reader, open_steps(customer["id"]))
    return page(
        "followups/open_steps.html",
        "followups/_open_steps.html",
        customer=customer,
        given=panel.context,
    )


@bp.post(f"{ADDRESS}/completion")
@requires("tasks:edit")
def complete(task_id: int) -> Any:
    """Tick a step off."""
    reader = current_reader()
    row = step(task_id, reader)
    done = finish_task(task_id, by=reader.actor, at=clock.now())
    message = _("Done: %(what)s", what=row["what"]) if done else _closed()
    return _answer(row["number"], _back(), message, done)


@bp.post(f"{ADDRESS}/drop")
@requires("tasks:edit")
def drop(task_id: int) -> Any:
    """Decide that a step is not to be done."""
    reader = current_reader()
    row = step(task_id, reader)
    done = drop_task(task_id, by=reader.actor, at=clock.now())
    message = _("Dropped: %(what)s", what=row["what"]) if done else _closed()
    return _answer(row["number"], _back(), message, done)


@bp.route(f"{ADDRESS}/day", methods=["GET", "POST"])
@requires("tasks:edit")
def move(task_id: int) -> Any:
    """Put a step on another day: one of those offered, or any."""
    reader = current_reader()
    row = step(task_id, reader)
    form = DayForm(data={"due_on": row["due_on"]})
    if form.validate_on_submit():
        day: date = form.due_on.data
        done = move_task(task_id, day, by=reader.actor, at=clock.now())
        message = (
            _("Moved to %(day)s.", day=exactly(day)) if done or day == row["due_on"] else _closed()
        )
        return _answer(row["number"], _back(), message, done)
    return page(
        "followups/step.html",
        "followups/_step.html",
        form.status,
        form=form,
        title=_("Another day"),
        url=url_for(".move", task_id=task_id, customer=request.args.get("customer") or None),
        customer={"number": row["number"], "name": row["customer_name"]},
        soon=soon(clock.today(zone())),
    )


def _answer(number: str, back: str, message: str, done: int) -> Any:
    """The customer's page stays and renews what it shows; every other is left for `back`."""
    events = {CHANGED: True, "drawer-close": True} if stays(number) else None
    return saved(back, message=message, undo=done or None, events=events)


def _closed() -> str:
    return _("Nothing changed: this next step was done or dropped before.")


def _back() -> str:
    """Where the click came from: the customer's page, else Today."""
    number = request.args.get("customer")
    if number:
        return url_for("customers.show", number=number)
    return url_for("dashboard.today")
