"""Whose case it is: who sees it, who works on it, whose contact it shows whole."""

import pytest

from crmlite import clock
from crmlite.cases.operations import CaseDraft, Solution, assign, join, move, open_case, resolve
from crmlite.testing import csrf_token, person_id
from crmlite.work import Actor
from tests.followups.conftest import add_customer

PHONE = "13912340000"


@pytest.fixture
def case(app) -> dict[str, object]:
    """A case of a customer of sales: `{"id", "number"}`."""
    with app.app_context():
        customer = add_customer("sales", "Calder Bearings Ltd")
        from crmlite.followups.queries.interactions import contact_names

        values = {
            "kind": "complaint",
            "subject": "Spindle noise",
            "channel": "phone",
            "opened_at": clock.now(),
            "contact_id": contact_names(customer["id"])[0][0],
        }
        by = Actor("person", "support", person_id("support"))
        return open_case(CaseDraft(customer=customer["id"], values=values), by=by, at=clock.now())


@pytest.mark.parametrize(
    ("login", "status"), [("sales", 200), ("sales2", 404), ("support", 200), ("manager", 200)]
)
def test_the_owner_of_the_customer_support_and_managers_see_it(sign_in, case, login, status):
    assert sign_in(login).get(f"/cases/{case['number']}").status_code == status


def test_who_has_it_on_the_desk_or_is_in_the_team_sees_it(app, sign_in, people, case):
    client = sign_in("sales2")
    assert client.get(f"/cases/{case['number']}").status_code == 404
    assert "Spindle noise" not in client.get("/complaints?view=open").text
    with app.app_context():
        join(case["id"], people("sales2"), "other", by=Actor("command", "x"), at=clock.now())
    assert client.get(f"/cases/{case['number']}").status_code == 200
    assert "Spindle noise" in client.get("/complaints?view=open").text
    found = client.get("/search?q=spindle").text
    assert case["number"] in found


def test_the_contact_is_whole_for_whoever_has_the_case_while_it_is_open(app, sign_in, people, case):
    client = sign_in("support")
    page = client.get(f"/cases/{case['number']}").text
    assert PHONE not in page.replace(" ", "")
    with app.app_context():
        assign(case["id"], people("support"), by=Actor("command", "x"), at=clock.now())
    page = client.get(f"/cases/{case['number']}").text
    assert PHONE in page.replace(" ", "")


def test_a_look_at_the_whole_number_is_written_down(app, sign_in, people, case):
    from sqlalchemy import select

    from crmlite.access.sensitive import ViewingRow
    from crmlite.extensions import database

    with app.app_context():
        assign(case["id"], people("support"), by=Actor("command", "x"), at=clock.now())
    sign_in("support").get(f"/cases/{case['number']}")
    with app.app_context():
        table = ViewingRow.__table__
        found = database.session.execute(select(table.c.user_id, table.c.record_type)).all()
    assert (people("support"), "contact") in [tuple(row) for row in found]


def test_after_it_is_confirmed_the_contact_is_masked_again(app, sign_in, people, case):
    from crmlite.cases.operations import Revisit, revisit

    by = Actor("command", "x")
    with app.app_context():
        assign(case["id"], people("support"), by=by, at=clock.now())
        move(case["id"], "in_progress", by=by, at=clock.now())
        resolve(case["id"], Solution(resolution="Done"), by=by, at=clock.now())
        revisit(case["id"], Revisit(satisfied=True, content="Fine"), by=by, at=clock.now())
    page = sign_in("support").get(f"/cases/{case['number']}").text
    assert PHONE not in page.replace(" ", "")


def test_an_unseen_case_cannot_be_linked_or_named(app, sign_in, case):
    with app.app_context():
        mine = add_customer("sales2", "Harrow Ltd")
        values = {
            "kind": "enquiry",
            "subject": "Price",
            "channel": "phone",
            "opened_at": clock.now(),
        }
        by = Actor("person", "sales2", person_id("sales2"))
        own = open_case(CaseDraft(customer=mine["id"], values=values), by=by, at=clock.now())
    client, url = sign_in("sales2"), f"/cases/{own['number']}/links/new"
    data = {"number": case["number"], "csrf_token": csrf_token(client, url)}
    page = client.post(url, data=data)
    assert page.status_code == 422
    assert "There is no case with this number." in page.text
