"""Telephone revisits: the outline, what becomes of what was typed, and who may."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from crmlite import clock
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.followups.models import Interaction, Task
from crmlite.settings.queries import local_day
from crmlite.strategies.models import PlannedTouch
from crmlite.strategies.planner.jobs import SOON
from crmlite.strategies.planner.writing import make_plans
from crmlite.testing import SignIn, csrf_token
from crmlite.work.actors import job
from tests.applications import Employ
from tests.customers.records import add
from tests.followups.conftest import add_customer
from tests.followups.tasks import all_tasks, planned, stored

TASKS, TOUCHES, TALKS = Task.__table__, PlannedTouch.__table__, Interaction.__table__
QUESTION = "How have things gone since we last talked?"


@pytest.fixture
def core(app: Flask) -> dict[str, Any]:
    """A core customer of sales with a plan: `number`, and `task` of the planned call."""
    number = add(app, "sales", tier="core", lifecycle="active")
    table = Customer.__table__
    with app.app_context():
        customer_id = database.session.execute(
            select(table.c.id).where(table.c.number == number)
        ).scalar_one()
        make_plans([customer_id], by=job(SOON), at=clock.now())
        wanted = select(TASKS.c.id).where(
            TASKS.c.customer_id == customer_id, TASKS.c.kind == "touch", TASKS.c.channel == "phone"
        )
        task = database.session.execute(wanted).scalars().first()
    assert task is not None
    return {"id": customer_id, "number": number, "task": task}


def sent(client: FlaskClient, url: str, **typed: Any) -> Any:
    """Fill the form in and send it."""
    page = client.get(url).text
    asked = re.search(r'name="asked"[^>]*value="(\w+)"', page)
    assert asked
    boxes = re.findall(r'<input[^>]*name="closes"[^>]*>', page)
    closes = [re.findall(r'value="(\d+)"', box)[0] for box in boxes if " checked" in box]
    data = {
        "csrf_token": csrf_token(client, url),
        "asked": asked[1],
        "answered": "1",
        "closes": closes,
        **typed,
    }
    return client.post(url, data=data)


def talk(app: Flask) -> Any:
    with app.app_context():
        return database.session.execute(select(TALKS)).mappings().one()


def test_the_planned_touch_gives_the_questions_and_is_done_with_the_call(
    app: Flask, sign_in: SignIn, core: dict[str, Any]
) -> None:
    client = sign_in("sales")
    url = f"/customers/{core['number']}/call?step={core['task']}"
    page = client.get(url).text
    questions = re.findall(r'<label[^>]*for="answer_\d"[^>]*>\s*([^<]+)', page)
    assert len(questions) == 3 and QUESTION not in page
    assert len(re.findall(r'name="told"', page)) == 2
    answer = sent(
        client,
        url,
        answer_1="They plan a second line.",
        answer_3="Faster delivery",
        told=["1"],
        notes="Ask for Ms Li.",
        minutes="12",
        result="Interested",
    )
    assert answer.status_code == 303 and answer.location == f"/customers/{core['number']}"
    row = talk(app)
    assert (row["kind"], row["minutes"], row["result"]) == ("phone", 12, "Interested")
    assert row["answered"] and row["answered_at"] == row["occurred_at"]
    lines = row["content"].split("\n\n")
    assert lines[0] == f"1. {questions[0].strip()}\nThey plan a second line."
    assert lines[1].startswith("3. ") and lines[1].endswith("\nFaster delivery")
    assert lines[2].startswith("Told: ") and lines[3] == "Ask for Ms Li."
    with app.app_context():
        assert stored(core["task"])["status"] == "done"


def test_without_a_plan_there_is_a_general_outline(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        mine: Any = add_customer("sales", "Calder Ltd")
        task = planned(mine, what="Ring them", channel="phone")
        planned(mine, what="The offer by Friday", kind="promise")
    client = sign_in("sales")
    url = f"/customers/{mine['number']}/call?step={task}&back=today"
    page = client.get(url).text
    assert QUESTION in page and "The offer by Friday" in page and "Planned: Ring them" in page
    answer = sent(
        client,
        url,
        answer_1="Well",
        promise_what="A drawing",
        promise_on="2030-01-02",
        next_what="Call again",
        next_on="2030-01-09",
    )
    assert answer.location == "/today"
    with app.app_context():
        kinds = {row["what"]: (row["kind"], row["status"]) for row in all_tasks()}
    assert kinds["Ring them"] == ("next-step", "done")
    assert kinds["The offer by Friday"] == ("promise", "open")
    assert kinds["A drawing"] == ("promise", "open") and kinds["Call again"][1] == "open"


def test_who_was_reached_needs_a_key_point_and_who_was_not_counts_as_no_contact(
    app: Flask, sign_in: SignIn
) -> None:
    with app.app_context():
        mine: Any = add_customer("sales", "Calder Ltd")
    client = sign_in("sales")
    url = f"/customers/{mine['number']}/call"
    refused = sent(client, url)
    assert refused.status_code == 422 and "at least one key point" in refused.text
    assert sent(client, url, answered="").status_code == 303
    row = talk(app)
    assert row["content"] == "Nobody was reached." and not row["answered"]
    assert row["answered_at"] is None


def test_a_length_without_a_beginning_says_when_it_began(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        mine: Any = add_customer("sales", "Calder Ltd")
    url = f"/customers/{mine['number']}/call"
    before = clock.now()
    sent(sign_in("sales"), url, answer_1="Well", minutes="10", occurred_at="")
    row = talk(app)
    assert abs(row["occurred_at"] - (before - timedelta(minutes=10))) < timedelta(minutes=1)


def test_what_is_typed_stays_when_something_is_wrong(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        mine: Any = add_customer("sales", "Calder Ltd")
        tomorrow = local_day(clock.now()) + timedelta(days=2)
    client = sign_in("sales")
    url = f"/customers/{mine['number']}/call"
    for wrong, words in (
        ({"promise_what": "A drawing"}, "By when?"),
        ({"promise_on": "2030-01-02"}, "What was promised?"),
        ({"next_what": "Call"}, "Until when?"),
        ({"next_on": "2030-01-02"}, "What is to be done then?"),
        ({"occurred_at": f"{tomorrow}T10:00"}, "This is still ahead."),
        ({"asked": "another"}, "The outline changed meanwhile."),
        ({"minutes": "-1"}, "minutes"),
    ):
        answer = sent(client, url, answer_1="Kept words", **wrong)
        assert answer.status_code == 422 and words in answer.text, words
        assert "Kept words" in answer.text
    with app.app_context():
        assert database.session.execute(select(TALKS)).first() is None


def test_what_was_answered_to_a_question_that_is_gone_stays_among_the_key_points(
    app: Flask, sign_in: SignIn
) -> None:
    with app.app_context():
        mine: Any = add_customer("sales", "Calder Ltd")
    client = sign_in("sales")
    url = f"/customers/{mine['number']}/call"
    typed = {"asked": "another", "answer_2": "Second", "answer_4": "Fourth", "answer_5": "Fifth"}
    for notes, kept in (("Besides", "Besides\n\nFourth\n\nFifth"), ("", "Fourth\n\nFifth")):
        answer = sent(client, url, notes=notes, **typed)
        assert answer.status_code == 422 and "Write down at least one" not in answer.text
        shown = re.search(r'<textarea[^>]* name="notes"[^>]*>\s*([^<]*)</textarea>', answer.text)
        assert shown and shown[1].replace("\r", "") == kept


def test_a_draft_of_a_call_belongs_to_its_questions(
    app: Flask, sign_in: SignIn, core: dict[str, Any]
) -> None:
    page = sign_in("sales").get(f"/customers/{core['number']}/call").text
    asked = re.search(r'name="asked"[^>]*value="(\w+)"', page)
    assert asked
    assert f'data-draft="call.{core["number"]}.{asked[1]}"' in page


def test_a_call_that_is_sent_twice_is_one_contact(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        mine: Any = add_customer("sales", "Calder Ltd")
    client = sign_in("sales")
    url = f"/customers/{mine['number']}/call"
    page = client.get(url).text
    fields: dict[str, str] = {}
    for name in ("form_key", "asked"):
        found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
        assert found
        fields[name] = found[1]
    data = {**fields, "csrf_token": csrf_token(client, url), "answered": "1", "answer_1": "Well"}
    for _turn in range(2):
        assert client.post(url, data=data).status_code == 303
    talk(app)  # one


def test_who_may_not_write_contacts_down_has_no_form(
    app: Flask, sign_in: SignIn, employ: Employ
) -> None:
    with app.app_context():
        mine: Any = add_customer("sales", "Calder Ltd")
        theirs: Any = add_customer("sales2", "Merton Ltd")
    client = sign_in("sales")
    assert client.get(f"/customers/{theirs['number']}/call").status_code == 404
    assert f"/customers/{mine['number']}/call" in client.get(f"/customers/{mine['number']}").text
    employ("sales", {"customers:see": "all", "interactions:create": "own"})
    client = sign_in("sales")
    assert client.get(f"/customers/{theirs['number']}/call").status_code == 403
    assert '/call"' not in client.get(f"/customers/{theirs['number']}").text
    assert client.get(f"/customers/{mine['number']}/call?step=odd").status_code == 200


def test_a_line_of_today_by_phone_leads_there(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        mine: Any = add_customer("sales", "Calder Ltd")
        call = planned(mine, what="Ring them", channel="phone")
        planned(mine, what="Go there", channel="visit")
    page = sign_in("sales").get("/today").text
    led = re.findall(r'href="(/customers/[^"]*/call[^"]*)"', page)
    assert set(led) == {f"/customers/{mine['number']}/call?step={call}&amp;back=today"}
    assert len(led) == 2  # beside the line, and on phones in its menu
