"""The dedicated person of a customer: offered for some tiers, set by who may change owners."""

import pytest
from flask import Flask

from crmlite.accounts.queries import person_name
from crmlite.testing import SignIn, person_id
from tests.applications import Employ
from tests.customers.records import add, form_on, send

WORDS = "Dedicated person"


@pytest.mark.parametrize(("tier", "offered"), [("strategic", True), ("vip", True), ("core", False)])
def test_the_page_offers_it_for_some_tiers(
    app: Flask, sign_in: SignIn, tier: str, offered: bool
) -> None:
    number = add(app, "sales", tier=tier)
    page = sign_in("manager").get(f"/customers/{number}").text
    assert ("facts/dedicated_id" in page) is offered


def test_it_stays_where_there_is_one_and_is_named_in_the_head(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        support, name = person_id("support"), person_name(person_id("support"))
    number = add(app, "sales", tier="normal", dedicated_id=support)
    page = sign_in("manager").get(f"/customers/{number}").text
    assert f"Dedicated <b>{name}</b>" in page and "facts/dedicated_id" in page


def test_who_may_change_the_owner_sets_it_and_the_page_tells(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales", tier="strategic")
    client = sign_in("manager")
    with app.app_context():
        support, name = person_id("support"), person_name(person_id("support"))
    place = f"/customers/{number}/facts/dedicated_id"
    assert send(client, place, {"dedicated_id": str(support)}).status_code == 303
    page = client.get(f"/customers/{number}").text
    assert f"Dedicated <b>{name}</b>" in page
    asked = {"w": f"dedicated~is~{support}", "columns": "name,dedicated"}
    listed = client.get("/customers", query_string=asked)
    assert number in listed.text and name in listed.text
    assert number not in client.get("/customers?w=dedicated~empty").text


def test_the_form_of_all_fields_keeps_it(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales", tier="core")
    client = sign_in("manager")
    page = f"/customers/{number}/edit"
    with app.app_context():
        support = str(person_id("support"))
    sent = {"tier": "strategic", "dedicated_id": support}
    assert send(client, page, sent).status_code == 303
    assert form_on(client, page)["dedicated_id"] == support


@pytest.mark.parametrize("login", ["sales", "support"])
def test_who_may_not_change_the_owner_sees_it_only(app: Flask, sign_in: SignIn, login: str) -> None:
    with app.app_context():
        support = person_id("support")
    number = add(app, "sales", tier="strategic", dedicated_id=support)
    client = sign_in(login)
    page = client.get(f"/customers/{number}").text
    assert WORDS in page and "facts/dedicated_id" not in page
    assert client.get(f"/customers/{number}/facts/dedicated_id").status_code in (403, 404)
    edit = client.get(f"/customers/{number}/edit")
    assert edit.status_code == 403 or "dedicated_id" not in edit.text
    assert "dedicated_id" not in client.get("/customers/new").text


def test_who_sets_no_tier_is_asked_for_it_only_where_the_tier_has_one(
    app: Flask, sign_in: SignIn, employ: Employ
) -> None:
    rights = ("customers:see", "customers:edit", "customers:assign", "customers:create")
    employ("support", dict.fromkeys(rights, "all"))
    plain, strategic = add(app, "sales", tier="core"), add(app, "sales", tier="strategic")
    client = sign_in("support")
    assert "dedicated_id" not in client.get(f"/customers/{plain}/edit").text
    assert "dedicated_id" in client.get(f"/customers/{strategic}/edit").text
    assert "dedicated_id" not in client.get("/customers/new").text
