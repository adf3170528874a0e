"""Whose Today it is, and what stands on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _

from crmlite import settings
from crmlite.access import Reader
from crmlite.accounts.queries import owners, people, person_name, team_mates, teams
from crmlite.customers.choices import choice_label, tier_shown
from crmlite.followups.kinds import icon_of, kind_label
from crmlite.followups.queries import steps
from crmlite.wording import ago, label

DAYS = 30
IN_TIME = timedelta(hours=24)
BAR = 28  # height of the tallest bar


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A next step as a line: what, for whom, why, until when."""

    id: int
    icon: str
    who: str
    sub: str
    url: str
    what: str
    why: str
    due_on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Band:
    """Lines under one heading."""

    title: str
    lines: Sequence[Line]
    count: int
    state: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """How much was written down within a day: of the last 30 days."""

    total: int
    in_time: int
    bars: Sequence[int]
    late_bars: Sequence[int]

    @property
    def percent(self) -> int | None:
        """The share in whole percent; None without any contact."""
        return round(100 * self.in_time / self.total) if self.total else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """A line of the team's table."""

    name: str
    url: str
    late: int
    today: int
    week: int
    percent: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Whose:
    """Whose Today is shown: one person's or a team's."""

    ids: Sequence[int]
    title: str
    mine: bool
    is_team: bool = False


def whose(reader: Reader, who: str, team: str) -> Whose | None:
    """The people that an address names, as far as the reader may see them; None when not."""
    if not who and not team:
        return Whose(ids=[reader.user_id], title="", mine=True)
    scope = reader.scope("today:others")
    if team:
        found = next((one for one in teams() if one.key == team), None)
        if found is None or not scope or (scope != "all" and found.id not in reader.team_ids):
            return None
        return Whose(
            ids=sorted(found.member_ids), title=label(found.label), mine=False, is_team=True
        )
    person = next((one for one in people().values() if one.login == who), None)
    if person is None:
        return None
    if person.id != reader.user_id and not (
        scope == "all" or (scope == "team" and person.id in team_mates(reader.user_id))
    ):
        return None
    return Whose(ids=[person.id], title=person.name, mine=person.id == reader.user_id)


def at_start(reader: Reader, today: date) -> Whose:
    """What an address without a name shows: one's own day, or, to those for whom nothing is
    planned, that of the team they lead or are in, where they may look at it."""
    mine = Whose(ids=[reader.user_id], title="", mine=True)
    if steps.counted(reader, mine.ids, today, today):
        return mine
    own = [team for team in teams() if reader.user_id in team.member_ids]
    own.sort(key=lambda team: team.lead_id != reader.user_id)
    found = (whose(reader, "", team.key) for team in own)
    return next((team for team in found if team is not None), mine)


def bands(reader: Reader, shown: Whose, today: date, later: bool = False) -> list[Band]:
    """Overdue, today, this week, later; of what comes later the lines only when asked for."""
    week_end = today + timedelta(days=6 - today.weekday())
    counts = steps.counted(reader, shown.ids, today, week_end)
    until = date.max if later else week_end
    rows = [_line(row, shown) for row in steps.due(reader, shown.ids, today, until)]
    late = [line for line in rows if line.due_on < today]
    now = [line for line in rows if line.due_on == today]
    soon = [line for line in rows if today < line.due_on <= week_end]
    after = [line for line in rows if line.due_on > week_end]

    def count(name: str) -> int:
        return sum(int(row[name] or 0) for row in counts.values())

    found = [
        Band(title=_("Overdue"), lines=late, count=count("late"), state="late"),
        Band(title=_("Today"), lines=now, count=count("today")),
        Band(title=_("This week"), lines=soon, count=count("week")),
        Band(title=_("Later"), lines=after, count=count("later")),
    ]
    return [band for band in found if band.count]


def waiting_on(reader: Reader, today: date) -> int:
    """How many next steps of the reader are overdue or due today."""
    counts = steps.counted(reader, [reader.user_id], today, today)
    return sum(int(row["late"] or 0) + int(row["today"] or 0) for row in counts.values())


def _line(row: Any, shown: Whose) -> Line:
    sub = [choice_label("tier", tier_shown(row)) or choice_label("lifecycle", row["lifecycle"])]
    if shown.is_team:
        sub.append(person_name(row["assignee_id"]))
    return Line(
        id=row["id"],
        icon=icon_of(row["channel"]),
        who=row["name"],
        sub=" · ".join(part for part in sub if part),
        url=url_for("customers.show", number=row["number"]),
        what=row["what"],
        why=_why(row),
        due_on=row["due_on"],
    )


def _why(row: Any) -> str:
    """Where the step comes from, and when people last talked."""
    parts = []
    if row["from_at"] is not None:
        parts.append(
            _(
                "from %(kind)s, %(when)s",
                kind=kind_label(row["from_kind"]),
                when=ago(row["from_at"]),
            )
        )
    if row["last_contact_at"] is not None and row["last_contact_at"] != row["from_at"]:
        parts.append(_("last talk %(when)s", when=ago(row["last_contact_at"])))
    elif row["last_contact_at"] is None:
        parts.append(_("no talk yet"))
    return " · ".join(parts)


def scores(ids: Sequence[int], today: date) -> dict[int, Score]:
    """How well each of these people wrote down what they did."""
    zone = ZoneInfo(settings.get("timezone"))
    first = today - timedelta(days=DAYS - 1)
    since = datetime.combine(first, time.min, zone)
    found = steps.record_keeping(ids, since, IN_TIME)
    return {user_id: _score(talks, first, zone) for user_id, talks in found.items()}


def _score(talks: Sequence[tuple[datetime, bool]], first: date, zone: ZoneInfo) -> Score:
    made, late = [0] * DAYS, [0] * DAYS
    for at, in_time in talks:
        day = min(max((at.astimezone(zone).date() - first).days, 0), DAYS - 1)
        made[day] += 1
        late[day] += not in_time
    tallest = max([1, *made])
    return Score(
        total=len(talks),
        in_time=sum(in_time for _at, in_time in talks),
        bars=[round(BAR * count / tallest) for count in made],
        late_bars=[round(BAR * count / tallest) for count in late],
    )


def members(reader: Reader, shown: Whose, today: date) -> list[Member]:
    """The people of a team with what waits on each."""
    week_end = today + timedelta(days=6 - today.weekday())
    counts = steps.counted(reader, shown.ids, today, week_end)
    kept = scores(shown.ids, today)
    everyone = people()
    found = []
    for user_id in shown.ids:
        person = everyone[user_id]
        if not person.active:
            continue
        row = counts.get(user_id, {})
        found.append(
            Member(
                name=person.name,
                url=url_for("dashboard.today", who=person.login),
                late=int(row.get("late") or 0),
                today=int(row.get("today") or 0),
                week=int(row.get("week") or 0),
                percent=kept[user_id].percent,
            )
        )
    return found


def choices(reader: Reader) -> list[tuple[str, str]]:
    """Whose Today the reader may look at, as addresses and names: teams, then people."""
    scope = reader.scope("today:others")
    if not scope or scope == "own":
        return []
    mates = team_mates(reader.user_id)
    found = [
        (url_for("dashboard.today", team=team.key), label(team.label))
        for team in teams()
        if team.member_ids and (scope == "all" or team.id in reader.team_ids)
    ]
    found += [
        (url_for("dashboard.today", who=person.login), person.name)
        for person in owners()
        if person.id != reader.user_id and (scope == "all" or person.id in mates)
    ]
    return found
