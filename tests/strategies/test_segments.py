"""A segment that a strategy asks about stays, since without it the strategy would serve nobody."""

import pytest
from flask import Flask

from crmlite import clock
from crmlite.rules.conditions import All, Any, Node, Not, where
from crmlite.segments.operations import SegmentChange, create_segment
from crmlite.segments.queries import segment
from crmlite.strategies.operations import StrategyChange, create_strategy, switch_strategy
from crmlite.strategies.queries import declared_of, strategies
from crmlite.testing import SignIn
from crmlite.work.actors import command_line
from tests.customers.records import press

CORE = where("tier", "is", "core")


def make_segment(tree: Node, name: str) -> tuple[int, str]:
    """A segment; its id and key."""
    change = SegmentChange(label={"en": name}, tree=tree)
    made = create_segment(change, by=command_line(), at=clock.now())
    row = segment(made)
    assert row is not None
    return made, row["key"]


def follow(serves: Node, name: str = "Big ones") -> int:
    """A strategy with the touches of another that serves those of a condition."""
    shipped = declared_of(strategies()[0])
    assert shipped is not None
    change = StrategyChange(
        label={"en": name}, goal={"en": "Trust"}, serves=serves, touches=shipped.touches
    )
    return create_strategy(change, by=command_line(), at=clock.now())


@pytest.mark.parametrize("is_on", [True, False])
@pytest.mark.parametrize("leaves_out", [True, False])
def test_one_that_a_strategy_asks_about_is_not_taken_away(
    app: Flask, sign_in: SignIn, *, leaves_out: bool, is_on: bool
) -> None:
    with app.app_context():
        segment_id, key = make_segment(CORE, "Mine")
        test = where("segment", "has_any", key)
        made = follow(All((Any((CORE, Not(test) if leaves_out else test)),)))
        switch_strategy(made, on=is_on, by=command_line(), at=clock.now())
    client, here = sign_in("manager"), f"/settings/segments/{segment_id}"
    shown = client.get(here).text
    assert "Asked about in: Big ones." in shown and f"{here}/removal" not in shown
    assert press(client, f"{here}/removal").status_code == 303
    assert "It is asked about in “Big ones”. Change that first." in client.get(here).text
