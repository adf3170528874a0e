"""Packs choose tiers; a broken one stops nothing."""

from collections.abc import Callable

from flask import Flask

from crmlite import clock
from crmlite.packs.operations import disable_pack, enable_pack
from crmlite.settings.operations import change_settings
from crmlite.settings.shipped import SCHEME
from crmlite.tiers.queries import current_review
from crmlite.work.actors import command_line
from tests.tiers.test_proposals import customer, reviewed, rich

PACK = """
from crmlite import hookimpl
from crmlite.tiers.choosing import TierChoice


@hookimpl
def choose_tier(customers):
    {body}
"""
BAKERY = '[pack]\ntitle = "Bakery"\ndescription = "For trying out"\n'
CHOOSES = (
    "return [TierChoice(customer_id=one['id'], tier='core', why={'en': 'a regular'}) "
    "for one in customers] + [TierChoice(customer_id=10**9, tier='core', why='x'), "
    "TierChoice(customer_id=customers[0]['id'], tier='diamond', why='x')]"
)


def test_packs_choose_and_a_broken_one_stops_nothing(
    started: Callable[..., Flask],
) -> None:
    app = started(
        bakery={"pack.toml": BAKERY, "plugin.py": PACK.format(body=CHOOSES)},
        broken={
            "pack.toml": BAKERY.replace("Bakery", "Broken"),
            "plugin.py": PACK.format(body="raise RuntimeError('no')"),
        },
    )
    one = customer(app, tier="normal")
    assert reviewed(app) == {}
    with app.app_context():
        for pack in ("broken", "bakery"):
            enable_pack(pack, by=command_line(), at=clock.now())
    found = reviewed(app)[one]
    assert (found["after"], found["pack"], found["why"]) == ("core", "bakery", {"en": "a regular"})


CLUB = """
[tiers]
label = ["Bread club", "面包会员"]
values = [["golden", "Golden", "金卡"], ["silver", "Silver", "银卡"]]
"""


def test_proposals_of_a_scheme_go_with_its_pack(started: Callable[..., Flask]) -> None:
    app = started(bakery={"pack.toml": BAKERY + CLUB})
    one = rich(app, tier="normal")

    def stands(change: Callable[..., object], *given: object) -> bool:
        with app.app_context():
            change(*given, by=command_line(), at=clock.now())
            return current_review() is not None

    assert reviewed(app)[one]["after"] == "strategic"
    assert stands(enable_pack, "bakery")
    assert not stands(change_settings, {SCHEME: "bakery"})
    assert reviewed(app)[one]["after"] == "golden"
    assert not stands(disable_pack, "bakery")
    assert reviewed(app)[one]["after"] == "strategic"
    assert not stands(enable_pack, "bakery")
