"""Settings: the fields of each kind of record, their order, those that are asked for no more."""

from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext as _

from crmlite import clock, hooks
from crmlite.access import current_reader, requires
from crmlite.fields import operations
from crmlite.fields.catalogue import FieldLine, field_row, lines_of
from crmlite.fields.record_kinds import record_kinds
from crmlite.fields.views.blueprint import bp
from crmlite.fields.views.refusals import sentence
from crmlite.paging import page, saved
from crmlite.wording import label
from crmlite.work import Refused

MANAGE = "fields:manage"
PART = "fields/_fields.html"
MOVES = {"up": -1, "down": 1}


@bp.get("/settings/fields")
@requires(MANAGE)
def overview() -> Any:
    """The fields of a kind of record: `?of=case`."""
    return page("fields/fields.html", PART, **context(kind_of(request.args.get("of", ""))))


def kind_of(name: str) -> str:
    """The kind of record that is asked for; customers where none is named. 404 for one without
    further fields."""
    known = record_kinds()
    name = name or next(iter(known))
    if name not in known:
        abort(404)
    return name


def address(kind: str) -> str:
    """Where the fields of a kind of record are."""
    return url_for("fields.overview", of=kind)


def context(kind: str) -> dict[str, Any]:
    """What the page shows."""
    lines = lines_of(kind)
    packs = hooks.enabled()
    resting = [one for one in lines if one.state != "active" or not one.is_on(packs)]
    return {
        "kind": kind,
        "tabs": [
            {"label": label(words), "url": address(name), "current": name == kind}
            for name, words in record_kinds().items()
        ],
        "asked": [one for one in lines if one not in resting],
        "rested": resting,
    }


@bp.post("/settings/fields/<int:field_id>/place")
@requires(MANAGE)
def move(field_id: int) -> Any:
    """Move a field; `place` is up or down."""
    steps = MOVES.get(request.form.get("place", ""))
    if steps is None:
        abort(400)
    kind = _kind(field_id)
    operations.move_field(field_id, steps, by=current_reader().actor, at=clock.now())
    return _renewed(kind)


@bp.post("/settings/fields/<int:field_id>/retirement")
@requires(MANAGE)
def retire(field_id: int) -> Any:
    """Ask for a field no more."""
    kind = _kind(field_id)
    try:
        done = operations.retire_field(field_id, by=current_reader().actor, at=clock.now())
    except Refused as refusal:
        return _renewed(kind, sentence(refusal))
    return _renewed(kind, _("No longer asked for. What is recorded stays and is shown."), done)


@bp.post("/settings/fields/<int:field_id>/revival")
@requires(MANAGE)
def revive(field_id: int) -> Any:
    """Ask for a retired field again."""
    kind = _kind(field_id)
    try:
        done = operations.revive_field(field_id, by=current_reader().actor, at=clock.now())
    except Refused as refusal:
        return _renewed(kind, sentence(refusal))
    return _renewed(kind, _("Asked for again."), done)


@bp.post("/settings/fields/<int:field_id>/as-shipped")
@requires(MANAGE)
def reset(field_id: int) -> Any:
    """Call a pack's field as the pack does."""
    kind = _kind(field_id)
    try:
        done = operations.reset_field(field_id, by=current_reader().actor, at=clock.now())
    except Refused as refusal:
        return _renewed(kind, sentence(refusal))
    message = _("Called as the pack calls it.") if done else _("It is called so already.")
    return _renewed(kind, message, done)


def found(field_id: int) -> FieldLine:
    """A field; 404 for none."""
    row = field_row(field_id)
    if row is None:
        abort(404)
    return row


def _kind(field_id: int) -> str:
    return found(field_id).record_type


def _renewed(kind: str, message: str = "", undo: int | None = None) -> Any:
    return saved(address(kind), PART, message=message, undo=undo or None, **context(kind))
