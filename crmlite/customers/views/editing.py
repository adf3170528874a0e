"""Changing fields: all of them in a form, one in its place, two versions when others were faster."""

from collections.abc import Mapping
from typing import Any

from flask import abort
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import requires
from crmlite.customers.doubts import about, about_values
from crmlite.customers.duplicates import Probe
from crmlite.customers.fields import column_of
from crmlite.customers.forms import edit_form, fact_form, stored
from crmlite.customers.further import Fact
from crmlite.customers.operations import update_customer
from crmlite.customers.record import Record
from crmlite.customers.views.blueprint import bp
from crmlite.customers.views.found import address, again, record_of
from crmlite.customers.views.likeness import Alike, alike
from crmlite.customers.views.record import ADDRESS
from crmlite.customers.views.refusals import status_of
from crmlite.forms import RecordForm
from crmlite.paging import page, redirected, saved, wants_part
from crmlite.work import Stale
from crmlite.work.latest import last_change


@bp.route(f"{ADDRESS}/edit", methods=["GET", "POST"])
@requires("customers:edit")
def edit(number: str) -> Any:
    """Change what is known of a customer."""
    record = record_of(number, "customers:edit")
    form = edit_form(record)
    faster = None
    if form.validate_on_submit() and not _must_look(record, form):
        try:
            done = _update(record, form)
            return saved(address(record), message=_("Saved."), undo=done or None)
        except Stale:
            record, faster = met(record, form)
    return page(
        "customers/edit.html",
        "customers/_edit.html",
        status=status_of(form),
        form=form,
        record=record,
        faster=faster,
    )


@bp.route(f"{ADDRESS}/facts/<field>", methods=["GET", "POST"])
@requires("customers:edit")
def fact(number: str, field: str) -> Any:
    """Change one field in its place."""
    record = record_of(number, "customers:edit")
    form = fact_form(record, field)
    if form is None:
        abort(404)
    faster = None
    if form.validate_on_submit() and not _must_look(record, form):
        try:
            done = _update(record, form)
        except Stale:
            record, faster = met(record, form)
        else:
            record = again(record)
            return saved(
                address(record),
                "customers/_fact.html",
                undo=done or None,
                message=_("Saved.") if done else "",
                events={"customer-changed": True} if done else None,
                record=record,
                one=_fact(record, field),
            )
    return page(
        "customers/fact.html",
        "customers/_fact_form.html",
        status=status_of(form),
        form=form,
        record=record,
        one=_fact(record, field),
        faster=faster,
    )


@bp.get(f"{ADDRESS}/facts/<field>/value")
@requires("customers:see")
def fact_value(number: str, field: str) -> Any:
    """A field as it stands; whoever has no scripts gets the page."""
    record = record_of(number)
    if not wants_part():
        return redirected(address(record))
    return page("customers/_fact.html", record=record, one=_fact(record, field))


@bp.post(f"{ADDRESS}/likeness")
@requires("customers:edit")
def likeness_of(number: str) -> Any:
    """Whether the book has somebody like the customer under the name that is being typed."""
    record = record_of(number, "customers:edit")
    found = _alike(record, edit_form(record))
    return page("customers/likeness.html", "customers/_likeness.html", alike=found)


def met(record: Record, form: RecordForm, **theirs: Any) -> tuple[Record, Any]:
    """Somebody else saved first: the customer as it is now, and who it was; the form knows what
    differs."""
    record = again(record)
    form.conflict(theirs_of(record) | theirs)
    return record, last_change("customer", record.id)


def theirs_of(record: Record) -> Mapping[str, Any]:
    """The values that the reader may see of the customer as it is now."""
    return stored(record, [field for field in record.fields() if record.may_set(field)])


def _update(record: Record, form: Any) -> int:
    return update_customer(
        record.id,
        form.values(),
        version=form.seen,
        form_key=form.key,
        by=record.reader.actor,
        at=clock.now(),
    )


def _must_look(record: Record, form: Any) -> bool:
    """Whether something became doubtful that the person has not been shown."""
    form.alike = _alike(record, form)
    return bool(form.must_look(about(form, **record.row), about_values(record.row)))


def _alike(record: Record, form: Any) -> list[Alike]:
    """Who in the book the customer may be under its new name."""
    name = form["name"].data if "name" in form else record.row["name"]
    if not name or name == record.row["name"]:
        return []
    probe = Probe(
        name=name,
        kind=record.row["kind"],
        birthday=form["birthday"].data if "birthday" in form else record.row["birthday"],
        address=form["address"].data if "address" in form else record.value("address"),
    )
    return alike(record.reader, probe, besides=[record.id])


def _fact(record: Record, name: str) -> Fact:
    field = next((one for one in record.fields() if column_of(one.name) == name), None)
    if field is None:
        abort(404)
    return record.fact(field)
