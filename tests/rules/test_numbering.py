"""Numbers are read as they are written, and an address can carry each."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlite.rules.numbering import (
    BadScheme,
    Place,
    Scheme,
    check_number,
    parse,
    written,
)

RUNNING, DATED = Scheme(), Scheme(dated=True)
MAY = date(2024, 5, 1)


@pytest.mark.parametrize(
    ("scheme", "day", "running", "number"),
    [
        pytest.param(RUNNING, None, 1, "C001", id="the first"),
        pytest.param(RUNNING, None, 1000, "C1000", id="the width grows"),
        pytest.param(Scheme("K-", width=5), None, 42, "K-00042", id="another prefix and width"),
        pytest.param(Scheme(""), None, 42, "042", id="no prefix"),
        pytest.param(DATED, MAY, 1, "C20240501001", id="the first of a day"),
        pytest.param(DATED, MAY, 1000, "C202405011000", id="more than the width holds"),
    ],
)
def test_how_a_number_is_written(scheme, day, running, number):
    assert written(scheme, day, running) == number
    assert number.startswith(scheme.series(day))


@pytest.mark.parametrize("scheme", [RUNNING, DATED, Scheme("", dated=True, width=1)])
@given(day=st.dates(date(1970, 1, 1), date(9999, 12, 31)), running=st.integers(1, 999_999_999))
def test_what_is_written_is_read_back_and_fits_an_address(scheme, day, running):
    place = Place(day if scheme.dated else None, running)
    number = written(scheme, *place)
    assert parse(scheme, number) == place
    assert check_number(number) is None


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
    assert check_number(number) is None


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
