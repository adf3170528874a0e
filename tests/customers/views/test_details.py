"""What is known of contacts, persons and needs: from the form over the table to the page."""

import html
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from crmlite.access import opened
from crmlite.customers.models import Contact, Customer, Need
from crmlite.extensions import database
from crmlite.testing import SignIn
from tests.customers.records import add, form_on, send
from tests.customers.views.test_parts import last_link

PERSON = {"kind": "person", "name": "Ada Byron", "industry": None}
ADA = {"name": "Ada Byron", "is_self": True, "mobile": "13912340000"}


def newest(app: Flask, model: type) -> dict[str, Any]:
    """The newest row of its kind."""
    table = model.__table__
    with app.app_context():
        found = select(table).order_by(table.c.id.desc()).limit(1)
        return dict(database.session.execute(found).mappings().one())


def facts(page: str) -> dict[str, str]:
    """The terms of a page with what stands beside each of them the last time."""
    pairs = [part.partition("</dt><dd>") for part in page.split("<dt>")[1:]]
    return {
        html.unescape(term): html.unescape(rest.partition("</dd>")[0]) for term, _mid, rest in pairs
    }


@pytest.mark.parametrize(
    ("lang", "relation", "channel", "optout"),
    [("en", "Daughter", "Meeting", "not wanted"), ("zh", "女儿", "会面", "免打扰")],
)
def test_a_contact_keeps_relation_preferred_channel_and_opt_out(
    app: Flask, sign_in: SignIn, lang: str, relation: str, channel: str, optout: str
) -> None:
    people = f"/customers/{add(app, 'sales', contacts=[ADA], **PERSON)}/contacts"
    client = sign_in("sales")
    typed = {
        "name": "Annabella",
        "relation": "daughter",
        "channel": "meeting",
        "no_marketing": "1",
        "note": "After six only",
    }
    send(client, f"{people}/new", typed)
    row = newest(app, Contact)
    assert (row["relation"], row["channel"], row["no_marketing"]) == ("daughter", "meeting", True)
    page = client.get(f"{people}?lang={lang}", follow_redirects=True).text
    own = page[page.index(">Annabella<") :]
    assert relation in own[: own.index("<dl")]
    shown = " ".join(facts(own).values())
    assert channel in shown and optout in shown and "After six only" in shown


def test_opting_out_and_everything_else_about_a_contact_can_be_taken_back(
    app: Flask, sign_in: SignIn
) -> None:
    full = {**ADA, "channel": "phone", "no_marketing": True, "note": "After six only"}
    number = add(app, "sales", contacts=[full], **PERSON)
    client = sign_in("sales")
    people = f"/customers/{number}/contacts"
    edit = last_link(client.get(people).text, f"{people}/", "/edit")
    form = form_on(client, edit)
    assert (form["channel"], form["no_marketing"], form["note"].strip()) == (
        "phone",
        "1",
        "After six only",
    )
    del form["no_marketing"]
    client.post(edit, data={**form, "channel": "", "note": ""})
    row = newest(app, Contact)
    assert (row["channel"], row["no_marketing"], row["note"]) == (None, False, None)
    assert "Marketing" not in facts(client.get(people).text)


def test_what_a_person_likes_is_kept_and_shown(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales", contacts=[ADA], **PERSON)
    client = sign_in("sales")
    likes = {
        "likes_products": "Silk & linen",
        "likes_colours": "Indigo",
        "likes_brands": "Calder Looms",
        "interests": "Chess",
    }
    assert send(client, f"/customers/{number}/edit", likes).status_code == 303
    row = newest(app, Customer)
    assert {name: row[name] for name in likes} == likes
    page = html.unescape(client.get(f"/customers/{number}").text)
    assert [text for text in likes.values() if text not in page] == []


def test_everything_about_a_need_is_kept_and_shown(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    client = sign_in("sales")
    texts = {
        "goal": "A second line",
        "product": "The wide loom",
        "pain": "Threads break",
        "expectations": "Running by June",
        "decision": "The plant manager asks, the board signs",
    }
    send(client, f"/customers/{number}/needs/new", texts)
    row = newest(app, Need)
    with app.app_context():
        assert {name: opened(getattr(Need, name), row) for name in texts} == texts
    page = facts(client.get(f"/customers/{number}/needs").text)
    assert page["Decision process"] == texts["decision"]
    assert (page["Product preference"], page["Industry pain"], page["Expectations"]) == (
        texts["product"],
        texts["pain"],
        texts["expectations"],
    )
