"""The calendar: a month, a week or a list of what people have to do."""

from typing import Any

from babel.dates import format_skeleton
from flask import abort, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import Reader, current_reader, requires
from crmlite.access.gate import SIGNED_IN
from crmlite.accounts.queries import person_name
from crmlite.agenda.month import days_of
from crmlite.agenda.queries.items import KINDS
from crmlite.agenda.shape import LISTED, MONTHLY, VIEWS, WEEKLY, Shape, day_of
from crmlite.agenda.views.blueprint import bp
from crmlite.followups.deadlines import firm_zone
from crmlite.followups.whose import Whose, person_choices, team_choices, whose
from crmlite.paging import page, with_query
from crmlite.wording import N_, label, teller

LABELS = {MONTHLY: N_("Month"), WEEKLY: N_("Week"), LISTED: N_("List")}
KIND_LABELS = {
    "": N_("All"),
    "promises": N_("Promises"),
    "touches": N_("Touches"),
    "visits": N_("Visits"),
}


@bp.get("/calendar")
@requires(SIGNED_IN)
def calendar() -> Any:
    """What the reader has to do; `?who=` a person, `?team=` a team, for those who may; `?view=` month,
    week or list, `?day=` around which day, `?kind=` only promises, touches or visits."""
    reader, today = current_reader(), clock.today(firm_zone())
    shown = asked_for(reader)
    view = request.args.get("view", "")
    shape = Shape.around(
        view if view in VIEWS else MONTHLY, day_of(request.args.get("day", ""), today)
    )
    kind = request.args.get("kind", "")
    kind = kind if kind in KINDS else ""
    asked = {"day": request.args.get("day", ""), "view": shape.view, "kind": kind}

    def address(**changes: str) -> str:
        return with_query(url_for("agenda.calendar"), {**dict(shown.query), **asked, **changes})

    def of(query: dict[str, str]) -> str:
        return with_query(url_for("agenda.calendar"), {**query, **asked})

    return page(
        "agenda/calendar.html",
        "agenda/_calendar.html",
        shown=shown,
        shape=shape,
        days=days_of(reader, shown, shape, kind, today),
        title=_words(shape),
        views=_choices(LABELS, shape.view, lambda name: address(view=name)),
        kinds=_choices(KIND_LABELS, kind, lambda name: address(kind=name)),
        groups=team_choices(reader, shown, of),
        persons=person_choices(reader, shown, of),
        mine_url=of({}),
        here=address(),
        before=address(day=shape.before.isoformat()),
        after=address(day=shape.after.isoformat()),
        now_url=address(day=""),
        list_url=lambda day: address(view=LISTED, day=day.isoformat()),
        move_url=lambda item: url_for(
            "followups.move", task_id=item.id, back="calendar", **_back(shape, asked)
        ),
        person_name=person_name,
    )


def asked_for(reader: Reader) -> Whose:
    """The people that `?who=` or `?team=` name, the reader without; 404 for those out of sight."""
    shown = whose(reader, request.args.get("who", ""), request.args.get("team", ""))
    if shown is None:
        abort(404)
    return shown


def _back(shape: Shape, asked: dict[str, str]) -> dict[str, str]:
    """What brings somebody back to this very view."""
    return {name: value for name, value in {**asked, "view": shape.view}.items() if value}


def _choices(labels: dict[str, str], current: str, address: Any) -> list[dict[str, Any]]:
    return [
        {"label": label(words), "url": address(name), "current": name == current}
        for name, words in labels.items()
    ]


def _words(shape: Shape) -> str:
    """What is shown, as a heading says it."""
    if shape.own is not None:
        return str(format_skeleton("yMMMM", shape.own.first, locale=teller().locale))
    return _(
        "%(first)s to %(last)s",
        first=format_date(shape.first, "medium"),
        last=format_date(shape.last, "medium"),
    )
