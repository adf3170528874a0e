"""Settings: teams."""

from typing import Any

from flask import abort, url_for
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.accounts import operations, queries
from crmlite.accounts.forms import TeamForm
from crmlite.accounts.roster import Roster, TeamEntry, newest_roster, roster
from crmlite.accounts.views.blueprint import bp
from crmlite.accounts.views.conflicts import conflict_of
from crmlite.accounts.views.refusals import sentence
from crmlite.calendars.choosing import named
from crmlite.paging import page, saved
from crmlite.work import Refused, Stale


@bp.get("/settings/teams")
@requires("teams:manage")
def teams() -> Any:
    """All teams with lead and members."""
    everyone = roster()
    rows = [
        {
            "team": team,
            "lead": queries.person_name(team.lead_id),
            "calendar": named(str(team.calendar_id)) if team.calendar_id else "",
            "members": [one.name for one in everyone.people.values() if one.id in team.member_ids],
        }
        for team in everyone.teams.values()
    ]
    return page("accounts/teams.html", rows=rows)


@bp.route("/settings/teams/new", methods=["GET", "POST"])
@requires("teams:manage")
def new_team() -> Any:
    """Make a team."""
    form = TeamForm()
    if form.validate_on_submit():
        by, at = current_reader().actor, clock.now()
        try:
            operations.create_team(form.value(), form_key=form.key, by=by, at=at)
            return saved(url_for("accounts.teams"), message=_("Saved."))
        except Refused as refusal:
            form.blame("calendar_id", sentence(refusal))
    return page(
        "accounts/team.html",
        "accounts/_team.html",
        status=form.http_status,
        form=form,
        team=None,
        conflict=None,
    )


@bp.route("/settings/teams/<int:team_id>", methods=["GET", "POST"])
@requires("teams:manage")
def team(team_id: int) -> Any:
    """Change a team."""
    found = _team(team_id, roster())
    form = TeamForm(data=_data(found))
    if form.validate_on_submit():
        by, at = current_reader().actor, clock.now()
        try:
            operations.update_team(
                team_id, form.value(), version=form.seen, form_key=form.key, by=by, at=at
            )
            return saved(url_for("accounts.teams"), message=_("Saved."))
        except Refused as refusal:
            form.blame("calendar_id", sentence(refusal))
        except Stale:
            form.conflict(_data(_team(team_id, newest_roster())))
    return page(
        "accounts/team.html",
        "accounts/_team.html",
        status=form.http_status,
        form=form,
        team=found,
        conflict=conflict_of("team", team_id, form),
    )


def _team(team_id: int, everyone: Roster) -> TeamEntry:
    found = everyone.teams.get(team_id)
    if found is None:
        abort(404)
    return found


def _data(team: TeamEntry) -> dict[str, Any]:
    return {
        "label_en": team.label.get("en", ""),
        "label_zh": team.label.get("zh", ""),
        "lead_id": team.lead_id,
        "calendar_id": team.calendar_id,
        "member_ids": sorted(team.listed_ids),
        "version": team.version,
    }
