"""Writing down what was said: quick, once, corrected with both versions in sight."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from crmlite import clock
from crmlite.accounts.operations import set_grants
from crmlite.accounts.queries import role_by_key
from crmlite.customers.models import Facts
from crmlite.extensions import database
from crmlite.followups.models import Interaction, Task
from crmlite.followups.operations import (
    InteractionDraft,
    TaskDraft,
    delete_interaction,
    log_interaction,
)
from crmlite.forms.times import zone
from crmlite.testing import SignIn, csrf_token, person_id
from crmlite.work import Actor, undo
from tests.customers.records import Inputs, form_in, form_on
from tests.followups.conftest import add_customer

FORM = {
    "kind": "phone",
    "content": "Wants the plan before Friday.",
    "direction": "out",
    "answered": "1",
}
SAID = "Wants to leave their supplier."


def sent(client, number, **more):
    token = csrf_token(client, f"/customers/{number}/interactions/new")
    page = client.get(f"/customers/{number}/interactions/new").text
    person = page.partition('name="done_by_id"')[2].partition("<option selected")[2]
    owner = person.partition('value="')[2].partition('"')[0]
    form = {**FORM, "csrf_token": token, "done_by_id": owner, **more}
    return client.post(f"/customers/{number}/interactions/new", data=form)


def facts_of(customer):
    table = Facts.__table__
    row = database.session.execute(select(table).where(table.c.customer_id == customer["id"]))
    return row.mappings().one()


def test_one_sentence_is_enough_and_stands_on_the_page(sign_in: SignIn, customer):
    client = sign_in("sales")
    assert sent(client, customer["number"]).status_code == 303
    page = client.get(f"/customers/{customer['number']}").text
    assert "Wants the plan before Friday." in page


def test_the_next_step_becomes_a_task_and_stands_on_today(sign_in: SignIn, customer):
    client = sign_in("sales")
    answer = sent(client, customer["number"], next_what="Send the plan", next_on="tomorrow")
    assert answer.status_code == 303
    assert "Send the plan" in client.get("/today").text


def test_a_contact_in_the_future_is_no_contact(sign_in: SignIn, customer):
    later = (clock.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    answer = sent(sign_in("sales"), customer["number"], occurred_at=later)
    assert answer.status_code == 422
    assert "still ahead" in answer.text
    assert "Wants the plan before Friday." in answer.text


def test_a_day_without_a_step_and_a_step_without_a_day_are_asked_about(sign_in: SignIn, customer):
    client = sign_in("sales")
    assert sent(client, customer["number"], next_what="Call").status_code == 422
    assert sent(client, customer["number"], next_on="2030-01-01").status_code == 422


def test_sending_the_form_twice_writes_it_down_once(app: Flask, sign_in: SignIn, customer):
    client = sign_in("sales")
    for _ in range(2):
        assert sent(client, customer["number"], form_key="k" * 22).status_code == 303
    with app.app_context():
        found = database.session.execute(select(Interaction.__table__)).all()
    assert len(found) == 1


def test_support_writes_contacts_down_but_corrects_none(sign_in: SignIn, customer):
    client = sign_in("support")
    assert sent(client, customer["number"]).status_code == 303
    edit = client.get(f"/customers/{customer['number']}/interactions/1/edit")
    assert edit.status_code == 403


def test_another_salesperson_does_not_find_the_customer(sign_in: SignIn, customer):
    client = sign_in("sales2")
    assert client.get(f"/customers/{customer['number']}/interactions/new").status_code == 404


def test_only_contacts_with_an_answer_count_as_the_last_one(inside: Flask, customer):
    by = Actor("person", "sales", person_id("sales"))
    now = clock.now()
    for days, answered in ((5, True), (1, False)):
        draft = InteractionDraft(
            customer_id=customer["id"],
            kind="phone",
            content=f"{days} days ago",
            occurred_at=now - timedelta(days=days),
            answered=answered,
        )
        log_interaction(draft, by=by, at=now)
    facts = facts_of(customer)
    assert facts["last_contact_said"] == "5 days ago"
    assert facts["interactions"] == 2


def test_undoing_and_deleting_take_the_facts_back(inside: Flask, customer):
    by = Actor("person", "sales", person_id("sales"))
    now = clock.now()
    step = TaskDraft(what="Call", due_on=now.date())
    draft = InteractionDraft(
        customer_id=customer["id"], kind="visit", content="Here", occurred_at=now, next_step=step
    )
    first = log_interaction(draft, by=by, at=now)
    assert facts_of(customer)["next_step"] == "Call"
    assert undo(first["operation"], by=by, at=now).kept == []
    facts = facts_of(customer)
    assert (facts["last_contact_at"], facts["next_step"], facts["interactions"]) == (None, None, 0)
    second = log_interaction(draft, by=by, at=now)
    delete_interaction(second["id"], by=by, at=now)
    assert facts_of(customer)["interactions"] == 0


def test_a_contact_fulfils_the_steps_it_names(inside: Flask, customer):
    by = Actor("person", "sales", person_id("sales"))
    now = clock.now()
    first = InteractionDraft(
        customer_id=customer["id"],
        kind="phone",
        content="First",
        occurred_at=now,
        next_step=TaskDraft(what="Call again", due_on=now.date()),
    )
    log_interaction(first, by=by, at=now)
    task = database.session.execute(select(Task.__table__)).mappings().one()
    second = InteractionDraft(
        customer_id=customer["id"],
        kind="phone",
        content="Second",
        occurred_at=now,
        closes=(task["id"],),
    )
    log_interaction(second, by=by, at=now)
    done = database.session.execute(select(Task.__table__)).mappings().one()
    assert (done["status"], facts_of(customer)["next_step"]) == ("done", None)


def test_late_ones_are_marked_and_not_hidden(app: Flask, sign_in: SignIn, customer):
    with app.app_context():
        draft = InteractionDraft(
            customer_id=customer["id"],
            kind="phone",
            content="Long ago",
            occurred_at=clock.now() - timedelta(hours=31, minutes=5),
        )
        log_interaction(draft, by=Actor("person", "s", person_id("sales")), at=clock.now())
    page = sign_in("sales").get(f"/customers/{customer['number']}").text
    assert "written after 31 h" in page


def test_who_was_slower_sees_both_versions_and_loses_nothing(sign_in: SignIn, customer):
    client = sign_in("sales")
    sent(client, customer["number"])
    url = f"/customers/{customer['number']}/interactions/1/edit"
    form = {**FORM, "csrf_token": csrf_token(client, url), "done_by_id": "2", "version": "1"}
    assert client.post(url, data={**form, "content": "Theirs"}).status_code == 303
    slower = client.post(url, data={**form, "content": "Mine"})
    assert slower.status_code == 409
    assert "Theirs" in slower.text and "Mine" in slower.text
    assert client.post(url, data={**form, "content": "Mine", "version": "2"}).status_code == 303


def test_a_contact_of_another_customer_is_not_found_here(app: Flask, sign_in: SignIn, customer):
    with app.app_context():
        other = add_customer("sales2", "Eastgate Bearings Ltd")
        draft = InteractionDraft(
            customer_id=other["id"], kind="phone", content=SAID, occurred_at=clock.now()
        )
        theirs = log_interaction(draft, by=Actor("person", "s", 1), at=clock.now())["id"]
    client = sign_in("sales")
    here = f"/customers/{customer['number']}/interactions"
    form = {**FORM, "csrf_token": csrf_token(client, f"{here}/new"), "version": "1"}
    assert client.get(f"{here}/{theirs}/edit").status_code == 404
    assert client.post(f"{here}/{theirs}/edit", data=form).status_code == 404
    assert client.post(f"{here}/{theirs}/deletion", data=form).status_code == 404
    with app.app_context():
        row = database.session.execute(select(Interaction.__table__)).mappings().one()
    assert (row["version"], row["state"]) == (1, "active")


def test_what_was_said_is_shown_to_those_only_who_may_see_it(app: Flask, sign_in: SignIn, customer):
    by = Actor("person", "sales", 1)
    with app.app_context():
        draft = InteractionDraft(
            customer_id=customer["id"], kind="phone", content=SAID, occurred_at=clock.now()
        )
        gone = log_interaction(draft, by=by, at=clock.now())["id"]
        delete_interaction(gone, by=by, at=clock.now())
        step = TaskDraft(what="Call again", due_on=clock.now().date())
        log_interaction(replace(draft, next_step=step), by=by, at=clock.now())
        support = role_by_key("support")
        rights = {
            "interactions:see": "all",
            "interactions:edit": "all",
            "interactions:create": "all",
        }
        set_grants({support.id: rights}, by=by, at=clock.now())
    client = sign_in("support")
    at = f"/customers/{customer['number']}"
    last = newest_interaction(app)
    places = (
        at,
        f"{at}/changes",
        f"{at}/changes?q=supplier",
        f"{at}/quick",
        f"{at}/interactions/new",
        f"{at}/interactions/{last}/edit",
        "/customers",
        "/trash?kind=interaction",
    )
    shown = [place for place in places if SAID in client.get(place).text]
    assert shown == list(places)
    with app.app_context():
        set_grants({support.id: {"interactions:see": ""}}, by=by, at=clock.now())
    assert [place for place in places if SAID in client.get(place).text] == []
    assert "Follow-up added" in client.get(f"{at}/changes").text
    assert client.get(f"{at}/interactions/{last}/edit").status_code == 403


def newest_interaction(app: Flask) -> int:
    """The newest interaction's id."""
    table = Interaction.__table__
    with app.app_context():
        newest = select(table.c.id).order_by(table.c.id.desc()).limit(1)
        return int(database.session.execute(newest).scalar_one())


def test_the_time_that_is_shown_is_kept_and_within_its_minute_that_of_saving(
    app: Flask, sign_in: SignIn, customer, monkeypatch: pytest.MonkeyPatch
):
    opened = clock.now().replace(second=5, microsecond=0)
    monkeypatch.setattr(clock, "now", lambda: opened)
    client = sign_in("sales")
    url = f"/customers/{customer['number']}/interactions/new"
    form = form_on(client, url)
    assert form["occurred_at"] and form["preset"] == form["occurred_at"]
    monkeypatch.setattr(clock, "now", lambda: opened + timedelta(seconds=20))
    client.post(url, data={**form_on(client, url), "content": "Just now."})
    monkeypatch.setattr(clock, "now", lambda: opened + timedelta(hours=3))
    client.post(url, data={**form, "content": "Then called away."})
    other = {**form_on(client, url), "content": "Put back.", "occurred_at": "2026-01-02T10:00"}
    client.post(url, data=other)
    assert moment_of(app, "Just now.") == opened + timedelta(seconds=20)
    assert moment_of(app, "Then called away.") == opened.replace(second=0)
    assert moment_of(app, "Put back.") < opened - timedelta(days=1)


def test_a_time_typed_over_a_faster_one_is_stored(app: Flask, sign_in: SignIn, customer):
    client = sign_in("sales")
    sent(client, customer["number"], occurred_at="2026-01-02T10:00")
    url = f"/customers/{customer['number']}/interactions/1/edit"
    mine = form_on(client, url)
    client.post(url, data={**mine, "occurred_at": "2026-01-02T11:00"})
    slower = client.post(url, data={**mine, "content": "Mine"})
    assert slower.status_code == 409
    assert client.post(url, data=form_in(slower, url)).status_code == 303
    assert form_on(client, url)["occurred_at"] == "2026-01-02T10:00"


def test_correcting_the_words_leaves_the_moment_alone(app: Flask, sign_in: SignIn, customer):
    at = clock.now().replace(second=37, microsecond=0) - timedelta(hours=1)
    with app.app_context():
        by = Actor("person", "sales", person_id("sales"))
        draft = InteractionDraft(
            customer_id=customer["id"], kind="phone", content="Caled.", occurred_at=at
        )
        made = log_interaction(draft, by=by, at=clock.now())
    client = sign_in("sales")
    url = f"/customers/{customer['number']}/interactions/{made['id']}/edit"
    assert client.post(url, data={**form_on(client, url), "content": "Called."}).status_code == 303
    assert moment_of(app, "Called.") == at


def moment_of(app: Flask, content: str):
    """When the contact with these words took place."""
    table = Interaction.__table__
    with app.app_context():
        found = select(table.c.occurred_at).where(table.c.content == content)
        return database.session.execute(found).scalar_one()


def test_an_empty_box_comes_back_with_its_one_error(sign_in: SignIn, customer):
    client = sign_in("sales")
    page = f"/customers/{customer['number']}"
    url = f"{page}/interactions/new"
    form = {**form_on(client, page, url), "kind": "visit"}
    answer = client.post(url, data=form, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert answer.text.count("<form") == 1 and 'id="composer"' in answer.text
    assert "Please fill this in." in answer.text and "data-summary" not in answer.text
    plain = Inputs()
    plain.feed(client.post(url, data=form).text)
    assert plain.forms[url]["occurred_at"]


def test_the_page_stays_and_renews_itself_after_a_contact(sign_in: SignIn, customer):
    client = sign_in("sales")
    page = f"/customers/{customer['number']}"
    url = f"{page}/interactions/new"
    asks = {"HX-Request": "true", "HX-Current-URL": f"http://localhost{page}"}
    boxed = {**form_on(client, page, url), "content": "In the box."}
    answer = client.post(url, data=boxed, headers=asks)
    assert "customer-changed" in answer.headers["HX-Trigger"]
    assert 'id="composer"' in answer.text and "In the box." not in answer.text
    drawn = {**form_on(client, url), "content": "In the drawer."}
    answer = client.post(url, data=drawn, headers=asks)
    events = json.loads(answer.headers["HX-Trigger"])
    assert list(events) == ["toast", "customer-changed", "drawer-close"]
    assert answer.headers["HX-Reswap"] == "none"
    for place in (f"http://localhost{url}", "http://["):
        elsewhere = {**asks, "HX-Current-URL": place}
        fresh = {**form_on(client, url), "content": "On its own page."}
        answer = client.post(url, data=fresh, headers=elsewhere)
        assert answer.headers["HX-Redirect"] == page


def test_a_step_is_red_in_the_timeline_only_when_it_is_late(app: Flask, sign_in: SignIn, customer):
    with app.test_request_context():
        by = Actor("person", "sales", person_id("sales"))
        day = clock.today(zone())
        for days in (-3, 0, 4):
            step = TaskDraft(what=f"Step {days}", due_on=day + timedelta(days=days))
            draft = InteractionDraft(
                customer_id=customer["id"],
                kind="phone",
                content="Called",
                occurred_at=clock.now(),
                next_step=step,
            )
            log_interaction(draft, by=by, at=clock.now())
    page = sign_in("sales").get(f"/customers/{customer['number']}/timeline").text
    page = page[page.index('id="timeline"') :]
    states = re.findall(
        r'class="promise"><span class="pill ?(\w*)".*?Step (-?\d+)', page, re.DOTALL
    )
    assert sorted(states) == [("", "4"), ("late", "-3"), ("soon", "0")]


def test_a_call_that_nobody_took_is_written_in_the_box_and_is_no_contact(
    app: Flask, sign_in: SignIn, customer
):
    client = sign_in("sales")
    page = f"/customers/{customer['number']}"
    url = f"{page}/interactions/new"
    box = {**form_on(client, page, url), "content": "Rang twice."}
    assert box.pop("answered") == "1"
    assert client.post(url, data=box).status_code == 303
    with app.app_context():
        assert facts_of(customer)["last_contact_at"] is None
    assert "no answer" in client.get(page).text
