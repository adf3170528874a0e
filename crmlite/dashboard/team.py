"""A team's day in one table: what waits on each, and how well they keep up."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for

from crmlite import clock
from crmlite.access import Reader
from crmlite.accounts.queries import people
from crmlite.dashboard.lines import MOST_OF_TEAM, Count
from crmlite.dashboard.score import shares
from crmlite.followups.queries import promises
from crmlite.followups.queries.today import LATE, TODAY, WEEK, Days
from crmlite.followups.whose import Whose


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """A line of the team's table."""

    name: str
    url: str
    late: Count
    today: Count
    week: Count
    promises: int
    promises_url: str
    percent: int | None
    written_url: str


def members(
    reader: Reader, shown: Whose, days: Days, counts: Mapping[int, Mapping[str, int]]
) -> list[Member]:
    """The people of a team with what waits on each; `counts` are those of their bands."""
    late = promises.late_by_person(reader, shown.ids, days.today, clock.now())
    kept = shares(shown.ids, days.today)
    everyone = people()
    found = []
    for user_id in shown.ids:
        person = everyone[user_id]
        if not person.active:
            continue
        found.append(
            Member(
                name=person.name,
                url=url_for("dashboard.today", who=person.login),
                late=_count(counts[user_id].get(LATE, 0)),
                today=_count(counts[user_id].get(TODAY, 0)),
                week=_count(counts[user_id].get(WEEK, 0)),
                promises=late.get(user_id, 0),
                promises_url=url_for("dashboard.promises", who=person.login),
                percent=kept[user_id],
                written_url=url_for("dashboard.written", who=person.login),
            )
        )
    return found


def _count(number: int) -> Count:
    return Count(min(number, MOST_OF_TEAM), number > MOST_OF_TEAM)
