"""Next steps that were planned by themselves are told of in the timeline of their customer."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from crmlite import clock
from crmlite.access.readers import everything
from crmlite.accounts.queries import person_name
from crmlite.customers import timeline
from crmlite.customers.queries import customer as customer_of
from crmlite.followups.operations import (
    InteractionDraft,
    TaskDraft,
    add_task,
    delete_interaction,
    drop_task,
    finish_task,
    log_interaction,
)
from crmlite.testing import SignIn, person_id
from crmlite.work import Actor, undo

START = datetime(2026, 5, 1, 9, tzinfo=UTC)


def person(login: str) -> Actor:
    return Actor("person", login, person_id(login))


def name_of(login: str) -> str:
    return person_name(person_id(login))


def plan(customer, what: str, at: datetime = START) -> int:
    step = TaskDraft(what=what, due_on=at.date(), assignee_id=person_id("sales"))
    return add_task(customer["id"], step, by=person("manager"), at=at)["id"]


def talk(customer, step: str = "", at: datetime = START) -> int:
    draft = InteractionDraft(
        customer_id=customer["id"],
        kind="phone",
        content="Called",
        occurred_at=at,
        next_step=TaskDraft(what=step, due_on=at.date()) if step else None,
    )
    return log_interaction(draft, by=person("sales"), at=at)["id"]


def told(customer, **more) -> list[timeline.Entry]:
    """The steps that stand in the stream by themselves."""
    row = customer_of(customer["number"], seen_by=everything())
    entries, _more = timeline.stream(row, everything(), only="steps", size=50, **more)
    return entries


@pytest.mark.parametrize("how", ["done", "dropped"])
def test_a_step_is_told_where_it_was_planned_and_then_where_it_was_closed(
    inside: Flask, customer, how: str
):
    with inside.test_request_context():
        task_id = plan(customer, "Send a sample")
        [planned] = told(customer)
        assert (planned.at, planned.context["planned_by"]) == (START, name_of("manager"))
        close = {"done": finish_task, "dropped": drop_task}[how]
        closed = close(task_id, by=person("sales2"), at=START + timedelta(days=3))
        [entry] = told(customer)
        assert entry.at == START + timedelta(days=3)
        assert (entry.context["row"]["status"], entry.context["closed_by"]) == (
            how,
            name_of("sales2"),
        )
        undo(closed, by=person("sales2"), at=START + timedelta(days=4))
        assert [entry.at for entry in told(customer)] == [START]


def test_a_step_that_follows_from_a_contact_stands_under_it_alone(
    app: Flask, sign_in: SignIn, customer
):
    with app.test_request_context():
        interaction_id = talk(customer, "Call again", clock.now())
        assert told(customer) == []
    client = sign_in("sales")
    here = f"/customers/{customer['number']}/timeline"
    assert client.get(here, headers={"HX-Request": "true"}).text.count("Call again") == 1
    with app.test_request_context():
        finish_task(1, by=person("manager"), at=clock.now())
    under = client.get(here, headers={"HX-Request": "true"}).text
    assert under.count("Call again") == 1
    with app.test_request_context():
        assert name_of("manager") in under[under.index("Call again") :][:200]
        delete_interaction(interaction_id, by=person("sales"), at=clock.now())
        assert [entry.context["row"]["what"] for entry in told(customer)] == ["Call again"]


def test_steps_and_contacts_of_one_moment_are_told_once_page_by_page(inside: Flask, customer):
    with inside.test_request_context():
        for n in range(8):
            at = START + timedelta(hours=n // 4)
            task_id = plan(customer, f"Step {n}", at)
            talk(customer, at=at)
            if n % 2:
                finish_task(task_id, by=person("sales"), at=START)
        row = customer_of(customer["number"], seen_by=everything())
        whole, _more = timeline.stream(row, everything(), size=50)
        seen: list[timeline.Entry] = []
        before, more = None, True
        while more and len(seen) < 40:
            page, more = timeline.stream(row, everything(), before=before, size=3)
            seen += page
            before = (page[-1].at, page[-1].key)
    assert [entry.key for entry in seen] == [entry.key for entry in whole]
    assert [entry.kind for entry in seen].count("steps") == 8


@pytest.mark.parametrize(("lang", "chip"), [("en", "next steps"), ("zh", "下一步")])
def test_the_timeline_can_be_narrowed_down_to_steps(
    app: Flask, sign_in: SignIn, customer, lang: str, chip: str
):
    with app.test_request_context():
        plan(customer, "Send a sample")
        talk(customer)
    client = sign_in("sales")
    here = f"/customers/{customer['number']}/timeline"
    client.get(f"{here}?lang={lang}")
    page = client.get(f"{here}?show=steps", headers={"HX-Request": "true"}).text
    chosen = page[page.index('aria-current="true"') :]
    assert chip in chosen[: chosen.index("</a>")]
    assert "Send a sample" in page and "Called" not in page
