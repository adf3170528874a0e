"""Numbers run on, restart with the day where they should, and never come twice."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlite.rules.numbering import (
    BadScheme,
    Place,
    Scheme,
    check_number,
    is_valid_number,
    next_number,
    parse,
)

RUNNING, DATED = Scheme(), Scheme(dated=True)
MAY = date(2024, 5, 1)


@pytest.mark.parametrize(
    ("scheme", "last", "following"),
    [
        pytest.param(RUNNING, None, "C001", id="the first"),
        pytest.param(RUNNING, "C001", "C002", id="the next"),
        pytest.param(RUNNING, "C999", "C1000", id="the width grows"),
        pytest.param(RUNNING, "C20240430007", "C001", id="a number of the other scheme is none"),
        pytest.param(Scheme("K-", width=5), "K-00041", "K-00042", id="another prefix and width"),
        pytest.param(Scheme(""), "041", "042", id="no prefix"),
        pytest.param(DATED, None, "C20240501001", id="the first of a dated scheme"),
        pytest.param(DATED, "C20240501001", "C20240501002", id="the next of the day"),
        pytest.param(DATED, "C20240501999", "C202405011000", id="more than the width holds"),
        pytest.param(DATED, "C20240430050", "C20240501001", id="a new day begins at one"),
        pytest.param(DATED, "C20240502003", "C20240502004", id="the clock was set back"),
        pytest.param(DATED, "C007", "C20240501001", id="the scheme was changed"),
    ],
)
def test_the_next_number(scheme, last, following):
    assert next_number(scheme, last, MAY) == following


@pytest.mark.parametrize("scheme", [RUNNING, DATED, Scheme("", dated=True, width=1)])
@given(steps=st.lists(st.integers(-1, 2), max_size=60))
def test_no_number_comes_twice_whatever_the_clock_does(scheme, steps):
    given_out, last, today = [], None, MAY
    for step in steps:
        today += timedelta(days=step)
        last = next_number(scheme, last, today)
        given_out.append(last)
        assert is_valid_number(last)
    places = [parse(scheme, number) for number in given_out]
    assert len(set(given_out)) == len(given_out)
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("scheme", "number", "place"),
    [
        (RUNNING, "C041", Place(None, 41)),
        (RUNNING, "C20240501001", None),
        (RUNNING, "C41", None),
        (RUNNING, "C000", None),
        (RUNNING, "K041", None),
        (RUNNING, "C٠٤١", None),
        (DATED, "C20240501012", Place(MAY, 12)),
        (DATED, "C20241301001", None),
        (DATED, "C041", None),
    ],
)
def test_a_number_is_known_by_its_scheme_only(scheme, number, place):
    assert parse(scheme, number) == place


@pytest.mark.parametrize(
    "options", [{"prefix": "C2"}, {"prefix": "客"}, {"width": 0}, {"width": 10}]
)
def test_a_scheme_that_cannot_be_read_back_is_refused(options):
    with pytest.raises(BadScheme):
        Scheme(**options)


def test_a_scheme_shows_an_example():
    assert (RUNNING.example, DATED.example) == ("C001", "C20240501001")


@pytest.mark.parametrize("number", ["C001", "A.b_c-9", "007", "new1"])
def test_numbers_that_may_be_given_by_hand(number):
    assert is_valid_number(number)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", "number_characters"),
        ("C 1", "number_characters"),
        ("C/1", "number_characters"),
        ("客1", "number_characters"),
        ("C1\n", "number_characters"),
        ("..", "number_characters"),
        ("New", "number_reserved"),
        ("export", "number_reserved"),
        ("C" * 41, "number_too_long"),
    ],
)
def test_numbers_that_no_address_could_carry(number, code):
    assert check_number(number).code == code
