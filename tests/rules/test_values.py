"""A value is read by the kind of its field, and stored the same way wherever it came from."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlite.rules.fields import Choice, Field
from crmlite.rules.kinds import KINDS
from crmlite.rules.values import Reading, from_stored, read_value, to_stored

READING = Reading(today=date(2024, 3, 15), zone=ZoneInfo("Asia/Shanghai"))
GRADES = (
    Choice("gold", {"en": "Gold", "zh": "金卡"}),
    Choice("silver", {"en": "Silver", "zh": "银卡"}),
)


def field(kind, **options):
    """A field of a kind."""
    if kind in ("choice", "choices"):
        options = {"choices": GRADES, **options}
    return Field(name="grade", label="Grade", kind=kind, **options)


def codes(checked):
    """The codes of what was noticed."""
    return [problem.code for problem in checked.problems]


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("text", " 云杉 ", "云杉"),
        ("longtext", "a\r\nb", "a\nb"),
        ("integer", "１２", 12),
        ("number", "95.5", 95.5),
        ("amount", "12万", 12_000_000),
        ("date", "5月1日", date(2024, 5, 1)),
        ("moment", "昨天 15:00", datetime(2024, 3, 14, 7, tzinfo=UTC)),
        ("boolean", "是", True),
        ("boolean", "No", False),
        ("choice", "金卡", "gold"),
        ("choice", "SILVER", "silver"),
        ("choices", "gold、银卡, gold", ("gold", "silver")),
        ("tags", "vip; key", ("vip", "key")),
        ("person", "17", 17),
        ("phone", "138 0000 0001", "13800000001"),
        ("email", "Li@X.example", "Li@x.example"),
        ("url", "www.x.example", "https://www.x.example"),
    ],
)
def test_each_kind_reads_what_people_type(kind, typed, value):
    checked = read_value(field(kind), typed, READING)
    assert (checked.value, checked.problems) == (value, ())


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_entered_is_nothing_in_every_kind(kind):
    checked = read_value(field(kind), " \u3000 ", READING)
    assert (checked.value, checked.problems) == (None, ())


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        ("choice", "bronze", "choice_unreadable"),
        ("boolean", "maybe", "flag_unreadable"),
        ("person", "me", "whole_number_expected"),
        ("text", "x" * 201, "text_too_long"),
        ("integer", "9" * 18, "number_out_of_range"),
    ],
)
def test_what_does_not_fit_is_said(kind, typed, code):
    checked = read_value(field(kind), typed, READING)
    assert (checked.value, codes(checked)) == (None, [code])


def test_of_several_values_the_readable_ones_stay():
    checked = read_value(field("choices"), "金卡, bronze", READING)
    assert (checked.value, codes(checked)) == (("gold",), ["choice_unreadable"])


def test_the_reading_decides_currency_country_and_order():
    reading = Reading(today=READING.today, currency="JPY", home="49", lang="en", unit=1000)
    assert read_value(field("amount"), "12", reading).value == 12_000
    assert read_value(field("phone"), "040 0000007", reading).value == "0400000007"
    assert read_value(field("date"), "03/04/2024", reading).value == date(2024, 4, 3)


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        ("date", date(2024, 5, 1), "2024-05-01"),
        (
            "moment",
            datetime(2024, 5, 1, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai")),
            "2024-05-01T02:30:00.000000Z",
        ),
        ("choices", ("silver", "gold"), ["gold", "silver"]),
        ("boolean", False, False),
        ("amount", 0, 0),
        ("text", "", None),
        ("tags", (), None),
    ],
)
def test_values_are_stored_in_one_form(kind, value, stored):
    assert to_stored(field(kind), value) == stored


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("date", "2024-05-01"),
        ("date", datetime(2024, 5, 1, tzinfo=UTC)),
        ("moment", datetime(2024, 5, 1)),  # noqa: DTZ001 - that it has no zone is the point
        ("integer", True),
        ("integer", "9"),
        ("integer", 10**16),
        ("number", float("nan")),
        ("number", float("inf")),
        ("boolean", 1),
        ("choices", "gold"),
        ("text", ("a", "b")),
    ],
)
def test_a_value_of_another_type_is_never_stored(kind, value):
    with pytest.raises(TypeError, match="grade"):
        to_stored(field(kind), value)


@given(
    st.one_of(
        st.tuples(st.just("date"), st.dates()),
        st.tuples(st.just("moment"), st.datetimes(timezones=st.just(UTC))),
        st.tuples(st.just("number"), st.floats(-1e12, 1e12)),
        st.tuples(st.just("integer"), st.integers(-(10**15), 10**15)),
        st.tuples(st.just("boolean"), st.booleans()),
        st.tuples(st.just("text"), st.text(min_size=1)),
        st.tuples(st.just("tags"), st.lists(st.text(min_size=1), min_size=1).map(set)),
    )
)
def test_what_is_stored_comes_back(pair):
    kind, value = pair
    value = tuple(sorted(value)) if isinstance(value, set) else value
    assert from_stored(field(kind), to_stored(field(kind), value)) == value


@pytest.mark.parametrize(
    ("kind", "stored"),
    [
        ("date", "待定"),
        ("date", 5),
        ("integer", "9"),
        ("tags", "vip"),
        ("text", ["a"]),
        ("date", None),
    ],
)
def test_what_no_longer_fits_reads_as_nothing(kind, stored):
    assert from_stored(field(kind), stored) is None
