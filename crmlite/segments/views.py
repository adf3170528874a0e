"""Settings: the segments of the firm, made with the builder of conditions."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, url_for
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.customers.conditions.lasting import problems_of
from crmlite.customers.conditions.questions import Questions
from crmlite.paging import page, saved, toast, with_query
from crmlite.rules.conditions import ALWAYS, Node, to_text, where
from crmlite.segments import operations, queries
from crmlite.segments.forms import SegmentForm, form_data
from crmlite.segments.trees import FIELD, tree_of
from crmlite.segments.words import how_many
from crmlite.wording import N_, label
from crmlite.work import Refused, Stale
from crmlite.work.latest import last_change

bp = Blueprint("segments", __name__, template_folder="templates")
MANAGE = "segments:manage"
ADDRESS = "/settings/segments/<int:segment_id>"
SENTENCES = {
    "segment-empty": N_("A segment needs at least one condition."),
    "segment-unsound": N_("This segment asks for something that cannot be asked."),
    "segment-exists": N_("There is a segment of this name already."),
    "segment-circle": N_("This segment depends on itself, or on one that depends on it."),
    "segment-too-much": N_(
        "“%(where)s” asks about it: with these conditions it would have more than %(most)s, or too many "
        "segments within segments."
    ),
    "segment-used": N_("It is asked about in “%(where)s”. Change that first."),
}


@bp.get("/settings/segments")
@requires(MANAGE)
def index() -> Any:
    """All segments: whom each takes, in words and in numbers."""
    ask = Questions(current_reader())
    lines = []
    for row in queries.segments():
        tree = tree_of(row["tree"])
        lines.append(
            {
                "name": label(row["label"]),
                "url": url_for("segments.edit", segment_id=row["id"]),
                "sentence": ask.sentence(tree) if tree is not None else "",
                "wrong": ask.said(problems_of(tree)) if tree is not None else [],
                "customers": with_query(
                    url_for("customers.index"),
                    {"w": to_text(where(FIELD, "has_any", row["key"]))},
                ),
                "count": _taken(tree),
            }
        )
    return page("segments/segments.html", lines=lines)


@bp.route("/settings/segments/new", methods=["GET", "POST"])
@requires(MANAGE)
def new() -> Any:
    """Make a segment."""
    form = SegmentForm()
    if not form.tree.is_being_built and form.validate_on_submit():
        try:
            operations.create_segment(
                form.value(), form_key=form.key, by=current_reader().actor, at=clock.now()
            )
            return saved(url_for("segments.index"), message=_("Saved."))
        except Refused as refusal:
            form.blame(None, _sentence(refusal))
    return _page(form, _("New segment"), url_for("segments.new"))


@bp.route(f"{ADDRESS}", methods=["GET", "POST"])
@requires(MANAGE)
def edit(segment_id: int) -> Any:
    """Change a segment."""
    row = _row(segment_id)
    form = SegmentForm(data=form_data(row))
    faster = None
    if not form.tree.is_being_built and form.validate_on_submit():
        try:
            done = operations.update_segment(
                segment_id,
                form.value(),
                version=form.seen,
                form_key=form.key,
                by=current_reader().actor,
                at=clock.now(),
            )
            return saved(url_for("segments.index"), message=_("Saved."), undo=done or None)
        except Refused as refusal:
            form.blame(None, _sentence(refusal))
        except Stale:
            form.conflict(form_data(_row(segment_id)))
            faster = last_change("segment", segment_id)
    here = url_for("segments.edit", segment_id=segment_id)
    return _page(form, label(row["label"]), here, row=row, faster=faster)


@bp.post(f"{ADDRESS}/removal")
@requires(MANAGE)
def removal(segment_id: int) -> Any:
    """Take a segment away."""
    _row(segment_id)
    try:
        done = operations.delete_segment(segment_id, by=current_reader().actor, at=clock.now())
    except Refused as refusal:
        toast(_sentence(refusal), kind="error")
        return saved(url_for("segments.edit", segment_id=segment_id))
    return saved(url_for("segments.index"), message=_("The segment is gone."), undo=done)


def _row(segment_id: int) -> Mapping[str, Any]:
    row = queries.segment(segment_id)
    if row is None:
        abort(404)
    return row


def _sentence(refusal: Refused) -> str:
    params = {
        name: label(value) if isinstance(value, dict) else value
        for name, value in refusal.params.items()
    }
    return str(_(SENTENCES[refusal.code], **params))


def _taken(tree: Node | None) -> str:
    """How many customers a condition takes, in the reader's sight; empty where none can be asked."""
    if tree is None or tree == ALWAYS or problems_of(tree):
        return ""
    return how_many(tree)


def _page(form: SegmentForm, title: str, here: str, *, row: Any = None, faster: Any = None) -> Any:
    uses = queries.uses(row["key"]) if row is not None else []
    return page(
        "segments/segment.html",
        "segments/_segment.html",
        form.http_status,
        form=form,
        title=title,
        here=here,
        faster=faster,
        sentence=form.tree.sentence(),
        count=_taken(form.tree.data),
        uses=[label(one) for one in uses],
        removal=url_for("segments.removal", segment_id=row["id"]) if row is not None else "",
    )
