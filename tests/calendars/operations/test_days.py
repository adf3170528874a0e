"""Days of a calendar are set and cleared, over official ones and over one another."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from crmlite.calendars import queries
from crmlite.calendars.operations import DaysDraft, clear_days, days_mark, set_days
from crmlite.calendars.year import Row, rows_of
from crmlite.extensions import database
from crmlite.rules.working_time import blocks_of
from crmlite.work import Actor, Refused, Stale, undo
from crmlite.work.ledger import ChangeRow
from tests.calendars.conftest import Listener

pytestmark = pytest.mark.usefixtures("inside")

BY = Actor("command", "crmlite")
AT = datetime(2026, 3, 4, tzinfo=UTC)
SHIPPED = 1
SHORT = blocks_of([(600, 720)])


def off(first: str, last: str = "", name: str = "Outing") -> DaysDraft:
    return DaysDraft(
        first=date.fromisoformat(first),
        last=date.fromisoformat(last or first),
        label={"en": name},
    )


def worked(first: str, last: str = "", blocks: tuple | None = None) -> DaysDraft:
    return DaysDraft(
        first=date.fromisoformat(first),
        last=date.fromisoformat(last or first),
        works=True,
        label={"en": "Trade fair"},
        blocks=blocks,
    )


def days() -> dict[str, bool]:
    """Whether people work on each day that was set."""
    return {one.day.isoformat(): one.works for one in queries.own_days(SHIPPED)}


def own_rows(year: int = 2026) -> list[Row]:
    return [row for row in rows_of(SHIPPED, year) if row.own]


def test_days_are_set_over_others_and_cleared_in_part(told: Listener) -> None:
    set_days(SHIPPED, off("2026-03-09", "2026-03-12"), by=BY, at=AT)
    changed = set_days(SHIPPED, worked("2026-03-11", "2026-03-14", SHORT), by=BY, at=AT)
    assert days() == {
        "2026-03-09": False,
        "2026-03-10": False,
        "2026-03-11": True,
        "2026-03-12": True,
        "2026-03-13": True,
        "2026-03-14": True,
    }
    assert set_days(SHIPPED, worked("2026-03-11", "2026-03-14", SHORT), by=BY, at=AT) == 0
    assert told.since() == [SHIPPED, SHIPPED]
    calendar = queries.calendar_of(None)
    assert calendar.blocks_on(date(2026, 3, 14)) == SHORT
    cleared = clear_days(SHIPPED, date(2026, 3, 10), date(2026, 3, 13), by=BY, at=AT)
    assert days() == {"2026-03-09": False, "2026-03-14": True}
    assert clear_days(SHIPPED, date(2026, 3, 10), date(2026, 3, 13), by=BY, at=AT) == 0
    undo(cleared, by=BY, at=AT)
    undo(changed, by=BY, at=AT)
    assert days() == dict.fromkeys(("2026-03-09", "2026-03-10", "2026-03-11", "2026-03-12"), False)
    assert set(told.since()) == {SHIPPED}


def test_days_that_were_set_are_moved() -> None:
    set_days(SHIPPED, off("2026-03-09", "2026-03-11"), by=BY, at=AT)
    set_days(SHIPPED, off("2026-03-20"), by=BY, at=AT)
    old = (date(2026, 3, 9), date(2026, 3, 11))
    moved = set_days(SHIPPED, off("2026-03-11", "2026-03-12"), instead_of=old, by=BY, at=AT)
    assert list(days()) == ["2026-03-11", "2026-03-12", "2026-03-20"]
    undo(moved, by=BY, at=AT)
    assert list(days()) == ["2026-03-09", "2026-03-10", "2026-03-11", "2026-03-20"]
    festival = (date(2026, 2, 15), date(2026, 2, 23))
    set_days(SHIPPED, off("2026-02-16"), instead_of=festival, by=BY, at=AT)
    assert "2026-02-16" in days()
    assert len(days()) == 5  # official days are not moved


def test_each_day_is_on_record_under_its_calendar() -> None:
    done = set_days(SHIPPED, off("2026-03-09", "2026-03-10"), by=BY, at=AT)
    table = ChangeRow.__table__
    found = database.session.execute(select(table).where(table.c.operation_id == done)).all()
    assert [(row.record_type, row.root_type, row.root_id) for row in found] == [
        ("calendar_day", "calendar", SHIPPED)
    ] * 2
    assert [row.diff["day"][1] for row in found] == ["2026-03-09", "2026-03-10"]


def test_who_saw_other_days_is_told() -> None:
    seen = days_mark(queries.own_days(SHIPPED))
    set_days(SHIPPED, off("2026-03-09"), seen=seen, by=BY, at=AT)
    with pytest.raises(Stale):
        set_days(SHIPPED, off("2026-03-09", name="Fair"), seen=seen, by=BY, at=AT)
    now = days_mark(queries.own_days(SHIPPED))
    assert set_days(SHIPPED, off("2026-03-09", name="Fair"), seen=now, by=BY, at=AT)


@pytest.mark.parametrize(
    ("first", "days", "code"),
    [("2026-03-09", -1, "days-backwards"), ("2026-03-09", 366, "days-too-many")],
)
def test_spans_have_an_end(first: str, days: int, code: str) -> None:
    start = date.fromisoformat(first)
    value = DaysDraft(first=start, last=start + timedelta(days=days), label={"en": "Off"})
    with pytest.raises(Refused, match=code):
        set_days(SHIPPED, value, by=BY, at=AT)


def test_the_year_tells_official_days_from_those_set_here() -> None:
    set_days(SHIPPED, off("2026-02-14"), by=BY, at=AT)
    set_days(SHIPPED, worked("2026-02-17", "2026-02-18"), by=BY, at=AT)
    set_days(SHIPPED, worked("2026-03-07", "2026-03-09"), by=BY, at=AT)
    rows = rows_of(SHIPPED, 2026)
    spring = [
        (row.first.day, row.last.day, row.own, bool(row.blocks))
        for row in rows
        if row.first.month == 2
    ]
    assert spring == [
        (14, 14, True, False),
        (15, 16, False, False),
        (17, 18, True, True),
        (19, 23, False, False),
        (28, 28, False, True),
    ]
    instead = {row.first.isoformat(): row.instead_of for row in own_rows()}
    assert {day: one and one.works for day, one in instead.items()} == {
        "2026-02-14": True,
        "2026-02-17": False,
        "2026-03-07": None,
    }
    assert [(row.first.day, row.last.day) for row in rows if row.first.month == 3] == [(7, 9)]
    assert own_rows(2025) == []
