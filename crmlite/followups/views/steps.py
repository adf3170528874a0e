"""Tasks: planned, changed, done, moved, taken over, dropped."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.accounts.queries import person_name
from crmlite.customers import queries as customers
from crmlite.followups.composer import steps_panel
from crmlite.followups.days import soon
from crmlite.followups.forms import (
    DayForm,
    FinishForm,
    as_form,
    moment_of,
    step_change_form,
    step_form,
)
from crmlite.followups.operations import (
    add_task,
    drop_task,
    finish_task,
    move_task,
    take_task,
    update_task,
)
from crmlite.followups.operations.alerts import nudge
from crmlite.followups.queries.of_customer import open_steps
from crmlite.followups.queries.steps import step
from crmlite.followups.views.blueprint import bp
from crmlite.followups.views.staying import CHANGED, renews
from crmlite.forms import Form
from crmlite.forms.times import zone
from crmlite.paging import page, saved
from crmlite.settings import choices
from crmlite.wording import exactly
from crmlite.work import Stale
from crmlite.work.latest import last_change

Row = Mapping[str, Any]
ADDRESS = "/steps/<int:task_id>"


@bp.route("/customers/<number>/steps/new", methods=["GET", "POST"])
@requires("tasks:edit")
def new_step(number: str) -> Any:
    """Plan a task by itself."""
    reader = current_reader()
    customer = customers.customer(number, seen_by=reader)
    if not reader.covers("tasks:edit", customer["owner_id"]):
        abort(403)
    form = step_form(customer["owner_id"], data={"assignee_id": reader.user_id})
    if form.validate_on_submit():
        done = add_task(
            customer["id"], form.value(), form_key=form.key, by=reader.actor, at=clock.now()
        )
        place = url_for("customers.show", number=number)
        return _answer(number, place, _("Planned."), done["operation"])
    return _page(form, customer, url_for(".new_step", number=number), _("Next step"))


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


@bp.route(f"{ADDRESS}/edit", methods=["GET", "POST"])
@requires("tasks:edit")
def edit_step(task_id: int) -> Any:
    """Word a task anew, give it another day or to somebody else."""
    reader = current_reader()
    row = step(task_id, reader)
    form = step_change_form(row)
    form.what.label.text = _title(row)
    faster = None
    if form.validate_on_submit():
        try:
            done = update_task(
                task_id,
                form.changes(),
                version=form.seen,
                form_key=form.key,
                by=reader.actor,
                at=clock.now(),
            )
            message = _("Saved.") if done or row["status"] == "open" else _closed()
            return _answer(row["number"], _back(), message, done)
        except Stale:
            form.conflict(as_form(step(task_id, reader)))
            faster = last_change("customer", row["customer_id"])
    url = _here(".edit_step", task_id)
    return _page(form, _customer_of(row), url, _title(row), faster=faster)


@bp.post(f"{ADDRESS}/completion")
@requires("tasks:edit")
def complete(task_id: int) -> Any:
    """Tick a task off."""
    reader = current_reader()
    row = step(task_id, reader)
    done = finish_task(task_id, by=reader.actor, at=clock.now())
    return _answer(row["number"], _back(), _done(row, done), done)


@bp.route(f"{ADDRESS}/outcome", methods=["GET", "POST"])
@requires("tasks:edit")
def finish(task_id: int) -> Any:
    """Tick a task off with what came of it, and say in the same step how things stand with its
    customer."""
    reader = current_reader()
    row = step(task_id, reader)
    form = FinishForm(data=_standing(row))
    if not reader.covers("customers:edit", row["owner_id"]):
        form.without_customer()
    faster = None
    if form.validate_on_submit():
        try:
            done = finish_task(
                task_id,
                outcome=form.outcome.data or None,
                customer=form.of_customer(),
                version=form.seen,
                form_key=form.key,
                by=reader.actor,
                at=clock.now(),
            )
            return _answer(row["number"], _back(), _done(row, done), done)
        except Stale:
            form.conflict(_standing(step(task_id, reader)))
            faster = last_change("customer", row["customer_id"])
    return page(
        "followups/finish.html",
        "followups/_finish.html",
        form.http_status,
        form=form,
        row=row,
        url=_here(".finish", task_id),
        customer=_customer_of(row),
        faster=faster,
    )


@bp.post(f"{ADDRESS}/drop")
@requires("tasks:edit")
def drop(task_id: int) -> Any:
    """Decide that a task is not to be done."""
    reader = current_reader()
    row = step(task_id, reader)
    done = drop_task(task_id, by=reader.actor, at=clock.now())
    message = _("Dropped: %(what)s", what=row["what"]) if done else _closed()
    return _answer(row["number"], _back(), message, done)


@bp.post(f"{ADDRESS}/takeover")
@requires("tasks:edit")
def take(task_id: int) -> Any:
    """Make a task of somebody else one's own."""
    reader = current_reader()
    row = step(task_id, reader)
    done = take_task(task_id, by=reader.actor, at=clock.now())
    message = _("Yours now: %(what)s", what=row["what"]) if done else _closed()
    return _answer(row["number"], _back(), message, done)


@bp.post(f"{ADDRESS}/nudge")
@requires("tasks:edit")
def remind(task_id: int) -> Any:
    """Remind the colleague whose task it is."""
    reader = current_reader()
    row = step(task_id, reader)
    told = nudge(row, by=reader.actor, at=clock.now())
    who = person_name(row["assignee_id"])
    message = (
        _("%(who)s is told.", who=who)
        if told
        else _("%(who)s was told of it today already, or wants no such notifications.", who=who)
    )
    return _answer(row["number"], _back(), message, 0)


@bp.route(f"{ADDRESS}/day", methods=["GET", "POST"])
@requires("tasks:edit")
def move(task_id: int) -> Any:
    """Put a task on another day: one of those offered, or any, perhaps at a time of day."""
    reader = current_reader()
    row = step(task_id, reader)
    # the day that stands is none that was chosen
    form = DayForm() if request.method == "POST" else DayForm(data=as_form(row))
    if form.validate_on_submit():
        day: date = form.due_on.data
        done = move_task(
            task_id,
            day,
            timed="due_time" in request.form,
            due_at=moment_of(day, form.due_time.data),
            by=reader.actor,
            at=clock.now(),
        )
        message = (
            _("Moved to %(day)s.", day=exactly(day)) if done or day == row["due_on"] else _closed()
        )
        return _answer(row["number"], _back(), message, done)
    return _page(form, _customer_of(row), _here(".move", task_id), _("Another day"))


def _page(form: Form, customer: Row, url: str, title: str, **more: Any) -> Any:
    context = {
        "form": form,
        "title": title,
        "url": url,
        "customer": customer,
        "soon": soon(clock.today(zone())),
        "faster": None,
        **more,
    }
    return page("followups/step.html", "followups/_step.html", form.http_status, **context)


def _title(row: Row) -> str:
    return _("Promise") if row["kind"] == "promise" else _("Next step")


def _customer_of(row: Row) -> Row:
    return {"number": row["number"], "name": row["customer_name"]}


def _standing(row: Row) -> dict[str, Any]:
    """How things stand with the customer of a task, as the form that finishes it shows it."""
    now = row["customer_status"]
    listed = now is None or now in {choice.key for choice in choices("status", retired=True)}
    return {
        "stage": row["stage"],
        "status_line": now if listed else None,
        "words": "" if listed else now,
        "version": row["customer_version"],
    }


def _here(endpoint: str, task_id: int) -> str:
    args = {name: request.args.get(name) or None for name in ("customer", "back")}
    return url_for(endpoint, task_id=task_id, **args, **_kept())


def _kept() -> dict[str, str]:
    """How the calendar stood from which somebody came."""
    found = {name: request.args.get(name, "") for name in ("view", "day", "kind")}
    return {name: value for name, value in found.items() if value}


def _answer(number: str, back: str, message: str, done: int) -> Any:
    """A page that shows the customer or the task stays and renews itself; every other is left for
    `back`."""
    events = {CHANGED: True, "drawer-close": True} if renews(number) else None
    return saved(back, message=message, undo=done or None, events=events)


def _done(row: Row, done: int) -> str:
    return _("Done: %(what)s", what=row["what"]) if done else _closed()


def _closed() -> str:
    return _("Nothing changed: this was done or dropped before.")


def _back() -> str:
    """Where the click came from: the customer's page, the calendar, else Today."""
    number = request.args.get("customer")
    if number:
        return url_for("customers.show", number=number)
    if request.args.get("back") == "calendar":
        return url_for("agenda.calendar", **_kept())
    if request.args.get("back") == "sweep":
        return url_for("agenda.sweep", **_kept())
    return url_for("dashboard.today")
