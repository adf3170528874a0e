"""Today: where signing in leads."""

from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from crmlite import hooks
from crmlite.access import current_reader, requires
from crmlite.access.gate import SIGNED_IN
from crmlite.dashboard.badge import waiting
from crmlite.dashboard.beside import risen
from crmlite.dashboard.lines import counted, day_of, log_url, older_lines
from crmlite.dashboard.start import at_start
from crmlite.dashboard.team import members
from crmlite.dashboard.views.blueprint import bp
from crmlite.dashboard.views.query_string import asked_for, days_now
from crmlite.followups.days import soon
from crmlite.followups.queries.steps import unplanned as without_next_step
from crmlite.followups.whose import Whose, person_choices, team_choices
from crmlite.forms.form import fresh_key
from crmlite.paging import page, redirected, with_query
from crmlite.wording import teller


@bp.get("/")
@requires(SIGNED_IN)
def start() -> Response:
    """The bare address leads to Today."""
    return redirected(url_for("dashboard.today"))


@bp.get("/today")
@requires(SIGNED_IN)
def today() -> Any:
    """The reader's tasks; `?who=` a person's, `?team=` a team's, for those who may; `?whole=` names the
    band of which all are shown, `?older=1` shows also those that have been overdue for long."""
    reader, days = current_reader(), days_now()
    named = "who" in request.args or "team" in request.args
    shown = asked_for(reader) if named else at_start(reader)
    here = url_for("dashboard.today")
    counts = counted(reader, shown, days)
    day = day_of(reader, shown, days, counts, whole=request.args.get("whole", ""))
    panels = hooks.asked("today_panels", shown=shown, reader=reader)
    return page(
        "dashboard/today.html",
        "dashboard/_today.html",
        shown=shown,
        date_words=teller().this_day(),
        day=day,
        older=older_lines(reader, shown, days) if "older" in request.args else [],
        risen=risen(reader, shown) if shown.is_team else [],
        members=members(reader, shown, days, counts) if shown.is_team else [],
        panels=sorted(panels, key=lambda panel: panel.weight),
        teams=team_choices(reader, shown, _today),
        persons=person_choices(reader, shown, _today),
        soon=soon(days.today),
        log_url=log_url,
        here=with_query(here, {**request.args, **dict(shown.query)}),
        whole_url=lambda band: with_query(here, {**request.args, "whole": band}),
        older_url=with_query(here, {**request.args, "older": "1"}),
        form_key=fresh_key(),
        waiting=waiting(),
    )


@bp.get("/today/unplanned")
@requires(SIGNED_IN)
def unplanned() -> Any:
    """Customers who are worked with and have no next step. It is fetched after the page: it looks
    through all customers of the people shown."""
    reader = current_reader()
    shown = asked_for(reader)
    return page(
        "dashboard/unplanned_page.html",
        "dashboard/_unplanned.html",
        shown=shown,
        customers=without_next_step(reader, shown.ids),
        owned=_owned_by(shown),
    )


def _owned_by(shown: Whose) -> str:
    """What the list of customers is asked for those of the people shown."""
    if shown.team_id is not None:
        return f"team~is~{shown.team_id}"
    return "owner~is~me" if shown.mine else f"owner~is~{shown.ids[0]}"


def _today(query: dict[str, str]) -> str:
    return with_query(url_for("dashboard.today"), query)
