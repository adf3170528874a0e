"""What is said about a case: the first response, two who answer at once, whom a note mentions."""

import re
from typing import Any

from flask.testing import FlaskClient

from crmlite import clock
from crmlite.accounts.operations import UserChange, update_user
from crmlite.cases.views.conversation import mentioned
from crmlite.testing import person_id
from crmlite.work.actors import command_line
from tests.cases.conftest import sent
from tests.cases.test_closing import answered, later


def seen(client: FlaskClient) -> str:
    """The newest message that the page of the case has shown."""
    page = client.get("/cases/K0001").text
    return str(re.search(r'name="version"[^>]*value="(\d+)"', page)[1])


def test_an_answer_without_promise_says_that_the_first_response_is_still_due(sign_in, case):
    client = sign_in("support")
    assert "Take it" in client.get("/cases/K0001").text
    sent(client, "/cases/K0001/desk")
    page = client.get("/cases/K0001").text
    assert re.search(r'btn-primary" href="#content"[^>]*>.*Reply and promise', page)
    assert re.search(r'<details class="more"[^>]* open>', page)
    answered(client)
    assert "but the first response is still due" in client.get("/cases/K0001").text
    answered(client, promise_what="A call", promise_at=later())
    page = client.get("/cases/K0001").text
    assert "but the first response is still due" not in page
    assert "Reply and promise" not in page
    assert not re.search(r'<details class="more"[^>]* open>', page)


def test_who_answers_second_is_shown_the_first_answer_before_theirs_goes_out(sign_in, case):
    one, two = sign_in("support"), sign_in("manager")
    before = seen(two)
    answered(one, content="A technician comes.", version=seen(one))
    answered(one, content="At noon.", version=before)  # one's own answer stands in nobody's way
    late = answered(two, content="We call you.", version=before)
    assert late.status_code == 409
    assert "answered meanwhile" in late.text
    assert "A technician comes." in late.text
    assert "We call you.</textarea>" in late.text.replace("\r\n", "")
    version = re.search(r'name="version"[^>]*value="(\d+)"', late.text)[1]
    assert int(version) > int(before)
    assert answered(two, content="We call you.", version=version).status_code == 303
    assert two.get("/cases/K0001").text.count('class="msg out"') == 3


def test_a_note_goes_beside_what_others_answered(sign_in, case):
    one, two = sign_in("support"), sign_in("manager")
    before = seen(two)
    answered(one)
    note: dict[str, Any] = {"direction": "note", "content": "Ask them.", "version": before}
    assert sent(two, "/cases/K0001/messages", **note).status_code == 303


def rename(login: str, name: str) -> None:
    """Call somebody otherwise."""
    change = UserChange(login=login, name=name, role="sales")
    update_user(person_id(login), change, by=command_line(), at=clock.now())


def test_names_with_a_space_are_mentioned_in_full(app):
    with app.app_context():
        for login, name in (("sales", "Ada Byron"), ("sales2", "Ada Lovelace")):
            rename(login, name)
        assert mentioned("@Ada Lovelace, look") == (person_id("sales2"),)
        assert mentioned("@Ada look") == ()


def test_who_gets_a_case_and_who_leads_is_said_in_one_sentence(sign_in, people, case):
    client = sign_in("manager")
    sent(client, "/cases/K0001/team/new", user_id=str(people("sales2")), duty="lead")
    sent(client, "/cases/K0001/assignment", assignee_id=str(people("support")))
    page = client.get("/cases/K0001").text
    assert re.search(r"[^<>]+ made [^<>]+ lead of the joint team<", page)
    assert re.search(r"[^<>]+ gave the case to [^<>]+<", page)
    sent(client, f"/cases/K0001/team/{people('sales2')}/departure")
    assert re.search(r"[^<>]+ took [^<>]+ out of the joint team<", client.get("/cases/K0001").text)


def test_an_unhappy_revisit_is_one_line(sign_in, case):
    client = sign_in("support")
    answered(client)
    sent(client, "/cases/K0001/resolution", resolution="Replaced")
    told = {"satisfied": "no", "channel": "phone", "content": "It grinds again."}
    sent(client, "/cases/K0001/revisit", **told)
    page = client.get("/cases/K0001").text
    assert "Revisit: not satisfied, reopened (no. 1)" in page
    assert page.split("<aside", 1)[0].count("It grinds again.") == 1


def test_the_agreed_plan_stands_among_the_facts(sign_in, case):
    client = sign_in("support")
    plan = "A spare spindle.\nA technician fits it."
    sent(client, "/cases/K0001/plan", plan=plan, until=later())
    aside = client.get("/cases/K0001").text.split("<aside", 1)[1]
    assert "Agreed plan" in aside
    assert "A technician fits it." in aside
    assert "Order no." not in aside  # nothing is known of it
