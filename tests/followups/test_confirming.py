"""New and changed details are confirmed: one task for each customer, one click for one or all."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from crmlite import clock
from crmlite.accounts.operations import disable_user
from crmlite.customers.confirming.lapsing import unconfirmed
from crmlite.customers.models import Confirmation, Contact, Customer
from crmlite.customers.operations import (
    add_need,
    confirm,
    update_contact,
    update_customer,
    update_need,
)
from crmlite.customers.promptness import shares
from crmlite.extensions import database
from crmlite.followups.models import Task
from crmlite.followups.operations import drop_task
from crmlite.followups.operations.confirming import AGAIN, are_due
from crmlite.jobs import timetable
from crmlite.jobs.operations import request_run
from crmlite.jobs.queue import claim
from crmlite.jobs.running import do
from crmlite.settings.operations import change_settings
from crmlite.testing import SignIn, csrf_token, person_id
from crmlite.work import Actor, undo
from crmlite.work.actors import command_line
from tests.customers.records import add, form_on

TASKS, CONTACTS = Task.__table__, Contact.__table__
CUSTOMERS, CONFIRMATIONS = Customer.__table__, Confirmation.__table__


def seller() -> Actor:
    return Actor("person", "sales", person_id("sales"))


def book(app: Flask, **values: Any) -> tuple[str, int]:
    """A customer out of a file: its number and id."""
    number = add(app, "sales", **values)
    with app.app_context():
        wanted = select(CUSTOMERS.c.id).where(CUSTOMERS.c.number == number)
        return number, int(database.session.execute(wanted).scalar_one())


def work(app: Flask) -> None:
    """Do what has piled up, as the worker does."""
    with app.app_context():
        timetable.put_pending(clock.now())
        while (claimed := claim("test:1:x", clock.now())) is not None:
            assert do(claimed), claimed.kind.name


def asked(app: Flask, customer_id: int, status: str = "open") -> list[Mapping[str, Any]]:
    with app.app_context():
        wanted = select(TASKS).where(
            TASKS.c.customer_id == customer_id, TASKS.c.status == status, TASKS.c.state == "active"
        )
        found = database.session.execute(wanted.order_by(TASKS.c.id)).mappings()
        return [dict(one) for one in found if (one["reason"] or {}).get("code") == "confirm"]


def contact_of(customer_id: int) -> int:
    wanted = select(CONTACTS.c.id).where(CONTACTS.c.customer_id == customer_id)
    return int(database.session.execute(wanted).scalars().first() or 0)


def test_what_comes_out_of_files_counts_and_asks_nobody(app: Flask) -> None:
    _number, one = book(app)
    work(app)
    assert asked(app, one) == []
    with app.app_context():
        assert [item.part for item in unconfirmed([one], clock.now())[one]] == ["title", "ways"]
        change_settings({"confirm_imported": True}, by=command_line(), at=clock.now())
    _number, two = book(app, name="Alder Tools Ltd")
    work(app)
    assert len(asked(app, two)) == 1


def test_who_is_added_by_people_is_to_be_confirmed(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("sales")
    form = form_on(client, "/customers/new")
    typed = {"name": "Calder Looms Ltd", "contact_name": "Ada", "contact_mobile": "13912340000"}
    answer = client.post("/customers/new", data={**form, **typed, "incomplete": "1"})
    assert answer.status_code == 303
    work(app)
    page = client.get("/today").text
    assert "contact details of 1 person" in page and "Calder Looms Ltd" in page


def test_changes_join_the_open_task_which_is_done_with_the_last(app: Flask) -> None:
    _number, one = book(app)
    with app.app_context():
        contact = contact_of(one)
        confirm(one, by=seller(), at=clock.now())
        assert unconfirmed([one], clock.now()) == {one: []}
        update_contact(contact, {"title": "CEO"}, by=seller(), at=clock.now())
        update_contact(contact, {"is_primary": True}, by=seller(), at=clock.now())
    work(app)
    [task] = asked(app, one)
    assert task["reason"]["params"] == {"title": 1}
    with app.app_context():
        assert task["assignee_id"] == person_id("sales")
        update_contact(contact, {"email": "ceo@riverton.example"}, by=seller(), at=clock.now())
        add_need(one, {"goal": "A second line"}, by=seller(), at=clock.now())
    work(app)
    [same] = asked(app, one)
    assert same["id"] == task["id"]
    assert same["reason"]["params"] == {"title": 1, "ways": 1, "need": 1}
    with app.app_context():
        items = unconfirmed([one], clock.now())[one]
        assert confirm(one, items[:1], by=seller(), at=clock.now())
        assert len(unconfirmed([one], clock.now())[one]) == 2
        done = confirm(one, by=seller(), at=clock.now())
        assert confirm(one, by=seller(), at=clock.now()) == 0
    work(app)
    assert asked(app, one) == [] and len(asked(app, one, "done")) == 1
    with app.app_context():
        undo(done, by=seller(), at=clock.now())
        assert len(unconfirmed([one], clock.now())[one]) == 2


def test_a_need_is_asked_about_while_it_is_open(app: Flask) -> None:
    _number, one = book(app, contacts=())
    with app.app_context():
        need = add_need(one, {"goal": "A second line"}, by=seller(), at=clock.now())
    work(app)
    assert len(asked(app, one)) == 1
    with app.app_context():
        update_need(need, {"status": "dropped"}, by=seller(), at=clock.now())
    work(app)
    assert asked(app, one) == [] and len(asked(app, one, "done")) == 1
    with app.app_context():
        update_need(need, {"status": "open"}, by=seller(), at=clock.now())
    work(app)
    assert len(asked(app, one)) == 1


def test_what_changes_while_nobody_is_there_is_asked_of_the_next_owner(app: Flask) -> None:
    _number, left = book(app)
    _number, lone = book(app, owner_id=None, name="Alder Tools Ltd")
    with app.app_context():
        by, owner = Actor("person", "m", person_id("manager")), person_id("sales2")
        disable_user(person_id("sales"), by=by, at=clock.now())
        for one in (left, lone):
            update_contact(contact_of(one), {"title": "CEO"}, by=by, at=clock.now())
    work(app)
    assert asked(app, left) == asked(app, lone) == []
    with app.app_context():
        assert not are_due()  # nobody could be asked, however often one looks
        for one in (left, lone):
            update_customer(one, {"owner_id": owner}, by=by, at=clock.now())
    work(app)
    for one in (left, lone):
        assert [task["assignee_id"] for task in asked(app, one)] == [owner]


def test_important_tiers_are_asked_again_once_a_quarter(app: Flask) -> None:
    _number, core = book(app, tier="core")
    _number, normal = book(app, tier="normal", name="Alder Tools Ltd")
    with app.app_context():
        for one in (core, normal):
            confirm(one, by=seller(), at=clock.now())
        earlier = clock.now() - timedelta(days=92)
        database.session.execute(update(CONFIRMATIONS).values(confirmed_at=earlier))
        database.session.commit()
    again(app)
    assert len(asked(app, core)) == 1 and asked(app, normal) == []
    with app.app_context():
        drop_task(asked(app, core)[0]["id"], by=seller(), at=clock.now())
    again(app)  # not the next night anew
    assert asked(app, core) == []
    with app.app_context():
        assert not are_due()


def again(app: Flask) -> None:
    with app.app_context():
        request_run(AGAIN, by=command_line(), at=clock.now())
    work(app)
    work(app)


def test_one_click_confirms_one_or_all(app: Flask, sign_in: SignIn) -> None:
    number, one = book(app, needs=({"goal": "A second line"},))
    client, here = sign_in("sales"), f"/customers/{number}/confirmation"
    token = csrf_token(client, f"/customers/{number}")
    with app.app_context():
        contact = contact_of(one)
    page = client.get(f"/customers/{number}/contacts").text
    assert "Title: unconfirmed" in page and "Contact details: unconfirmed" in page
    assert press(client, here, token, what=f"contact:{contact}:title") == 303
    page = client.get(f"/customers/{number}/contacts").text
    assert "Title: unconfirmed" not in page and "Confirmed by" in page
    assert press(client, here, token, what="contact:x:title") == 422
    assert press(client, here, token, back="need") == 303
    page = client.get(f"/customers/{number}/needs").text
    assert "unconfirmed" not in page and "Confirmed by" in page
    assert press(sign_in("support"), here, "", what="") in (400, 403)


def test_the_page_of_a_customer_says_what_of_its_main_contact_is_confirmed(
    app: Flask, sign_in: SignIn
) -> None:
    number, one = book(app)
    with app.app_context():
        contact = contact_of(one)
    client, here = sign_in("sales"), f"/customers/{number}/confirmation"

    def facts() -> str:
        page = client.get(f"/customers/{number}").text
        return page[page.index('id="record-aside"') :]

    assert facts().count(">unconfirmed</span>") == 2
    data = form_on(client, f"/customers/{number}", here)
    assert data["what"] == f"contact:{contact}:ways"
    answer = client.post(here, data=data)
    assert answer.headers["Location"].endswith(f"/customers/{number}")
    assert facts().count(">unconfirmed</span>") == 1
    assert "Confirmed by" in facts()


def test_what_changed_since_it_was_seen_stays_to_be_confirmed(app: Flask, sign_in: SignIn) -> None:
    number, one = book(app, needs=({"goal": "A second line"},))
    client, here = sign_in("sales"), f"/customers/{number}/confirmation"
    token = csrf_token(client, f"/customers/{number}")
    with app.app_context():
        contact = contact_of(one)
        seen = " ".join(
            f"{item.record}:{item.record_id}:{item.part}:{item.version}"
            for item in unconfirmed([one], clock.now())[one]
        )
    assert f'name="seen" value="{seen}"' in client.get(f"/customers/{number}/contacts").text
    with app.app_context():
        update_contact(contact, {"title": "CEO"}, by=seller(), at=clock.now())
    assert press(client, here, token, what=f"contact:{contact}:ways", seen=seen.split()[1]) == 303
    assert press(client, here, token, seen=seen) == 303
    page = client.get(f"/customers/{number}/contacts").text
    assert "still to be confirmed: 2." in page
    with app.app_context():
        left = unconfirmed([one], clock.now())[one]
        assert [item.part for item in left] == ["title", "ways"]
    assert press(client, here, token, seen=f"contact:{contact}:title:x") == 422


def press(client: FlaskClient, here: str, token: str, **data: str) -> int:
    return client.post(here, data={"csrf_token": token, **data}).status_code


def test_forms_ask_when_a_change_was_learnt(app: Flask, sign_in: SignIn) -> None:
    number, one = book(app)
    client = sign_in("sales")
    with app.app_context():
        sales, contact = person_id("sales"), contact_of(one)
    here = f"/customers/{number}/contacts/{contact}/edit"
    form = form_on(client, here)
    client.post(here, data={**form, "title": "CEO"})  # learnt now
    form = form_on(client, here)
    client.post(here, data={**form, "title": "Chair", "learnt_at": "2020-01-02T09:00"})
    form = form_on(client, f"/customers/{number}/status")
    client.post(f"/customers/{number}/status", data={**form, "words": "Quoted"})
    form = form_on(client, here)
    ahead = client.post(here, data={**form, "title": "COO", "learnt_at": "2099-01-02T09:00"})
    assert ahead.status_code == 422 and "in the future" in ahead.text
    with app.app_context():
        since = clock.now() - timedelta(days=1)
        assert shares([sales, 999], since) == {sales: (3, 2), 999: (0, 0)}
        assert shares([sales], since, until=since) == {sales: (0, 0)}
    assert "67%" in client.get("/today/written").text  # 2 of 3
