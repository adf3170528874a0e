"""The strategies that a firm begins with: those of its scheme of tiers, kept as it adjusts them."""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from sqlalchemy import select

from crmlite import clock
from crmlite.extensions import database
from crmlite.rules.conditions import All, where
from crmlite.rules.strategies import Every, Touch
from crmlite.settings.operations import change_settings
from crmlite.strategies import queries
from crmlite.strategies.checking import problems_of
from crmlite.strategies.models import Strategy
from crmlite.strategies.operations import (
    StrategyChange,
    create_strategy,
    switch_strategy,
    update_strategy,
)
from crmlite.work import undo
from crmlite.work.actors import command_line

CALL = Touch(
    name="call",
    label={"en": "Call", "zh": "电话"},
    cadence=Every(3, "week"),
    channel="phone",
    content={"en": "News", "zh": "近况"},
)
WANTED = StrategyChange(
    label={"zh": "自定策略"},
    goal={"zh": "复购"},
    serves=All((where("tier", "is", "core"),)),
    touches=(CALL,),
    priority=95,
)


def followed(app: Flask) -> list[str]:
    with app.app_context():
        return [row["key"] for row in queries.strategies() if queries.is_followed(row)]


def row_of(app: Flask, key: str) -> Mapping[str, Any]:
    table = Strategy.__table__
    with app.app_context():
        found = database.session.execute(select(table).where(table.c.key == key))
        return dict(found.mappings().one())


def numbers(app: Flask, strategy_id: int) -> list[int]:
    with app.app_context():
        return [row["number"] for row in queries.versions_of(strategy_id)]


def choose(app: Flask, scheme: str) -> None:
    with app.app_context():
        change_settings({"tier_scheme": scheme}, by=command_line(), at=clock.now())


def test_a_firm_begins_with_those_of_its_scheme_each_of_them_sound(app: Flask) -> None:
    keys = followed(app)
    assert keys[:3] == ["strategic", "core", "high_intent"]  # by priority
    assert keys.index("dormant") > keys.index("normal")
    assert keys[-1] == "care" and not [key for key in keys if key.startswith(("b_", "c_"))]
    with app.app_context():
        for row in queries.strategies():
            declared = queries.declared_of(row)
            assert declared is not None and problems_of(declared) == [], row["key"]
            assert [one["number"] for one in queries.versions_of(row["id"])] == [1]


def test_another_scheme_of_tiers_brings_its_own(app: Flask) -> None:
    before = followed(app)
    choose(app, "b")
    keys = followed(app)
    assert {"b_core", "b_key", "b_normal", "b_potential"} <= set(keys)
    assert not {"strategic", "core", "normal"} & set(keys)
    choose(app, "a")
    assert followed(app) == before


def test_a_change_makes_a_version_and_stays_when_the_scheme_comes_back(app: Flask) -> None:
    core = row_of(app, "core")
    with app.app_context():
        update_strategy(core["id"], WANTED, by=command_line(), at=clock.now())
    assert numbers(app, core["id"]) == [2, 1]
    choose(app, "b")
    choose(app, "a")
    again = row_of(app, "core")
    assert (again["priority"], again["retired"], again["label"]) == (95, False, {"zh": "自定策略"})
    assert numbers(app, core["id"]) == [2, 1]
    with app.app_context():
        first, last = queries.versions_of(core["id"])[::-1]
    assert first["content"]["priority"] == 80 and last["content"]["priority"] == 95


def test_an_undo_is_a_version_too(app: Flask) -> None:
    core = row_of(app, "core")
    with app.app_context():
        done = update_strategy(core["id"], WANTED, by=command_line(), at=clock.now())
        undo(done, by=command_line(), at=clock.now())
    assert row_of(app, "core")["priority"] == 80
    assert numbers(app, core["id"]) == [3, 2, 1]


def test_one_of_the_firms_own_is_followed_and_rests(app: Flask) -> None:
    with app.app_context():
        made = create_strategy(WANTED, by=command_line(), at=clock.now())
    key = followed(app)[0]
    assert key.startswith("own_")
    with app.app_context():
        assert switch_strategy(made, on=False, by=command_line(), at=clock.now())
    assert key not in followed(app)
    assert numbers(app, made) == [1]  # it says the same as before
