"""The tags of a customer."""

import secrets
from datetime import datetime
from typing import Any

from flask import g
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import Reader, requires
from crmlite.customers import queries
from crmlite.customers.conditions.catalogue import tag_choices
from crmlite.customers.forms import TagsForm, tags_form
from crmlite.customers.operations import create_tag, set_tags
from crmlite.customers.views.blueprint import bp
from crmlite.customers.views.found import address, record_of
from crmlite.customers.views.record import ADDRESS
from crmlite.customers.views.refusals import sentence, status_of
from crmlite.paging import page, saved
from crmlite.work import Refused

KEY_BYTES = 6
FREE = "free"


@bp.route(f"{ADDRESS}/tags", methods=["GET", "POST"])
@requires("customers:edit")
def tags(number: str) -> Any:
    """Choose the tags of a customer, by dimension."""
    record = record_of(number, "customers:edit")
    had = queries.tags_of([record.id])[record.id]
    form = tags_form(had, may_add=record.reader.may("tags:manage"))
    if form.validate_on_submit():
        at = clock.now()
        try:
            wanted = [*form.tag_ids(), *_fresh(form, record.reader, at)]
            done = set_tags(record.id, wanted, seen=form.had.data, by=record.reader.actor, at=at)
            message = _("Saved.") if done else _("The tags are as they were.")
            return saved(address(record), message=message, undo=done or None)
        except Refused as refusal:
            form.blame(None, sentence(refusal))
    return page(
        "customers/tags.html",
        "customers/_tags.html",
        status=status_of(form),
        form=form,
        record=record,
        mirrored=record.tags,
    )


def _fresh(form: TagsForm, reader: Reader, at: datetime) -> list[int]:
    """The id of the tag that was typed: of one that is there already, or a new free one."""
    typed = form.fresh.data.strip() if "fresh" in form else ""
    if not typed:
        return []
    for tag in tag_choices():
        if tag.dimension == FREE and typed in tag.label.values() and not tag.resting:
            return [tag.id]
    free = queries.dimension_id(FREE)
    g.pop("tag_choices", None)
    key = secrets.token_hex(KEY_BYTES)
    return [create_tag(free, key, {"en": typed, "zh": typed}, by=reader.actor, at=at)]
