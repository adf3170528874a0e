"""Settings: adding a field, changing one, calling a pack's field otherwise."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.fields import operations
from crmlite.fields.catalogue import FieldLine
from crmlite.fields.fitness import MOST_INDEXED
from crmlite.fields.forms import new_field_form, own_field_form, pack_field_form, stored
from crmlite.fields.record_kinds import kind_words
from crmlite.fields.views.arranging import MANAGE, address, found, kind_of
from crmlite.fields.views.blueprint import bp
from crmlite.fields.views.refusals import sentence
from crmlite.paging import page, saved
from crmlite.work import Refused, Stale
from crmlite.work.latest import last_change


@bp.route("/settings/fields/<kind>/new", methods=["GET", "POST"])
@requires(MANAGE)
def new(kind: str) -> Any:
    """Add a field to a kind of record."""
    kind_of(kind)
    form = new_field_form(kind)
    if form.validate_on_submit() and form.fits():
        by, at = current_reader().actor, clock.now()
        try:
            done = operations.add_field(
                kind,
                form.chosen_kind(),
                form.draft(),
                sensitive=form.is_sensitive(),
                form_key=form.key,
                by=by,
                at=at,
            )
            return saved(address(kind), message=_("Added."), undo=done["operation"])
        except Refused as refusal:
            form.blame(_at(refusal), sentence(refusal))
    return _page(form, kind, url_for("fields.new", kind=kind))


@bp.route("/settings/fields/<int:field_id>", methods=["GET", "POST"])
@requires(MANAGE)
def edit(field_id: int) -> Any:
    """Change a field, or what a pack's is called."""
    line = found(field_id)
    form: Any = own_field_form(line) if line.is_custom else pack_field_form(line)
    latest = None
    if form.validate_on_submit() and form.fits(line.choices):
        try:
            done = _change(form, line)
            return saved(address(line.record_type), message=_("Saved."), undo=done or None)
        except Refused as refusal:
            form.blame(_at(refusal), sentence(refusal))
        except Stale:
            form.conflict(stored(found(field_id)))
            latest = last_change("field", field_id)
    here = url_for("fields.edit", field_id=field_id)
    return _page(form, line.record_type, here, line, latest)


def _change(form: Any, line: FieldLine) -> int:
    more: Any = {"version": form.seen, "form_key": form.key}
    more |= {"by": current_reader().actor, "at": clock.now()}
    if line.is_custom:
        return operations.change_field(line.id, form.draft(line.choices), **more)
    words = {name: form.words(name) for name in ("label", "hint", "group")}
    return operations.word_field(line.id, words, form.wordings(line.choices), **more)


def _at(refusal: Refused) -> str | None:
    """At which field a refusal is said."""
    return {"field-exists": "label_en", "fields-too-quick": "indexed"}.get(refusal.code)


def _page(
    form: Any, kind: str, here: str, line: FieldLine | None = None, latest: Any = None
) -> Any:
    return page(
        "fields/field.html",
        "fields/_field.html",
        form.http_status,
        form=form,
        kind=kind,
        of=kind_words(kind),
        here=here,
        line=line,
        latest=latest,
        back=address(kind),
        most=MOST_INDEXED,
    )
