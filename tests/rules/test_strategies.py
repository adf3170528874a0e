"""Strategies as they are declared."""

import json
from dataclasses import replace

import pytest

from crmlite.rules.conditions import All, FromToday, where
from crmlite.rules.fields import BadDeclaration
from crmlite.rules.strategies import (
    Around,
    Every,
    Strategy,
    Touch,
    strategy_from_json,
    strategy_to_json,
)

CALL = Touch(
    name="call",
    label={"en": "Call", "zh": "电话回访"},
    cadence=Every(2, "week"),
    channel="phone",
    content={"en": "What sold well", "zh": "畅销品"},
    questions=({"en": "How is it going?", "zh": "近况如何？"}, "What is missing?", "What next?"),
    points=("Fresh every day", "Delivered by six"),
)
THANKS = Touch(
    name="thanks",
    label="Thanks",
    cadence=Around(1, event="visit_made"),
    channel="email",
    content="Thank you",
    executor="role:manager",
    sends=True,
)
GIFT = Touch(
    name="gift",
    label="Gift",
    cadence=Around(-2, field="birthday"),
    channel="visit",
    content="A cake",
    executor="dedicated",
    purpose="gift",
)
CAFES = Strategy(
    name="bakery__cafes",
    label={"en": "Cafés", "zh": "咖啡馆"},
    goal={"en": "Have them order again", "zh": "促成复购"},
    serves=All(
        (where("orders", "at_least", 3), where("last_contact", "before", FromToday(-9, "d")))
    ),
    touches=(CALL, THANKS, GIFT),
    priority=70,
)


def test_a_strategy_is_kept_as_json_and_comes_back():
    kept = json.loads(json.dumps(strategy_to_json(CAFES), ensure_ascii=False))
    assert strategy_from_json(kept) == CAFES


@pytest.mark.parametrize(
    ("cadence", "said"),
    [
        (Every(1, "month"), "every month"),
        (Every(10, "day"), "every 10 days"),
        (Around(3, event="quotation_sent"), "3 days after quotation_sent"),
        (Around(-1, field="birthday"), "1 day before birthday"),
        (Around(0, event="bakery__tasting"), "on bakery__tasting"),
    ],
)
def test_a_cadence_says_itself(cadence, said):
    assert str(cadence) == said


@pytest.mark.parametrize(
    "make",
    [
        lambda: Every(0, "week"),
        lambda: Every(3, "fortnight"),
        lambda: Every(1000, "day"),
        lambda: Around(1),
        lambda: Around(1, field="birthday", event="visit_made"),
        lambda: Around(400, field="contract_end"),
        lambda: Around(1, event="something"),
        lambda: Around(1, field="Birthday"),
    ],
)
def test_a_cadence_that_nobody_keeps_is_refused(make):
    with pytest.raises(BadDeclaration):
        make()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "Call them"}, "names are like"),
        ({"name": "bakery__call"}, "names are like"),
        ({"label": {"zh": "电话"}}, "the label needs English text"),
        ({"content": ""}, "say what it is about"),
        ({"channel": ""}, "the channel is a key"),
        ({"questions": ("One?", "Two?", "Three?", "Four?")}, "at most 3 core questions"),
        ({"points": ("One", "Two", "Three")}, "at most 2 value points"),
        ({"points": ("One", "")}, "a talking point has no English text"),
        ({"executor": "anna"}, "its executor is"),
        ({"executor": "role:"}, "its executor is"),
        ({"purpose": "A gift"}, "a purpose is a key"),
        ({"sends": True}, "what only sends asks no questions"),
    ],
)
def test_a_touch_that_cannot_be_done_is_refused(changes, said):
    with pytest.raises(BadDeclaration, match=said):
        replace(CALL, **changes)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "bakery cafes"}, "names are like"),
        ({"name": "bakery__" + "a" * 60}, "at most 60 characters"),
        ({"label": ""}, "the label needs English text"),
        ({"goal": ""}, "the goal needs English text"),
        ({"touches": ()}, "it asks for no touch"),
        ({"touches": (CALL, CALL)}, "two touches have one name"),
        ({"touches": tuple(replace(GIFT, name=f"gift_{n}") for n in range(13))}, "at most 12"),
        ({"priority": 101}, "priorities are 0 to 100"),
    ],
)
def test_a_strategy_that_cannot_be_followed_is_refused(changes, said):
    with pytest.raises(BadDeclaration, match=said):
        replace(CAFES, **changes)
