"""The strategies of the firm: whom each serves, what it aims at, what it asks for, and since when."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, url_for
from flask_babel import gettext as _

from crmlite import clock, hooks
from crmlite.access import can, current_reader, requires
from crmlite.customers.catalogue import BookVoice, whole_catalogue
from crmlite.customers.lists import Asked
from crmlite.customers.questions import Questions
from crmlite.paging import page, saved, with_query
from crmlite.rules.conditions import All, Node, sentence
from crmlite.rules.strategies import Strategy, Touch
from crmlite.segments.words import how_many
from crmlite.strategies import operations, queries
from crmlite.strategies.checking import MESSAGES, problems_of
from crmlite.strategies.wording import cadence_words, channel_words, executor_words
from crmlite.wording import label

bp = Blueprint("strategies", __name__, template_folder="templates")
SEE, MANAGE = "strategies:see", "strategies:manage"
ADDRESS = "/strategies/<int:strategy_id>"


@bp.get("/strategies")
@requires(SEE)
def index() -> Any:
    """All strategies, in the order in which they are followed."""
    rows = queries.strategies()
    return page(
        "strategies/strategies.html",
        main=[_line(row) for row in rows if not row["on_top"]],
        on_top=[_line(row) for row in rows if row["on_top"]],
    )


@bp.get(ADDRESS)
@requires(SEE)
def show(strategy_id: int) -> Any:
    """A strategy as a sentence: for whom, what for, by which touches."""
    row = _row(strategy_id)
    declared = queries.declared_of(row)
    return page(
        "strategies/strategy.html",
        row=row,
        line=_line(row),
        declared=declared,
        touches=[_touch(touch) for touch in declared.touches] if declared else [],
        versions=queries.versions_of(strategy_id),
        may_manage=can(MANAGE),
    )


@bp.post(f"{ADDRESS}/rest")
@requires(MANAGE)
def rest(strategy_id: int) -> Any:
    """Let a strategy rest."""
    return _switched(strategy_id, False, _("It rests: nothing is planned by it."))


@bp.post(f"{ADDRESS}/work")
@requires(MANAGE)
def work(strategy_id: int) -> Any:
    """Have a strategy followed."""
    return _switched(strategy_id, True, _("It is followed."))


def _switched(strategy_id: int, on: bool, message: str) -> Any:
    _row(strategy_id)
    done = operations.switch_strategy(strategy_id, on=on, by=current_reader().actor, at=clock.now())
    here = url_for("strategies.show", strategy_id=strategy_id)
    return saved(here, message=message, undo=done or None)


def _row(strategy_id: int) -> Mapping[str, Any]:
    row = queries.strategy(strategy_id)
    if row is None:
        abort(404)
    return row


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    """A strategy in the list."""
    declared = queries.declared_of(row)
    tree = declared.serves if declared else None
    wrong = _problems(declared)
    return {
        "name": label(row["label"]),
        "goal": label(row["goal"]),
        "url": url_for("strategies.show", strategy_id=row["id"]),
        "serves": sentence(tree, whole_catalogue(), BookVoice()) if tree is not None else "",
        "touches": [cadence_and_what(touch) for touch in declared.touches] if declared else [],
        "priority": row["priority"],
        "is_followed": queries.is_followed(row),
        "pack": label(hooks.title(row["owner"])) if row["owner"] else "",
        "wrong": wrong,
        "count": "" if tree is None or wrong else how_many(tree),
        "customers": _customers(tree),
    }


def _problems(declared: Strategy | None) -> list[str]:
    if declared is None:
        return [_("It cannot be read any more.")]
    found = problems_of(declared)
    own = [one for one in found if one.code in MESSAGES]
    said = [
        str(_(MESSAGES[one.code], **{k: label(v) for k, v in one.params.items()})) for one in own
    ]
    rest = [one for one in found if one.code not in MESSAGES]
    return [*Questions(current_reader()).said(rest), *said]


def _customers(tree: Node | None) -> str:
    """The list of the customers whom a condition takes."""
    if tree is None:
        return ""
    whole = tree if isinstance(tree, All) else All((tree,))
    return with_query(url_for("customers.index"), Asked(tree=whole).query())


def cadence_and_what(touch: Touch) -> str:
    """A touch in few words."""
    return _("%(what)s %(often)s", what=label(touch.label), often=cadence_words(touch.cadence))


def _touch(touch: Touch) -> dict[str, Any]:
    return {
        "label": label(touch.label),
        "cadence": cadence_words(touch.cadence),
        "channel": channel_words(touch),
        "key": touch.channel,
        "executor": executor_words(touch),
        "content": label(touch.content),
        "questions": [label(one) for one in touch.questions],
        "points": [label(one) for one in touch.points],
        "sends": touch.sends,
        "purpose": touch.purpose,
    }
