"""Conditions as packs write them."""

import pytest

from crmlite.rules.conditions import (
    All,
    Any,
    Figures,
    FromSetting,
    FromToday,
    Not,
    Reading,
    Span,
    from_words,
    where,
)
from crmlite.rules.fields import BadDeclaration, Choice, Field

POINTS = Field(name="bakery__points", label="Points", kind="integer")
FIELDS = {
    "points": POINTS,
    "bakery__points": POINTS,
    "tier": Field(
        name="tier",
        label="Tier",
        kind="choice",
        choices=(Choice("core", {"en": "Core"}), Choice("normal", {"en": "Normal"})),
    ),
    "last_order": Field(name="last_order", label="Last order", kind="date"),
    "paid": Field(name="paid", label="Paid", kind="boolean"),
    "region": Field(name="region", label="Region", kind="text"),
}


FIGURES = Figures({"bakery__days": 60, "many": 5})


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (
            "last_order before $days ago",
            where("last_order", "before", FromSetting("bakery__days", "ago")),
        ),
        ("points at_least $many", where("bakery__points", "at_least", FromSetting("many"))),
        (
            {"any": [{"field": "region", "operator": "empty", "values": []}]},
            Any((where("region", "empty"),)),
        ),
        ("last_order before -60d", where("last_order", "before", FromToday(-60, "d"))),
        ("last_order during month-1", where("last_order", "during", Span("month", -1))),
        ("points at_least 500", where("bakery__points", "at_least", 500)),
        ("tier is core, normal", where("tier", "is", "core", "normal")),
        ("  region   is  New York ", where("region", "is", "New York")),
        ("region contains a!, b", where("region", "contains", "a, b")),
        ("region empty", where("region", "empty")),
        ("paid is yes", where("paid", "is", True)),
        (
            ["paid is yes", "region filled"],
            All((where("paid", "is", True), where("region", "filled"))),
        ),
        (
            {"any": ["paid is no", ["region empty"]]},
            Any((where("paid", "is", False), All((where("region", "empty"),)))),
        ),
        ({"all": [{"not": "region empty"}]}, All((Not(where("region", "empty")),))),
    ],
)
def test_it_reads_as_it_is_said(written, meant):
    assert from_words(written, Reading(FIELDS, "here", FIGURES, "bakery__")) == meant


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("last_oder before -60d", "the field 'last_oder' is unknown; did you mean 'last_order'?"),
        ("last_order befor -60d", "the question 'befor' is unknown; did you mean 'before'?"),
        ("last_order contains x", "'contains' is unknown; there are after, before"),
        ("last_order before soon", "'soon' is not a day such as 2024-05-01, -60d or month-1"),
        ("last_order during -60d", "is not a time such as month or quarter-1"),
        ("points at_least many", "'many' is not a whole number"),
        ("paid is true", "'true' is not yes or no"),
        ("tier is cor", "tier has no choice “cor”"),
        ("points at_least", "please say which value"),
        ("points between 9, 1", "the first value lies behind the second"),
        ("last_order before $dais ago", "the setting 'dais' is unknown; did you mean 'days'?"),
        ("last_order before $days", "is not a value it can have"),
        ({"field": "region", "operator": "empty", "values": [{}]}, "no condition"),
        ({"field": "regio", "operator": "empty", "values": []}, "regio cannot be asked here"),
        ("points", "the question '' is unknown"),
        ("", "the field '' is unknown"),
        ([], "is no condition, which is a text such as"),
        ({"any": []}, "is no condition, which is a text such as"),
        (
            {"any": ["paid is no"], "all": ["paid is no"]},
            "is no condition, which is a text such as",
        ),
        ({"nor": "paid is no"}, "is no condition, which is a text such as"),
        (None, "is no condition, which is a text such as"),
        (5, "is no condition, which is a text such as"),
    ],
)
def test_a_mistake_is_named(written, said):
    with pytest.raises(BadDeclaration) as bad:
        from_words(written, Reading(FIELDS, "[tags.here]", FIGURES, "bakery__"))
    assert str(bad.value).startswith("[tags.here]: ")
    assert said in str(bad.value)


def test_brackets_have_an_end():
    written = "paid is yes"
    for _ in range(9):
        written = {"not": written}
    with pytest.raises(BadDeclaration, match="more than 8 levels"):
        from_words(written, Reading(FIELDS, "here", FIGURES, "bakery__"))
