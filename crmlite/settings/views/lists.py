"""Settings: the editable lists and their values."""

from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.hooks import title
from crmlite.paging import page, saved
from crmlite.settings import operations, queries
from crmlite.settings.catalogue import Choice, ChoiceList
from crmlite.settings.forms import ValueForm, value_data
from crmlite.settings.views.blueprint import bp
from crmlite.settings.views.refusals import sentence
from crmlite.wording import label
from crmlite.work import Refused, Stale
from crmlite.work.latest import last_change

MOVES = {"up": -1, "down": 1, "first": -1000, "last": 1000}


@bp.get("/settings/lists")
@requires("settings:manage")
def lists() -> Any:
    """All lists."""
    rows = [
        {"list": declared, "values": [label(value.label) for value in queries.choices(name)]}
        for name, declared in queries.choice_lists().items()
    ]
    return page("settings/lists.html", rows=rows)


@bp.get("/settings/lists/<name>")
@requires("settings:manage")
def list_values(name: str) -> Any:
    """The values of a list, those offered and those retired."""
    return page("settings/list.html", "settings/_list.html", **_values(_list(name)))


@bp.route("/settings/lists/<name>/new", methods=["GET", "POST"])
@requires("settings:manage")
def new_value(name: str) -> Any:
    """Add a value."""
    declared = _list(name)
    if not declared.open:
        abort(404)
    form = ValueForm()
    if form.validate_on_submit():
        by, at = current_reader().actor, clock.now()
        try:
            done = operations.add_choice(name, form.value(), form_key=form.key, by=by, at=at)
            return saved(_url(name), message=_("Added."), undo=done["operation"])
        except Refused as refusal:
            form.blame(None, sentence(refusal))
    return _value_page(form, declared, None)


@bp.route("/settings/lists/<name>/<key>", methods=["GET", "POST"])
@requires("settings:manage")
def value(name: str, key: str) -> Any:
    """Rename a value."""
    declared, found = _list(name), _value(name, key)
    form = ValueForm(data=value_data(found))
    latest = None
    if form.validate_on_submit():
        by, at = current_reader().actor, clock.now()
        try:
            done = operations.rename_choice(
                name, key, form.value(), version=form.seen, form_key=form.key, by=by, at=at
            )
            return saved(_url(name), message=_("Saved."), undo=done or None)
        except Refused as refusal:
            form.blame(None, sentence(refusal))
        except Stale:
            now = _value(name, key)
            form.conflict(value_data(now))
            latest = last_change("choice", now.id)
    return _value_page(form, declared, found, latest)


@bp.post("/settings/lists/<name>/<key>/place")
@requires("settings:manage")
def move(name: str, key: str) -> Any:
    """Move a value up or down; `place` is up, down, first or last."""
    steps = MOVES.get(request.form.get("place", ""))
    if steps is None:
        abort(400)
    _value(name, key)
    by, at = current_reader().actor, clock.now()
    operations.move_choice(name, key, steps, by=by, at=at)
    return _renewed(name)


@bp.post("/settings/lists/<name>/<key>/retirement")
@requires("settings:manage")
def retire(name: str, key: str) -> Any:
    """Offer a value no more."""
    _value(name, key)
    by, at = current_reader().actor, clock.now()
    try:
        done = operations.retire_choice(name, key, by=by, at=at)
    except Refused as refusal:
        return _renewed(name, sentence(refusal))
    return _renewed(name, _("No longer offered. Records that have it keep it."), done)


@bp.post("/settings/lists/<name>/<key>/revival")
@requires("settings:manage")
def revive(name: str, key: str) -> Any:
    """Offer a retired value again."""
    _value(name, key)
    by, at = current_reader().actor, clock.now()
    done = operations.revive_choice(name, key, by=by, at=at)
    return _renewed(name, _("Offered again."), done)


def _renewed(name: str, message: str = "", undo: int | None = None) -> Any:
    context = _values(_list(name))
    return saved(_url(name), "settings/_list.html", message=message, undo=undo or None, **context)


def _value_page(
    form: ValueForm, declared: ChoiceList, found: Choice | None, latest: Any = None
) -> Any:
    return page(
        "settings/value.html",
        "settings/_value.html",
        status=form.http_status,
        form=form,
        list=declared,
        value=found,
        latest=latest,
    )


def _values(declared: ChoiceList) -> dict[str, Any]:
    found = queries.choices(declared.name, retired=True)
    return {
        "list": declared,
        "offered": [value for value in found if value.is_offered],
        "retired": [value for value in found if value.retired and not value.resting],
        "resting": [value for value in found if value.resting],
        "built_in": {value.key for value in found if queries.is_built_in(declared, value)},
        "packs": {value.owner: label(title(value.owner)) for value in found if value.owner},
    }


def _url(name: str) -> str:
    return url_for("settings.list_values", name=name)


def _list(name: str) -> ChoiceList:
    found = queries.choice_lists().get(name)
    if found is None:
        abort(404)
    return found


def _value(name: str, key: str) -> Choice:
    _list(name)
    found = next((one for one in queries.choices(name, retired=True) if one.key == key), None)
    if found is None:
        abort(404)
    return found
