"""The strategies of the firm: whom each serves, what it aims at, what it asks for, and since when."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import abort, url_for
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from crmlite import clock, hooks
from crmlite.access import can, current_reader, requires
from crmlite.accounts.queries import person_name
from crmlite.customers.conditions.catalogue import BookVoice, whole_catalogue
from crmlite.customers.conditions.questions import Questions
from crmlite.customers.lists import Asked
from crmlite.followups.kinds import icon_of
from crmlite.paging import page, saved, with_query
from crmlite.rules.conditions import All, Node, sentence
from crmlite.rules.problems import Problem
from crmlite.rules.strategies import Strategy, Touch
from crmlite.segments.words import how_many
from crmlite.strategies import operations, queries
from crmlite.strategies.checking import MESSAGES, absent_of, problems_of
from crmlite.strategies.problems import PassedOver, passed_over
from crmlite.strategies.views.blueprint import ADDRESS, MANAGE, SEE, bp
from crmlite.strategies.views.differing import told_versions
from crmlite.strategies.wording import cadence_words, channel_words, executor_words, touch_words
from crmlite.wording import label


@bp.get("/strategies")
@requires(SEE)
def index() -> Any:
    """All strategies, in the order in which they are followed."""
    rows, followers = queries.strategies(), queries.followers(current_reader())
    return page(
        "strategies/strategies.html",
        main=[_line(row, followers) for row in rows if not row["on_top"]],
        on_top=[_line(row, followers) for row in rows if row["on_top"]],
        may_manage=can(MANAGE),
        passed_over=[_passed(one) for one in passed_over()] if can(MANAGE) else [],
    )


def _passed(one: PassedOver) -> dict[str, str]:
    """Whom the planner passes over, in words, with the list of them."""
    if one.user_id is None:
        said = ngettext(
            "%(num)s customer has no owner", "%(num)s customers have no owner", one.count
        )
    else:
        said = ngettext(
            "%(num)s customer still belongs to %(name)s, who has left",
            "%(num)s customers still belong to %(name)s, who has left",
            one.count,
            name=person_name(one.user_id),
        )
    return {"words": said, "url": customers_of(one.condition)}


@bp.get(ADDRESS)
@requires(SEE)
def show(strategy_id: int) -> Any:
    """A strategy as a sentence: for whom, what for, by which touches."""
    row = row_or_404(strategy_id)
    declared = queries.declared_of(row)
    return page(
        "strategies/strategy.html",
        row=row,
        line=_line(row, queries.followers(current_reader())),
        declared=declared,
        touches=[touch_line(touch) for touch in declared.touches] if declared else [],
        versions=told_versions(queries.versions_of(strategy_id)),
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
    row_or_404(strategy_id)
    done = operations.switch_strategy(strategy_id, on=on, by=current_reader().actor, at=clock.now())
    here = url_for("strategies.show", strategy_id=strategy_id)
    return saved(here, message=message, undo=done or None)


def row_or_404(strategy_id: int) -> Mapping[str, Any]:
    """A strategy; answers that there is none where there is none."""
    row = queries.strategy(strategy_id)
    if row is None:
        abort(404)
    return row


def _line(row: Mapping[str, Any], followers: Mapping[int, int]) -> dict[str, Any]:
    """A strategy in the list."""
    declared = queries.declared_of(row)
    tree = declared.serves if declared else None
    wrong = problem_words(declared)
    count = "" if tree is None or wrong else how_many(tree)
    return {
        "name": label(row["label"]),
        "goal": label(row["goal"]),
        "url": url_for("strategies.show", strategy_id=row["id"]),
        "serves": sentence(tree, whole_catalogue(), BookVoice()) if tree is not None else "",
        "touches": [touch_words(touch) for touch in declared.touches] if declared else [],
        "priority": row["priority"],
        "is_followed": queries.is_followed(row),
        "pack": label(hooks.title(row["owner"])) if row["owner"] else "",
        "wrong": wrong,
        "doubts": sentences(absent_of(declared)) if declared and not wrong else [],
        "count": count,
        "followers": _followed(followers.get(row["id"], 0), count),
        "customers": customers_of(tree),
        "table": customers_of(tree, "strategies.table"),
    }


def _followed(number: int, count: str) -> str:
    """How many follow it, where that is not who meets its conditions."""
    said = format_decimal(number)
    if not count or said == count:
        return ""
    return str(ngettext("%(count)s follows it", "%(count)s follow it", number, count=said))


def problem_words(declared: Strategy | None) -> list[str]:
    """What keeps a strategy from being followed."""
    if declared is None:
        return [_("It cannot be read any more.")]
    return sentences(problems_of(declared))


def sentences(found: Iterable[Problem]) -> list[str]:
    """Problems of a strategy in words."""
    found = list(found)
    own = [one for one in found if one.code in MESSAGES]
    said = [
        str(_(MESSAGES[one.code], **{k: label(v) for k, v in one.params.items()})) for one in own
    ]
    rest = [one for one in found if one.code not in MESSAGES]
    return [*Questions(current_reader()).said(rest), *said]


def customers_of(tree: Node | None, endpoint: str = "customers.index") -> str:
    """The list of the customers whom a condition takes."""
    if tree is None:
        return ""
    whole = tree if isinstance(tree, All) else All((tree,))
    return with_query(url_for(endpoint), Asked(tree=whole).query())


def touch_line(touch: Touch) -> dict[str, Any]:
    """A touch in a table."""
    return {
        "label": label(touch.label),
        "cadence": cadence_words(touch.cadence),
        "channel": channel_words(touch.channel),
        "icon": icon_of(touch.channel),
        "executor": executor_words(touch.executor),
        "content": label(touch.content),
        "questions": [label(one) for one in touch.questions],
        "points": [label(one) for one in touch.points],
        "talk": _talk(touch),
        "sends": touch.sends,
        "purpose": touch.purpose,
    }


def _talk(touch: Touch) -> str:
    """What there is to say, in numbers."""
    said = []
    if touch.questions:
        said.append(
            ngettext("%(num)s core question", "%(num)s core questions", len(touch.questions))
        )
    if touch.points:
        said.append(ngettext("%(num)s value point", "%(num)s value points", len(touch.points)))
    if touch.message:
        said.append(_("text to send"))
    return _(", ").join(said)
