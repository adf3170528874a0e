"""Managers arrange tags by dimension; what mirrors fields is left alone."""

from flask import Flask
from sqlalchemy import select

from crmlite import clock
from crmlite.customers.models import Customer, CustomerTag, Dimension, Tag
from crmlite.customers.operations import create_tag, set_tags, update_dimension
from crmlite.extensions import database
from crmlite.testing import SignIn, csrf_token
from crmlite.work import undo
from crmlite.work.actors import command_line
from tests.customers.records import add, form_on, send


def dimension_ids(app: Flask) -> dict[str, int]:
    table = Dimension.__table__
    with app.app_context():
        return dict(database.session.execute(select(table.c.key, table.c.id)).all())


def tags(app: Flask) -> list[tuple[str, bool]]:
    table = Tag.__table__
    with app.app_context():
        own = select(table.c.label, table.c.retired).where(table.c.rule.is_(None))
        rows = database.session.execute(own)
        return [(row.label["en"], row.retired) for row in rows]


def test_a_tag_is_added_renamed_retired_and_offered_again(app: Flask, sign_in: SignIn):
    client = sign_in("manager")
    free = dimension_ids(app)["free"]
    form = {"csrf_token": csrf_token(client, "/profile"), "en": "Partner", "zh": "合作伙伴"}
    assert client.post(f"/settings/tags/dimensions/{free}/new", data=form).status_code == 303
    assert tags(app) == [("Partner", False)]
    with app.app_context():
        made = select(Tag.__table__.c.id).where(Tag.__table__.c.rule.is_(None))
        here = f"/settings/tags/{database.session.execute(made).scalar_one()}"
    renamed = {**form, "en": "Ally", "version": "1", "form_key": "k" * 22}
    assert client.post(here, data=renamed).status_code == 303
    assert client.post(here, data=renamed).status_code == 303  # the same again
    stale = client.post(here, data={**renamed, "en": "Friend"})
    assert stale.status_code == 409 and "Ally" in stale.text and "Friend" in stale.text
    client.post(f"{here}/retirement", data=form)
    assert tags(app) == [("Ally", True)]
    client.post(f"{here}/revival", data=form)
    assert tags(app) == [("Ally", False)]
    assert "Ally" in client.get("/settings/tags").text


def test_a_dimension_may_allow_one_tag_at_a_time(app: Flask, sign_in: SignIn):
    client = sign_in("manager")
    form = {"csrf_token": csrf_token(client, "/profile"), "en": "Mood", "exclusive": "1"}
    assert client.post("/settings/tags/dimensions/new", data=form).status_code == 303
    assert "one at a time" in client.get("/settings/tags").text


def test_dimensions_that_mirror_fields_take_no_tags(app: Flask, sign_in: SignIn):
    client = sign_in("manager")
    form = {"csrf_token": csrf_token(client, "/profile"), "en": "C35"}
    for key in ("basic", "need"):
        mirrored = dimension_ids(app)[key]
        assert (
            client.post(f"/settings/tags/dimensions/{mirrored}/new", data=form).status_code == 404
        )
        assert client.get(f"/settings/tags/dimensions/{mirrored}").status_code == 404


def test_a_customer_keeps_both_tags_until_somebody_chooses(app: Flask, sign_in: SignIn):
    number = add(app, "manager")
    free = dimension_ids(app)["free"]
    by, at = command_line(), clock.now()
    with app.app_context():
        customer_id = database.session.execute(select(Customer.__table__.c.id)).scalar_one()
        done = update_dimension(free, {"exclusive": True}, by=by, at=at)
        loosened = update_dimension(free, {"exclusive": False}, by=by, at=at)
        pair = [
            create_tag(free, key, {"en": key, "zh": key}, by=by, at=at) for key in ("warm", "cold")
        ]
        set_tags(customer_id, pair, by=by, at=at)
    client = sign_in("manager")
    settings = f"/settings/tags/dimensions/{free}"
    refused = send(client, settings, {"exclusive": "1"})
    assert refused.status_code == 422 and "several tags of “Free”: 1" in refused.text
    with app.app_context():
        assert done and undo(loosened, by=by, at=at).operation
    page = client.get(f"/customers/{number}/tags").text
    assert page.count('name="dimension_free"') == 2  # to tick, not one to choose
    chosen = {
        **form_on(client, f"/customers/{number}/tags"),
        "dimension_free": [str(tag) for tag in pair],
    }
    both = client.post(f"/customers/{number}/tags", data=chosen)
    assert both.status_code == 422 and "Only one tag of “Free”" in both.text
    with app.app_context():
        links = select(CustomerTag.__table__.c.tag_id)
        assert sorted(database.session.execute(links).scalars()) == sorted(pair)
