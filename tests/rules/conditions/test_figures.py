"""Conditions that compare with what a setting of the firm says now."""

from datetime import date

import pytest

from crmlite.rules.conditions import (
    AGO,
    AHEAD,
    All,
    Any,
    Figures,
    FromSetting,
    FromToday,
    Not,
    Onlooker,
    Unreadable,
    explained,
    from_json,
    holds,
    is_flat,
    read_test,
    sentence,
    settings_used,
    settled,
    to_json,
    to_text,
    validate,
    where,
)
from crmlite.rules.messages import worded
from crmlite.rules.values import Reading
from tests.rules.conditions.strategies import CATALOGUE
from tests.rules.voices import CHINESE, ENGLISH, FIGURES

MANY = where("orders", "at_least", FromSetting("many_orders"))
HIGH = where("signed", "above", FromSetting("high_spend"))
SILENT = where("last_contact", "before", FromSetting("silent_days", AGO))
SOON = where("founded_on", "until", FromSetting("silent_days", AHEAD))
ALL = All((MANY, Any((HIGH, Not(SILENT))), SOON))


def test_a_setting_stands_in_it_by_its_name():
    stored = to_json(ALL)
    assert stored["all"][0]["values"] == [{"setting": "many_orders"}]
    assert stored["all"][1]["any"][1]["not"]["values"] == [{"days_ago": "silent_days"}]
    assert stored["all"][2]["values"] == [{"days_ahead": "silent_days"}]
    assert from_json(stored) == ALL
    assert settings_used(ALL) == {"many_orders", "high_spend", "silent_days"}


@pytest.mark.parametrize("name", ["", "Many", "many orders", "a" * 65, "1st", "x;y", 7, None])
def test_nothing_else_is_a_name(name):
    for key in ("setting", "days_ago", "days_ahead"):
        with pytest.raises(Unreadable):
            from_json({"field": "orders", "operator": "at_least", "values": [{key: name}]})


@pytest.mark.parametrize(("name", "days"), [("Many", ""), ("many", "later"), ("", "")])
def test_what_names_no_setting_cannot_be_written(name, days):
    with pytest.raises(ValueError, match="setting"):
        FromSetting(name, days)


def test_it_means_what_is_set_now():
    assert settled(ALL, CATALOGUE, FIGURES) == All(
        (
            where("orders", "at_least", 4),
            Any(
                (
                    where("signed", "above", 100_000),
                    Not(where("last_contact", "before", FromToday(-60, "d"))),
                )
            ),
            where("founded_on", "until", FromToday(60, "d")),
        )
    )
    plain = where("orders", "at_least", 4)
    assert settled(plain, CATALOGUE, FIGURES) is plain


def test_it_is_sound_as_far_as_the_setting_fits():
    assert validate(ALL, CATALOGUE, FIGURES) == []
    bad = {
        where("orders", "at_least", FromSetting("gone")): "setting_gone",
        where("last_contact", "before", FromSetting("gone", AGO)): "setting_gone",
        where("last_contact", "before", FromSetting("silent_days")): "value_wrong",
        where("orders", "at_least", FromSetting("silent_days", AGO)): "value_wrong",
        where("name", "is", FromSetting("many_orders")): "value_wrong",
        where("owner", "is", FromSetting("many_orders")): "value_wrong",
        where("tier", "is", FromSetting("many_orders")): "value_wrong",
        where("dealer", "is", FromSetting("many_orders")): "value_wrong",
        where("last_contact", "during", FromSetting("silent_days", AGO)): "value_wrong",
    }
    for test, code in bad.items():
        assert [problem.code for problem in validate(test, CATALOGUE, FIGURES)] == [code]
    assert [problem.code for problem in validate(MANY, CATALOGUE)] == ["setting_gone"]
    between = where("orders", "between", FromSetting("silent_days"), FromSetting("many_orders"))
    assert [one.code for one in validate(between, CATALOGUE, FIGURES)] == ["range_reversed"]


def test_days_beyond_two_hundred_years_are_none():
    far = Figures({"silent_days": 200 * 366 + 1, "many_orders": -1})
    assert [one.code for one in validate(SILENT, CATALOGUE, far)] == ["setting_gone"]
    ago = where("last_contact", "before", FromSetting("many_orders", AGO))
    assert [one.code for one in validate(ago, CATALOGUE, far)] == ["setting_gone"]


def test_it_is_answered_of_values_at_hand():
    asking = Onlooker(today=date(2026, 5, 1), figures=FIGURES)
    for orders, answer in ((3, False), (4, True), (None, False)):
        assert holds(MANY, {"orders": orders}, CATALOGUE, asking) is answer
    for day, answer in ((date(2026, 3, 1), True), (date(2026, 3, 2), False)):
        assert holds(SILENT, {"last_contact": day}, CATALOGUE, asking) is answer


def test_it_is_said_with_its_value_of_now():
    assert sentence(MANY, CATALOGUE, ENGLISH) == "Orders at least 4"
    assert sentence(HIGH, CATALOGUE, ENGLISH) == "Signed amount more than 100,000"
    assert sentence(SILENT, CATALOGUE, ENGLISH) == "Last contact before 60 days ago"
    assert sentence(SILENT, CATALOGUE, CHINESE) == "最近联系早于60 天前"
    assert sentence(SOON, CATALOGUE, CHINESE) == "成立日期不晚于60 天后"
    gone = where("orders", "at_least", FromSetting("gone"))
    assert sentence(gone, CATALOGUE, ENGLISH) == "Orders at least a setting that is not there"
    (problem,) = validate(gone, CATALOGUE, FIGURES)
    said = worded(explained(problem, CATALOGUE, ENGLISH), ENGLISH.say)
    assert said.startswith("Orders is compared with the setting “gone”")


def test_nobody_types_it_and_no_address_spells_it():
    assert not is_flat(MANY)
    assert not is_flat(All((where("orders", "is", 1), SILENT)))
    with pytest.raises(Unreadable):
        to_text(MANY)
    reading = Reading(today=date(2026, 5, 1))
    for text in ("many_orders", "setting:many_orders", "ago:silent_days"):
        assert read_test(CATALOGUE["orders"], "at_least", [text], reading).value is None
