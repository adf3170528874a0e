"""Settings: the rule of a tag, made with the conditions of the list."""

import json
from typing import Any

from flask import abort, request, url_for
from flask_babel import format_decimal
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from crmlite import clock
from crmlite.access import Reader, current_reader, requires
from crmlite.customers import queries
from crmlite.customers.conditions.catalogue import BookVoice, catalogue, tag_choices
from crmlite.customers.conditions.lasting import problems_of
from crmlite.customers.conditions.questions import Questions
from crmlite.customers.lists import Asked, asked_for
from crmlite.customers.lists.query_string import asked_by_view
from crmlite.customers.operations import set_rule, switch_rule
from crmlite.customers.tags import rules as tag_rules
from crmlite.customers.tags.at_rest import is_at_rest, is_automatic
from crmlite.customers.tags.declaring import MIRRORED
from crmlite.customers.views.blueprint import bp
from crmlite.customers.views.figures import settings_named
from crmlite.customers.views.refusals import sentence
from crmlite.forms import RecordForm
from crmlite.paging import page, saved, toast, with_query
from crmlite.rules.conditions import Node, from_json, phrases, settings_used, to_json
from crmlite.rules.text import clean_int
from crmlite.work import Refused, Stale
from crmlite.work.latest import last_change

MANAGE = "tags:manage"
ADDRESS = "/settings/tags/<int:tag_id>/rule"
MOST = 2**31 - 1


@bp.route(ADDRESS, methods=["GET", "POST"])
@requires(MANAGE)
def rule(tag_id: int) -> Any:
    """The condition that puts a tag on and takes it off: shown, tried out and kept."""
    row, reader = _row(tag_id), current_reader()
    if tag_rules.asks_beyond(row["rule"], reader):
        return _only_shown(row)
    form = RecordForm(data={"version": _seen(row)})
    asked = _asked(row, reader)
    faster = None
    if form.validate_on_submit() and not asked.problems:
        by, at = reader.actor, clock.now()
        try:
            done = set_rule(tag_id, asked.tree, version=form.seen, form_key=form.key, by=by, at=at)
            message = _("Saved. Customers get and lose the tag within a minute.")
            return saved(_all(), message=message, undo=done or None)
        except Refused as refusal:
            form.blame(None, sentence(refusal))
        except Stale:
            form.conflict({"version": _row(tag_id)["version"]})
            faster = last_change("dimension", row["dimension_id"])
    return page(
        "customers/rule.html",
        "customers/_rule.html",
        422 if asked.problems and form.is_submitted() else form.http_status,
        form=form,
        tag=row,
        faster=faster,
        problems=Questions(reader).said(asked.problems),
        where=json.dumps(to_json(asked.tree), ensure_ascii=False),
        **_shown(row, asked, reader, form.seen or row["version"]),
    )


def _only_shown(row: dict[str, Any]) -> Any:
    """The rule for who may not ask all that it asks."""
    if request.method == "POST":
        abort(403)
    tree = from_json(row["rule"])
    return page(
        "customers/rule.html",
        "customers/_rule.html",
        form=None,
        tag=row,
        having=format_decimal(tag_rules.count_having(row["id"])),
        wanted="" if problems_of(tree) else _wanted(row, tree),
        sentence=tag_rules.rule_sentence(row["rule"]),
        compared=settings_named(settings_used(tree)),
    )


@bp.post(f"{ADDRESS}/rest")
@requires(MANAGE)
def rule_rest(tag_id: int) -> Any:
    """Switch the rule off: the tag stays where it is and people set it."""
    return _switched(tag_id, False, _("The rule is off: people set this tag now."))


@bp.post(f"{ADDRESS}/work")
@requires(MANAGE)
def rule_work(tag_id: int) -> Any:
    """Switch the rule on again."""
    return _switched(tag_id, True, _("The rule is on."))


@bp.post(f"{ADDRESS}/removal")
@requires(MANAGE)
def rule_removal(tag_id: int) -> Any:
    """Take the rule away; the tag stays where it is and people set it."""
    _row(tag_id)
    done = set_rule(tag_id, None, by=current_reader().actor, at=clock.now())
    message = _("The rule is gone: people set this tag now.")
    return saved(_all(), message=message, undo=done or None)


def _switched(tag_id: int, on: bool, message: str) -> Any:
    _row(tag_id)
    try:
        done = switch_rule(tag_id, on=on, by=current_reader().actor, at=clock.now())
    except Refused as refusal:
        toast(sentence(refusal), kind="error")
        return saved(url_for("customers.rule", tag_id=tag_id))
    return saved(_all(), message=message, undo=done or None)


def _all() -> str:
    return url_for("customers.all_tags")


def _row(tag_id: int) -> dict[str, Any]:
    row = queries.tag(tag_id)
    home = queries.dimension(row["dimension_id"]) if row else None
    if row is None or home is None or home["key"] in MIRRORED:
        abort(404)
    owners = {"dimension_owner": home["owner"]}
    return {
        **row,
        "exclusive": home["exclusive"],
        "on": is_automatic({**row, **owners}),
        "resting": is_at_rest(row["owner"], home["owner"]),
    }


def _seen(row: dict[str, Any]) -> int:
    """The version that the rule was changed from, over several pages of its editor."""
    seen = clean_int(request.args.get("version", ""), least=0, most=MOST).value
    return seen if seen is not None and "edited" in request.args else int(row["version"])


def _asked(row: dict[str, Any], reader: Reader) -> Asked:
    """The condition of the form or address, else that of the tag."""
    if request.method == "POST":
        return asked_for(MultiDict({"where": request.form.get("where", "")}), reader)
    if "edited" in request.args:
        return asked_for(request.args, reader)
    if row["rule"] is None:
        return Asked()
    return asked_by_view({"where": row["rule"]}, "", reader)


def _wanted(row: dict[str, Any], tree: Node) -> str:
    return str(format_decimal(tag_rules.count_previewed(row, tree, clock.now())))


def _shown(row: dict[str, Any], asked: Asked, reader: Reader, version: int) -> dict[str, Any]:
    along = {"rule": row["id"], "version": version}
    editor, here = url_for("customers.condition"), url_for("customers.rule", tag_id=row["id"])
    parts = phrases(asked.tree, catalogue(reader), BookVoice()) if asked.tree.parts else []
    wrong = problems_of(asked.tree, [tag.key for tag in tag_choices()])
    sound = asked.tree.parts and not wrong
    return {
        "chips": [
            (
                phrase,
                with_query(editor, {**asked.query(), **along, "place": place}),
                with_query(here, {**asked.without(place).query(), "edited": 1, "version": version}),
            )
            for place, phrase in enumerate(parts)
        ],
        "adding": with_query(editor, {**asked.query(), **along}),
        "wrong": Questions(reader).said(wrong),
        "having": format_decimal(tag_rules.count_having(row["id"])),
        "wanted": _wanted(row, asked.tree) if sound else "",
        "sentence": tag_rules.rule_sentence(to_json(asked.tree)) if asked.tree.parts else "",
        "compared": settings_named(settings_used(asked.tree)),
    }
