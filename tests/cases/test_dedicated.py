"""A customer with a person of its own: its cases go there first and are marked."""

import pytest
from sqlalchemy import select

from crmlite import clock
from crmlite.accounts.operations import disable_user
from crmlite.accounts.queries import person_name
from crmlite.cases.models import Case
from crmlite.cases.operations import CaseDraft, open_case, split
from crmlite.customers.models import Customer
from crmlite.customers.operations import update_customer
from crmlite.extensions import database
from crmlite.notifications.models import Notification
from crmlite.testing import csrf_token, person_id
from crmlite.work.actors import command_line
from tests.followups.conftest import add_customer


def dedicate(customer_id: int, login: str = "support") -> None:
    """Give a customer a dedicated person."""
    values = {"dedicated_id": person_id(login), "tier": "strategic"}
    update_customer(customer_id, values, by=command_line(), at=clock.now())


def leave(login: str) -> None:
    """Let somebody sign in no more."""
    disable_user(person_id(login), by=command_line(), at=clock.now())


def told(login: str) -> list[str]:
    """What somebody is notified of."""
    table = Notification.__table__
    wanted = select(table.c.kind).where(table.c.user_id == person_id(login))
    return list(database.session.execute(wanted).scalars())


def test_a_case_that_nobody_is_named_for_goes_to_the_dedicated_person(desk):
    dedicate(desk.customer["id"], "sales2")
    case = desk.case(desk.open())
    assert case["assignee_id"] == person_id("sales2")
    assert told("sales2") == ["case-assigned"]


def test_who_is_named_has_it_and_the_dedicated_person_is_not_told(desk):
    dedicate(desk.customer["id"], "sales2")
    case = desk.case(desk.open(assignee_id=person_id("manager")))
    assert (case["assignee_id"], told("sales2")) == (person_id("manager"), [])


def test_a_person_who_left_gets_nothing(desk):
    dedicate(desk.customer["id"], "sales2")
    leave("sales2")
    assert desk.case(desk.open())["assignee_id"] is None


def test_what_is_split_off_goes_to_the_dedicated_person_where_nobody_has_the_case(desk):
    case_id = desk.open()
    dedicate(desk.customer["id"], "sales2")
    made = split(case_id, "The invoice", by=desk.support, at=clock.now())
    assert desk.case(made["id"])["assignee_id"] == person_id("sales2")


@pytest.fixture
def customer(app) -> str:
    """A customer whose cases go to support; answers its number."""
    with app.app_context():
        made = add_customer("sales", "Calder Bearings Ltd")
        dedicate(made["id"])
        return str(made["number"])


def opened(client, **data: str):
    """A case of a customer, as the form opens it."""
    form = {"kind": "complaint", "subject": "Noise", "channel": "phone", **data}
    return client.post("/cases/new", data={"csrf_token": csrf_token(client, "/profile"), **form})


def test_pages_mark_it_until_the_person_leaves(app, sign_in, customer):
    client = sign_in("manager")
    with app.app_context():
        mark = f"Dedicated: {person_name(person_id('support'))}"
    place = f"/cases/new?customer={customer}"
    assert mark in client.get(place).text
    assert opened(client, customer=customer).status_code == 303
    pages = ("/complaints?view=open", "/cases/K0001")
    assert all(mark in client.get(page).text for page in pages)
    assert "Dedicated <b>" in client.get(f"/customers/{customer}").text
    with app.app_context():
        leave("support")
    assert not any(mark in client.get(page).text for page in (*pages, place))


def test_the_form_has_the_dedicated_person_as_soon_as_the_customer_is_picked(
    app, sign_in, customer
):
    client = sign_in("manager")
    with app.app_context():
        chosen = f'<option selected value="{person_id("support")}">'
    assert chosen in client.get(f"/cases/new?customer={customer}").text
    assert chosen not in client.get("/cases/new").text
    picked = client.get(
        f"/cases/new/customer?customer={customer}", headers={"HX-Request": "true"}
    ).text
    assert 'hx-swap-oob="true"' in picked and chosen in picked


def test_who_may_not_see_cases_gets_none(app, employ, customer):
    employ("support", {"customers:see": "all"})
    with app.app_context():
        row = database.session.execute(select(Customer.__table__)).mappings().one()
        values = {"kind": "enquiry", "subject": "Price", "channel": "phone"}
        draft = CaseDraft(customer=row["id"], values={**values, "opened_at": clock.now()})
        made = open_case(draft, by=command_line(), at=clock.now())
        table = Case.__table__
        wanted = select(table.c.assignee_id).where(table.c.id == made["id"])
        assert database.session.execute(wanted).scalar() is None
