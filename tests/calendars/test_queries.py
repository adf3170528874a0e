"""Calendars are read from memory, follow the firm where they have no place of their own, and are right
all the same in every process."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from crmlite import settings
from crmlite.app import create_app
from crmlite.calendars import official, operations, queries
from crmlite.calendars.models import WorkingCalendar
from crmlite.calendars.operations import CalendarDraft, DaysDraft
from crmlite.extensions import database
from crmlite.rules.working_time import Target, Unit, after, read_week, written
from crmlite.settings.operations import change_settings
from crmlite.work import Actor, Refused, operation, undo
from crmlite.work.ledger import ChangeRow
from tests.calendars.conftest import Listener

BY = Actor("command", "crmlite")
AT = datetime(2026, 3, 4, tzinfo=UTC)
FRIDAY = datetime.fromisoformat("2026-02-13T17:40+08:00")
TWO_DAYS = Target(Unit.DAYS, 2)
OFFICE = "09:00-12:00, 13:30-18:00"


def draft(week: str = "mon-fri 9-18", **more: str | None) -> CalendarDraft:
    blocks = read_week(week).value
    assert blocks is not None
    return CalendarDraft(label={"en": "Hotline", "zh": "热线"}, week=blocks, **more)


def due(calendar_id: int | None = None) -> str:
    calendar = queries.calendar_of(calendar_id)
    return after(calendar, FRIDAY, TWO_DAYS).at.astimezone(calendar.zone).isoformat("T", "minutes")


@pytest.mark.usefixtures("inside")
def test_a_new_book_has_an_offices_week_where_the_firm_is() -> None:
    [shipped] = queries.calendars()
    assert (shipped.is_default, shipped.zone, shipped.country) == (True, None, None)
    assert [written(day) for day in shipped.week] == [*[OFFICE] * 5, "", ""]
    assert due() == due(shipped.id) == "2026-02-24T18:00+08:00"
    calendar = queries.calendar_of(None)
    assert (str(calendar.zone), calendar.announced_to) == (
        "Asia/Shanghai",
        official.announced_to("CN"),
    )


@pytest.mark.usefixtures("inside")
def test_it_follows_the_firm_until_it_has_a_place_of_its_own(told: Listener) -> None:
    [shipped] = queries.calendars()
    change_settings({"timezone": "Europe/London", "country": "GB"}, by=BY, at=AT)
    assert set(told.since()) == {shipped.id}
    calendar = queries.calendar_of(None)
    assert (str(calendar.zone), calendar.announced_to) == ("Europe/London", None)
    assert due() == "2026-02-17T18:00+00:00"
    change_settings({"currency": "EUR"}, by=BY, at=AT)
    assert told.since() == []
    own = CalendarDraft(label=shipped.label, week=shipped.week, zone="Asia/Shanghai", country="CN")
    done = operations.update_calendar(shipped.id, own, by=BY, at=AT)
    assert (due(), told.since()) == ("2026-02-24T18:00+08:00", [shipped.id])
    change_settings({"timezone": "America/New_York"}, by=BY, at=AT)
    assert (due(), told.since()) == ("2026-02-24T18:00+08:00", [])
    undo(done, by=BY, at=AT)
    assert (due(), told.since()) == ("2026-02-17T18:00-05:00", [shipped.id])


@pytest.mark.usefixtures("inside")
def test_where_no_holidays_of_the_firms_country_are_known_weekdays_count() -> None:
    unknown = min(set(settings.places.countries()) - official.countries())
    change_settings({"country": unknown}, by=BY, at=AT)
    assert due() == "2026-02-17T18:00+08:00"


@pytest.mark.usefixtures("inside")
def test_a_managers_days_stand_on_top() -> None:
    [shipped] = queries.calendars()
    day = date(2026, 2, 24)
    value = DaysDraft(first=day, last=day, label={"en": "Outing"})
    operations.set_days(shipped.id, value, by=BY, at=AT)
    assert due() == "2026-02-25T18:00+08:00"
    short = read_week("mon 10-11").value
    assert short is not None
    value = DaysDraft(first=day, last=day, works=True, label={}, blocks=short[0])
    operations.set_days(shipped.id, value, by=BY, at=AT)
    assert due() == "2026-02-24T11:00+08:00"


def test_it_is_made_once_until_something_changes_in_any_process(app: Flask) -> None:
    other = create_app(app.extensions["crmlite.config"])
    with other.app_context():
        before = queries.calendar_of(None)
        assert queries.calendar_of(None) is before
        database.session.remove()
    with other.app_context():
        assert queries.calendar_of(None) is before
        database.session.remove()
    with app.app_context():
        [shipped] = queries.calendars()
        value = CalendarDraft(label=shipped.label, week=[*[()] * 6, shipped.week[0]])
        operations.update_calendar(shipped.id, value, by=BY, at=AT)
    with other.app_context():
        assert queries.calendar_of(None) is not before
        assert due() == "2026-02-28T18:00+08:00"  # two days that are made up
        database.session.remove()
        database.engine.dispose()


@pytest.mark.usefixtures("inside")
def test_what_an_operation_took_back_is_remembered_by_nobody() -> None:
    @operation("calendar_tried")
    def half(*, by: Actor, at: datetime) -> None:
        operations.create_calendar(draft(), by=by, at=at)
        assert len(queries.as_written().entries) == 2
        raise Refused("no-luck")

    with pytest.raises(Refused, match="no-luck"):
        half(by=BY, at=AT)
    assert len(queries.calendars()) == 1


@pytest.mark.usefixtures("inside")
def test_calendars_are_found_by_name_in_either_language() -> None:
    made = operations.create_calendar(draft(country="GB-ENG"), by=BY, at=AT)["id"]
    for name in ("Hotline", " hotline ", "热线"):
        found = queries.named(name)
        assert found is not None
        assert found.id == made
    assert queries.named("Cold line") is None
    assert [one.id for one in queries.calendars()][-1] == made
    with pytest.raises(KeyError):
        queries.calendar_of(made + 1)


@pytest.mark.usefixtures("inside")
def test_days_announced_meanwhile_are_noticed_once(
    told: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = operations.create_calendar(draft(country="GB"), by=BY, at=AT)["id"]
    told.since()
    assert operations.look_for_news(by=BY, at=AT) == 0
    assert operations.look_for_news(by=BY, at=AT) == 0
    known = official.mark
    monkeypatch.setattr(
        official,
        "mark",
        lambda country, years: "other" if country == "CN" else known(country, years),
    )
    assert operations.look_for_news(by=BY, at=AT) == 1
    [shipped] = [one.id for one in queries.calendars() if one.id != made]
    assert told.since() == [shipped]
    assert operations.look_for_news(by=BY, at=AT) == 0
    table = ChangeRow.__table__
    noted = database.session.query(table).filter(table.c.record_type == "calendar").count()
    rows = database.session.query(WorkingCalendar.__table__).count()
    assert (noted, rows) == (2, 2)  # both were added, and no more is on record
