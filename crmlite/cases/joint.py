"""What a case still asks of its joint team, in the reader's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from crmlite.accounts.queries import person_name, teams
from crmlite.accounts.roster import TeamEntry
from crmlite.cases.levels import LEAD, MANAGER, NAMED, NOBODY, TEAM, lead_for, rule_of
from crmlite.cases.words import COMPLAINT, listed
from crmlite.rules.casework import AFTER_WORK
from crmlite.wording import label

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ask:
    """What is to be done about a joint team, and why."""

    title: str
    why: Sequence[str]


def ask_of(case: Row, members: Sequence[Row]) -> Ask | None:
    """What a case that is worked on asks of its joint team; None for nothing: a complex one that there
    is a team, a complaint whose level has a lead that somebody leads, and one whose level names teams
    that somebody of each is in it."""
    if case["status"] in AFTER_WORK:
        return None
    rule = rule_of(case["level"]) if case["kind"] == COMPLAINT else None
    in_it = {case["assignee_id"], *(member["user_id"] for member in members)}
    alone = case["is_complex"] and in_it <= {case["assignee_id"]}
    leaderless = (
        rule is not None
        and rule["leader"] != NOBODY
        and not any(member["duty"] == LEAD for member in members)
    )
    missing = missing_teams(rule, in_it) if rule is not None else []
    if not alone and not leaderless and not any(team.member_ids for team in missing):
        return None  # a team that nobody is in cannot send anybody
    why = []
    if alone:
        why.append(_reason(case, rule))
    if leaderless and rule is not None:
        why.append(_no_lead(case, rule))
    if missing:
        names = _(", ").join(label(team.label) for team in missing)
        why.append(_("Still missing: %(teams)s.", teams=names))
    if alone:
        return Ask(_("Complex: put a joint team together"), why)
    return Ask(
        _("The joint team has no lead") if leaderless else _("The joint team is incomplete"), why
    )


def missing_teams(rule: Row, in_it: set[int | None]) -> list[TeamEntry]:
    """The teams that a level asks for and that have nobody among these people."""
    return [team for team in teams() if team.id in rule["team_ids"] and not team.member_ids & in_it]


def _reason(case: Row, rule: Row | None) -> str:
    if rule is None or rule["leader"] == NOBODY:
        return _("The case is marked as complex, and nobody but whoever has it works on it.")
    level = listed("level", case["level"])
    return _("Complaints of the level %(level)s are worked on by a joint team.", level=level)


def _no_lead(case: Row, rule: Row) -> str:
    """Why nobody leads it."""
    if lead_for(rule, case["team_id"]) is not None:
        return _("Nobody leads it now.")
    return {
        TEAM: _("Nobody could be made its lead: the case's team has no lead who can open it."),
        MANAGER: _("Nobody could be made its lead: no manager can open it."),
        NAMED: _(
            "Nobody could be made its lead: %(who)s cannot open it any more.",
            who=person_name(rule["leader_id"]) or _("whoever was named"),
        ),
    }[rule["leader"]]
