"""One record answers a condition as people would."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from crmlite.rules.conditions import ME, Any, FromToday, Not, Onlooker, Span, holds, where
from crmlite.rules.fields import Choice, Field

FIELDS = {
    field.name: field
    for field in (
        Field(name="name", label="Name"),
        Field(name="staff", label="Staff", kind="integer"),
        Field(name="since", label="Since", kind="date"),
        Field(name="seen", label="Seen", kind="moment"),
        Field(name="vip", label="VIP", kind="boolean"),
        Field(name="owner", label="Owner", kind="person"),
        Field(name="team", label="Team", kind="team"),
        Field(name="email", label="E-mail", kind="email"),
        Field(name="industry", label="Industry", kind="industry"),
        Field(
            name="likes",
            label="Likes",
            kind="choices",
            choices=(Choice("rye", "Rye"), Choice("oat", "Oat")),
        ),
    )
}
WHO = Onlooker(
    today=date(2026, 6, 15), zone=ZoneInfo("Asia/Shanghai"), user_id=7, team_ids=frozenset({1})
)
MILL = {
    "name": "Mill Ltd",
    "staff": 40,
    "since": date(2026, 6, 1),
    "seen": datetime(2026, 6, 14, 17, tzinfo=UTC),  # the 15th in Shanghai
    "vip": False,
    "owner": 7,
    "team": [1, 2],
    "email": "Ada@Mill.example",
    "industry": "C3511",
    "likes": ["rye"],
}


@pytest.mark.parametrize(
    "test",
    [
        where("name", "is", "mill ltd"),
        where("name", "starts", "MILL"),
        where("name", "lacks", "bread"),
        where("staff", "is", 40),
        where("staff", "above", 39),
        where("staff", "below", 41),
        where("staff", "between", 40, 50),
        where("since", "before", FromToday(0, "d")),
        where("since", "during", Span("month")),
        where("seen", "on", FromToday(0, "d")),
        where("vip", "is", False),
        where("owner", "is", ME),
        where("team", "is", ME),
        where("email", "is", "ada@mill.example"),
        where("industry", "is", "C35"),
        where("likes", "has_any", "rye", "oat"),
        where("likes", "has_none", "oat"),
        where("name", "filled"),
        Any((where("name", "empty"), where("staff", "at_least", 40))),
    ],
    ids=str,
)
def test_it_holds_for_these_values_and_not_for_none(test):
    assert holds(test, MILL, FIELDS, WHO)
    assert not holds(Not(test), MILL, FIELDS, WHO)


@pytest.mark.parametrize(
    "test",
    [
        where("name", "is", "Mill"),
        where("staff", "at_most", 39),
        where("seen", "before", FromToday(0, "d")),
        where("owner", "is", 8),
        where("likes", "has_all", "rye", "oat"),
        where("vip", "empty"),
    ],
    ids=str,
)
def test_it_does_not_hold(test):
    assert not holds(test, MILL, FIELDS, WHO)


@pytest.mark.parametrize("nothing", [{}, {"name": None}, {"name": ""}])
def test_what_is_missing_answers_only_that_it_is(nothing):
    assert holds(where("name", "empty"), nothing, FIELDS, WHO)
    assert holds(where("name", "is_not", "Mill"), nothing, FIELDS, WHO)
    assert not holds(where("name", "is", "Mill"), nothing, FIELDS, WHO)
    assert not holds(where("likes", "has_all", "rye"), nothing, FIELDS, WHO)


def test_a_number_without_its_country_is_one_of_the_firms_own():
    fields = {"phone": Field(name="phone", label="Phone", kind="phone")}
    mill = {"phone": "+49 30 123456"}
    berlin, beijing = (Onlooker(today=WHO.today, home=home) for home in ("49", "86"))
    assert holds(where("phone", "is", "030 123456"), mill, fields, berlin)
    assert not holds(where("phone", "is", "030 123456"), mill, fields, beijing)
