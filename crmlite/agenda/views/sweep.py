"""The weekly sweep: close what is open, add needs and next steps, look at what comes, finish."""

from typing import Any

from flask import abort, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.agenda.forms import CloseForm
from crmlite.agenda.operations import finish_sweep
from crmlite.agenda.queries.sweep import Week, progress
from crmlite.agenda.shape import day_of
from crmlite.agenda.sweeping import members, sweep_of
from crmlite.agenda.views.blueprint import bp
from crmlite.agenda.views.calendar import asked_for
from crmlite.followups.days import soon
from crmlite.followups.deadlines import firm_zone
from crmlite.followups.operations import drop_task, finish_task
from crmlite.followups.queries.steps import step
from crmlite.followups.whose import person_choices, team_choices
from crmlite.forms.form import fresh_key
from crmlite.paging import page, saved, toast, with_query

CHANGED = {"customer-changed": True}


@bp.get("/calendar/sweep")
@requires("tasks:edit")
def sweep() -> Any:
    """The week of the reader; `?who=` a colleague's, `?team=` how far a team is, `?day=` another week."""
    reader, today = current_reader(), clock.today(firm_zone())
    shown = asked_for(reader)
    week = Week.of(day_of(request.args.get("day", ""), today))
    asked = {"day": week.monday.isoformat() if week != Week.of(today) else ""}

    def of(query: dict[str, str]) -> str:
        return with_query(url_for("agenda.sweep"), {**query, **asked})

    def at(other: Week) -> str:
        query = {**dict(shown.query), "day": other.monday.isoformat()}
        return with_query(url_for("agenda.sweep"), query)

    return page(
        "agenda/sweep.html",
        "agenda/_sweep.html",
        shown=shown,
        week=week,
        is_now=week == Week.of(today),
        title=_week_words(week),
        sweep=None if shown.is_team else sweep_of(reader, shown.ids[0], week),
        members=members(reader, shown, week) if shown.is_team else [],
        groups=team_choices(reader, shown, of),
        persons=person_choices(reader, shown, of),
        here=of(dict(shown.query)),
        mine_url=of({}),
        before=at(week.before),
        after=at(week.following) if week != Week.of(today) else "",
        days=soon(today),
        form_key=fresh_key(),
    )


@bp.post("/calendar/sweep/tasks/<int:task_id>")
@requires("tasks:edit")
def close(task_id: int) -> Any:
    """Close a task of the week: done, with what came of it, or dropped, with why."""
    reader, form = current_reader(), CloseForm()
    row = step(task_id, reader)
    what, back = request.form.get("do", "done"), _back()
    if what not in ("done", "drop"):
        abort(422)
    if not form.validate():
        toast(" ".join(form.outcome.errors or form.form_errors), kind="error")
        return saved(back)
    outcome = form.outcome.data or None
    if what == "drop" and outcome is None:
        toast(_("Why is it not needed any more? One sentence."), kind="error")
        return saved(back)
    change = finish_task if what == "done" else drop_task
    done = change(task_id, outcome=outcome, form_key=form.key, by=reader.actor, at=clock.now())
    if not done:
        message = _("Nothing changed: this was done or dropped before.")
    elif what == "done":
        message = _("Done: %(what)s", what=row["what"])
    else:
        message = _("Dropped: %(what)s", what=row["what"])
    return saved(back, message=message, undo=done or None, events=CHANGED)


@bp.post("/calendar/sweep/end")
@requires("tasks:edit")
def finish() -> Any:
    """Say that one's own week, the one that was shown, is swept, whatever is left."""
    reader, today = current_reader(), clock.today(firm_zone())
    week = Week.of(min(day_of(request.form.get("week", ""), today), today))
    found = progress(reader, [reader.user_id], week)[reader.user_id]
    done = finish_sweep(
        reader.user_id,
        week.monday,
        done=found.done,
        total=found.total,
        form_key=CloseForm().key,
        by=reader.actor,
        at=clock.now(),
    )
    shown = {"day": week.monday.isoformat() if week != Week.of(today) else ""}
    here = with_query(url_for("agenda.sweep"), shown)
    return saved(here, message=_("The week is swept."), undo=done, events=CHANGED)


def _back() -> str:
    """The week from which the click came."""
    kept = {name: request.args.get(name, "") for name in ("who", "day")}
    return with_query(url_for("agenda.sweep"), kept)


def _week_words(week: Week) -> str:
    return _(
        "%(first)s to %(last)s",
        first=format_date(week.monday, "medium"),
        last=format_date(week.sunday, "medium"),
    )
