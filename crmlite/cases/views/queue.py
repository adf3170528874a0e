"""The queue of complaints and other cases."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext

from crmlite import clock
from crmlite.access import Reader, can, current_reader, requires
from crmlite.accounts.queries import is_here, owners, person_name, teams
from crmlite.calendars.queries import calendar_of
from crmlite.cases import query_string
from crmlite.cases.badge import waiting
from crmlite.cases.explaining import due_moment, left_in_brief, left_until, state_of
from crmlite.cases.queries import queue as reading
from crmlite.cases.queries.queue import CLOSED, VIEWS, Wanted
from crmlite.cases.views.blueprint import bp
from crmlite.cases.words import (
    clock_label,
    kind_label,
    listed,
    status_label,
)
from crmlite.customers.choices import choice_label, tier_shown
from crmlite.db.keyset import BadCursor
from crmlite.paging import page, with_query
from crmlite.saved_views.queries import may_change, views_of
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

LEVEL_STATES = {"severe": "soon", "critical": "late"}  # how they are drawn


@bp.get("/complaints")
@requires("cases:see")
def queue() -> Any:
    """Cases in the order in which something is due; `?view=`, `?kind=`, `?level=` … narrow it down."""
    reader = current_reader()
    wanted = query_string.wanted_of(request.args, reader)
    kept = _kept(reader, wanted)
    if wanted.saved not in {row["id"] for _tab_of, row in kept}:
        wanted = replace(wanted, saved=0)
    cursor = request.args.get("after", "")
    try:
        shown = reading.page_of(reader, wanted, cursor)
    except BadCursor:
        abort(404)
    counts = reading.counts(reader)
    return page(
        "cases/queue.html",
        "cases/_queue.html",
        rows=[_line(row, query_string.query_of(wanted)) for row in shown.rows],
        views=[*(_tab(view, wanted, counts) for view in VIEWS), *(tab for tab, _row in kept)],
        view=wanted.view,
        keep=with_query(url_for("cases.new_view"), query_string.query_of(replace(wanted, saved=0))),
        change=_change(wanted, reader, kept),
        chips=_chips(wanted),
        offered=_offered(wanted),
        before=_url(wanted, after=shown.before) if shown.before else "",
        after=_url(wanted, after=shown.after) if shown.after else "",
        waiting=waiting(),
        due_label=pgettext("of the queue", "Due"),
        count=None if wanted.is_narrowed else counts.get(wanted.view),
        may_create=can("cases:create"),
        may_assign=can("cases:assign"),
    )


def _line(row: Any, query: dict[str, str]) -> dict[str, Any]:
    now = clock.now()
    team = next((one for one in teams() if one.id == row["team_id"]), None)
    found = {
        "number": row["number"],
        "url": with_query(url_for("cases.show", number=row["number"]), query),
        "id": row["id"],
        "subject": row["subject"],
        "customer": row["customer"],
        "customer_url": url_for("customers.show", number=row["customer_number"]),
        "tier": choice_label("tier", tier_shown(row)),
        "kind": kind_label(row["kind"]),
        "level": listed("level", row["level"]) if row["level"] else "",
        "level_state": LEVEL_STATES.get(row["level"] or "", ""),
        "status": status_label(row["status"]),
        "category": listed("category", row["category"]) if row["category"] else "",
        "opened_at": row["opened_at"],
        "assignee": person_name(row["assignee_id"]) if row["assignee_id"] else "",
        "team": label(team.label) if team else "",
        "dedicated": person_name(row["dedicated_id"]) if is_here(row["dedicated_id"]) else "",
        "reopened": row["reopened"],
        "step": row["step"],
        "clock": clock_label(row["clock"]) if row["clock"] else "",
        "due": "",
        "left": "",
        "state": "",
    }
    if row["is_held"]:
        found |= {"due": _("on hold")}
    elif row["due_at"] is not None:
        calendar = calendar_of(team.calendar_id if team else None)
        left = left_until(row["due_at"], row["unit"], now, calendar)
        found |= {
            "due": due_moment(row["due_at"], now, calendar.zone),
            "left": left_in_brief(left, row["unit"]),
            "state": state_of(left, is_held=False),
        }
    return found


def _tab(view: str, wanted: Wanted, counts: dict[str, int]) -> dict[str, Any]:
    number = counts.get(view)
    return {
        "label": label(TITLES[view]),
        "url": url_for("cases.queue", view=view),
        "current": view == wanted.view and not wanted.saved,
        "count": _many(number) if number is not None and view != CLOSED else None,
    }


def _kept(reader: Reader, wanted: Wanted) -> list[tuple[dict[str, Any], Any]]:
    """The saved views as tabs, each with its row."""
    return [
        (
            {
                "label": row["name"],
                "url": _url(query_string.wanted_by_view(row)),
                "current": row["id"] == wanted.saved,
            },
            row,
        )
        for row in views_of(query_string.LIST, reader)
    ]


def _change(wanted: Wanted, reader: Reader, kept: Sequence[tuple[Any, Any]]) -> str:
    """Where the view that is shown is changed; empty where it is none that the reader may change."""
    for _tab_of, row in kept:
        shared, owner = row["shared"], row["owner_id"]
        if row["id"] == wanted.saved and may_change(reader, owner_id=owner, shared=shared):
            place = url_for("cases.edit_view", view_id=row["id"])
            return with_query(place, query_string.query_of(replace(wanted, saved=0)))
    return ""


def _many(number: int) -> str:
    return f"{number}+" if number >= reading.MOST_COUNTED else str(number)


def _url(wanted: Wanted, **more: str) -> str:
    return with_query(url_for("cases.queue"), query_string.query_of(wanted) | more)


def _chips(wanted: Wanted) -> list[dict[str, str]]:
    """The filters in words, each with the address without it."""
    names = _names()
    found = [
        {
            "words": names[name],
            "value": query_string.known(name)[value],
            "remove": _url(wanted, **{name: ""}),
        }
        for name, value in wanted.filters.items()
    ]
    if wanted.assignee_id is not None:
        who = person_name(wanted.assignee_id)
        found.append({"words": _("Assignee"), "value": who, "remove": _url(wanted, assignee="")})
    return found


def _offered(wanted: Wanted) -> list[dict[str, Any]]:
    """What the queue can be narrowed down to: a menu for each filter."""
    names = _names()
    return [
        {
            "label": names[name],
            "values": [
                (words, _url(wanted, **{name: key}))
                for key, words in query_string.known(name).items()
            ],
        }
        for name in ("kind", "level", "category", "status")
        if name not in wanted.filters
    ] + (_assignees(wanted) if wanted.assignee_id is None else [])


def _assignees(wanted: Wanted) -> list[dict[str, Any]]:
    """Whose cases can be asked for."""
    values = [(one.name, _url(wanted, assignee=one.login)) for one in owners()]
    return [{"label": _("Assignee"), "values": values}]


def _names() -> dict[str, str]:
    return {
        "kind": _("Kind of case"),
        "level": _("Level"),
        "category": _("About"),
        "status": _("State"),
        "channel": _("Came by"),
        "mood": _("Mood"),
    }
