"""Managers make segments with the builder: every button draws the form anew and loses nothing."""

import json
import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, update

from crmlite import clock
from crmlite.extensions import database
from crmlite.rules.conditions import from_json
from crmlite.segments.models import Segment
from crmlite.segments.operations import SegmentChange, create_segment
from crmlite.segments.queries import segment
from crmlite.testing import SignIn
from crmlite.work.actors import command_line
from crmlite.work.ledger import EpochRow
from tests.customers.records import add, form_in, form_on, send

NEW = "/settings/segments/new"


def press(client: FlaskClient, form: dict[str, str], do: str, url: str = NEW, **typed: Any) -> Any:
    """Press a button of the builder, with what was typed elsewhere; the answer."""
    data = {**form, **{name.replace("_", "-", 1): text for name, text in typed.items()}}
    return client.post(url, data={**data, "tree-do": do})


def built(answer: Any, url: str = NEW) -> dict[str, str]:
    assert answer.status_code == 200, answer.text
    return form_in(answer, url)


def tree(form: dict[str, str]) -> Any:
    return json.loads(form["tree"])


def test_a_segment_is_built_kept_and_found_in_the_list(app: Flask, sign_in: SignIn) -> None:
    add(app, "manager", region="Leeds", tier="core")
    add(app, "manager", region="York", tier="core")
    add(app, "manager", region="York", tier="normal")
    client = sign_in("manager")
    form = form_on(client, NEW) | {"label_en": "Northern"}
    form = built(press(client, form, "add:"))
    assert form["label_en"] == "Northern" and form["tree-at"] == "0"
    form = built(press(client, form, "set:", tree_operator="is", tree_value="core"))
    assert tree(form)["all"][0]["values"] == ["core"] and "tree-at" not in form
    form = built(press(client, form, "group:"))
    assert form["tree-at"] == "1.0"
    form = built(press(client, form, "ask:", tree_field="region"))
    form = built(press(client, form, "add:1", tree_operator="is", tree_value="Leeds"))
    assert form["tree-at"] == "1.1"  # what was being entered was taken along
    # Saved with what is being entered: nobody has to press Apply first.
    saved = client.post(
        NEW, data={**form, "tree-field": "region", "tree-operator": "is", "tree-value": "York",
                   "tree-of": "region"},
    )  # fmt: skip
    assert saved.status_code == 303
    page = client.get("/settings/segments").text
    assert "Northern" in page and "Leeds" in page and "York" in page
    listed = re.search(r'href="(/customers\?w=segment[^"]+)">2</a>', page)
    assert listed
    assert client.get(listed[1]).text.count('class="name"') == 2


def test_parts_are_changed_joined_otherwise_and_taken_out(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("manager")
    core = {"field": "tier", "operator": "is", "values": ["core"]}
    form = form_on(client, NEW) | {"tree": json.dumps({"all": [core, {"any": [core]}]})}
    form = built(press(client, form, "edit:1.0"))
    assert (form["tree-field"], form["tree-at"]) == ("tier", "1.0")
    form = built(press(client, form, "set:", tree_value="normal"))
    assert tree(form)["all"][1]["any"][0]["values"] == ["normal"]
    form = built(client.post(NEW, data={**form, "tree-join-1": "none", "tree-do": "ask:"}))
    assert list(tree(form)["all"][1]) == ["none"]
    form = built(press(client, form, "out:0"))
    assert tree(form) == {"all": [{"none": [core | {"values": ["normal"]}]}]}
    form = built(press(client, form, "out:0"))
    assert tree(form) == {"all": []}


def test_a_value_that_cannot_be_is_said_and_stays(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("manager")
    form = built(press(client, form_on(client, NEW), "add:"))
    form = built(press(client, form, "ask:", tree_field="orders"))
    answer = press(client, form, "set:", tree_operator="at_least", tree_value="many")
    assert answer.status_code == 422 and 'value="many"' in answer.text
    form = form_in(answer, NEW) | {"tree-value": "many"}
    saved = client.post(NEW, data={**form, "label_en": "Some"})
    assert saved.status_code == 422 and 'value="many"' in saved.text


def test_nothing_that_is_sent_breaks_the_builder(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("manager")
    form = form_on(client, NEW) | {"label_en": "Some"}
    deep = '{"all":[' * 3000 + "]}" * 3000
    for sent in (
        "",
        "x",
        "[]",
        "null",
        '{"all":1}',
        deep,
        '{"all":[{"field":"\\ud800"}]}',
        "9" * 9999,
    ):
        assert client.post(NEW, data={**form, "tree": sent}).status_code == 422, sent[:40]
    for do in (
        "add:9",
        "edit:0.0.0.0.0.0.0",
        "out:x",
        "group:-1",
        "set:",
        "close:",
        "?",
        "add:\x00",
    ):
        answer = press(client, form, do, tree_at="5.5", tree_field="nothing", tree_operator="?")
        assert answer.status_code in (200, 422), do


def test_a_segment_is_changed_and_removed(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("manager")
    core = '{"all":[{"field":"tier","operator":"is","values":["core"]}]}'
    assert send(client, NEW, {"label_en": "Core", "tree": core}).status_code == 303
    url = re.search(r'href="(/settings/segments/\d+)"', client.get("/settings/segments").text)[1]
    assert send(client, url, {"label_zh": "核心客户"}).status_code == 303
    assert "核心客户" in client.get(url).text
    assert send(client, url, {"tree": '{"all":[]}'}).status_code == 422
    token = form_on(client, url)["csrf_token"]
    assert client.post(f"{url}/removal", data={"csrf_token": token}).status_code == 303
    assert client.get(url).status_code == 404
    assert "No segments yet" in client.get("/settings/segments").text


def test_what_only_a_list_can_ask_is_said(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("manager")
    mine = '{"all":[{"field":"owner","operator":"is","values":[{"who":"me"}]}]}'
    answer = send(client, NEW, {"label_en": "Mine", "tree": mine})
    assert answer.status_code == 422
    assert "This holds for everybody: it cannot ask for “me”." in answer.text
    assert form_in(answer, NEW)["tree"] == mine


def test_only_managers_have_them(app: Flask, sign_in: SignIn) -> None:
    for login in ("sales", "support"):
        assert sign_in(login).get("/settings/segments").status_code == 403


def test_one_that_asks_too_much_with_others_is_refused_and_stops_no_page(
    app: Flask, sign_in: SignIn
) -> None:
    client = sign_in("manager")
    many = [{"field": "region", "operator": "is_not", "values": [f"York {n}"]} for n in range(50)]
    with app.app_context():
        tree_of_many = from_json({"all": many})
        change = SegmentChange(label={"en": "Many"}, tree=tree_of_many)
        made = create_segment(change, by=command_line(), at=clock.now())
        key = segment(made)["key"]
    asks = {"field": "segment", "operator": "has_any", "values": [key]}
    sent = json.dumps({"all": [asks] * 21})
    refused = send(client, NEW, {"label_en": "Twenty-one", "tree": sent})
    assert refused.status_code == 422
    assert "With those of the segments that it asks about" in refused.text
    with app.app_context():  # as one was kept before there was a limit
        stored = {"key": "old", "label": {"en": "Old"}, "tree": {"all": [asks] * 21}}
        database.session.execute(insert(Segment).values(**stored, version=1))
        database.session.execute(update(EpochRow).values(number=EpochRow.number + 1))
        database.session.commit()
    page = client.get("/settings/segments")
    assert page.status_code == 200 and "more than 200 parts" in page.text
    for url in ("/settings/segments/2", "/customers?w=segment~has_any~old", "/customers"):
        assert client.get(url).status_code == 200
