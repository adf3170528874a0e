"""The log of viewings: who saw sensitive values."""

from typing import Any

from flask import request, url_for

from crmlite.access import current_reader, requires
from crmlite.accounts.queries import people
from crmlite.history.queries.viewings import Filter
from crmlite.history.queries.viewings import viewings as looks
from crmlite.history.views.blueprint import bp
from crmlite.history.views.query_string import asked_day, asked_id, kept_query
from crmlite.paging import page, with_query


@bp.get("/settings/viewings")
@requires("history:see_all")
def viewings() -> Any:
    """Who saw which sensitive values, newest first."""
    wanted = Filter(user_id=asked_id("who"), since=asked_day("since"), until=asked_day("until"))
    shown = looks(current_reader(), wanted, cursor=request.args.get("from", ""))
    here, kept = url_for("history.viewings"), kept_query("who", "since", "until")
    return page(
        "history/viewings.html",
        "history/_viewings.html",
        viewings=shown,
        wanted=wanted,
        people=[(person.id, person.name) for person in people().values()],
        filtered=bool(kept),
        before=with_query(here, {**kept, "from": shown.before}) if shown.before else "",
        after=with_query(here, {**kept, "from": shown.after}) if shown.after else "",
    )
