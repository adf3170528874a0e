"""One thing done to several tasks of Today: the selected ones, or all that are old."""

from datetime import date
from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from crmlite import clock
from crmlite.access import Reader, current_reader, requires
from crmlite.dashboard.views.blueprint import bp
from crmlite.dashboard.views.query_string import asked_for, days_now
from crmlite.followups.operations import drop_tasks, finish_tasks, move_tasks
from crmlite.followups.queries.today import changeable, older_ids
from crmlite.forms import Form
from crmlite.paging import saved, toast, with_query
from crmlite.rules.dates import parse_date
from crmlite.rules.text import clean_int
from crmlite.wording import N_, exactly, language
from crmlite.work.batches import Outcome

MOST = 5000
HINDERED = {
    "busy": N_("The book was busy: only part of it was done. Do the rest in a moment."),
    "full": N_(
        "The disk is full: only part of it was done. Ask whoever runs this server to free some space."
    ),
}


@bp.post("/today/together/<what>")
@requires("tasks:edit")
def together(what: str) -> Any:
    """Finish, drop or move the selected tasks."""
    reader = current_reader()
    picks = [
        clean_int(text, least=1, most=2**31 - 1).value for text in request.form.getlist("pick")
    ]
    wanted = [pick for pick in dict.fromkeys(picks) if pick is not None]
    return _done(what, changeable(reader, wanted[:MOST]), reader, asked_for(reader).query)


@bp.post("/today/older/<what>")
@requires("tasks:edit")
def older(what: str) -> Any:
    """Drop all next steps that have been overdue for long, or make them the reader's of today."""
    reader = current_reader()
    shown = asked_for(reader)
    if what == "finish":
        abort(404)
    found = older_ids(reader, shown.ids, days_now(), MOST)
    return _done(what, found, reader, shown.query, to_me=True)


def _done(
    what: str,
    task_ids: list[int],
    reader: Reader,
    query: tuple[tuple[str, str], ...],
    *,
    to_me: bool = False,
) -> Any:
    by, at, key = reader.actor, clock.now(), Form().key
    back = with_query(url_for("dashboard.today"), dict(query))
    match what:
        case "finish":
            done = finish_tasks(task_ids, by=by, at=at, form_key=key)
            message = ngettext("%(num)d task done.", "%(num)d tasks done.", done.number)
        case "drop":
            done = drop_tasks(task_ids, by=by, at=at, form_key=key)
            message = ngettext("%(num)d task dropped.", "%(num)d tasks dropped.", done.number)
        case "move":
            day = _day()
            mine = reader.user_id if to_me else None
            done = move_tasks(task_ids, day, by=by, at=at, assignee_id=mine, form_key=key)
            message = ngettext(
                "%(num)d task moved to %(day)s.",
                "%(num)d tasks moved to %(day)s.",
                done.number,
                day=exactly(day),
            )
        case _:
            abort(404)
    return _answer(back, message, done)


def _day() -> date:
    """The day to move to; today where the form names none."""
    text = request.form.get("due_on", "")
    if not text:
        return days_now().today
    day = parse_date(text, today=days_now().today, lang=language()).value
    if day is None:
        abort(422)
    return day


def _answer(back: str, message: str, done: Outcome) -> Any:
    if done.hindered:
        toast(f"{message} {_(HINDERED[done.hindered])}", undo=done.operation, kind="error")
        return saved(back)
    if not done.number:
        toast(_("Nothing was changed: none of them allows it any more."), kind="error")
        return saved(back)
    return saved(back, message=message, undo=done.operation)
