"""Who is on a case: taking it, giving it to others, the joint team."""

from typing import Any

from flask import abort
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import can, current_reader, requires
from crmlite.accounts.queries import person_name
from crmlite.cases import operations
from crmlite.cases.forms.work import AssignForm, MemberForm
from crmlite.cases.queries.cases import assignee_of
from crmlite.cases.views.blueprint import bp
from crmlite.cases.views.finding import asked, done, found, nothing_new, refused, words
from crmlite.work import Refused, Stale


@bp.post("/cases/<number>/desk")
@requires("cases:see")
def take(number: str) -> Any:
    """Put it on one's own desk. Who may give cases to others takes any they see; else one's own."""
    record, reader = found(number), current_reader()
    if not (can("cases:assign") or record.may("cases:edit")):
        abort(403)
    try:
        undo = operations.take(record.row["id"], by=reader.actor, at=clock.now())
    except Refused as refusal:
        return refused(number, refusal)
    message = _("%(number)s is yours now.", number=record.number) if undo else nothing_new()
    return done(number, message, undo or None)


@bp.route("/cases/<number>/assignment", methods=["GET", "POST"])
@requires("cases:assign")
def assign(number: str) -> Any:
    """Put it on somebody's desk."""
    record, reader = found(number), current_reader()
    form = AssignForm(data=record.row)
    if form.validate_on_submit():
        try:
            undo = operations.assign(
                record.row["id"],
                form.assignee_id.data,
                team_id=form.team_id.data,
                version=form.seen,
                by=reader.actor,
                at=clock.now(),
            )
            return done(number, _assigned(form, undo), undo or None)
        except Refused as refusal:
            form.blame("assignee_id", words(refusal))
        except Stale:
            form.conflict(found(number).row)
    hint = _("The clocks go by the working calendar of the team.")
    return asked(form, record, _("Assign"), _("Assign"), hint=hint)


def _assigned(form: AssignForm, undo: int) -> str:
    if not undo:
        return nothing_new()
    who = person_name(form.assignee_id.data) or _("the team's queue")
    return _("Assigned to %(who)s.", who=who)


@bp.post("/cases/<number>/turn")
@requires("cases:assign")
def hand_round(number: str) -> Any:
    """Give it to whose turn it is in the team."""
    record, reader = found(number), current_reader()
    try:
        undo = operations.hand_round(record.row["id"], by=reader.actor, at=clock.now())
    except Refused as refusal:
        return refused(number, refusal)
    who = person_name(assignee_of(record.row["id"]))
    return done(number, _("Given to %(who)s.", who=who), undo)


@bp.route("/cases/<number>/team/new", methods=["GET", "POST"])
@requires("cases:edit")
def join(number: str) -> Any:
    """Add somebody to the joint team."""
    record, reader, form = found(number, "cases:edit"), current_reader(), MemberForm()
    if form.validate_on_submit():
        try:
            undo = operations.join(
                record.row["id"],
                form.user_id.data,
                form.duty.data,
                form_key=form.key,
                by=reader.actor,
                at=clock.now(),
            )
            return done(number, _("The team has grown."), undo or None)
        except Refused as refusal:
            form.blame("user_id", words(refusal))
    return asked(form, record, _("Joint team"), _("Add"))


@bp.post("/cases/<number>/team/<int:user_id>/departure")
@requires("cases:edit")
def leave(number: str, user_id: int) -> Any:
    """Take somebody out of the joint team."""
    record, reader = found(number, "cases:edit"), current_reader()
    undo = operations.leave(record.row["id"], user_id, by=reader.actor, at=clock.now())
    return done(number, _("%(who)s left the team.", who=person_name(user_id)), undo or None)
