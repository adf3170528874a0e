"""The queue of complaints and other cases."""

from datetime import timedelta
from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext as _

from crmlite import clock, settings
from crmlite.access import Reader, can, current_reader, requires
from crmlite.accounts.queries import is_here, people, person_name, teams
from crmlite.calendars.queries import calendar_of
from crmlite.cases.explaining import left_until, left_words, state_of
from crmlite.cases.queries import queue as reading
from crmlite.cases.queries.queue import CLOSED, FILTERS, OPEN, VIEWS, Wanted
from crmlite.cases.views.blueprint import bp
from crmlite.cases.words import (
    KINDS,
    LISTS,
    STATUSES,
    clock_label,
    kind_label,
    listed,
    status_label,
)
from crmlite.customers.choices import choice_label, tier_shown
from crmlite.db.keyset import BadCursor
from crmlite.paging import page, with_query
from crmlite.wording import N_, label

TITLES = {
    "mine": N_("Mine"),
    "unassigned": N_("Unassigned"),
    "team": N_("My teams"),
    "open": N_("All open"),
    "waiting": N_("Waiting for the customer"),
    "revisit": N_("To revisit"),
    "closed": N_("Closed"),
}


@bp.get("/complaints")
@requires("cases:see")
def queue() -> Any:
    """Cases in the order in which something is due; `?view=`, `?kind=`, `?level=` … narrow it down."""
    reader = current_reader()
    wanted = _wanted(reader)
    cursor = request.args.get("after", "")
    try:
        shown = reading.page_of(reader, wanted, cursor)
    except BadCursor:
        abort(404)
    counts = reading.counts(reader)
    return page(
        "cases/queue.html",
        "cases/_queue.html",
        rows=[_line(row) for row in shown.rows],
        views=[_tab(view, wanted, counts) for view in VIEWS],
        view=wanted.view,
        chips=_chips(wanted),
        offered=_offered(wanted),
        before=_url(wanted, after=shown.before) if shown.before else "",
        after=_url(wanted, after=shown.after) if shown.after else "",
        count=counts.get(wanted.view) if not wanted.filters else None,
        may_create=can("cases:create"),
        may_assign=can("cases:assign"),
    )


def _wanted(reader: Reader) -> Wanted:
    asked = request.args
    view = asked.get("view", "")
    if view not in VIEWS:
        view = "mine" if reading.counted(reader, Wanted(view="mine")) else OPEN
    filters = {name: asked[name] for name in FILTERS if asked.get(name) in _known(name)}
    who = asked.get("assignee", "")
    person = next((one for one in people().values() if one.login == who), None)
    return Wanted(view=view, filters=filters, assignee_id=person.id if person else None)


def _known(name: str) -> dict[str, str]:
    """The values of a filter, and what they are called."""
    if name == "kind":
        return {key: label(words) for key, words in KINDS.items()}
    if name == "status":
        return {key: label(words) for key, words in STATUSES.items()}
    return {one.key: label(one.label) for one in settings.choices(LISTS[name], retired=True)}


def _line(row: Any) -> dict[str, Any]:
    now = clock.now()
    team = next((one for one in teams() if one.id == row["team_id"]), None)
    found = {
        "number": row["number"],
        "url": url_for("cases.show", number=row["number"]),
        "id": row["id"],
        "subject": row["subject"],
        "customer": row["customer"],
        "customer_url": url_for("customers.show", number=row["customer_number"]),
        "tier": choice_label("tier", tier_shown(row)),
        "kind": kind_label(row["kind"]),
        "level": listed("level", row["level"]) if row["level"] else "",
        "level_key": row["level"] or "",
        "status": status_label(row["status"]),
        "category": listed("category", row["category"]) if row["category"] else "",
        "opened_at": row["opened_at"],
        "assignee": person_name(row["assignee_id"]) if row["assignee_id"] else "",
        "team": label(team.label) if team else "",
        "dedicated": person_name(row["dedicated_id"]) if is_here(row["dedicated_id"]) else "",
        "reopened": row["reopened"],
        "step": row["step"],
        "clock": clock_label(row["clock"]) if row["clock"] else "",
        "left": "",
        "state": "",
        "due_at": row["due_at"],
    }
    if row["is_held"]:
        found |= {"left": left_words(timedelta(), "", is_held=True)}
    elif row["due_at"] is not None:
        calendar = calendar_of(team.calendar_id if team else None)
        left = left_until(row["due_at"], row["unit"], now, calendar)
        found |= {
            "left": left_words(left, row["unit"], is_held=False),
            "state": state_of(left, is_held=False),
        }
    return found


def _tab(view: str, wanted: Wanted, counts: dict[str, int]) -> dict[str, Any]:
    number = counts.get(view)
    return {
        "label": label(TITLES[view]),
        "url": url_for("cases.queue", view=view),
        "current": view == wanted.view,
        "count": _many(number) if number is not None and view != CLOSED else None,
    }


def _many(number: int) -> str:
    return f"{number}+" if number >= reading.MOST_COUNTED else str(number)


def _url(wanted: Wanted, **more: str) -> str:
    asked = {**request.args.to_dict(), "view": wanted.view, **more}
    return with_query(url_for("cases.queue"), {k: v for k, v in asked.items() if v})


def _chips(wanted: Wanted) -> list[dict[str, str]]:
    """The filters in words, each with the address without it."""
    names = _names()
    found = [
        {
            "words": names[name],
            "value": _known(name)[value],
            "remove": _url(wanted, **{name: ""}, after=""),
        }
        for name, value in wanted.filters.items()
    ]
    if wanted.assignee_id is not None:
        who = person_name(wanted.assignee_id)
        found.append(
            {"words": _("Assigned to"), "value": who, "remove": _url(wanted, assignee="", after="")}
        )
    return found


def _offered(wanted: Wanted) -> list[dict[str, Any]]:
    """What the queue can be narrowed down to: a menu for each filter."""
    names = _names()
    return [
        {
            "name": name,
            "label": names[name],
            "values": [
                (words, _url(wanted, **{name: key}, after=""))
                for key, words in _known(name).items()
            ],
        }
        for name in ("kind", "level", "category", "status")
        if name not in wanted.filters
    ]


def _names() -> dict[str, str]:
    return {
        "kind": _("Kind of case"),
        "level": _("Level"),
        "category": _("About"),
        "status": _("State"),
        "channel": _("Came by"),
        "mood": _("Mood"),
    }
