"""Dates are read as people in China and England write them; impossible ones are named."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlite.rules.dates import parse_date, parse_moment, parse_time

FRIDAY = date(2024, 3, 15)
SHANGHAI = ZoneInfo("Asia/Shanghai")
DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))


def read(text, **options):
    """What a text means on Friday, 15 March 2024."""
    return parse_date(text, today=FRIDAY, **options)


def codes(checked):
    """The codes of what was noticed."""
    return [problem.code for problem in checked.problems]


@pytest.mark.parametrize(
    "text",
    [
        "2024-05-01",
        "2024/5/1",
        "2024.5.1",
        "2024 - 05 - 01",
        "２０２４－０５－０１",
        "20240501",
        "2024年5月1日",
        "2024 年 05 月 01 号",
        "5月1日",
        "1 May 2024",
        "1st of May",
        "May 1, 2024",
        "may 1st 2024",
        "1-May-2024",
        "2024-05-01 10:30",
        "2024-05-01T23:59:59.5Z",
        "2024年5月1日下午3点",
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_first_of_may_in_every_spelling(text, lang):
    assert read(text, lang=lang).value == date(2024, 5, 1)
    assert read(text, lang=lang).problems == ()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("今天", date(2024, 3, 15)),
        ("Yesterday", date(2024, 3, 14)),
        ("前天", date(2024, 3, 13)),
        ("大后天", date(2024, 3, 18)),
        ("tomorrow", date(2024, 3, 16)),
        ("3天前", date(2024, 3, 12)),
        ("10 days ago", date(2024, 3, 5)),
        ("in 1 day", date(2024, 3, 16)),
        ("下周一", date(2024, 3, 18)),
        ("上周五", date(2024, 3, 8)),
        ("本周日", date(2024, 3, 17)),
        ("今天下午3点", date(2024, 3, 15)),
    ],
)
def test_days_named_from_today(text, day):
    assert read(text).value == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        pytest.param("12月28日", date(2023, 12, 28), id="last December in March"),
        pytest.param("8月30日", date(2024, 8, 30), id="this August"),
        pytest.param("2月29日", date(2024, 2, 29), id="a leap day there is"),
    ],
)
def test_a_day_without_a_year_is_the_nearest(text, day):
    assert read(text).value == day


def test_in_december_early_january_is_ahead():
    assert parse_date("1月5日", today=date(2024, 12, 20)).value == date(2025, 1, 5)


def test_the_order_of_day_and_month_follows_the_language_and_is_mentioned():
    chinese, english = read("03/04/2024", lang="zh"), read("03/04/2024", lang="en")
    assert (chinese.value, english.value) == (date(2024, 3, 4), date(2024, 4, 3))
    assert codes(chinese) == codes(english) == ["date_ambiguous"]
    assert chinese.ok


def test_a_known_order_or_a_clear_date_needs_no_mention():
    assert read("03/04/2024", day_first=True) == read("2024-04-03")
    assert read("31/12/2024", lang="zh") == read("12/31/2024", lang="en") == read("2024-12-31")
    assert read("05/05/2024").problems == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2024-13-45", "date_impossible"),
        ("2023-02-29", "date_impossible"),
        ("2月30日", "date_impossible"),
        ("31 Apr 2024", "date_impossible"),
        ("0001-01-01", "date_out_of_range"),
        ("99991231", "date_out_of_range"),
        ("2024年5月", "date_without_day"),
        ("March 2024", "date_without_day"),
        ("24-05-01", "date_short_year"),
        ("24年5月1日", "date_short_year"),
        ("45413", "date_unreadable"),
        ("maybe 1", "date_unreadable"),
        ("٢٠٢٤-٠٥-٠١", "date_unreadable"),
        ("2024-02-08 面谈", "date_unreadable"),
        ("9" * 10_000, "date_unreadable"),
    ],
)
def test_what_is_no_date_is_said_clearly(text, code):
    assert (read(text).value, codes(read(text))) == (None, [code])


def test_nothing_entered_is_no_problem():
    assert read(" \u3000") == read("")
    assert read("").problems == ()


@given(DAYS)
def test_every_day_comes_back_from_every_clear_spelling(day):
    chinese = f"{day.year}年{day.month}月{day.day}日"
    for text in (day.isoformat(), f"{day:%Y%m%d}", chinese, f"{day.day} {day:%B} {day.year}"):
        assert read(text).value == day


@given(st.text())
def test_no_text_is_too_much(text):
    checked = read(text)
    assert checked.value is None or checked.ok


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2024-05-01T10:30", datetime(2024, 5, 1, 2, 30, tzinfo=UTC)),
        ("2024年5月1日14:30", datetime(2024, 5, 1, 6, 30, tzinfo=UTC)),
        ("昨天下午3点半", datetime(2024, 3, 14, 7, 30, tzinfo=UTC)),
        ("today 9:30 pm", datetime(2024, 3, 15, 13, 30, tzinfo=UTC)),
        ("today 12:05 am", datetime(2024, 3, 14, 16, 5, tzinfo=UTC)),
        ("2024-05-01 3pm", datetime(2024, 5, 1, 7, 0, tzinfo=UTC)),
        ("2024-05-01 8点5分", datetime(2024, 5, 1, 0, 5, tzinfo=UTC)),
        ("2024-05-01T10:30:00+02:00", datetime(2024, 5, 1, 8, 30, tzinfo=UTC)),
        ("2024-05-01T10:30:00Z", datetime(2024, 5, 1, 10, 30, tzinfo=UTC)),
        ("昨天", datetime(2024, 3, 13, 16, 0, tzinfo=UTC)),
    ],
)
def test_moments_are_meant_in_the_zone_and_come_in_utc(text, utc):
    checked = parse_moment(text, today=FRIDAY, zone=SHANGHAI)
    assert (checked.value, checked.problems) == (utc, ())


@pytest.mark.parametrize("text", ["2024-05-01 24:00", "2024-05-01 10:75", "2024-05-01 9:00 +99:99"])
def test_a_time_that_does_not_exist_is_said(text):
    checked = parse_moment(text, today=FRIDAY, zone=SHANGHAI)
    assert (checked.value, codes(checked)) == (None, ["time_unreadable"])


@given(st.dates(date(1950, 1, 1), date(2199, 12, 31)), st.integers(0, 1439))
def test_every_minute_comes_back(day, minute):
    at = datetime.combine(day, time(*divmod(minute, 60)), UTC)
    assert parse_moment(at.isoformat(), today=FRIDAY, zone=SHANGHAI).value == at


@given(st.text())
def test_no_text_is_too_much_for_a_moment(text):
    checked = parse_moment(text, today=FRIDAY, zone=SHANGHAI)
    assert checked.value is None or checked.value.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("17:00", time(17)),
        ("９：３０", time(9, 30)),
        ("5 pm", time(17)),
        ("下午3点半", time(15, 30)),
        ("晚上8点", time(20)),
        ("", None),
    ],
)
def test_a_time_of_day_alone(text, at):
    assert parse_time(text).value == at
    assert parse_time(text).ok


@pytest.mark.parametrize("text", ["17", "24:00", "9:60", "soon", "2026-05-01 17:00", "5" * 80])
def test_what_is_no_time_of_day(text):
    assert codes(parse_time(text)) == ["hour_unreadable"]
