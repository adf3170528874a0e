"""Tasks of the people who work on a case: asked for, done, dropped."""

from typing import Any

from flask import abort, request
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.accounts.queries import people
from crmlite.cases import operations
from crmlite.cases.forms.work import task_form
from crmlite.cases.record import CaseRecord
from crmlite.cases.views.blueprint import bp
from crmlite.cases.views.finding import asked, done, found, nothing_new, refused, words
from crmlite.followups.operations.planning import DROPPED
from crmlite.work import Refused


@bp.route("/cases/<number>/tasks/new", methods=["GET", "POST"])
@requires("cases:edit")
def ask(number: str) -> Any:
    """Ask somebody who works on it for something."""
    record, reader = found(number, "cases:edit"), current_reader()
    if record.is_closed and request.method == "GET":
        return refused(number, Refused("case_is_closed"))
    form = task_form(_workers(record))
    if form.validate_on_submit():
        try:
            undo = operations.ask(
                record.row["id"],
                form.what.data,
                form.user_id.data,
                form.moment,
                form_key=form.key,
                by=reader.actor,
                at=clock.now(),
            )
            return done(number, _("The task is given."), undo)
        except Refused as refusal:
            form.blame(None, words(refusal))
    hint = "" if record.workers else _("Nobody works on the case yet: assign it, or form a team.")
    return asked(form, record, _("Task"), _("Save"), hint=hint)


def _workers(record: CaseRecord) -> list[Any]:
    everyone = people()
    return [everyone[one] for one in record.workers if one in everyone and everyone[one].active]


@bp.post("/cases/<number>/tasks/<int:task_id>/completion")
@requires("cases:see")
def finish_task(number: str, task_id: int) -> Any:
    """Tick a task or a promise off; whose task it is may do so too."""
    record = found(number)
    task = _task(record, task_id)
    if not (record.editable or task["assignee_id"] == current_reader().user_id):
        abort(403)
    undo = operations.close_task(
        record.row["id"], task_id, by=current_reader().actor, at=clock.now()
    )
    return done(
        number, _("Done: %(what)s", what=task["what"]) if undo else nothing_new(), undo or None
    )


@bp.post("/cases/<number>/tasks/<int:task_id>/drop")
@requires("cases:edit")
def drop_task(number: str, task_id: int) -> Any:
    """Decide that a task is not to be done."""
    record = found(number, "cases:edit")
    task = _task(record, task_id)
    undo = operations.close_task(
        record.row["id"], task_id, status=DROPPED, by=current_reader().actor, at=clock.now()
    )
    return done(
        number, _("Dropped: %(what)s", what=task["what"]) if undo else nothing_new(), undo or None
    )


def _task(record: CaseRecord, task_id: int) -> Any:
    for task in (*record.tasks, *record.promises):
        if task["id"] == task_id:
            return task
    return abort(404)
