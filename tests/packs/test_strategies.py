"""Strategies of packs: written in short, looked at, shown; and a whole pack that is short."""

from collections.abc import Callable

import pytest
from flask import Flask

from crmlite import hooks
from crmlite.rules.conditions import All, FromSetting, where
from crmlite.rules.strategies import Around, Every
from crmlite.testing import SignIn
from tests.packs.test_choices import pack
from tests.packs.test_switching import state, switch

WHOLE = """
[settings.days]
label = ["Days without an order", "未下单天数"]
default = 60

[choices]
source = [["tasting", "Tasting", "试吃"]]

[tiers]
label = ["Bread club", "面包会员"]
values = [["golden", "Golden", "金卡"], ["silver", "Silver", "银卡"]]

[categories.foreign_body]
label = ["Foreign body", "异物"]
targets = ["response 15 minutes", "plan 4 elapsed hours", "resolution 3 days"]
level = "critical"
manager = "leads"

[categories.stale]
label = ["Stale", "不新鲜"]
targets = ["resolution 2 working hours"]

[strategies.cafes]
label = ["Cafés", "咖啡馆"]
goal = ["Have them order again", "促成复购"]
serves = ["last_contact before $days ago", "tier is golden, silver", "source is bakery__tasting"]
priority = 60

[[strategies.cafes.touches]]
name = "call"
every = "2 weeks"
channel = "phone"
about = ["What sold well", "畅销品"]
questions = [["How is it?", "近况如何？"], ["What is missing?", "缺什么？"], ["What next?", "下一步？"]]
points = [["Fresh every day", "每天现做"], ["Delivered by six", "六点前送达"]]

[[strategies.cafes.touches]]
name = "thanks"
when = "1 day after visit_made"
channel = "email"
about = ["Thanks", "致谢"]
sends = true

[[strategies.cafes.touches]]
name = "renew"
when = "30 days before contract_end"
channel = "visit"
about = ["Next year", "续约"]
executor = "role:manager"
"""


def test_a_whole_pack_fits_on_a_page(started: Callable[..., Flask]) -> None:
    assert len(WHOLE.splitlines()) < 60
    app = started(bakery=pack(WHOLE))
    assert state(app, "bakery").reason == ""
    with app.app_context():
        [strategy] = hooks.declared("register_strategies", "bakery")
    assert strategy.name == "bakery__cafes"
    assert strategy.serves == All(
        (
            where("last_contact", "before", FromSetting("bakery__days", "ago")),
            where("tier", "is", "golden", "silver"),
            where("source", "is", "bakery__tasting"),
        )
    )
    call, thanks, renew = strategy.touches
    assert (call.cadence, len(call.questions), len(call.points)) == (Every(2, "week"), 3, 2)
    assert (thanks.cadence, thanks.sends) == (Around(1, event="visit_made"), True)
    assert renew.cadence == Around(-30, event="contract_end")
    assert (renew.executor, renew.label) == ("role:manager", {"en": "Next year", "zh": "续约"})


def test_the_preview_shows_what_comes(started: Callable[..., Flask]) -> None:
    app = started(bakery=pack(WHOLE))
    manager = SignIn(app)("manager")
    page = manager.get("/packs/bakery").text
    for words in (
        "Strategies",
        "Cafés",
        "Case categories",
        "Foreign body",
        "Tasting",
        "Bread club",
    ):
        assert words in page
    switch(app, "bakery", on=True)
    assert manager.get("/packs/bakery").status_code == 200


def only(touch: str, serves: str = '"last_contact before -60d"') -> str:
    """A strategy with one touch."""
    return (
        f'[strategies.a]\nlabel = "A"\ngoal = "G"\nserves = {serves}\n'
        f'touches = [{{name = "t", about = "T", {touch}}}]'
    )


MISTAKES = {
    "no cadence": (only('channel = "phone"'), "give one of every and when"),
    "both": (
        only('channel = "phone", every = "week", when = "on birthday"'),
        "give one of every and when",
    ),
    "cadence": (only('channel = "phone", every = "fortnight"'), "every is like 'month'"),
    "day": (only('channel = "phone", when = "after birthday"'), "when is like"),
    "event": (
        only('channel = "phone", when = "3 days after quotaton_sent"'),
        "did you mean 'quotation_sent'?",
    ),
    "no date": (only('channel = "phone", when = "on region"'), "the date or event 'region'"),
    "channel": (only('channel = "fone", every = "week"'), "did you mean 'phone'?"),
    "key of a touch": (only('chanel = "phone", every = "week"'), "did you mean 'channel'?"),
    "field": (
        only('channel = "phone", every = "week"', '"last_contct before -60d"'),
        "did you mean 'last_contact'?",
    ),
    "tier": (only('channel = "phone", every = "week"', '"tier is gold"'), "no choice “gold”"),
    "no goal": (only('channel = "phone", every = "week"').replace('goal = "G"\n', ""), "goal"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_are_named(name: str, started: Callable[..., Flask]) -> None:
    text, said = MISTAKES[name]
    found = state(started(bakery=pack(text)), "bakery")
    assert found.state == "unfit"
    assert "[strategies.a]" in found.reason or "bakery__a" in found.reason
    assert said in found.reason


CODE = """
from crmlite import hookimpl
from crmlite.rules.conditions import where
from crmlite.rules.strategies import Around, Every, Strategy, Touch


@hookimpl
def register_strategies():
    touch = Touch(name="call", label="Call", content="C", channel="{channel}", cadence={cadence})
    return [Strategy(name="{name}", label="S", goal="G", serves={serves}, touches=(touch,))]
"""


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "bakery_a"}, "begins with `bakery__`"),
        ({"serves": "where('nothing', 'filled')"}, "nothing cannot be asked here"),
        ({"cadence": "Around(1, field='region')"}, "the date 'region' is unknown"),
        ({"channel": "pigeon"}, "the channel 'pigeon' is unknown"),
    ],
)
def test_strategies_of_code_are_held_to_the_same(
    changes: dict[str, str], said: str, started: Callable[..., Flask]
) -> None:
    given = {
        "name": "bakery__a",
        "serves": "where('region', 'filled')",
        "cadence": "Every(1, 'week')",
        "channel": "phone",
        **changes,
    }
    found = state(started(bakery={"plugin.py": CODE.format(**given)}), "bakery")
    assert found.state == "unfit"
    assert said in found.reason
