"""Making and changing a strategy, with a preview of what it would bring."""

from typing import Any

from flask import make_response, render_template, request, url_for
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.customers.conditions.catalogue import BookVoice, whole_catalogue
from crmlite.paging import page, saved, wants_part
from crmlite.rules.conditions import ALWAYS, sentence
from crmlite.settings.queries import local_day
from crmlite.strategies import operations, queries
from crmlite.strategies.checking import absent_of, problems_of
from crmlite.strategies.forms import StrategyForm, form_data
from crmlite.strategies.preview import preview_of
from crmlite.strategies.views.blueprint import ADDRESS, MANAGE, bp
from crmlite.strategies.views.differing import changes
from crmlite.strategies.views.reading import row_or_404, sentences, touch_line
from crmlite.strategies.views.telling import preview_context
from crmlite.wording import N_, label
from crmlite.work import Refused, Stale
from crmlite.work.latest import last_change

NEW = "draft"
UNSOUND = N_("This strategy cannot be followed as it stands.")


@bp.route("/strategies/new", methods=["GET", "POST"])
@requires(MANAGE)
def new() -> Any:
    """Make a strategy."""
    form = StrategyForm(data={"priority": 50})
    if not form.is_being_built and form.validate_on_submit() and _is_sound(form, NEW):
        try:
            made = operations.create_strategy(
                form.value(), form_key=form.key, by=current_reader().actor, at=clock.now()
            )
            there = url_for("strategies.show", strategy_id=made)
            return saved(there, message=_("Published: plans are made by it now."))
        except Refused:
            form.blame(None, str(_(UNSOUND)))
    return _page(form, None)


@bp.route(f"{ADDRESS}/edit", methods=["GET", "POST"])
@requires(MANAGE)
def edit(strategy_id: int) -> Any:
    """Change a strategy, which makes a new version of it."""
    row = row_or_404(strategy_id)
    form = StrategyForm(data=form_data(row, queries.declared_of(row)))
    faster = None
    if not form.is_being_built and form.validate_on_submit() and _is_sound(form, row["key"]):
        try:
            done = operations.update_strategy(
                strategy_id,
                form.value(),
                version=form.seen,
                form_key=form.key,
                by=current_reader().actor,
                at=clock.now(),
            )
            there = url_for("strategies.show", strategy_id=strategy_id)
            said = _published(row) if done else _("Nothing was changed.")
            return saved(there, message=said, undo=done or None)
        except Refused:
            form.blame(None, str(_(UNSOUND)))
        except Stale:
            fresh = row_or_404(strategy_id)
            form.conflict(form_data(fresh, queries.declared_of(fresh)))
            faster = last_change("strategy", strategy_id)
    return _page(form, row, faster)


def _published(row: Any) -> str:
    if queries.is_followed(row):
        return _("Published: plans are made by it now.")
    return _("Published. It rests: nothing is planned by it until it is followed again.")


@bp.post("/strategies/preview")
@bp.post(f"{ADDRESS}/preview")
@requires(MANAGE)
def preview(strategy_id: int | None = None) -> Any:
    """What the strategy in the form would bring."""
    row = row_or_404(strategy_id) if strategy_id is not None else None
    form = StrategyForm(data=form_data(row, queries.declared_of(row)) if row else None)
    told = {**_told(form, row), **_preview(form, row)}
    return render_template("strategies/previewed.html", is_part=True, **told)


def _preview(form: StrategyForm, row: Any) -> dict[str, Any]:
    draft = form.draft(row["key"] if row else NEW)
    if draft is None:
        return {"shown": None, "why_not": _("Once there is a touch, what it brings is shown here.")}
    if problems_of(draft):
        return {"shown": None, "why_not": _("It asks for something that cannot be asked.")}
    found = preview_of(
        draft,
        row["id"] if row else None,
        reader=current_reader(),
        today=local_day(clock.now()),
    )
    return {"shown": preview_context(found, draft), "why_not": ""}


def _is_sound(form: StrategyForm, key: str) -> bool:
    """Whether it can be followed; says in the form what is in the way."""
    declared = form.draft(key)
    wrong = [*problems_of(declared), *absent_of(declared)] if declared else []
    for said in sentences(wrong):
        form.blame("touches", said)
    if declared is None:
        form.blame(None, str(_(UNSOUND)))
    return declared is not None and not wrong


def _told(form: StrategyForm, row: Any) -> dict[str, Any]:
    """What the form says, in words."""
    tree = form.serves.data
    words = sentence(tree, whole_catalogue(), BookVoice()) if tree != ALWAYS else ""
    return {
        "form": form,
        "redrawn": False,
        "opens": form.part or ("name" if not row and not form.is_submitted() else ""),
        "serves": words,
        "goal": label({"en": form.goal_en.data, "zh": form.goal_zh.data}),
        "name": label({"en": form.label_en.data, "zh": form.label_zh.data}),
        "touches": [touch_line(touch) for touch in form.touches.data],
    }


def _page(form: StrategyForm, row: Any, faster: Any = None) -> Any:
    given = {"strategy_id": row["id"]} if row else {}
    before = queries.declared_of(row) if row else None
    draft = form.draft(row["key"] if row else NEW)
    asked = "preview" in request.form and not wants_part()
    response = page(
        "strategies/edit.html",
        "strategies/_form.html",
        form.http_status,
        row=row,
        faster=faster,
        here=url_for("strategies.edit" if row else "strategies.new", **given),
        preview_url=url_for("strategies.preview", **given),
        back=url_for("strategies.show" if row else "strategies.index", **given),
        number=queries.version_number(row["id"]) if row else 0,
        title=label(row["label"]) if row else _("New strategy"),
        **_told(form, row),
        changed=changes(before, draft) if before and draft else [],
        **(_preview(form, row) if asked else {"shown": None, "why_not": ""}),
    )
    if wants_part():
        response.headers["HX-Trigger-After-Settle"] = "strategy-drawn"
    return make_response(response)
