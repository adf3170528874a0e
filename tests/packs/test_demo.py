"""What packs show in a demo book: put in by `crmlite demo load --pack`, taken away with the demo."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

from crmlite import clock
from crmlite.app import create_app
from crmlite.cases.models import Case
from crmlite.customers.models import Contact, Customer, Tag
from crmlite.extensions import database
from crmlite.objects.models import Object
from crmlite.packs.operations import disable_pack, enable_pack
from crmlite.setup.demo.clearing import clear
from crmlite.setup.demo.commands import demo
from crmlite.setup.demo.loading import DEMO, load
from crmlite.setup.demo.trades import load_trade, shows
from crmlite.setup.initialise import initialise
from crmlite.testing import config_for
from crmlite.work import Refused
from tests.packs.test_ours import OURS

BAKERY = """
[pack]
title = ["Bakery", "烘焙"]
description = ["Cakes", "蛋糕"]
[fields.customer.loaves]
label = ["Loaves", "面包数"]
kind = "integer"
[fields.customer.flour]
label = ["Flour", "面粉"]
kind = "choice"
choices = [["rye", "Rye", "黑麦"]]
[fields.customer.baker]
label = ["Baker", "面包师"]
kind = "person"
[objects.cake]
label = ["Cake", "蛋糕"]
many = ["Cakes", "蛋糕"]
parent = "order"
title = "name"
[objects.cake.fields.name]
label = ["Name", "名称"]
"""


@pytest.fixture
def fresh(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[None]:
    """An empty book in which our packs are installed, inside of its application."""
    url = request.getfixturevalue("fresh_postgresql")() if engine == "postgresql" else ""
    app = create_app(config_for(tmp_path / "instance", url, packs=True))
    with app.app_context():
        initialise()
        yield
        database.session.remove()
        database.engine.dispose()


def count(model: type) -> int:
    return database.session.execute(select(func.count()).select_from(model.__table__)).scalar_one()


def test_each_of_ours_is_shown_and_goes_with_the_demo(fresh: None):
    firm = load("-", at=clock.now()).customers
    assert all(shows(name) for name in OURS)
    cases = count(Case)
    for name in OURS:
        objects = count(Object)
        enable_pack(name, by=DEMO, at=clock.now())
        assert load_trade(name, by=DEMO, at=clock.now()) >= 6
        assert count(Object) >= objects + 6, name
        with pytest.raises(Refused) as refused:
            load_trade(name, by=DEMO, at=clock.now())
        assert refused.value.code == "demo-there"
    assert count(Customer) == firm + 4
    assert count(Case) == cases + 5
    tags = Tag.__table__
    of_packs = select(func.count()).where(
        tags.c.shipped_key.is_not(None), tags.c.retired.is_(False)
    )
    brought = database.session.execute(of_packs).scalar_one()
    assert clear(at=clock.now())["customers"] == firm + 4
    assert [count(model) for model in (Customer, Contact, Case, Object)] == [0, 0, 0, 0]
    assert database.session.execute(of_packs).scalar_one() == brought


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_command_puts_it_in_with_the_firm_or_later(fresh: None):
    def told(*packs: str) -> str:
        given = [word for name in packs for word in ("--pack", name)]
        done = CliRunner().invoke(demo, ["load", *given], obj=lambda: None)
        return done.output

    assert "No pack bakery with demo data" in told("retail", "bakery")
    assert count(Customer) == 0
    first = told("retail")
    assert "82 customers" in first and "retail is on; 7 customers show it." in first
    later = told("retail", "education")
    assert "82 customers" not in later
    assert "retail is on, and was shown already." in later
    assert "education is on; 6 customers show it." in later
    assert "has customers or people of its own" in told()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("customer", "fault"),
    [
        ("fields = {loafs = 3}", "did you mean 'loaves'"),
        ('fields = {loaves = "three"}', "bakery__loaves is a integer"),
        ('fields = {flour = "oats"}', "bakery__flour has no choice 'oats'"),
        ('fields = {baker = "nobody"}', "nobody signs in as 'nobody'"),
        ('records = [{of = "pie"}]', "there are no records 'pie'"),
        ('records = [{of = "cake", name = "Sachertorte"}]', "hangs on its order"),
        ("fields = 3", "fields must be of kind dict"),
        ("colour = 3", "'colour' is unknown"),
    ],
)
def test_a_mistake_is_named_and_nothing_is_put_in(
    started: Callable[..., Flask], customer: str, fault: str
):
    file = f'[[customer]]\nname = "Ada Byron"\n{customer}\n'
    app = started(bakery={"pack.toml": BAKERY, "demo.toml": file})
    with app.app_context():
        enable_pack("bakery", by=DEMO, at=clock.now())
        with pytest.raises(Refused) as refused:
            load_trade("bakery", by=DEMO, at=clock.now())
        assert refused.value.code == "demo-unfit"
        assert fault in refused.value.params["fault"]
        assert "Ada Byron" in refused.value.params["fault"]
        assert count(Customer) == 0


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_pack_that_is_off_or_shows_nothing_shows_nothing(started: Callable[..., Flask]):
    app = started(bakery={"pack.toml": BAKERY})
    with app.app_context():
        enable_pack("bakery", by=DEMO, at=clock.now())
        with pytest.raises(Refused, match="demo-none"):
            load_trade("bakery", by=DEMO, at=clock.now())
        disable_pack("bakery", by=DEMO, at=clock.now())
        with pytest.raises(Refused, match="pack-off"):
            load_trade("bakery", by=DEMO, at=clock.now())
