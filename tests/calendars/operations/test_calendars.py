"""Calendars are added, changed, chosen and given up; nothing breaks that somebody counts on."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from crmlite.accounts.operations import TeamChange, create_team, update_team
from crmlite.accounts.roster import newest_roster
from crmlite.calendars import queries
from crmlite.calendars.operations import (
    CalendarDraft,
    DaysDraft,
    clear_days,
    create_calendar,
    delete_calendar,
    make_default,
    restore_calendar,
    set_days,
    update_calendar,
)
from crmlite.extensions import database
from crmlite.history.operations import restore_value
from crmlite.rules.working_time import read_week, written
from crmlite.work import Actor, Gone, Refused, Stale, undo
from crmlite.work.ledger import ChangeRow, OperationRow
from tests.calendars.conftest import Listener

pytestmark = pytest.mark.usefixtures("inside")

BY = Actor("command", "crmlite")
AT = datetime(2026, 3, 4, tzinfo=UTC)
SHIPPED = 1


def draft(
    week: str = "mon-fri 9-18", zone: str | None = None, country: str | None = None, **label: str
) -> CalendarDraft:
    blocks = read_week(week).value
    assert blocks is not None
    return CalendarDraft(
        label=label or {"en": "Hotline", "zh": "热线"}, week=blocks, zone=zone, country=country
    )


def added(**label: str) -> int:
    return int(create_calendar(draft(**label), by=BY, at=AT)["id"])


def default() -> int:
    return queries.memory().default.id


def refusal(act: Callable[..., Any], *arguments: Any, **more: Any) -> str:
    """By which rule something is refused."""
    with pytest.raises(Refused) as refused:
        act(*arguments, by=BY, at=AT, **more)
    return refused.value.code


def last_operation(name: str) -> int:
    table = OperationRow.__table__
    newest = select(table.c.id).where(table.c.name == name).order_by(table.c.id.desc()).limit(1)
    return int(database.session.execute(newest).scalar_one())


def test_a_calendar_is_added_changed_and_all_of_it_undone(told: Listener) -> None:
    made = create_calendar(draft(), by=BY, at=AT)
    calendar_id = made["id"]
    other = draft("sat-mon 10-12", "Europe/London", "GB-ENG", en="Weekend")
    changed = update_calendar(calendar_id, other, version=1, by=BY, at=AT)
    found = queries.entry(calendar_id)
    assert found is not None
    assert (found.zone, found.country, found.label, found.version) == (
        "Europe/London",
        "GB-ENG",
        {"en": "Weekend"},
        2,
    )
    assert [written(day) for day in found.week] == ["10:00-12:00", *[""] * 4, *["10:00-12:00"] * 2]
    assert told.since() == [calendar_id]
    renamed = update_calendar(
        calendar_id, draft("sat-mon 10-12", "Europe/London", "GB-ENG"), by=BY, at=AT
    )
    assert (bool(renamed), told.since()) == (True, [])  # no due time follows from a name
    assert (
        update_calendar(
            calendar_id, draft("sat-mon 10-12", "Europe/London", "GB-ENG"), by=BY, at=AT
        )
        == 0
    )
    undo(renamed, by=BY, at=AT)
    undo(changed, by=BY, at=AT)
    found = queries.entry(calendar_id)
    assert found is not None
    assert (found.zone, found.country, found.label) == (None, None, {"en": "Hotline", "zh": "热线"})
    assert told.since() == [calendar_id, calendar_id]
    undo(made["operation"], by=BY, at=AT)
    assert queries.entry(calendar_id) is None
    assert [one.id for one in queries.calendars()] == [SHIPPED]


def test_each_change_is_on_record_and_its_earlier_value_restored(told: Listener) -> None:
    made = added()
    operation = update_calendar(made, draft("mon 9-18"), by=BY, at=AT)
    table = ChangeRow.__table__
    [row] = database.session.execute(select(table).where(table.c.operation_id == operation)).all()
    assert (row.record_type, row.verb, list(row.diff)) == ("calendar", "update", ["week"])
    told.since()
    assert restore_value(row.id, "week", by=BY, at=AT)
    assert [bool(day) for day in queries.memory().entries[made].week] == [True] * 5 + [False] * 2
    assert told.since() == [made]


def test_who_read_an_older_version_is_told_and_changes_nothing() -> None:
    made = added()
    update_calendar(made, draft("mon 9-18"), version=1, by=BY, at=AT)
    with pytest.raises(Stale):
        update_calendar(made, draft("tue 9-18"), version=1, by=BY, at=AT)
    found = queries.entry(made)
    assert found is not None
    assert written(found.week[0]) == "09:00-18:00"
    with pytest.raises(Gone):
        update_calendar(made + 1, draft(), by=BY, at=AT)


def test_a_calendar_without_working_time_is_refused() -> None:
    idle = CalendarDraft(label={"en": "Idle"}, week=[()] * 7)
    assert refusal(create_calendar, idle) == "calendar-without-hours"
    assert refusal(update_calendar, SHIPPED, idle) == "calendar-without-hours"
    year = DaysDraft(first=date(2027, 1, 1), last=date(2027, 12, 31), label={"en": "Sabbatical"})
    assert set_days(SHIPPED, year, by=BY, at=AT)
    more = DaysDraft(first=date(2028, 1, 1), last=date(2028, 6, 30), label={"en": "Still away"})
    assert refusal(set_days, SHIPPED, more) == "calendar-without-hours"
    made = added()
    mondays = [date.fromordinal(date(2027, 1, 4).toordinal() + 7 * n) for n in range(58)]
    update_calendar(made, draft("mon 9-18", country=""), by=BY, at=AT)
    for day in mondays[:-1]:
        set_days(made, DaysDraft(first=day, last=day, label={"en": "Off"}), by=BY, at=AT)
    last = DaysDraft(first=mondays[-1], last=mondays[-1], label={"en": "Off"})
    assert refusal(set_days, made, last) == "calendar-without-hours"


def test_names_are_not_given_twice() -> None:
    made = added()
    assert refusal(create_calendar, draft(en="hotline")) == "calendar-exists"
    assert refusal(create_calendar, draft(zh="热线")) == "calendar-exists"
    assert refusal(update_calendar, SHIPPED, draft(en="Hotline")) == "calendar-exists"
    delete_calendar(made, by=BY, at=AT)
    again = added()
    assert refusal(restore_calendar, made) == "calendar-exists"
    update_calendar(again, draft(en="Cold line"), by=BY, at=AT)
    assert restore_calendar(made, by=BY, at=AT)
    assert restore_calendar(made, by=BY, at=AT) == 0
    assert {one.id for one in queries.calendars()} == {SHIPPED, made, again}


def test_one_calendar_is_the_default_one_whatever_is_undone(told: Listener) -> None:
    one, other = added(), added(en="Other")
    first = make_default(one, by=BY, at=AT)
    assert (default(), told.since()) == (one, [one])
    assert make_default(one, by=BY, at=AT) == 0
    assert refusal(delete_calendar, one) == "calendar-is-default"
    second = make_default(other, by=BY, at=AT)
    assert refusal(undo, first) == "calendar-default"  # there would be two
    assert default() == other
    undo(second, by=BY, at=AT)
    assert default() == one
    undo(first, by=BY, at=AT)
    assert default() == SHIPPED


def test_a_calendar_is_kept_while_a_team_works_by_it(told: Listener) -> None:
    made, day = added(), date(2026, 3, 9)
    set_days(made, DaysDraft(first=day, last=day, label={"en": "Outing"}), by=BY, at=AT)
    told.since()
    team = create_team(TeamChange(label={"en": "Night shift"}, calendar_id=made), by=BY, at=AT)
    with pytest.raises(Refused) as refused:
        delete_calendar(made, by=BY, at=AT)
    assert refused.value.code == "calendar-in-use"
    assert refused.value.params == {"users": ["Team: Night shift"]}
    update_team(team, TeamChange(label={"en": "Night shift"}), by=BY, at=AT)
    assert told.since() == [SHIPPED]  # the team works by the default one now
    left = last_operation("team_updated")
    deleted = delete_calendar(made, by=BY, at=AT)
    assert queries.entry(made) is None
    assert queries.calendar_of(made).blocks_on(day) == ()  # what was counted on it stays readable
    gone = TeamChange(label={"en": "Day shift"}, calendar_id=made)
    assert refusal(create_team, gone) == "calendar_gone"
    assert refusal(update_team, team, gone) == "calendar_gone"
    assert refusal(undo, left) == "calendar_gone"
    undo(deleted, by=BY, at=AT)
    told.since()
    undo(left, by=BY, at=AT)
    assert newest_roster().teams[team].calendar_id == made
    assert told.since() == [made]


def test_adding_a_calendar_is_not_undone_while_somebody_uses_it() -> None:
    made = create_calendar(draft(), by=BY, at=AT)
    create_team(TeamChange(label={"en": "Night"}, calendar_id=made["id"]), by=BY, at=AT)
    assert refusal(undo, made["operation"]) == "calendar-in-use"
    assert queries.entry(made["id"]) is not None


def test_what_is_gone_cannot_be_chosen_or_deleted_again() -> None:
    made = added()
    delete_calendar(made, by=BY, at=AT)
    for act in (make_default, delete_calendar):
        with pytest.raises(Gone):
            act(made, by=BY, at=AT)
    with pytest.raises(Gone):
        restore_calendar(made + 1, by=BY, at=AT)
    with pytest.raises(Gone):
        clear_days(made, date(2026, 3, 4), date(2026, 3, 4), by=BY, at=AT)
