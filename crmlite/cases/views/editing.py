"""Correcting a case: its facts, its level, its kind; splitting it, linking it."""

from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.cases import operations
from crmlite.cases.categories import level_of
from crmlite.cases.forms.work import ComplaintForm, LevelForm, LinkForm, SplitForm, facts_form
from crmlite.cases.queries import cases as reading
from crmlite.cases.views.blueprint import bp
from crmlite.cases.views.finding import asked, done, found, nothing_new, refused, words
from crmlite.cases.words import GENERAL
from crmlite.followups.queries.interactions import contact_names
from crmlite.paging import saved
from crmlite.work import Refused, Stale


@bp.route("/cases/<number>/edit", methods=["GET", "POST"])
@requires("cases:edit")
def edit(number: str) -> Any:
    """Correct what is known about it."""
    record, reader = found(number, "cases:edit"), current_reader()
    contacts = contact_names(record.row["customer_id"]) if record.sees_customer else None
    form = facts_form(record.row, contacts, record.further_part())
    if form.validate_on_submit():
        try:
            undo = operations.update_case(
                record.row["id"],
                form.changes(record.row),
                version=form.seen,
                by=reader.actor,
                at=clock.now(),
            )
            return done(number, _("Saved.") if undo else nothing_new(), undo or None)
        except Refused as refusal:
            form.blame("opened_at", words(refusal))
        except Stale:
            fresh = found(number)
            form.conflict({**fresh.row, **fresh.further_part().values})
    return asked(form, record, _("Facts"), _("Save"))


@bp.route("/cases/<number>/level", methods=["GET", "POST"])
@requires("cases:edit")
def level(number: str) -> Any:
    """Give a complaint another level."""
    record, reader = found(number, "cases:edit"), current_reader()
    if not record.is_complaint and request.method == "GET":
        return refused(number, Refused("case-no-complaint"))
    form = LevelForm(data=record.row)
    if form.validate_on_submit():
        try:
            undo = operations.change_level(
                record.row["id"],
                form.level.data,
                why=form.why.data or None,
                form_key=form.key,
                by=reader.actor,
                at=clock.now(),
            )
            return done(number, _("Saved.") if undo else nothing_new(), undo or None)
        except Refused as refusal:
            form.blame(None, words(refusal))
    hint = _("Its deadlines become those of the new level, from when it was opened.")
    return asked(form, record, _("Level"), _("Save"), hint=hint)


@bp.route("/cases/<number>/complaint", methods=["GET", "POST"])
@requires("cases:edit")
def complain(number: str) -> Any:
    """Make it a complaint."""
    record, reader = found(number, "cases:edit"), current_reader()
    if record.is_complaint and request.method == "GET":
        return refused(number, Refused("case-is-complaint"))
    begins = level_of(record.row["category"]) or GENERAL
    form = ComplaintForm(data={"level": begins, **reading.was_complaint(record.events)})
    if form.validate_on_submit():
        try:
            undo = operations.make_complaint(
                record.row["id"],
                form.level.data,
                mood=form.mood.data or None,
                demand=form.demand.data or None,
                form_key=form.key,
                by=reader.actor,
                at=clock.now(),
            )
            return done(number, _("It is a complaint now."), undo)
        except Refused as refusal:
            form.blame(None, words(refusal))
    return asked(form, record, _("Make it a complaint"), _("Make it a complaint"))


@bp.route("/cases/<number>/split", methods=["GET", "POST"])
@requires("cases:create")
def split(number: str) -> Any:
    """Open a case of its own for another matter."""
    record, reader, form = found(number, "cases:edit"), current_reader(), SplitForm()
    if form.validate_on_submit():
        made = operations.split(
            record.row["id"],
            form.subject.data,
            said=form.said.data,
            form_key=form.key,
            by=reader.actor,
            at=clock.now(),
        )
        message = _("%(number)s was split off.", number=made["number"])
        return saved(url_for("cases.show", number=made["number"]), message=message)
    return asked(form, record, _("Split off another matter"), _("Open the case"))


@bp.route("/cases/<number>/links/new", methods=["GET", "POST"])
@requires("cases:edit")
def link(number: str) -> Any:
    """Say that another case is about the same."""
    record, reader, form = found(number, "cases:edit"), current_reader(), LinkForm()
    if form.validate_on_submit():
        try:
            other = _other(form.number.data)
            undo = operations.link(record.row["id"], other, by=reader.actor, at=clock.now())
            return done(number, _("Linked.") if undo else nothing_new(), undo or None)
        except LookupError:
            form.blame("number", _("There is no case with this number."))
        except Refused as refusal:
            form.blame("number", words(refusal))
    return asked(form, record, _("Link with another case"), _("Link"))


def _other(number: str) -> int:
    row = reading.by_number(number.strip(), seen_by=current_reader())
    if row is None:
        raise LookupError(number)
    return int(row["id"])


@bp.post("/cases/<number>/links/<other>/removal")
@requires("cases:edit")
def unlink(number: str, other: str) -> Any:
    """Take that back."""
    record, reader = found(number, "cases:edit"), current_reader()
    row = reading.by_number(other, seen_by=reader)
    if row is None:
        abort(404)
    undo = operations.unlink(record.row["id"], row["id"], by=reader.actor, at=clock.now())
    return done(number, _("No longer linked."), undo or None)
