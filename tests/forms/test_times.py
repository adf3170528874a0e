"""Fields for days and moments."""

from datetime import UTC, date, datetime

import pytest
from wtforms.validators import ValidationError

from crmlite import clock
from crmlite.forms import Day, Form, Moment


class Visit(Form):
    on = Day("Day")
    at = Moment("Moment")


@pytest.fixture(autouse=True)
def march(monkeypatch):
    """It is the evening of 14 March in UTC, and so the 15th in Shanghai."""
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 3, 14, 18, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-05-01", date(2026, 5, 1)),
        ("2026年5月1日", date(2026, 5, 1)),
        ("5月1日", date(2026, 5, 1)),
        ("1 May 2026", date(2026, 5, 1)),
        ("today", date(2026, 3, 15)),
        ("昨天", date(2026, 3, 14)),
        ("", None),
    ],
)
def test_days_are_read_as_people_write_them(sent, typed, day):
    assert sent(Visit, {"on": typed}).on.data == day


def test_a_day_goes_to_the_picker_and_comes_back(sent):
    html = sent(Visit, data={"on": date(2026, 5, 1)}).on()
    assert 'type="date"' in html
    assert 'value="2026-05-01"' in html


@pytest.mark.parametrize("typed", ["2026-02-30", "soon", "1/2", "9999-01-01", "x" * 500])
def test_what_is_no_day_is_shown_again_in_a_control_that_can_hold_it(sent, typed):
    form = sent(Visit, {"on": typed})
    assert form.http_status == 422
    assert form.on.data is None
    html = form.on()
    assert 'type="text"' in html
    assert f'value="{typed}"' in html


def test_a_control_keeps_its_picker_while_it_can_hold_what_was_typed(sent):
    class Due(Visit):
        on = Day("Day", required=True)

        def validate_at(self, field):
            raise ValidationError("not then")

    form = sent(Due, {"on": "", "at": "2026-05-01T14:30"})
    assert form.http_status == 422 and form.on.errors and form.at.errors
    assert 'type="date"' in form.on()
    assert 'type="datetime-local"' in form.at() and 'value="2026-05-01T14:30"' in form.at()


def test_a_doubtful_day_is_taken_and_mentioned(sent):
    form = sent(Visit, {"on": "03/04/2026"})
    assert form.on.data == date(2026, 4, 3)
    assert "Day and month could be swapped" in form.on.doubt
    assert sent(Visit, {"on": "03/04/2026"}, lang="zh").on.data == date(2026, 3, 4)


def test_a_moment_is_meant_where_the_reader_is(sent):
    form = sent(Visit, {"at": "2026-05-01T14:30"})
    assert form.at.data == datetime(2026, 5, 1, 6, 30, tzinfo=UTC)
    html = sent(Visit, data={"at": datetime(2026, 5, 1, 6, 30, tzinfo=UTC)}).at()
    assert 'value="2026-05-01T14:30"' in html
    assert 'type="datetime-local"' in html
    assert sent(Visit, {"at": "昨天下午3点"}, lang="zh").at.data == datetime(
        2026, 3, 14, 7, 0, tzinfo=UTC
    )


def test_days_are_said_as_people_say_them_in_a_conflict(sent):
    assert "2026" in sent(Visit).on.shown(date(2026, 5, 1))
    assert sent(Visit).on.shown(None) == ""
