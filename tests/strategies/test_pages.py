"""The pages of strategies: read by everybody, switched by managers, with what is wrong said."""

import re

from flask import Flask
from sqlalchemy import select, update

from crmlite import clock
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.strategies.models import Strategy
from crmlite.strategies.planner.jobs import SOON
from crmlite.strategies.planner.writing import make_plans
from crmlite.testing import SignIn
from crmlite.work.actors import job
from tests.customers.records import add, press

TABLE = Strategy.__table__


def address(page: str, name: str) -> str:
    found = re.search(rf'href="(/strategies/\d+)">{name}<', page)
    assert found, name
    return found[1]


def test_everybody_reads_by_what_their_customers_are_kept_in_touch_with(
    app: Flask, sign_in: SignIn
) -> None:
    add(app, "sales", tier="core", lifecycle="active")
    add(app, "manager", tier="core", lifecycle="active")
    for login, count in (("sales", "1"), ("manager", "2")):
        client = sign_in(login)
        page = client.get("/strategies").text
        assert page.index("Strategic customers") < page.index("Core customers")
        one = client.get(address(page, "Core customers")).text
        assert "every 2 weeks" in one and "What do they need next?" in one
        listed = re.search(r'<a href="(/customers\?[^"]+)">(\d+) meet its conditions</a>', one)
        assert listed and listed[2] == count
        assert client.get(listed[1].replace("&amp;", "&")).text.count('class="name"') == int(count)


def test_it_says_how_many_follow_it_of_those_who_meet_its_conditions(
    app: Flask, sign_in: SignIn
) -> None:
    owners = ("sales", "sales", "manager", "manager")
    numbers = [add(app, owner, tier="core", lifecycle="active") for owner in owners]
    with app.app_context():
        wanted = select(Customer.__table__.c.id).where(Customer.__table__.c.number.in_(numbers))
        ids = sorted(database.session.execute(wanted).scalars())
        make_plans(ids[1:], by=job(SOON), at=clock.now())
        archived = update(Customer.__table__).where(Customer.__table__.c.id == ids[3])
        database.session.execute(archived.values(state="archived"))  # out of everybody's sight
        database.session.commit()
    for login, meet, follow in (("sales", 2, "1 follows it"), ("manager", 3, "2 follow it")):
        client = sign_in(login)
        page = client.get("/strategies").text
        assert follow in page
        one = client.get(address(page, "Core customers")).text
        assert f"{meet} meet its conditions" in one and follow in one


def test_managers_let_one_rest_and_have_it_followed(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("manager")
    here = address(client.get("/strategies").text, "Low intent")
    assert press(client, f"{here}/rest").status_code == 303
    assert "It rests." in client.get(here).text and "rests" in client.get("/strategies").text
    assert press(client, f"{here}/work").status_code == 303
    assert "It rests." not in client.get(here).text
    seller = sign_in("sales")
    assert "Let it rest" not in seller.get(here).text
    assert press(seller, f"{here}/rest").status_code == 403


def test_what_cannot_be_followed_is_said(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("manager")
    here = address(client.get("/strategies").text, "Low intent")
    gone = {"all": [{"field": "gone__field", "operator": "filled", "values": []}]}
    for serves in (gone, {"xor": []}):
        with app.app_context():
            database.session.execute(
                update(TABLE).where(TABLE.c.key == "low_intent").values(serves=serves)
            )
            database.session.commit()
        for page in (client.get("/strategies"), client.get(here)):
            assert page.status_code == 200
        assert "Nothing is planned by it." in client.get(here).text


def test_one_that_there_is_not_is_not_found(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("manager")
    assert client.get("/strategies/9999999").status_code == 404
    assert client.get("/strategies/99999999999999999999").status_code == 404


def test_the_page_of_a_customer_shows_its_plan(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales", tier="core", lifecycle="active")
    client = sign_in("sales")
    assert "Contact plan" not in client.get(f"/customers/{number}").text
    with app.app_context():
        ids = list(database.session.execute(select(Customer.__table__.c.id)).scalars())
        make_plans(ids, by=job(SOON), at=clock.now())
    page = client.get(f"/customers/{number}").text
    plan = page[page.index('id="customer-plan"') :]
    assert "Core customers" in plan and "for the first time" in plan
    timeline = page[: page.index('id="customer-plan"')]
    assert "Next step planned" not in timeline
    assert "电话回访" in client.get(f"/customers/{number}?lang=zh", follow_redirects=True).text
