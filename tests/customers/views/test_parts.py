"""Contacts, needs, remarks, risk notes and tags of a customer."""

import re
from datetime import timedelta

from flask import Flask

from crmlite import clock
from crmlite.customers.models import Contact, Dimension, Learnt, Need, Remark
from crmlite.customers.operations import create_tag, update_need
from crmlite.extensions import database
from crmlite.testing import SignIn
from crmlite.work.actors import command_line
from tests.customers.records import add, form_in, form_on, press, send


def test_a_contact_is_added_changed_and_deleted(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    client = sign_in("sales")
    people = f"/customers/{number}/contacts"
    send(client, f"{people}/new", {"name": "Tom Becker", "mobile": "13900001111"})
    page = client.get(people).text
    assert "Tom Becker" in page
    edit = last_link(page, f"{people}/", "/edit")
    send(client, edit, {"title": "Plant manager"})
    assert "Plant manager" in client.get(people).text
    press(client, edit.replace("/edit", "/primary"))
    page = client.get(people).text.split('id="record-contacts"')[1]
    assert page.index("Tom Becker") < page.index("Claire Harlow")
    press(client, edit.replace("/edit", "/deletion"))
    assert "Tom Becker" not in client.get(people).text
    assert "Claire Harlow" in client.get(f"/customers/{number}").text


def test_a_private_mailbox_of_a_company_is_doubted(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    client = sign_in("sales")
    page = f"/customers/{number}/contacts/new"
    answer = send(client, page, {"name": "Tom", "email": "tom@163.com"})
    assert answer.status_code == 422
    assert "private" in answer.text.split('id="email-below"')[1].split("</p>")[0]
    assert client.post(page, data=form_in(answer, page)).status_code == 303
    people = f"/customers/{number}/contacts"
    edit = last_link(client.get(people).text, f"{people}/", "/edit")
    assert send(client, edit, {"title": "Buyer"}).status_code == 303, "it is no news"


def test_an_e_mail_address_breaks_before_its_domain(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    page = sign_in("sales").get(f"/customers/{number}/contacts").text
    assert "c.harlow<wbr>@riverton.example</a>" in page


def test_of_two_who_change_a_contact_the_slower_one_sees_both(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    client = sign_in("sales")
    people = f"/customers/{number}/contacts"
    edit = last_link(client.get(people).text, f"{people}/", "/edit")
    mine = form_on(client, edit) | {"title": "Mine"}
    send(sign_in("manager"), edit, {"title": "Theirs"})
    answer = client.post(edit, data=mine)
    assert answer.status_code == 409
    assert "Theirs" in answer.text
    assert 'value="Mine"' in answer.text


def test_a_part_of_another_customer_is_not_found_here(app: Flask, sign_in: SignIn) -> None:
    mine = add(app, "sales", contacts=())
    add(app, "sales2", needs=[{"goal": "Line 2"}], remarks=[{"text": "Late", "is_risk": False}])
    client = sign_in("sales")
    with app.app_context():
        before = parts()
    for kind, actions in ACTIONS.items():
        for action in actions:
            url = f"/customers/{mine}/{kind}s/{before[kind]['id']}/{action}"
            answer = press(client, url, {"status": "landed", "text": "Mine", "version": "1"})
            assert answer.status_code == 404, url
            assert client.get(url).status_code == (404 if action == "edit" else 405), url
    with app.app_context():
        assert parts() == before


ACTIONS = {
    "contact": ("edit", "primary", "deletion"),
    "need": ("edit", "status", "deletion"),
    "remark": ("edit", "deletion"),
}


def parts() -> dict[str, dict[str, object]]:
    """The only contact, need and remark of the book, as they are stored."""
    return {model.__table__.name: the_only(model) for model in (Contact, Need, Remark)}


def the_only(model: type) -> dict[str, object]:
    """The only one of its kind in the book."""
    table = model.__table__
    return dict(database.session.execute(database.select(table)).mappings().one())


def test_a_need_that_says_nothing_is_asked_for_its_goal(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    client = sign_in("sales")
    page = f"/customers/{number}/needs/new"
    answer = send(client, page, {"urgency": "high"})
    assert answer.status_code == 422
    assert "What is needed?" in answer.text.split('id="goal-below"')[1].split("</p>")[0]
    assert send(client, page, {"core_need": "quality"}).status_code == 303


def test_the_state_of_a_need_is_said_in_words_in_the_change_record(
    app: Flask, sign_in: SignIn
) -> None:
    number = add(app, "sales", needs=[{"goal": "Line 2", "status": "proposed"}])
    page = sign_in("sales").get(f"/customers/{number}/changes").text
    told = re.sub(r"(<[^>]*>|\s)+", " ", page)
    assert "State of the need Proposed" in told


def test_a_need_moves_from_open_to_landed(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    client = sign_in("sales")
    needs = f"/customers/{number}/needs"
    send(client, f"{needs}/new", {"goal": "Line 2 changeover", "urgency": "high"})
    page = client.get(needs).text
    assert "Line 2 changeover" in page
    edit = last_link(page, f"{needs}/", "/edit")
    press(client, edit.replace("/edit", "/status"), {"status": "landed"})
    assert "Closed on" in client.get(needs).text
    assert press(client, edit.replace("/edit", "/status"), {"status": "x"}).status_code == 422
    press(client, edit.replace("/edit", "/deletion"))
    assert "Line 2 changeover" not in client.get(needs).text


def test_a_need_that_landed_stays_closed_on_its_day(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales", needs=[{"goal": "Line 2"}])
    with app.app_context():
        need_id = the_only(Need)["id"]
        landed_at = clock.now() - timedelta(days=40)
        update_need(need_id, {"status": "landed"}, by=command_line(), at=landed_at)
        landed_on = the_only(Need)["closed_on"]
        database.session.remove()
    client, need = sign_in("sales"), f"/customers/{number}/needs/{need_id}"
    assert send(client, f"{need}/edit").status_code == 303
    press(client, f"{need}/status", {"status": "landed"})
    with app.app_context():
        assert database.session.execute(database.select(Learnt.__table__)).all() == []
        database.session.remove()
    send(client, f"{need}/edit", {"goal": "Line 2 changeover"})
    with app.app_context():
        assert the_only(Need)["closed_on"] == landed_on


def test_a_risk_note_stands_at_the_top(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    client = sign_in("sales")
    page = f"/customers/{number}/remarks/new?risk=1"
    send(client, page, {"text": "A competitor is quoting."}, to=f"/customers/{number}/remarks/new")
    top = client.get(f"/customers/{number}").text.split('class="cols"')[0]
    assert "A competitor is quoting." in top


def test_tags_are_chosen_by_dimension(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    with app.app_context():
        table = Dimension.__table__
        free = database.session.execute(
            database.select(table.c.id).where(table.c.key == "free")
        ).scalar_one()
        tag = create_tag(
            free,
            "key-project",
            {"en": "Key project", "zh": "重点项目"},
            by=command_line(),
            at=clock.now(),
        )
    client = sign_in("sales")
    page = f"/customers/{number}/tags"
    assert 'name="fresh"' not in client.get(page).text
    send(client, page, {"dimension_free": str(tag)})
    panel = client.get(f"/customers/{number}").text.split('id="record-tags"')[1]
    assert "Key project" in panel
    assert "Discovery" in panel  # the basic dimension follows from fields


def test_two_who_tag_a_customer_at_once_keep_both_tags(app: Flask, sign_in: SignIn) -> None:
    page = f"/customers/{add(app, 'sales')}/tags"
    first, second = sign_in("manager"), sign_in("manager")
    send(first, page, {"fresh": "Old friend"})
    opened = form_on(second, page)
    assert opened["had"]
    send(first, page, {"fresh": "Speaker"})
    second.post(page, data=opened | {"fresh": "Founder"})
    text = first.get(page.removesuffix("/tags")).text
    assert [one in text for one in ("Old friend", "Speaker", "Founder")] == [True] * 3


def test_managers_make_a_free_tag_on_the_way(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    client = sign_in("manager")
    send(client, f"/customers/{number}/tags", {"fresh": "Old friend"})
    assert "Old friend" in client.get(f"/customers/{number}").text
    assert "Old friend" in client.get(f"/customers/{number}/tags").text


def last_link(page: str, start: str, end: str) -> str:
    """The last address in the tab of a page that begins and ends like this."""
    tab = page.split('id="record-tab"')[1].split('id="record-aside"', maxsplit=1)[0]
    found = [part.split('"')[0] for part in tab.split(f'href="{start}')[1:]]
    return start + [part for part in found if part.endswith(end)][-1]
