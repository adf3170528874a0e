"""A form that is sent twice, by a double click or by going back, does once what it says."""

from flask import Flask
from sqlalchemy import select

from crmlite import clock
from crmlite.cases.operations import CaseDraft, open_case
from crmlite.customers.models import Customer, Dimension
from crmlite.extensions import database
from crmlite.testing import SignIn, person_id
from crmlite.work import Actor
from tests.access.conftest import Book, addresses, counted
from tests.customers.records import form_on

# Each form that adds something, and what is typed into it.
FORMS = {
    "/cases/new": {
        "who": "Harrow Vale Ltd",
        "contact_phone": "13912340000",
        "subject": "Noise",
        "new_kind": "company",
    },
    "/cases/<number>/links/new": {"number": "K0002"},
    "/cases/<number>/tasks/new": {"what": "Photos", "due_at": "2028-05-06T10:00"},
    "/cases/<number>/team/new": {"duty": "other"},
    "/improvements/new": {"title": "Check the drawing"},
    "/settings/deadlines/new": {"clock": "plan", "amount": "3", "unit": "days"},
    "/settings/segments/new": {
        "label_en": "Core",
        "tree": '{"all":[{"field":"tier","operator":"is","values":["core"]}]}',
    },
    "/settings/replies/new": {"title_en": "Thanks", "body_en": "Thank you."},
    "/orders/new": {
        "customer": "C001",
        "lines-0-name": "Pump",
        "lines-0-quantity": "2",
        "lines-0-price": "100",
    },
    "/orders/<number>/returns/new": {"line_1": "1"},
    "/products/new": {"name": "Pump"},
    "/customers/new": {"name": "Calder Looms Ltd", "incomplete": "1"},
    "/customers/<number>/contacts/new": {"name": "Tom Becker"},
    "/customers/<number>/needs/new": {"goal": "A second line"},
    "/customers/<number>/remarks/new": {"text": "Closed on Fridays"},
    "/customers/<number>/interactions/new": {"kind": "phone", "content": "They called back."},
    "/customers/<number>/steps/new": {"what": "Send the offer", "due_on": "2030-01-02"},
    "/customers/views/new": {"name": "All of them"},
    "/complaints/views/new": {"name": "All of them"},
    "/orders/views/new": {"name": "All of them"},
    "/settings/calendars/<int:calendar_id>/days/new": {"first": "2030-05-07", "label_en": "Outing"},
    "/settings/calendars/new": {"label_en": "Night shift"},
    "/settings/fields/<kind>/new": {"label_en": "Batch"},
    "/settings/lists/<name>/new": {"label_en": "Maybe"},
    "/settings/people/new": {
        "login": "emma",
        "name": "Emma Clarke",
        "role": "sales",
        "password": "seven green kettles",
    },
    "/settings/roles/new": {"label_en": "Guest"},
    "/settings/tags/dimensions/<int:dimension_id>/new": {"en": "Friend"},
    "/settings/tags/dimensions/new": {"en": "Mood"},
    "/settings/teams/new": {"label_en": "Exports"},
    "/strategies/new": {
        "label_en": "Calls",
        "goal_en": "Trust",
        "touches": (
            '[{"name":"call","label":"Call","cadence":{"count":2,"unit":"week"},"channel":"phone",'
            '"content":"News","questions":[],"points":[],"executor":"owner"}]'
        ),
    },
}
NUMBERS = {"cases": "K0001", "orders": "SO0001"}  # both are of a customer of sales
OF_PACKS = {"/records/<name>/new"}  # tried where a pack is on
OF_TEAM = ("/cases/<number>/tasks/new", "/cases/<number>/team/new")


def test_every_form_that_adds_something_is_tried(app: Flask):
    there = {one.rule for one in addresses(app) if one.rule.endswith("/new")}
    assert there == set(FORMS) | OF_PACKS


def test_each_form_that_is_sent_twice_adds_one_thing(app: Flask, sign_in: SignIn, book: Book):
    client, dimension_id = sign_in("manager"), free(app)
    person = {"user_id": with_two_cases(app, book)}
    found = {}
    for one in addresses(app):
        if one.rule in FORMS:
            number = NUMBERS.get(one.rule.split("/")[1], book.of_sales)
            url = one.url(number=number, name="source", dimension_id=dimension_id, kind="customer")
            data = form_on(client, url) | FORMS[one.rule]
            data |= person if one.rule in OF_TEAM else {}
            rows = [counted(app)]
            answers = []
            for _ in range(2):
                answers.append(client.post(url, data=data).status_code)
                rows.append(counted(app))
            found[one.rule] = answers, rows[0] != rows[1], rows[1] == rows[2]
    assert found == dict.fromkeys(FORMS, ([303, 303], True, True))


def customer_id(number: str) -> int:
    """The id of a customer."""
    table = Customer.__table__
    wanted = select(table.c.id).where(table.c.number == number)
    return int(database.session.execute(wanted).scalar_one())


def with_two_cases(app: Flask, book: Book) -> str:
    """Open K0001 and K0002; answers who has them and may join their teams."""
    with app.app_context():
        by = Actor("person", "support", person_id("support"))
        customer = customer_id(book.of_sales)
        for subject in ("Noise", "Invoice"):
            values = {"kind": "enquiry", "subject": subject, "channel": "phone"}
            values["assignee_id"] = person_id("sales2")
            draft = CaseDraft(customer=customer, values={**values, "opened_at": clock.now()})
            open_case(draft, by=by, at=clock.now())
        return str(person_id("sales2"))


def free(app: Flask) -> int:
    """The dimension that takes any tag."""
    table = Dimension.__table__
    with app.app_context():
        wanted = select(table.c.id).where(table.c.key == "free")
        return int(database.session.execute(wanted).scalar_one())
