"""Cases are found by what was said in them, and by what their customer is called now."""

from crmlite import clock
from crmlite.accounts.queries import reader_of
from crmlite.cases.operations import CaseDraft, Said, hear, note, open_case
from crmlite.customers.operations import update_customer
from crmlite.search.queries import find
from crmlite.testing import person_id
from crmlite.work import Actor
from tests.followups.conftest import add_customer

WORDS = ("gasket", "119q00000", "000q00000")


def found(client, words):
    """Whether the search box offers the case to these words."""
    return "Spindle noise" in client.get(f"/search?q={words}").text


def test_by_what_was_said_and_noted(app, sign_in):
    with app.app_context():
        by = Actor("person", "support", person_id("support"))
        values = {"kind": "complaint", "subject": "Spindle noise", "channel": "phone"}
        draft = CaseDraft(
            customer=add_customer("sales", "Calder Bearings Ltd")["id"],
            values={**values, "opened_at": clock.now()},
            said="It grinds since Monday.",
        )
        case_id = open_case(draft, by=by, at=clock.now())["id"]
        hear(case_id, Said(content="主轴又响了"), by=by, at=clock.now())
        note(case_id, "Ask the workshop about the gasket", by=by, at=clock.now())
    client = sign_in("support")
    assert found(client, "grinds")
    assert found(client, "主轴")
    assert found(client, "gasket")
    assert not found(client, "gearbox")


def test_by_the_new_name_of_its_customer_and_not_by_the_old_one(app, sign_in):
    with app.app_context():
        by = Actor("person", "support", person_id("support"))
        customer = add_customer("sales", "Calder Bearings Ltd")
        values = {"kind": "complaint", "subject": "Spindle noise", "channel": "phone"}
        draft = CaseDraft(customer=customer["id"], values={**values, "opened_at": clock.now()})
        open_case(draft, by=by, at=clock.now())
        manager = Actor("person", "manager", person_id("manager"))
        update_customer(customer["id"], {"name": "Wharfedale plc"}, by=manager, at=clock.now())
    client = sign_in("support")
    assert found(client, "wharfedale")
    assert not found(client, "calder")


def test_of_a_long_conversation_the_newest_part(desk):
    """PostgreSQL takes a megabyte of what a record is found by; more once froze the case."""
    case_id = desk.open()
    for number in range(120):
        codes = " ".join(f"{number:03d}q{code:05d}" * 9 for code in range(24))
        note(case_id, codes, by=desk.support, at=clock.now())
    note(case_id, "Gasket", by=desk.support, at=clock.now())
    reader = reader_of(person_id("support"))
    hits = {words: [hit.record_id for hit in find(reader, words, {"case"})] for words in WORDS}
    assert hits == {"gasket": [case_id], "119q00000": [case_id], "000q00000": []}
