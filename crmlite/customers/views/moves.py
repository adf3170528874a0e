"""Moving a customer: stage, life-cycle with its guard, tier, owner, status."""

import json
from typing import Any

from flask import abort, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from crmlite import clock
from crmlite.access import requires
from crmlite.customers.choices import choice_label, choices
from crmlite.customers.doubts import about_values, news
from crmlite.customers.forms import LifecycleForm, OwnerForm, StatusForm, TierForm
from crmlite.customers.operations import move_lifecycle, move_stage, update_customer
from crmlite.customers.operations.moves import missing_for
from crmlite.customers.record import Record
from crmlite.customers.views.blueprint import bp
from crmlite.customers.views.editing import met
from crmlite.customers.views.found import address, again, record_of
from crmlite.customers.views.keeping import list_address
from crmlite.customers.views.parts import learnt
from crmlite.customers.views.record import ADDRESS, alone, context_of
from crmlite.customers.views.refusals import sentence, status_of
from crmlite.forms import RecordForm
from crmlite.paging import page, saved, toast, wants_part
from crmlite.rules.text import clean_int
from crmlite.work import Refused, Stale

GUARDED = ("urgency", "stage", "reason")
MOST = 2**31 - 1


@bp.post(f"{ADDRESS}/stage")
@requires("customers:edit")
def stage(number: str) -> Any:
    """Move to another stage with one click."""
    record = record_of(number, "customers:edit")
    wanted = request.form.get("stage", "")
    if wanted not in {choice.key for choice in choices("stage")}:
        abort(422)
    version = clean_int(request.form.get("version", ""), least=0, most=MOST).value
    try:
        done = move_stage(
            record.id, wanted, version=version, by=record.reader.actor, at=clock.now()
        )
    except Stale:
        return _outrun(record)
    message = " ".join(
        [
            _("Stage: %(stage)s.", stage=choice_label("stage", wanted)),
            *news(record.row, stage=wanted),
        ]
    )
    return _moved(record, done, message if done else "")


def _outrun(record: Record) -> Any:
    """Somebody else was faster: nothing is done, and the head shows how things stand now."""
    words = _("Not changed: somebody else changed this customer meanwhile. Look again first.")
    if not wants_part():
        toast(words, kind="error")
    response = alone(again(record), "customers/_head.html", status=409)
    if wants_part():
        response.headers["HX-Trigger"] = json.dumps({"toast": {"text": words, "kind": "error"}})
    return response


@bp.route(f"{ADDRESS}/lifecycle", methods=["GET", "POST"])
@requires("customers:edit")
def lifecycle(number: str) -> Any:
    """Move to another life-cycle state. What the move lacks is asked for as soon as it is chosen."""
    record = record_of(number, "customers:edit")
    chosen = _chosen(record)
    form = LifecycleForm(
        data={
            "lifecycle": chosen,
            "stage": record.row["stage"],
            "reason": record.row["lost_reason"],
            "version": record.row["version"],
        }
    )
    asked = _asked(record, form, chosen)
    faster = None
    fits = form.validate_on_submit()
    if fits and _must_look(record, form):
        asked = [name for name in GUARDED if name == "stage" or name in request.form]
    elif fits:
        try:
            done = move_lifecycle(
                record.id,
                **_wanted(record, form),
                version=form.seen,
                form_key=form.key,
                by=record.reader.actor,
                at=clock.now(),
            )
        except Refused as refusal:
            missing = list(refusal.params.get("missing", ()))
            if not missing:
                form.blame("lifecycle", sentence(refusal))
            for name in set(missing) & request.form.keys():  # others were not asked for so far
                form.blame(name, sentence(Refused(f"{name}-needed")))
            asked = [name for name in GUARDED if name in missing or name in request.form]
        except Stale:
            now = again(record).row
            record, faster = met(
                record, form, lifecycle=now["lifecycle"], reason=now["lost_reason"]
            )
        else:
            return _moved(record, done, _("Saved."))
    status = 422 if request.method == "POST" and asked else status_of(form)
    return _form(record, form, "lifecycle", faster, status, asked=asked)


def _wanted(record: Record, form: LifecycleForm) -> dict[str, Any]:
    """The move that is asked for. An urgency that was asked for another one opens no need."""
    wanted = {
        "lifecycle": form.lifecycle.data or record.row["lifecycle"],
        "stage": form.stage.data if "stage" in request.form else None,
        "urgency": None,
        "reason": form.reason.data,
    }
    is_asked = form.urgency.data and "urgency" in _lacks(record, wanted)
    return {**wanted, "urgency": form.urgency.data if is_asked else None}


def _lacks(record: Record, wanted: dict[str, Any]) -> list[str]:
    """What a move lacks; nothing where no addition makes it possible."""
    try:
        return missing_for(record.row, **wanted)
    except Refused:
        return []


def _must_look(record: Record, form: LifecycleForm) -> bool:
    """Whether the move makes something doubtful that the person has not been shown. What it lacks
    is asked for first."""
    wanted = _wanted(record, form)
    try:
        lacks = missing_for(record.row, **wanted)
    except Refused:
        return False
    after = {
        "lifecycle": wanted["lifecycle"],
        "stage": wanted["stage"] or record.row["stage"],
    }
    found = about_values({**record.row, **after})
    return not lacks and bool(form.must_look(found, about_values(record.row)))


def _chosen(record: Record) -> str:
    """The state whose questions are wanted: one in the address, else the present one."""
    wanted = request.args.get("lifecycle", "")
    return (
        wanted if wanted in {one.key for one in choices("lifecycle")} else record.row["lifecycle"]
    )


def _asked(record: Record, form: LifecycleForm, wanted: str) -> list[str]:
    """What a move to a state asks for; the form says it when there is no such move."""
    try:
        return missing_for(record.row, wanted, stage=None, urgency=None, reason=None)
    except Refused as refusal:
        form.lifecycle.errors = [sentence(refusal)]
        return []


@bp.route(f"{ADDRESS}/tier", methods=["GET", "POST"])
@requires("customers:tier")
def tier(number: str) -> Any:
    """Set the tier by hand."""
    record = record_of(number, "customers:tier")
    form = TierForm(data=record.row)
    return _simple(record, form, "tier", {"tier": form.tier.data})


@bp.route(f"{ADDRESS}/owner", methods=["GET", "POST"])
@requires("customers:assign")
def owner(number: str) -> Any:
    """Give the customer to somebody else."""
    record = record_of(number, "customers:assign")
    form = OwnerForm(data=record.row)
    return _simple(record, form, "owner", {"owner_id": form.owner_id.data})


@bp.route(f"{ADDRESS}/status", methods=["GET", "POST"])
@requires("customers:edit")
def status(number: str) -> Any:
    """Say in one line how things are."""
    record = record_of(number, "customers:edit")
    now = record.row["status"]
    listed = now is None or now in {choice.key for choice in choices("status", retired=True)}
    form = StatusForm(
        data={
            "status": now if listed else None,
            "words": "" if listed else now,
            "version": record.row["version"],
        }
    )
    return _simple(record, form, "status", {"status": form.value() or None})


def _simple(record: Record, form: RecordForm, name: str, values: dict[str, Any]) -> Any:
    """Save one value of the head, or show its form."""
    if record.row["state"] != "active":
        abort(403)
    faster = None
    if form.validate_on_submit():
        try:
            at = clock.now()
            done = update_customer(
                record.id,
                values,
                version=form.seen,
                form_key=form.key,
                by=record.reader.actor,
                at=at,
                **learnt(form, at),
            )
        except Stale:
            record, faster = met(record, form, **{c: again(record).row[c] for c in values})
        else:
            return _moved(record, done, _("Saved.") if done else _("Nothing was changed."))
    return _form(record, form, name, faster, status_of(form))


def _moved(record: Record, done: int, message: str) -> Any:
    """The answer after a move: the page, or for the path of stages the renewed head. Whoever gave
    the customer away and sees it no more is led to the list."""
    if request.endpoint == "customers.stage" and wants_part():
        fresh = again(record)
        return saved(
            address(fresh),
            "customers/_head.html",
            message=message,
            undo=done or None,
            events={"customer-moved": True},
            **context_of(fresh),
        )
    return saved(_after(record), message=message, undo=done or None)


def _after(record: Record) -> str:
    try:
        return address(again(record))
    except NotFound:
        return list_address()


def _form(
    record: Record, form: RecordForm, name: str, faster: Any, status: int, **more: Any
) -> Any:
    return page(
        f"customers/{name}.html",
        f"customers/_{name}.html",
        status=status,
        form=form,
        record=record,
        faster=faster,
        **more,
    )
