"""Cases by their pages: opened, answered, moved, corrected, as people do it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from crmlite import clock
from crmlite.cases.models import Case, CaseMessage
from crmlite.cases.operations import CaseDraft, open_case, update_case
from crmlite.customers.models import Contact, Customer
from crmlite.extensions import database
from crmlite.testing import csrf_token, person_id
from crmlite.work import Actor
from tests.cases.conftest import sent, stored

NEW = {
    "who": "Harrow Vale Ltd",
    "new_kind": "company",
    "contact_name": "Ada Byron",
    "contact_phone": "13912340000",
    "kind": "complaint",
    "subject": "Spindle noise",
    "said": "It grinds.",
    "channel": "phone",
    "level": "severe",
    "mood": "annoyed",
    "demand": "Replace it",
}


def test_a_customer_is_added_in_the_same_step_as_the_case(app, sign_in):
    client = sign_in("support")
    answer = sent(client, "/cases/new", **NEW)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/cases/K0001")
    row = stored(app)
    assert (row["level"], row["mood"], row["is_complex"]) == ("severe", "annoyed", True)
    with app.app_context():
        table = Customer.__table__
        customer = database.session.execute(select(table)).mappings().one()
    assert (customer["name"], customer["id"]) == ("Harrow Vale Ltd", row["customer_id"])
    page = client.get("/cases/K0001").text
    assert "It grinds." in page
    assert "Why this time" in page


def test_a_customer_of_the_book_is_found_while_one_types(app, sign_in, case):
    client = sign_in("support")
    part = client.get("/cases/new/customer?who=calder", headers={"HX-Request": "true"}).text
    number = re.search(r"customer=(C\d+)", part)[1]
    assert "Calder Bearings Ltd" in part
    picked = client.get(f"/cases/new?customer={number}").text
    assert "Ada Byron" in picked
    assert "Noise" in picked  # the customer's history
    sent(client, "/cases/new", **{**NEW, "who": "", "customer": number})
    assert stored(app, "K0002")["customer_id"] == case["customer"]


def test_somebody_like_a_known_customer_is_added_only_after_a_look(app, sign_in, case):
    client = sign_in("support")
    data = {**NEW, "who": "Calder Bearing Limited"}  # the mobile is that of C001's contact
    answer = sent(client, "/cases/new", **data)
    assert answer.status_code == 422
    assert "Add a new customer anyway" in answer.text
    assert "Calder Bearings Ltd" in answer.text
    assert sent(client, "/cases/new", anyway="1", **data).status_code == 303


def test_who_may_not_see_the_customer_is_told_only_whom_to_ask(app, sign_in, case):
    client = sign_in("sales2")
    page = client.get("/cases/new/customer?who=Calder+Bearings+Ltd&contact_phone=13912340000").text
    assert "is in the book already. Ask" in page
    assert "C001" not in page


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        ({"who": ""}, "Whose case is it?"),
        ({"contact_phone": ""}, "How are they reached?"),
        ({"subject": ""}, "Please fill this in."),
        ({"contact_phone": "139"}, "phone"),
    ],
)
def test_what_is_missing_is_named_and_what_was_typed_stays(sign_in, left_out, said):
    answer = sent(sign_in("support"), "/cases/new", **{**NEW, **left_out})
    assert answer.status_code == 422
    assert said in answer.text
    assert "It grinds." in answer.text


def test_a_form_that_is_sent_twice_opens_one_case(app, sign_in):
    client = sign_in("support")
    key = re.search(r'name="form_key"[^>]*value="([^"]+)"', client.get("/cases/new").text)[1]
    first, second = (sent(client, "/cases/new", form_key=key, **NEW) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    with app.app_context():
        assert len(database.session.execute(select(Case.__table__.c.id)).all()) == 1


def test_the_conversation_tells_apart_what_the_customer_sees(app, sign_in, case):
    client = sign_in("support")
    later = (clock.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    sent(
        client,
        "/cases/K0001/messages",
        direction="out",
        content="We look at it.",
        promise_what="A technician calls",
        promise_at=later,
    )
    sent(client, "/cases/K0001/messages", direction="note", content="@manager look at this")
    page = client.get("/cases/K0001").text
    assert page.count('class="msg out"') == page.count('class="msg note"') == 1
    assert "A technician calls" in page
    assert stored(app)["status"] == "in_progress"
    told = sign_in("manager").get("/notifications").text
    assert "You are mentioned: Noise (K0001)" in told


def test_a_promise_without_a_date_is_not_taken_and_nothing_is_lost(app, sign_in, case):
    answer = sent(
        sign_in("support"),
        "/cases/K0001/messages",
        direction="out",
        content="We look at it.",
        promise_what="A call",
    )
    assert answer.status_code == 422
    assert "We look at it." in answer.text
    assert stored(app)["status"] == "new"


def test_a_canned_reply_is_put_behind_what_was_typed(sign_in, case):
    client = sign_in("support")
    reply = re.search(r"/cases/K0001\?reply=(\d+)", client.get("/cases/K0001").text)[1]
    answer = sent(client, "/cases/K0001/messages", direction="out", content="Hello.", reply=reply)
    assert answer.status_code == 200
    assert "Hello.\nDear " in answer.text
    assert "{contact}" not in answer.text


def test_from_new_to_confirmed_by_its_buttons(app, sign_in, case):
    client = sign_in("support")
    for action, data in (
        ("desk", {}),
        ("acknowledgement", {}),
        ("work", {}),
        ("waiting", {"why": "photos"}),
        ("work", {}),
        ("resolution", {"resolution": "Replaced"}),
        ("revisit", {"satisfied": "yes", "channel": "phone", "content": "Fine."}),
    ):
        answer = sent(client, f"/cases/K0001/{action}", **data)
        assert answer.status_code == 303, (action, answer.text)
    assert stored(app)["status"] == "confirmed"
    assert "Fine." in client.get("/customers/C001").text


def test_a_move_that_is_not_open_says_why(app, sign_in, case):
    answer = sent(sign_in("support"), "/cases/K0001/resolution", resolution="Done")
    assert answer.status_code == 422
    assert "Nobody has answered the customer" in answer.text
    assert stored(app)["status"] == "new"


def test_who_saves_second_sees_both(app, sign_in, case):
    client = sign_in("support")
    page = client.get("/cases/K0001/edit").text
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)[1]
    with app.app_context():
        by = Actor("person", "manager", person_id("manager"))
        update_case(case["id"], {"product": "SP-40"}, by=by, at=clock.now())
    data = {"subject": "Noise", "channel": "phone", "product": "SP-41", "version": version}
    answer = sent(client, "/cases/K0001/edit", **data)
    assert answer.status_code == 409
    assert "SP-40" in answer.text
    assert "SP-41" in answer.text


def test_the_queue_has_what_is_due_first_on_top_and_narrows_down(app, sign_in, case):
    with app.app_context():
        values = {"kind": "enquiry", "subject": "Samples asked for", "channel": "phone",
                  "opened_at": clock.now() - timedelta(days=9)}  # fmt: skip
        by = Actor("person", "support", person_id("support"))
        open_case(CaseDraft(customer=case["customer"], values=values), by=by, at=clock.now())
    client = sign_in("support")
    page = client.get("/complaints?view=open").text
    assert page.index("Samples asked for") < page.index("Noise")
    assert "late" in page
    assert "Samples asked for" not in client.get("/complaints?view=open&kind=complaint").text
    assert client.get("/complaints?view=open&kind=nonsense").status_code == 200
    assert client.get("/complaints?after=nonsense").status_code == 404
    assert "Nothing on your desk" in client.get("/complaints?view=mine").text


def test_what_is_deleted_is_brought_back_with_its_clock(app, sign_in, case):
    client = sign_in("manager")
    sent(client, "/cases/K0001/deletion")
    assert client.get("/cases/K0001").status_code == 404
    assert "Noise" not in client.get("/complaints?view=open").text
    [action] = re.findall(r'action="(/[^"]*restor[^"]*)"', client.get("/trash?kind=case").text)
    sent(client, action)
    assert "First response" in client.get("/cases/K0001").text
    assert "Noise" in client.get("/complaints?view=open").text


def test_who_may_not_add_customers_picks_one_of_the_book(app, sign_in, employ, case):
    employ("sales2", {"cases:create": "all", "cases:see": "all", "customers:see": "all"})
    client = sign_in("sales2")
    answer = sent(client, "/cases/new", **NEW)
    assert answer.status_code == 422
    assert "You may not add customers." in answer.text
    answer = sent(client, "/cases/new", **{**NEW, "who": "", "customer": "C001"})
    assert answer.status_code == 303


def test_managers_set_deadlines_and_open_cases_follow(app, sign_in, case):
    client = sign_in("manager")
    page = client.get("/settings/deadlines").text
    assert "30 working minutes" in page
    sent(client, "/settings/deadlines/new", clock="response", amount="10", unit="minutes")
    assert "10 working minutes" in client.get("/settings/deadlines").text
    refused = sent(
        client, "/settings/deadlines/new",
        clock="response", amount="10", unit="minutes", kind="enquiry", level="severe",
    )  # fmt: skip
    assert refused.status_code == 422
    assert sign_in("support").get("/settings/deadlines").status_code == 403


def test_an_improvement_lists_who_suffered_and_who_was_told(app, sign_in, case):
    client = sign_in("support")
    answer = sent(client, "/improvements/new?case=K0001", title="Check the drawing")
    place = answer.headers["Location"]
    assert "Calder Bearings Ltd" in client.get(place).text
    sent(client, f"{place}/cases/K0001/news", how="by phone")
    page = client.get(place).text
    assert "by phone" in page
    assert "1/1" in client.get("/improvements").text
    assert "Calder Bearings Ltd" not in sign_in("sales2").get(place).text


def contact_of(app, number="K0001"):
    """Whom a case is talked about with, as (name, customer), and with whom its first message was."""
    with app.app_context():
        people, cases, messages = Contact.__table__, Case.__table__, CaseMessage.__table__
        wanted = (
            select(people.c.name, people.c.customer_id, messages.c.contact_id == people.c.id)
            .join(cases, cases.c.contact_id == people.c.id)
            .join(messages, messages.c.case_id == cases.c.id)
            .where(cases.c.number == number)
        )
        return tuple(database.session.execute(wanted).one())


def test_the_caller_of_a_new_customer_is_whom_it_is_talked_about_with(app, sign_in):
    sent(sign_in("support"), "/cases/new", **NEW)
    assert contact_of(app) == ("Ada Byron", stored(app)["customer_id"], True)


def test_a_caller_who_is_not_listed_is_added_to_a_customer_of_the_book(app, sign_in, case):
    client = sign_in("manager")
    assert "Somebody who is not listed" in client.get("/cases/new?customer=C001").text
    data = {**NEW, "who": "", "customer": "C001", "contact_phone": "13912349999"}
    assert sent(client, "/cases/new", **{**data, "contact_name": ""}).status_code == 422
    sent(client, "/cases/new", **{**data, "contact_name": "Mary Somerville"})
    assert contact_of(app, "K0002") == ("Mary Somerville", case["customer"], True)


def test_who_may_not_edit_the_customer_names_only_who_is_listed(app, sign_in, case):
    client = sign_in("support")
    assert "Somebody who is not listed" not in client.get("/cases/new?customer=C001").text
    sent(client, "/cases/new", **{**NEW, "who": "", "customer": "C001", "contact_name": "Nobody"})
    assert contact_of(app, "K0002")[0] == "Ada Byron"


def test_a_number_typed_for_the_customer_is_their_phone(sign_in, case):
    client = sign_in("support")
    part = client.post(
        "/cases/new/customer",
        data={"csrf_token": csrf_token(client, "/profile"), "who": "139 1234 5555"},
        headers={"HX-Request": "true"},
    ).text
    assert "Nobody in the book has this number." in part
    assert re.search(r'id="case-phone" hx-swap-oob="true".*?value="13912345555"', part, re.DOTALL)
    data = {**NEW, "contact_phone": "", "contact_name": ""}
    answer = sent(client, "/cases/new", **{**data, "who": "13912345555"})
    assert answer.status_code == 422
    assert "What is the customer called?" in answer.text
    known = sent(client, "/cases/new", **{**data, "who": "13912340000"})
    assert "This number is that of Calder Bearings Ltd." in known.text
    assert "Choose" in known.text


def test_who_is_not_in_the_book_is_said_to_be_added(sign_in, case):
    page = sign_in("support").get("/cases/new/customer?who=Nonesuch").text
    assert "Not in the book: will be added." in page
