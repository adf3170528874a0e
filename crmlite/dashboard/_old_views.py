"""Today: where signing in leads."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, request, url_for
from werkzeug.wrappers import Response

from crmlite import clock, settings
from crmlite.access import current_reader, requires
from crmlite.access.gate import SIGNED_IN
from crmlite.dashboard import today as day_of
from crmlite.followups.days import soon
from crmlite.followups.queries.steps import unplanned
from crmlite.paging import page, redirected, with_query

bp = Blueprint("dashboard", "crmlite.dashboard", template_folder="templates")


@bp.get("/")
@requires(SIGNED_IN)
def start() -> Response:
    """The bare address leads to Today."""
    return redirected(url_for("dashboard.today"))


@bp.get("/today")
@requires(SIGNED_IN)
def today() -> Any:
    """The reader's next steps; `?who=` a person's, `?team=` a team's, for those who may; `?later=1`
    also those after this week."""
    reader = current_reader()
    day = clock.today(ZoneInfo(settings.get("timezone")))
    who, team = request.args.get("who", ""), request.args.get("team", "")
    shown = day_of.whose(reader, who, team) if who or team else day_of.at_start(reader, day)
    if shown is None:
        abort(404)
    return page(
        "dashboard/today.html",
        "dashboard/_today.html",
        shown=shown,
        day=day,
        bands=day_of.bands(reader, shown, day, later="later" in request.args),
        later_url=with_query(url_for("dashboard.today"), {**request.args, "later": "1"}),
        score=day_of.scores(shown.ids, day)[shown.ids[0]] if not shown.is_team else None,
        members=day_of.members(reader, shown, day) if shown.is_team else [],
        unplanned=unplanned(reader, shown.ids),
        others=day_of.choices(reader),
        soon=soon(day),
    )
