"""The pages on which a manager looks at packs and switches them."""

import json
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, abort, current_app, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import ValidationError

from crmlite import clock, hooks
from crmlite.access import current_reader, requires
from crmlite.forms import Form, Text
from crmlite.packs import operations, queries
from crmlite.packs.queries import PackState
from crmlite.packs.rights import MANAGE
from crmlite.packs.words import refusal
from crmlite.paging import page, saved, toast
from crmlite.wording import label
from crmlite.work import Refused

bp = Blueprint("packs", __name__, template_folder="templates")


class PurgeForm(Form):
    """Removing what a pack left asks for its key, typed."""

    name = Text(_l("The pack's key"), most=24)

    def __init__(self, pack: str, **given: Any) -> None:
        super().__init__(**given)
        self.pack = pack

    def validate_name(self, field: Text) -> None:
        """It must be this pack's."""
        if (field.data or "").strip() != self.pack:
            raise ValidationError(_("Please type “%(name)s”.", name=self.pack))


@bp.get("/packs")
@requires(MANAGE)
def overview() -> Response:
    """All packs and how they stand."""
    return page("packs/overview.html", "packs/_overview.html", packs=queries.packs())


@bp.get("/packs/<name>")
@requires(MANAGE)
def details(name: str) -> Response:
    """What a pack brings, would change, holds, and what went wrong in it."""
    return page("packs/details.html", "packs/_details.html", **_shown(_pack(name)))


@bp.post("/packs/<name>/state")
@requires(MANAGE)
def switch(name: str) -> Response:
    """Switch a pack on or off, or bring it to the version that is installed."""
    one = _pack(name)
    doing = {
        "on": (operations.enable_pack, _l("Switched on: %(pack)s.")),
        "off": (operations.disable_pack, _l("Switched off: %(pack)s. What was entered stays.")),
        "up": (operations.upgrade_pack, _l("Brought up to date: %(pack)s.")),
    }.get(request.form.get("to", ""))
    if doing is None:
        abort(400)
    work, done = doing
    try:
        work(name, by=current_reader().actor, at=clock.now())
    except Refused as refused:
        toast(refusal(refused), kind="error")
        return saved(url_for("packs.details", name=name))
    return saved(url_for("packs.overview"), message=str(done) % {"pack": label(one.title)})


@bp.post("/packs/<name>/position")
@requires(MANAGE)
def move(name: str) -> Response:
    """Have a pack that is on asked earlier or later than the others; one that is off by now stays where
    it is."""
    if all(one.name != name for one in queries.packs() if one.was_on):
        abort(404)
    names = _moved(name, {"up": -1, "down": 1}.get(request.form.get("to", ""), 0))
    operations.order_packs(names, by=current_reader().actor, at=clock.now())
    return saved(
        url_for("packs.overview"),
        "packs/_overview.html",
        message=_("Saved."),
        packs=queries.packs(),
    )


@bp.post("/packs/<name>/left.json")
@requires(MANAGE)
def left(name: str) -> Response:
    """All that the book holds of a pack and its reader may see, as a file to keep."""
    one = _pack(name)
    if not one.was_on:
        abort(404)
    operations.take_data(name, by=current_reader().actor, at=clock.now())
    lines = _lines(name)
    response = Response(
        current_app.json.dumps(list(lines), ensure_ascii=False, indent=1),
        mimetype="application/json",
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{one.name}-data.json"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _lines(name: str) -> Iterator[dict[str, Any]]:
    for part in operations.parts():
        if part.kept is not None:
            for kept in part.kept(name):
                yield {"part": part.name, **json.loads(current_app.json.dumps(dict(kept)))}


@bp.route("/packs/<name>/removal", methods=["GET", "POST"])
@requires(MANAGE)
def purge(name: str) -> Response:
    """Remove what a pack left: shown with its count, done when its key is typed."""
    one = _pack(name)
    if one.wanted or not one.was_on:
        abort(404)
    form = PurgeForm(name)
    if form.validate_on_submit():
        try:
            operations.purge_pack(name, by=current_reader().actor, at=clock.now())
            return saved(
                url_for("packs.overview"), message=_("Removed: %(pack)s.", pack=label(one.title))
            )
        except Refused as refused:
            form.blame(None, refusal(refused))
    return page(
        "packs/purge.html",
        "packs/_purge.html",
        status=form.http_status,
        form=form,
        pack=one,
        held=queries.held(name),
    )


def _pack(name: str) -> PackState:
    one = queries.pack(name)
    if one is None:
        abort(404)
    return one


def _moves(one: PackState) -> list[str]:
    """Which ways a pack can go in the order of those that are on."""
    on, place = hooks.enabled(), hooks.enabled().index(one.name)
    return [way for way, there in (("up", place > 0), ("down", place < len(on) - 1)) if there]


def _moved(name: str, step: int) -> list[str]:
    """All packs in their order, one of them put before (-1) or behind (1) its neighbour among those
    that are on."""
    names = [one.name for one in queries.packs() if one.was_on]
    on = hooks.enabled()
    beside = on.index(name) + step if name in on else -1
    if step and 0 <= beside < len(on):
        names.remove(name)
        names.insert(names.index(on[beside]) + max(step, 0), name)
    return names


def _shown(one: PackState) -> dict[str, Any]:
    outcomes = queries.changes(one.name) if one.is_behind else {}
    return {
        "pack": one,
        "brings": queries.brings(one.name),
        "told": queries.told(one.name),
        "changes": queries.change_lines(outcomes),
        "held": queries.held(one.name) if one.was_on else [],
        "failures": queries.failures(one.name),
        "settings": queries.settings_of(one.name) if one.is_on else 0,
        "moves": _moves(one) if one.is_on else (),
    }
