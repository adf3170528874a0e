"""Everything the rules may say is said in both languages, and each code means one thing."""

import re

import pytest

from crmlite.rules.conditions.operators import NAMES, OPERATORS
from crmlite.rules.messages import MESSAGES, TABLES, worded
from crmlite.rules.problems import Problem
from tests.rules.voices import CHINESE, ENGLISH

PLACES = re.compile(r"%\(\w+\)s")
TEXTS = {
    *MESSAGES.values(),
    *NAMES.values(),
    *(operator.says for operator in OPERATORS.values()),
    *(said for operator in OPERATORS.values() for said in operator.says_of.values()),
}


def test_no_code_means_two_things():
    assert sum(map(len, TABLES)) == len(MESSAGES)


@pytest.mark.parametrize("text", sorted(TEXTS))
def test_each_text_has_its_chinese_with_the_same_places(text):
    chinese = CHINESE.words.gettext(text)
    assert chinese != text
    assert sorted(PLACES.findall(chinese)) == sorted(PLACES.findall(text))


def test_a_problem_becomes_a_sentence():
    problem = Problem("phone_mobile_digits", {"digits": 7})
    assert worded(problem, ENGLISH.say) == "A mobile number has 11 digits; this one has 7."
    assert worded(problem, CHINESE.say) == "手机号应为 11 位，现在是 7 位。"
