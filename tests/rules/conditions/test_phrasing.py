"""Conditions read as a person of either language would say them."""

from datetime import date

import pytest
from hypothesis import given

from crmlite.rules.conditions import (
    ALWAYS,
    ME,
    All,
    Any,
    FromToday,
    Not,
    Phrase,
    Span,
    StartOf,
    explained,
    phrases,
    sentence,
    validate,
    where,
)
from crmlite.rules.conditions.operators import NAMES, OPERATORS
from crmlite.rules.messages import worded
from tests.rules.conditions.strategies import CATALOGUE, good_tests, trees
from tests.rules.voices import CHINESE, ENGLISH


@pytest.mark.parametrize(
    ("test", "english", "chinese"),
    [
        (where("tier", "is", "strategic"), "Tier is strategic", "分级为战略"),
        (
            where("tier", "is_not", "strategic", "core", "normal"),
            "Tier is not strategic, core or normal",
            "分级不是战略、核心或普通",
        ),
        (where("name", "contains", "科技"), "Name contains 科技", "名称包含科技"),
        (
            where("last_contact", "before", FromToday(-60, "d")),
            "Last contact before 60 days ago",
            "最近联系早于60 天前",
        ),
        (
            where("last_contact", "since", FromToday(-1, "w")),
            "Last contact since 1 week ago",
            "最近联系不早于1 周前",
        ),
        (
            where("founded_on", "during", Span("month", -1)),
            "Founded last month",
            "成立日期在上月",
        ),
        (
            where("founded_on", "during", Span("quarter", -3)),
            "Founded the quarter 3 quarters back",
            "成立日期在3 个季度前那个季度",
        ),
        (
            where("founded_on", "before", StartOf("year")),
            "Founded before the start of this year",
            "成立日期早于今年初",
        ),
        (
            where("founded_on", "between", date(2024, 5, 1), FromToday(0, "d")),
            "Founded from 2024-05-01 to today",
            "成立日期在2024-05-01至今天之间",
        ),
        (where("orders", "at_least", 3), "Orders at least 3", "订单数不低于3"),
        (where("orders", "between", 1, 1000), "Orders from 1 to 1,000", "订单数在1至1,000之间"),
        (where("owner", "is", ME), "Owner is me", "负责人为我"),
        (where("team", "is", ME), "Team is my teams", "团队为我的团队"),
        (where("dealer", "is", True), "Dealer: yes", "经销商：是"),
        (
            where("tags", "has_all", "vip", "key"),
            "Tags include all of vip and key",
            "标签同时含vip和key",
        ),
        (where("phone", "ends", "5678"), "Phone ends in 5678", "电话尾号是5678"),
        (where("phone", "empty"), "No Phone", "无电话"),
        (where("phone", "filled"), "Phone filled in", "电话已填写"),
    ],
)
def test_every_question_has_a_sentence_in_both_languages(test, english, chinese):
    assert sentence(test, CATALOGUE, ENGLISH) == english
    assert sentence(test, CATALOGUE, CHINESE) == chinese


def test_a_list_reads_as_chips():
    tree = All((where("tier", "is", "core"), where("phone", "empty")))
    assert phrases(tree, CATALOGUE, ENGLISH) == [Phrase("Tier is ", "core"), Phrase("No Phone", "")]
    assert phrases(tree, CATALOGUE, CHINESE) == [Phrase("分级为", "核心"), Phrase("无电话", "")]
    assert phrases(ALWAYS, CATALOGUE, ENGLISH) == []


def test_words_may_follow_the_value():
    (phrase,) = phrases(where("orders", "between", 1, 5), CATALOGUE, CHINESE)
    assert phrase == Phrase("订单数在", "1至5", "之间")


def test_groups_read_as_a_sentence_with_brackets():
    tree = All(
        (
            where("tier", "is", "core"),
            Any((where("phone", "empty"), Not(where("orders", "above", 3)))),
        )
    )
    assert sentence(tree, CATALOGUE, ENGLISH) == (
        "Tier is core, and (No Phone, or not (Orders more than 3))"
    )
    assert sentence(tree, CATALOGUE, CHINESE) == "分级为核心，且（无电话，或并非（订单数大于3））"
    assert len(phrases(tree, CATALOGUE, ENGLISH)) == 2


def test_no_condition_is_everyone():
    assert sentence(ALWAYS, CATALOGUE, ENGLISH) == "everyone in the book"


def test_what_a_missing_pack_left_behind_is_still_shown():
    tree = where("retail__points", "above", 3)
    assert phrases(tree, CATALOGUE, ENGLISH) == [Phrase("retail__points (unknown)", "")]


def test_a_problem_is_told_with_labels():
    (problem,) = validate(where("phone", "contains", "138"), CATALOGUE)
    assert worded(explained(problem, CATALOGUE, ENGLISH), ENGLISH.say) == (
        "Phone is kept encrypted and can only be filtered by: is, ends in, is empty, is filled in."
    )
    assert worded(explained(problem, CATALOGUE, CHINESE), CHINESE.say) == (
        "电话加密保存，只能按以下方式筛选：为、尾号是、为空、已填写。"
    )


@pytest.mark.parametrize("voice", [ENGLISH, CHINESE])
@given(tree=trees(good_tests()))
def test_every_condition_can_be_said(voice, tree):
    said = sentence(tree, CATALOGUE, voice)
    assert said
    assert all(str(phrase) for phrase in phrases(tree, CATALOGUE, voice))


def test_every_operator_has_a_name_for_menus():
    assert list(NAMES) == list(OPERATORS)
