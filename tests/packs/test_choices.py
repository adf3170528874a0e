"""What packs add to lists: offered while they are on, named for ever, and the manager's once adjusted."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g
from sqlalchemy import insert, select

from crmlite import clock, settings
from crmlite.customers import choices as lists
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.packs import operations, queries
from crmlite.settings.models import ChoiceRow, SettingRow
from crmlite.settings.operations import (
    change_settings,
    move_choice,
    rename_choice,
    retire_choice,
)
from crmlite.setup.shipping import ship
from crmlite.strategies.queries import is_followed, strategies
from crmlite.testing import SignIn, csrf_token
from crmlite.tiers.models import TierReview
from crmlite.work.actors import command_line
from tests.customers.records import add
from tests.packs.installing import MANIFEST, install
from tests.packs.test_switching import state, switch

LISTS = """
[settings.days]
label = ["Days until bread is old", "面包保鲜天数"]
default = 3
least = 1

[choices]
source = [["tasting", "Tasting", "试吃"], ["market", "Market stall", "集市"]]
case-cause = [["oven", "Oven", "烤箱"]]

[lists.flour]
label = ["Flour", "面粉"]
values = [["rye", "Rye", "黑麦"], ["wheat", "Wheat", "小麦"]]

[tiers]
label = ["Bread club", "面包会员"]
values = [["golden", "Golden", "金卡", "Every week", "每周都来"], ["silver", "Silver", "银卡"]]
"""
LATER = LISTS.replace('"Tasting", "试吃"', '"Free tasting", "免费试吃"').replace(
    '["market", "Market stall", "集市"]', '["fair", "Fair", "庙会"]'
)
SHOP = """
[choices]
source = [["window", "Shop window", "橱窗"]]
"""


def pack(text: str, name: str = "bakery") -> dict[str, str]:
    """A pack that only has a `pack.toml`."""
    return {"pack.toml": MANIFEST.format(title=name.title()) + text}


def offered(app: Flask, name: str) -> list[str]:
    """The keys that are offered of a list."""
    with app.app_context():
        return [one.key for one in settings.choices(name)]


def called(app: Flask, name: str, key: str) -> str:
    """What a value is called."""
    with app.test_request_context(headers={"Accept-Language": "en"}):
        return lists.choice_label(name, key)


def upgrade(app: Flask) -> None:
    """Bring the book to the version that is installed."""
    with app.app_context():
        assert operations.upgrade_pack("bakery", by=command_line(), at=clock.now())
        database.session.remove()


def by_hand(app: Flask, change: Callable[..., Any], *given: Any) -> None:
    """Something that a manager changes."""
    with app.app_context():
        change(*given, by=command_line(), at=clock.now())
        database.session.remove()


def row_of(key: str) -> Any:
    """A value as it is stored; belongs inside an application context."""
    table = ChoiceRow.__table__
    found = database.session.execute(select(table).where(table.c.key == key))
    return found.mappings().first()


def test_values_are_offered_while_the_pack_is_on_and_named_for_ever(
    started: Callable[..., Flask],
) -> None:
    app = started(bakery=pack(LISTS))
    before = offered(app, "source")
    switch(app, "bakery", on=True)
    assert offered(app, "source") == [*before, "bakery__tasting", "bakery__market"]
    assert offered(app, "bakery__flour") == ["rye", "wheat"]
    assert "bakery__oven" in offered(app, "case-cause")
    switch(app, "bakery", on=False)
    assert offered(app, "source") == before
    assert offered(app, "bakery__flour") == []
    gone = started(packs=False)
    for process in (app, gone):
        assert called(process, "source", "bakery__tasting") == "Tasting"
        assert called(process, "bakery__flour", "rye") == "Rye"
    assert offered(gone, "source") == before
    switch(app, "bakery", on=True)
    assert offered(app, "source") == [*before, "bakery__tasting", "bakery__market"]


def test_what_nobody_ever_declared_is_an_empty_list(started: Callable[..., Flask]) -> None:
    app = started()
    assert offered(app, "bakery__flour") == []
    assert called(app, "bakery__flour", "rye") == "rye"


def test_values_of_packs_stand_in_the_order_of_packs_until_a_manager_arranges_them(
    started: Callable[..., Flask],
) -> None:
    app = started(bakery=pack(LISTS), shop=pack(SHOP, "shop"))
    own = offered(app, "source")
    switch(app, "shop", on=True)
    switch(app, "bakery", on=True)
    theirs = ["shop__window", "bakery__tasting", "bakery__market"]
    assert offered(app, "source") == [*own, *theirs]
    by_hand(app, operations.order_packs, ["bakery", "shop"])
    assert offered(app, "source") == [*own, *theirs[1:], theirs[0]]
    by_hand(app, move_choice, "source", "bakery__market", -100)
    arranged = ["bakery__market", *own, "bakery__tasting", "shop__window"]
    assert offered(app, "source") == arranged
    by_hand(app, operations.order_packs, ["shop", "bakery"])
    switch(app, "shop", on=False)
    assert offered(app, "source") == arranged[:-1]
    switch(app, "shop", on=True)
    assert offered(app, "source") == arranged


def test_what_a_manager_adjusted_stays_when_another_version_comes(
    started: Callable[..., Flask], packages: Path
) -> None:
    app = started(bakery=pack(LISTS))
    switch(app, "bakery", on=True)
    by_hand(app, rename_choice, "source", "bakery__tasting", {"en": "Bites"})
    by_hand(app, retire_choice, "bakery__flour", "rye")
    install(packages, "bakery", pack(LATER), version="1.1")
    later = started()
    upgrade(later)
    assert called(later, "source", "bakery__tasting") == "Bites"
    assert offered(later, "bakery__flour") == ["wheat"]
    assert "bakery__fair" in offered(later, "source")
    assert "bakery__market" not in offered(later, "source")
    assert called(later, "source", "bakery__market") == "Market stall"
    install(packages, "bakery", pack(LISTS), version="1.2")
    again = started()
    upgrade(again)
    assert "bakery__market" in offered(again, "source")
    assert "bakery__fair" not in offered(again, "source")


def test_words_that_nobody_touched_follow_the_pack(
    started: Callable[..., Flask], packages: Path
) -> None:
    switch(started(bakery=pack(LISTS)), "bakery", on=True)
    install(packages, "bakery", pack(LATER), version="1.1")
    later = started()
    upgrade(later)
    assert called(later, "source", "bakery__tasting") == "Free tasting"


def test_a_scheme_of_tiers_that_goes_off_is_stood_in_for_and_comes_back_whole(
    started: Callable[..., Flask],
) -> None:
    app = started(bakery=pack(LISTS))
    switch(app, "bakery", on=True)
    by_hand(app, change_settings, {"tier_scheme": "bakery"})
    number = add(app, None, tier="golden")
    with app.app_context():
        assert [one.key for one in lists.choices("tier")] == ["golden", "silver"]
        database.session.remove()
    switch(app, "bakery", on=False)
    manager = SignIn(app)("manager")
    assert "Golden" in manager.get(f"/customers/{number}").text
    assert "Golden" in manager.get("/customers").text
    assert manager.get("/customers?w=tier~is~golden").text.count("Riverton") >= 1
    with app.app_context():
        assert next(one.key for one in lists.choices("tier")) == "strategic"
        database.session.remove()
    page = manager.get("/settings/firm").text
    assert "as long as Bakery is off" in page
    assert "Flour" not in manager.get("/settings/lists").text
    assert called(started(packs=False), "tier", "golden") == "Golden"
    switch(app, "bakery", on=True)
    assert "as long as" not in manager.get("/settings/firm").text
    with app.app_context():
        assert [one.key for one in lists.choices("tier")] == ["golden", "silver"]
        table = Customer.__table__
        tier = select(table.c.tier).where(table.c.number == number)
        assert database.session.execute(tier).scalar() == "golden"


def test_strategies_go_by_the_scheme_that_stands_in(started: Callable[..., Flask]) -> None:
    app = started(bakery=pack(LISTS))

    def followed() -> set[str]:
        with app.app_context():
            return {row["key"] for row in strategies() if is_followed(row)}

    before = followed()
    switch(app, "bakery", on=True)
    by_hand(app, change_settings, {"tier_scheme": "bakery"})
    of_tiers = {"strategic", "core", "normal"}
    assert followed() == before - of_tiers
    switch(app, "bakery", on=False)
    assert followed() == before
    switch(app, "bakery", on=True)
    assert followed() == before - of_tiers
    switch(app, "bakery", on=False)
    by_hand(app, operations.purge_pack, "bakery")
    assert followed() == before


def test_an_upgrade_without_the_pack_of_the_scheme_brings_no_strategies_of_another(
    started: Callable[..., Flask],
) -> None:
    app = started(bakery=pack(LISTS))
    switch(app, "bakery", on=True)
    by_hand(app, change_settings, {"tier_scheme": "bakery"})
    without = started(packs=False)
    by_hand(without, ship)
    with app.app_context():
        followed = {row["key"] for row in strategies() if is_followed(row)}
        assert followed and followed.isdisjoint({"strategic", "core", "normal"})
        database.session.remove()
    switch(without, "bakery", on=False)
    with app.app_context():
        assert {"strategic", "core", "normal"} <= {
            row["key"] for row in strategies() if is_followed(row)
        }


def test_a_list_of_proposals_is_closed_where_its_scheme_goes_or_comes(
    started: Callable[..., Flask],
) -> None:
    app = started(bakery=pack(LISTS))

    def stands_after(switched: bool) -> bool:
        table = TierReview.__table__
        with app.app_context():
            values = {"quarter": "2026Q4", "made_at": clock.now(), "looked": 1, "unknown": 0}
            database.session.execute(insert(table).values(state="open", **values))
            database.session.commit()
        switch(app, "bakery", on=switched)
        with app.app_context():
            newest = select(table.c.state).order_by(table.c.id.desc()).limit(1)
            return bool(database.session.execute(newest).scalar() == "open")

    assert stands_after(True)
    by_hand(app, change_settings, {"tier_scheme": "bakery"})
    assert not stands_after(False)
    assert not stands_after(True)


def test_the_firms_settings_can_be_saved_while_a_scheme_rests(
    started: Callable[..., Flask],
) -> None:
    app = started(bakery=pack(LISTS))
    switch(app, "bakery", on=True)
    by_hand(app, change_settings, {"tier_scheme": "bakery"})
    switch(app, "bakery", on=False)
    with app.test_request_context():
        assert "bakery" in settings.queries.declared_settings()["tier_scheme"].offered()
        assert settings.get("tier_scheme") == "bakery"


def test_the_list_says_whose_a_value_is(started: Callable[..., Flask]) -> None:
    app = started(bakery=pack(LISTS))
    switch(app, "bakery", on=True)
    manager = SignIn(app)("manager")
    page = manager.get("/settings/lists/source").text
    assert "Tasting" in page and ">Bakery<" in page
    assert "Of packs that are off" not in page
    token = csrf_token(manager, "/settings/lists/source")
    done = manager.post(
        "/settings/lists/source/bakery__tasting/retirement", data={"csrf_token": token}
    )
    assert done.status_code == 303
    assert "bakery__tasting" not in offered(app, "source")
    switch(app, "bakery", on=False)
    assert "Of packs that are off" in manager.get("/settings/lists/source").text
    assert manager.get("/settings/lists/bakery__flour").status_code == 404


def test_settings_of_a_pack_stand_on_its_own_page_and_outlast_it(
    started: Callable[..., Flask],
) -> None:
    app = started(bakery=pack(LISTS))
    switch(app, "bakery", on=True)
    assert "Days until bread is old" in SignIn(app)("manager").get("/packs/bakery/settings").text
    by_hand(app, change_settings, {"bakery__days": 5})
    switch(app, "bakery", on=False)
    with app.app_context(), pytest.raises(KeyError):
        settings.get("bakery__days")
    switch(app, "bakery", on=True)
    with app.app_context():
        assert settings.get("bakery__days") == 5


def test_a_purge_removes_what_nothing_has_and_retires_the_rest(
    started: Callable[..., Flask],
) -> None:
    app = started(bakery=pack(LISTS))
    switch(app, "bakery", on=True)
    by_hand(app, change_settings, {"tier_scheme": "bakery", "bakery__days": 5})
    add(app, None, tier="golden", source="bakery__market")
    switch(app, "bakery", on=False)
    with app.test_request_context(headers={"Accept-Language": "en"}):
        held = dict(queries.held("bakery"))
        assert (held["Settings"], held["Values of lists"]) == (1, 7)
        left = [row for part in operations.parts() if part.kept for row in part.kept("bakery")]
        assert {"setting": "bakery__days", "value": 5} in left
    by_hand(app, operations.purge_pack, "bakery")
    with app.app_context():
        names = select(SettingRow.__table__.c.name)
        assert database.session.execute(names).scalars().all() == []
        assert row_of("bakery__tasting") is None and row_of("rye") is None
        assert row_of("bakery__market")["retired"] and row_of("golden")["retired"]
        database.session.remove()
    assert called(app, "source", "bakery__market") == "Market stall"
    assert called(app, "tier", "golden") == "Golden"
    assert SignIn(app)("manager").get("/customers").status_code == 200
    switch(app, "bakery", on=True)
    assert "bakery__market" in offered(app, "source")


MISTAKES = {
    "unknown list": ('[choices]\nsourse = [["a", "A", "甲"]]', "did you mean 'source'?"),
    "fixed list": ('[choices]\nneed_status = [["a", "A", "甲"]]', "values of this list are fixed"),
    "no value": ("[choices]\nsource = []", "a list of [key, English, Chinese]"),
    "three languages": ('[choices]\nsource = [["a", "A", "甲", "x"]]', "a value is [key, English"),
    "bad key": ('[choices]\nsource = [["a b", "A", "甲"]]', "keys are like"),
    "long key": (f'[choices]\nsource = [["{"a" * 33}", "A", "甲"]]', "at most 40 characters"),
    "unknown of a setting": ('[settings.a]\nlabel = "A"\ndefalt = 1', "did you mean 'default'?"),
    "no default": ('[settings.a]\nlabel = "A"', "give a default"),
    "other default": (
        '[settings.a]\nlabel = "A"\ndefault = "x"\noptions = {y = "Y"}',
        "the default 'x' is none of the options",
    ),
    "default of another kind": (
        '[settings.a]\nlabel = "A"\ndefault = "x"\nkind = "integer"',
        "[settings.a]: setting 'bakery__a': the default 'x' is no value of the kind integer",
    ),
    "no pattern": ('[settings.a]\nlabel = "A"\ndefault = "x"\npattern = "(["', "cannot be read"),
    "twice in a list": (
        '[lists.a]\nlabel = "A"\nvalues = [["x", "X"], ["x", "Y"]]',
        "each with a key of its own",
    ),
    "long name of a list": (
        f'[lists.{"a" * 30}]\nlabel = "A"\nvalues = [["x", "X"]]',
        "at most 32 characters",
    ),
    "unlabelled tiers": ('[tiers]\nvalues = [["x", "X"]]', "[tiers] label"),
    "unknown table": ("[sources]", "[sources] is unknown"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_are_named(name: str, started: Callable[..., Flask]) -> None:
    text, said = MISTAKES[name]
    found = state(started(bakery=pack(text)), "bakery")
    assert found.state == "unfit"
    assert said in found.reason


CODE = """
from crmlite import hookimpl
from crmlite.settings.catalogue import AddedChoice, Setting


@hookimpl
def register_{hook}():
    return [{thing}]
"""


@pytest.mark.parametrize(
    ("hook", "thing"),
    [
        ("choices", "AddedChoice(list='source', key='bakery-tasting', label='Tasting')"),
        ("settings", "Setting(name='bakery_days', label='Days', default=3, kind='integer')"),
    ],
)
def test_what_a_pack_calls_its_own_begins_with_its_name(
    hook: str, thing: str, started: Callable[..., Flask]
) -> None:
    code = CODE.format(hook=hook, thing=thing)
    found = state(started(bakery={"plugin.py": code}), "bakery")
    assert "begins with `bakery__`" in found.reason


def test_nothing_of_it_is_kept_from_one_request_to_the_next(started: Callable[..., Flask]) -> None:
    app = started(bakery=pack(LISTS))
    with app.app_context():
        assert settings.choices("bakery__flour") == ()
        operations.enable_pack("bakery", by=command_line(), at=clock.now())
        g.pop("epoch", None)
        assert len(settings.choices("bakery__flour")) == 2
