"""Managers arrange tags by dimension; what mirrors fields is left alone."""

from flask import Flask
from sqlalchemy import select

from crmlite.customers.models import Dimension, Tag
from crmlite.extensions import database
from crmlite.testing import SignIn, csrf_token


def dimension_ids(app: Flask) -> dict[str, int]:
    table = Dimension.__table__
    with app.app_context():
        return dict(database.session.execute(select(table.c.key, table.c.id)).all())


def tags(app: Flask) -> list[tuple[str, bool]]:
    table = Tag.__table__
    with app.app_context():
        rows = database.session.execute(select(table.c.label, table.c.retired))
        return [(row.label["en"], row.retired) for row in rows]


def test_a_tag_is_added_renamed_retired_and_offered_again(app: Flask, sign_in: SignIn):
    client = sign_in("manager")
    free = dimension_ids(app)["free"]
    form = {"csrf_token": csrf_token(client, "/profile"), "en": "Partner", "zh": "合作伙伴"}
    assert client.post(f"/settings/tags/dimensions/{free}/new", data=form).status_code == 303
    assert tags(app) == [("Partner", False)]
    renamed = {**form, "en": "Ally", "version": "1", "form_key": "k" * 22}
    assert client.post("/settings/tags/1", data=renamed).status_code == 303
    assert client.post("/settings/tags/1", data=renamed).status_code == 303  # the same again
    stale = client.post("/settings/tags/1", data={**renamed, "en": "Friend"})
    assert stale.status_code == 409 and "Ally" in stale.text and "Friend" in stale.text
    client.post("/settings/tags/1/retirement", data=form)
    assert tags(app) == [("Ally", True)]
    client.post("/settings/tags/1/revival", data=form)
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
