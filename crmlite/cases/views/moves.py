"""A case on its way: acknowledged, begun, waiting, resolved, revisited, reopened, deleted."""

from collections.abc import Callable
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.cases import operations
from crmlite.cases.forms.work import PlanForm, WaitForm, WhyForm, revisit_form, solution_form
from crmlite.cases.views.blueprint import bp
from crmlite.cases.views.finding import asked, done, found, refused, words
from crmlite.paging import saved
from crmlite.rules import casework
from crmlite.rules.casework import Status
from crmlite.rules.problems import Problem
from crmlite.work import Refused, Stale


def _moved(number: str, to: Status, message: str) -> Any:
    record, reader = found(number, "cases:edit"), current_reader()
    try:
        undo = operations.move(record.row["id"], to, by=reader.actor, at=clock.now())
    except Refused as refusal:
        return refused(number, refusal)
    return done(number, message, undo)


@bp.post("/cases/<number>/acknowledgement")
@requires("cases:edit")
def acknowledge(number: str) -> Any:
    """Say that the case is seen and will be worked on."""
    return _moved(number, Status.ACKNOWLEDGED, _("Acknowledged."))


@bp.post("/cases/<number>/work")
@requires("cases:edit")
def begin(number: str) -> Any:
    """Begin to work on it, or go on after waiting."""
    return _moved(number, Status.IN_PROGRESS, _("In progress."))


@bp.route("/cases/<number>/waiting", methods=["GET", "POST"])
@requires("cases:edit")
def wait(number: str) -> Any:
    """Wait for the customer: the clocks are on hold until they are heard."""
    record, reader, form = found(number, "cases:edit"), current_reader(), WaitForm()
    problem = casework.refusal(record.row["status"], Status.WAITING)

    def act() -> Any:
        return operations.move(
            record.row["id"],
            Status.WAITING,
            why=form.why.data,
            form_key=form.key,
            by=reader.actor,
            at=clock.now(),
        )

    hint = _("The clocks are on hold until the customer is heard.")
    return _through(
        form,
        record,
        act,
        _("Wait for the customer"),
        _("Wait"),
        _("On hold."),
        problem=problem,
        hint=hint,
    )


@bp.route("/cases/<number>/plan", methods=["GET", "POST"])
@requires("cases:edit")
def plan(number: str) -> Any:
    """Write down the plan that was agreed with the customer."""
    record, reader, form = found(number, "cases:edit"), current_reader(), PlanForm()

    def act() -> Any:
        return operations.agree_plan(
            record.row["id"],
            form.plan.data,
            form.moment,
            form_key=form.key,
            by=reader.actor,
            at=clock.now(),
        )

    hint = _("The date is a promise, and from now on the deadline of the resolution.")
    return _through(
        form,
        record,
        act,
        _("Agreed plan"),
        _("Record agreed plan"),
        _("The plan is agreed."),
        problem=casework.over_problem(record.row["status"]),
        hint=hint,
    )


@bp.route("/cases/<number>/resolution", methods=["GET", "POST"])
@requires("cases:edit")
def resolve(number: str) -> Any:
    """Say that it is resolved, and how."""
    record, reader = found(number, "cases:edit"), current_reader()
    form = solution_form(record)

    def act() -> Any:
        return operations.resolve(
            record.row["id"],
            form.value(),
            done=form.ticked,
            version=form.seen,
            form_key=form.key,
            by=reader.actor,
            at=clock.now(),
        )

    is_begun = record.row["status"] == Status.ACKNOWLEDGED
    needed = _("Needed before the case can be closed.") if record.needs_cause else ""
    return _through(
        form,
        record,
        act,
        _("Resolved"),
        _("Mark as resolved"),
        _("Resolved. A revisit is due."),
        problem=None if is_begun else casework.refusal(record.row["status"], Status.RESOLVED),
        hints={
            "root_cause": needed,
            "corrective_action": needed,
            "done": _("What stays open closes with the case, as not done."),
        },
    )


@bp.route("/cases/<number>/revisit", methods=["GET", "POST"])
@requires("cases:edit")
def revisit(number: str) -> Any:
    """Ask the customer whether it is settled."""
    record, reader = found(number, "cases:edit"), current_reader()
    form = revisit_form(record)

    def act() -> Any:
        told = form.value(record.row["contact_id"])
        return operations.revisit(
            record.row["id"],
            told,
            done=form.ticked,
            form_key=form.key,
            by=reader.actor,
            at=clock.now(),
        )

    needed = _("Needed before the case can be closed.")
    return _through(
        form,
        record,
        act,
        _("Revisit"),
        _("Save"),
        _("Written down."),
        problem=casework.refusal(record.row["status"], Status.CONFIRMED),
        hints={
            "root_cause": needed,
            "corrective_action": needed,
            "done": _("Once the case is confirmed, the rest closes with it, as not done."),
        },
    )


@bp.route("/cases/<number>/reopening", methods=["GET", "POST"])
@requires("cases:edit")
def reopen(number: str) -> Any:
    """Take it up again."""
    record, reader, form = found(number, "cases:edit"), current_reader(), WhyForm()

    def act() -> Any:
        return operations.reopen(
            record.row["id"],
            why=form.why.data,
            form_key=form.key,
            by=reader.actor,
            at=clock.now(),
        )

    problem = None if record.is_done else Problem("case_not_resolved_yet")
    return _through(form, record, act, _("Reopen"), _("Reopen"), _("Reopened."), problem=problem)


@bp.post("/cases/<number>/deletion")
@requires("cases:delete")
def delete(number: str) -> Any:
    """Move it to the recycle bin."""
    record, reader = found(number, "cases:delete"), current_reader()
    undo = operations.delete_case(record.row["id"], by=reader.actor, at=clock.now())
    return saved(url_for("cases.queue"), message=_("The case is in the recycle bin."), undo=undo)


def _through(
    form: Any,
    record: Any,
    act: Callable[[], Any],
    title: str,
    save: str,
    message: str,
    *,
    problem: Problem | None,
    **more: Any,
) -> Any:
    """A form that does one thing with a case, and then leads back to it; not opened where a `problem`
    stands in its way."""
    if problem is not None and request.method == "GET":
        return refused(record.number, Refused(problem.code, problem.params))
    if form.validate_on_submit():
        try:
            return done(record.number, message, act())
        except Refused as refusal:
            form.blame(None, words(refusal))
        except Stale:
            form.conflict(found(record.number).row)
    return asked(form, record, title, save, **more)
