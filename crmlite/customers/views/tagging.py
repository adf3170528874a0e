"""Settings: the tags there are, by dimension."""

import secrets
from collections.abc import Mapping
from typing import Any

from flask import abort, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from crmlite import clock, hooks
from crmlite.access import current_reader, requires
from crmlite.customers import queries
from crmlite.customers.conditions.questions import Questions
from crmlite.customers.operations import (
    create_dimension,
    create_tag,
    retire_tag,
    revive_tag,
    update_dimension,
    update_tag,
)
from crmlite.customers.tags import rules as tag_rules
from crmlite.customers.tags.at_rest import is_at_rest
from crmlite.customers.tags.declaring import MIRRORED
from crmlite.customers.views.blueprint import bp
from crmlite.customers.views.figures import setting_address
from crmlite.customers.views.refusals import sentence
from crmlite.forms import Check, RecordForm, Text
from crmlite.paging import page, saved
from crmlite.wording import label
from crmlite.work import Refused, Stale
from crmlite.work.latest import last_change

MANAGE = "tags:manage"
KEY_BYTES = 6


class LabelForm(RecordForm):
    """The name of a tag or of a family of tags, in both languages."""

    en = Text(_l("Name in English"), most=60, required=True)
    zh = Text(_l("Name in Chinese"), most=60)
    exclusive = Check(_l("Only one of them at a time"))
    quiet = Check(_l("Show it on the customer's page and in filters only"))

    def label(self) -> dict[str, str]:
        """Both names; one that is not given is the other one."""
        return {"en": self.en.data, "zh": self.zh.data or self.en.data}


@bp.get("/settings/tags")
@requires(MANAGE)
def all_tags() -> Any:
    """Every dimension with its tags."""
    return page("customers/tagging.html", "customers/_tagging.html", **_dimensions())


@bp.route("/settings/tags/dimensions/new", methods=["GET", "POST"])
@requires(MANAGE)
def new_dimension() -> Any:
    """Add a dimension."""
    form = LabelForm()
    del form.quiet
    if form.validate_on_submit():
        create_dimension(
            form.label(),
            exclusive=bool(form.exclusive.data),
            form_key=form.key,
            by=current_reader().actor,
            at=clock.now(),
        )
        return saved(url_for("customers.all_tags"), message=_("Added."))
    return _page(form, _("New dimension"), url_for("customers.new_dimension"))


@bp.route("/settings/tags/dimensions/<int:dimension_id>", methods=["GET", "POST"])
@requires(MANAGE)
def edit_dimension(dimension_id: int) -> Any:
    """Rename a dimension, or let customers have one of its tags only."""
    row = queries.dimension(dimension_id)
    if row is None or row["key"] in MIRRORED:
        abort(404)
    form = LabelForm(data=_data(row))
    del form.quiet
    url = url_for("customers.edit_dimension", dimension_id=dimension_id)

    def save() -> int:
        values = {"label": form.label(), "exclusive": bool(form.exclusive.data)}
        return update_dimension(
            dimension_id,
            values,
            version=form.seen,
            form_key=form.key,
            by=current_reader().actor,
            at=clock.now(),
        )

    return _changed(form, save, lambda: queries.dimension(dimension_id), url, row)


@bp.route("/settings/tags/dimensions/<int:dimension_id>/new", methods=["GET", "POST"])
@requires(MANAGE)
def new_tag(dimension_id: int) -> Any:
    """Add a tag to a dimension."""
    row = queries.dimension(dimension_id)
    if row is None or row["key"] in MIRRORED:
        abort(404)
    form = LabelForm()
    del form.exclusive, form.quiet
    if form.validate_on_submit():
        create_tag(
            dimension_id,
            secrets.token_hex(KEY_BYTES),
            form.label(),
            form_key=form.key,
            by=current_reader().actor,
            at=clock.now(),
        )
        return saved(url_for("customers.all_tags"), message=_("Added."))
    return _page(form, _("New tag"), url_for("customers.new_tag", dimension_id=dimension_id))


@bp.route("/settings/tags/<int:tag_id>", methods=["GET", "POST"])
@requires(MANAGE)
def edit_tag(tag_id: int) -> Any:
    """Rename a tag, or have it shown in lists or not; customers that have it keep it."""
    row = queries.tag(tag_id)
    if row is None:
        abort(404)
    form = LabelForm(data=_data(row))
    del form.exclusive

    def save() -> int:
        return update_tag(
            tag_id,
            {"label": form.label(), "quiet": bool(form.quiet.data)},
            version=form.seen,
            form_key=form.key,
            by=current_reader().actor,
            at=clock.now(),
        )

    url = url_for("customers.edit_tag", tag_id=tag_id)
    return _changed(form, save, lambda: queries.tag(tag_id), url, row)


@bp.post("/settings/tags/<int:tag_id>/retirement")
@requires(MANAGE)
def retirement(tag_id: int) -> Any:
    """Offer a tag no more."""
    return _moved(tag_id, retire_tag, _("No longer offered. Customers who have it keep it."))


@bp.post("/settings/tags/<int:tag_id>/revival")
@requires(MANAGE)
def tag_revival(tag_id: int) -> Any:
    """Offer a tag again."""
    return _moved(tag_id, revive_tag, _("It is offered again."))


def _moved(tag_id: int, change: Any, message: str) -> Any:
    if queries.tag(tag_id) is None:
        abort(404)
    done = change(tag_id, by=current_reader().actor, at=clock.now())
    return saved(url_for("customers.all_tags"), message=message, undo=done or None)


def _changed(form: LabelForm, save: Any, fresh: Any, url: str, row: Mapping[str, Any]) -> Any:
    faster = None
    if form.validate_on_submit():
        try:
            done = save()
            return saved(url_for("customers.all_tags"), message=_("Saved."), undo=done or None)
        except Refused as refusal:
            form.blame(None, sentence(refusal))
        except Stale:
            form.conflict(_data(fresh()))
            faster = last_change("dimension", row.get("dimension_id") or row["id"])
    return _page(form, _("Rename"), url, faster)


def _data(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "en": row["label"].get("en", ""),
        "zh": row["label"].get("zh", ""),
        "exclusive": row.get("exclusive", False),
        "quiet": row.get("quiet", False),
        "version": row["version"],
    }


def _dimensions() -> dict[str, Any]:
    found = queries.dimensions_with_tags()
    return {
        "dimensions": found,
        "mirrored": MIRRORED,
        "rules": _rules(found),
        "resting": is_at_rest,
        "pack_of": lambda owner: label(hooks.title(owner)) if owner else "",
        "figures": setting_address("response_fast_days"),
    }


def _rules(found: Any) -> dict[int, dict[str, Any]]:
    """Each rule in words, with what keeps it from being followed."""
    reader = current_reader()
    following = {one.tag_id: one.problems for one in tag_rules.rules()}
    return {
        tag["id"]: {
            "sentence": tag_rules.rule_sentence(tag["rule"]),
            "wrong": Questions(reader).said(following.get(tag["id"], ())),
        }
        for _dimension, tags in found
        for tag in tags
        if tag["rule"] is not None
    }


def _page(form: LabelForm, title: str, url: str, faster: Any = None) -> Any:
    return page(
        "customers/label.html",
        "customers/_label.html",
        form.http_status,
        form=form,
        title=title,
        url=url,
        faster=faster,
    )
