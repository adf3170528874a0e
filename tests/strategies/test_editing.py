"""The editor of strategies: built part by part, previewed, published as a new version."""

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from crmlite import clock
from crmlite.accounts.operations import disable_user
from crmlite.accounts.queries import person_name
from crmlite.customers.operations import update_customer
from crmlite.extensions import database
from crmlite.strategies import queries
from crmlite.strategies.executors import Executors
from crmlite.strategies.models import Followed, Strategy
from crmlite.strategies.planner.jobs import SOON
from crmlite.strategies.planner.writing import make_plans
from crmlite.testing import SignIn, person_id
from crmlite.work.actors import command_line, job
from tests.customers.records import HTMX, add, form_in, form_on, press, send
from tests.strategies.test_planner import customer, run, tasks

CORE = '{"all":[{"field":"tier","operator":"is","values":["core"]}]}'
TOUCH = {
    "touches-touch-label_en": "Call",
    "touches-touch-how": "again",
    "touches-touch-count": "2",
    "touches-touch-unit": "week",
    "touches-touch-channel": "phone",
    "touches-touch-executor": "owner",
    "touches-touch-content_en": "News",
}


def id_of(app: Flask, key: str) -> int:
    with app.app_context():
        wanted = select(Strategy.id).where(Strategy.key == key)
        return int(database.session.execute(wanted).scalar_one())


def declared(app: Flask, strategy_id: int) -> Any:
    with app.app_context():
        row = queries.strategy(strategy_id)
        assert row is not None
        return queries.declared_of(row)


def sent(client: FlaskClient, url: str, changes: Mapping[str, str], *, part: bool = False) -> Any:
    """The form at an address, sent with some changes."""
    return send(client, url, changes, htmx=part)


def again(client: FlaskClient, answer: Any, url: str, changes: Mapping[str, str]) -> Any:
    """The form of an answer, sent on with some changes."""
    return client.post(url, data={**form_in(answer, url), **changes}, headers=HTMX)


def test_a_strategy_is_made_step_by_step(app: Flask, sign_in: SignIn) -> None:
    one = customer(app, tier="core")
    client, url = sign_in("manager"), "/strategies/new"
    answer = sent(
        client, url, {"label_en": "Big ones", "goal_en": "Trust", "serves": CORE}, part=True
    )
    answer = again(client, answer, url, {"priority": "95", "touches-do": "again:"})
    assert "touch-editor" in answer.text
    answer = again(client, answer, url, {**TOUCH, "touches-do": "set:"})
    assert "touch-editor" not in answer.text and "every 2 weeks" in answer.text
    answer = again(client, answer, url, {"publish": "1"})
    assert answer.status_code == 200 and "HX-Redirect" in answer.headers
    made = client.get(answer.headers["HX-Redirect"]).text
    assert "Big ones" in made and "version 1" in made
    with app.app_context():
        make_plans([one], by=job(SOON), at=clock.now())
    assert [task["what"] for task in tasks(app, one).values() if task["channel"] == "phone"]


def test_publishing_takes_the_touch_that_is_being_entered_with_it(
    app: Flask, sign_in: SignIn
) -> None:
    client, url = sign_in("manager"), "/strategies/new"
    start = {"label_en": "A", "goal_en": "B", "touches-do": "again:"}
    answer = sent(client, url, start, part=True)
    answer = again(client, answer, url, {**TOUCH, "publish": "1"})
    assert "HX-Redirect" in answer.headers


def test_enter_sets_what_is_being_entered_and_publishes_nothing(
    app: Flask, sign_in: SignIn
) -> None:
    core = id_of(app, "core")
    before = declared(app, core)
    client, url = sign_in("manager"), f"/strategies/{core}/edit"
    answer = sent(client, url, {"touches-do": "edit:0"}, part=True)
    answer = again(client, answer, url, {"touches-touch-count": "5", "enter": "1"})
    assert "every 5 weeks (was: every 2 weeks)" in answer.text and "touch-editor" not in answer.text
    answer = again(client, answer, url, {"touches-do": "edit:0"})
    answer = again(client, answer, url, {"touches-touch-count": "0", "enter": "1"})
    assert "touch-editor" in answer.text and "from 1" in answer.text
    assert declared(app, core) == before


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"touches-touch-count": "0"}, "from 1"),
        ({"touches-touch-count": ""}, "how often"),
        ({"touches-touch-count": "105"}, "At most 104"),
        ({"touches-touch-label_en": ""}, "name in one language"),
        ({"touches-touch-content_en": ""}, "what it is about"),
        ({"touches-touch-channel": "owl"}, "not offered"),
        ({"touches-touch-executor": "user:99999"}, "not offered"),
        ({"touches-touch-questions_en": "One?\nTwo?\nThree?\nFour?"}, "At most 3"),
        ({"touches-touch-points_en": "One\nTwo\nThree"}, "At most 2"),
        (
            {"touches-touch-questions_en": "One?", "touches-touch-questions_zh": "一？\n二？"},
            "the lines go together",
        ),
        ({"touches-touch-sends": "1", "touches-touch-questions_en": "1\n2\n3"}, "nobody is there"),
        ({"touches-touch-how": "around", "touches-touch-anchor": ""}, "choose a day"),
        (
            {
                "touches-touch-how": "around",
                "touches-touch-side": "before",
                "touches-touch-days": "",
                "touches-touch-anchor": "birthday",
            },
            "how many days",
        ),
    ],
)
def test_what_is_wrong_with_a_touch_is_said_and_kept(
    app: Flask, sign_in: SignIn, changes: dict[str, str], said: str
) -> None:
    client, url = sign_in("manager"), "/strategies/new"
    start = {"label_en": "A", "goal_en": "B", "touches-do": "again:"}
    answer = sent(client, url, start, part=True)
    answer = again(client, answer, url, {**TOUCH, **changes, "publish": "1"})
    assert answer.status_code == 422
    assert said in answer.text and "touch-editor" in answer.text
    assert form_in(answer, url)["touches-touch-unit"] == "week"


@pytest.mark.parametrize(
    "touches", ["", "[", "{}", "[1]", '[{"name":"x"}]', "[" * 5000, "9" * 130_000, "null"]
)
def test_touches_of_a_broken_page_are_refused(app: Flask, sign_in: SignIn, touches: str) -> None:
    client, url = sign_in("manager"), "/strategies/new"
    answer = sent(client, url, {"label_en": "A", "goal_en": "B", "touches": touches})
    assert answer.status_code == 422


def test_a_change_makes_a_version_and_can_be_undone(app: Flask, sign_in: SignIn) -> None:
    core = id_of(app, "core")
    client, url = sign_in("manager"), f"/strategies/{core}/edit"
    answer = sent(client, url, {"touches-do": "edit:0"}, part=True)
    data = form_in(answer, url)
    assert data["touches-touch-count"] == "2" and "近期" in data["touches-touch-questions_zh"]
    answer = again(client, answer, url, {"touches-touch-count": "3", "touches-do": "set:"})
    assert "every 3 weeks (was: every 2 weeks)" in answer.text
    answer = again(client, answer, url, {"touches-do": "out:2"})
    answer = again(client, answer, url, {"touches-do": "up:1"})
    answer = again(client, answer, url, {"publish": "1"})
    assert "HX-Redirect" in answer.headers
    changed = declared(app, core)
    assert [str(touch.cadence) for touch in changed.touches] == ["every month", "every 3 weeks"]
    page = client.get(f"/strategies/{core}").text
    assert "version 2" in page
    assert "every 3 weeks (was: every 2 weeks)" in page
    with app.app_context():
        assert person_name(person_id("manager")) in page
    undo = re.search(r"/operations/(\d+)/undo", page)
    assert undo
    client.post(f"/operations/{undo[1]}/undo", data={"csrf_token": data["csrf_token"]})
    assert len(declared(app, core).touches) == 3
    assert "version 3" in client.get(f"/strategies/{core}").text


def test_what_the_form_does_not_show_stays(app: Flask, sign_in: SignIn) -> None:
    core = id_of(app, "core")
    before = declared(app, core)
    client, url = sign_in("manager"), f"/strategies/{core}/edit"
    answer = sent(client, url, {"priority": "81", "publish": "1"})
    assert answer.status_code == 303
    after = declared(app, core)
    assert after.touches == before.touches and after.priority == 81
    assert [after.touches[1].purpose, after.touches[2].purpose] == ["needs-survey", "gift"]
    answer = sent(client, url, {"touches-do": "edit:1"}, part=True)
    again(client, answer, url, {"publish": "1"})
    assert declared(app, core).touches == before.touches


def test_two_people_at_once_are_told(app: Flask, sign_in: SignIn) -> None:
    core = id_of(app, "core")
    client, url = sign_in("manager"), f"/strategies/{core}/edit"
    mine = form_on(client, url)
    assert sent(client, url, {"priority": "81"}).status_code == 303
    answer = client.post(url, data={**mine, "priority": "82"})
    assert answer.status_code == 409 and "81" in answer.text


def test_a_condition_that_cannot_be_asked_is_refused(app: Flask, sign_in: SignIn) -> None:
    client, url = sign_in("manager"), f"/strategies/{id_of(app, 'core')}/edit"
    for tree in (
        '{"all":[{"field":"tags","operator":"has_any","values":["gone"]}]}',
        '{"all":[{"field":"owner","operator":"is","values":["me"]}]}',
    ):
        answer = sent(client, url, {"serves": tree})
        assert answer.status_code == 422
        assert "cannot be asked" in preview(client, url.removesuffix("/edit"), serves=tree)


def test_only_managers_change_strategies(app: Flask, sign_in: SignIn) -> None:
    client, core = sign_in("sales"), id_of(app, "core")
    assert "/edit" not in client.get(f"/strategies/{core}").text
    assert client.get(f"/strategies/{core}/edit").status_code == 403
    assert client.get("/strategies/new").status_code == 403


def test_owners_stand_in_for_who_left(app: Flask, sign_in: SignIn) -> None:
    core = id_of(app, "core")
    one = customer(app, "sales", tier="core")
    client, url = sign_in("manager"), f"/strategies/{core}/edit"
    with app.app_context():
        support, sales = person_id("support"), person_id("sales")
    answer = sent(client, url, {"touches-do": "edit:0"}, part=True)
    again(
        client,
        answer,
        url,
        {"touches-touch-executor": f"user:{support}", "publish": "1"},
    )
    plan(app, one)
    assert tasks(app, one)["call"]["assignee_id"] == support
    with app.app_context():
        disable_user(support, by=command_line(), at=clock.now())
    plan(app, one)
    assert tasks(app, one)["call"]["assignee_id"] == sales
    assert "nobody is there any more" in client.get(f"/strategies/{core}").text
    assert sent(client, url, {"priority": "82"}).status_code == 422


def test_a_task_that_moves_is_worded_anew_as_well(app: Flask, sign_in: SignIn) -> None:
    core = id_of(app, "core")
    one = customer(app, "sales", tier="core")
    plan(app, one)
    before = tasks(app, one)["call"]
    client, url = sign_in("manager"), f"/strategies/{core}/edit"
    answer = sent(client, url, {"touches-do": "edit:0"}, part=True)
    changed = {"label_en": "See them", "label_zh": "上门", "channel": "visit", "count": "3"}
    fields = {f"touches-touch-{name}": value for name, value in changed.items()}
    again(client, answer, url, {**fields, "publish": "1"})
    assert plan(app, one)["moved"] == 1
    after = tasks(app, one)["call"]
    assert after["id"] == before["id"] and after["due_on"] > before["due_on"]
    assert after["channel"] == "visit" and after["what"] in ("See them", "上门")
    assert set(plan(app, one).values()) == {0}


def plan(app: Flask, *customer_ids: int) -> Mapping[str, int]:
    with app.app_context():
        return make_plans(customer_ids, by=job(SOON), at=clock.now())


def test_open_tasks_follow_what_a_strategy_says_by_now(app: Flask, sign_in: SignIn) -> None:
    core = id_of(app, "core")
    one = customer(app, "sales", tier="core")
    plan(app, one)
    before = tasks(app, one)["call"]
    client, url = sign_in("manager"), f"/strategies/{core}/edit"
    answer = sent(client, url, {"touches-do": "edit:0"}, part=True)
    again(
        client,
        answer,
        url,
        {
            "touches-touch-label_en": "Chat",
            "touches-touch-label_zh": "微信沟通",
            "touches-touch-channel": "wechat",
            "publish": "1",
        },
    )
    assert plan(app, one)["renewed"] == 1
    after = tasks(app, one)["call"]
    assert (after["id"], after["due_on"]) == (before["id"], before["due_on"])
    assert after["channel"] == "wechat" and after["what"] != before["what"]
    assert set(plan(app, one).values()) == {0}


def preview(client: FlaskClient, url: str, **changes: str) -> str:
    inputs = form_on(client, f"{url}/edit")
    answer = client.post(f"{url}/preview", data={**inputs, **changes}, headers=HTMX)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", answer.text))


def test_the_preview_says_whom_it_takes_and_what_it_brings(app: Flask, sign_in: SignIn) -> None:
    ids = [customer(app, "sales", tier=tier) for tier in ("core", "core", *["normal"] * 4)]
    ids.append(customer(app, "manager", tier="core"))
    plan(app, *ids)
    client, url = sign_in("manager"), f"/strategies/{id_of(app, 'core')}"
    stands = preview(client, url)
    assert "Customers 3 " in stands and "all in all as many as now" in stands
    assert stands.count("for the first time") == 3
    wider = '{"all":[{"field":"tier","operator":"is","values":["core","normal"]}]}'
    wide = preview(client, url, serves=wider)
    assert "Customers 7 4 come from “Normal customers”" in wide
    assert "all in all 2 more" in wide
    narrow = preview(client, url, serves=CORE.replace("core", "strategic"))
    assert "Customers 0 3 are served by none then" in narrow
    assert "Nobody meets these conditions now." in narrow
    behind = preview(client, url, serves=wider, priority="10")
    assert "4 more meet its conditions and follow “Normal customers”" in behind


def test_the_sentence_is_redrawn_with_the_preview(app: Flask, sign_in: SignIn) -> None:
    client, url = sign_in("manager"), f"/strategies/{id_of(app, 'core')}"
    inputs = form_on(client, f"{url}/edit")
    answer = client.post(f"{url}/preview", data={**inputs, "priority": "10"}, headers=HTMX)
    assert 'id="strategy-sentence" hx-swap-oob="true"' in answer.text
    assert "priority 10" in answer.text
    assert "hx-swap-oob" not in client.get(f"{url}/edit").text


def test_the_focus_goes_to_what_was_opened(app: Flask, sign_in: SignIn) -> None:
    client, url = sign_in("manager"), f"/strategies/{id_of(app, 'core')}/edit"

    def focused(**pressed: str) -> list[str]:
        answer = client.post(url, data={**form_on(client, url), **pressed}, headers=HTMX)
        found = re.findall(r"<(?:input|section|textarea)[^>]*\bautofocus\b[^>]*>", answer.text)
        return [re.findall(r'(?:name|id)="([^"]+)"', one)[0] for one in found]

    opened = {"touches-do": "edit:0"}
    assert "touches-touch-label_en" in " ".join(focused(**opened))
    assert focused(part="goal")[0].startswith("goal")
    assert focused(part="") == []
    assert focused(**{"touches-do": "close:"}) == ["touches"]


def test_a_preview_changes_nothing(app: Flask, sign_in: SignIn) -> None:
    one = customer(app, "sales", tier="core")
    client, core = sign_in("manager"), id_of(app, "core")
    before = declared(app, core)
    preview(client, f"/strategies/{core}", priority="3", serves=CORE.replace("core", "normal"))
    assert declared(app, core) == before and tasks(app, one) == {}
    bare = json.dumps([])
    assert "Once there is a touch" in preview(client, f"/strategies/{core}", touches=bare)


def test_the_preview_of_a_new_one_shows_customers_in_sight(app: Flask, sign_in: SignIn) -> None:
    add(app, "sales", tier="core", lifecycle="active", name="Calder Looms Ltd")
    client = sign_in("manager")
    inputs = form_on(client, "/strategies/new")
    told = json.dumps(
        [
            {
                "name": "call",
                "label": "Call",
                "cadence": {"count": 1, "unit": "week"},
                "channel": "phone",
                "content": "News",
                "questions": [],
                "points": [],
            }
        ]
    )
    data = {**inputs, "touches": told, "serves": CORE, "priority": "99"}
    answer = client.post("/strategies/preview", data=data, headers=HTMX)
    assert "Calder Looms Ltd" in answer.text
    data["on_top"] = "1"
    assert "Calder Looms Ltd" in client.post("/strategies/preview", data=data, headers=HTMX).text


WHOLE = {
    "name": "call",
    "label": "Call",
    "cadence": {"count": 1, "unit": "week"},
    "channel": "phone",
    "content": "News",
    "questions": [],
    "points": [],
}


@pytest.mark.parametrize(
    "broken",
    [
        {"cadence": {"count": 1.5, "unit": "month"}},
        {"cadence": {"count": float("nan"), "unit": "month"}},
        {"cadence": {"count": True, "unit": "month"}},
        {"cadence": {"days": 1.5, "field": "birthday"}},
        {"label": "\ud800"},
        {"label": "a\x00b"},
        {"label": "x" * 201},
        {"label": 7},
        {"label": None},
        {"content": {"en": 7}},
        {"message": {"en": "\udfff"}},
        {"questions": [None, None, None]},
        {"executor": "user:x"},
    ],
)
def test_what_a_broken_page_sends_is_never_published(
    app: Flask, sign_in: SignIn, broken: dict[str, Any]
) -> None:
    client, url = sign_in("manager"), "/strategies/new"
    changes = {"label_en": "A", "goal_en": "B", "touches": json.dumps([{**WHOLE, **broken}])}
    assert sent(client, url, changes).status_code == 422
    assert client.get("/strategies").status_code == 200


def test_what_is_stored_and_cannot_be_read_stops_nobody(app: Flask, sign_in: SignIn) -> None:
    one = customer(app, "sales", tier="strategic")
    core = id_of(app, "core")
    with app.app_context():
        broken = [{**WHOLE, "label": None}]
        database.session.execute(update(Strategy).where(Strategy.id == core).values(touches=broken))
        database.session.commit()
    client = sign_in("manager")
    for page in ("", f"/{core}", f"/{core}/edit", "/sending", "/table"):
        assert client.get(f"/strategies{page}").status_code == 200, page
    assert "cannot be read any more" in client.get(f"/strategies/{core}").text
    assert plan(app, one)["begun"] > 0


def test_one_bad_customer_stops_nobody(app: Flask) -> None:
    good, bad = customer(app, tier="core"), customer(app, tier="core")
    core = id_of(app, "core")
    with app.app_context():
        made = Followed.__table__.insert().values(
            customer_id=bad, strategy_id=core, version_id=1, begun_on=date.max
        )
        database.session.execute(made)
        database.session.commit()
    plan(app, good, bad)
    assert tasks(app, good)


def test_a_point_that_is_alike_in_both_languages_keeps_the_others(
    app: Flask, sign_in: SignIn
) -> None:
    core = id_of(app, "core")
    client, url = sign_in("manager"), f"/strategies/{core}/edit"
    answer = sent(client, url, {"touches-do": "edit:0"}, part=True)
    mixed = {
        "touches-touch-questions_en": "KPI\nWhat next?\nWhat else?",
        "touches-touch-questions_zh": "KPI\n下一步？\n还有什么？",
    }
    answer = again(client, answer, url, {**mixed, "touches-do": "set:"})
    answer = again(client, answer, url, {"touches-do": "edit:0"})
    assert "What next?" in form_in(answer, url)["touches-touch-questions_en"]
    again(client, answer, url, {"publish": "1"})
    assert declared(app, core).touches[0].questions[1] == {"en": "What next?", "zh": "下一步？"}


def test_who_sees_only_their_own_is_given_nothing_of_others(app: Flask, sign_in: SignIn) -> None:
    one = customer(app, "manager", tier="core")
    client, core = sign_in("manager"), id_of(app, "core")
    with app.app_context():
        sales, manager = person_id("sales"), person_id("manager")
    answer = sent(client, f"/strategies/{core}/edit", {"touches-do": "edit:0"}, part=True)
    assert f'value="user:{sales}"' not in answer.text
    with app.app_context():
        assert Executors().of(f"user:{sales}", manager) == manager
        assert Executors().of(f"user:{sales}", sales) == sales
    assert plan(app, one)["begun"] > 0


def test_owners_stand_in_for_a_dedicated_person_who_does_not_see_the_customer(
    inside: Flask,
) -> None:
    sales, colleague, support = (person_id(login) for login in ("sales", "sales2", "support"))
    whose = Executors()
    assert whose.of("dedicated", sales, colleague) == sales
    assert whose.of("dedicated", None, colleague) is None
    assert whose.of("dedicated", sales, support) == support
    assert whose.of("dedicated", None, support) == support


def test_a_customer_that_loses_its_owner_stops_nobody(app: Flask) -> None:
    one, other = (customer(app, "sales", tier="core") for _ in range(2))
    run(app, SOON)
    with app.app_context():
        update_customer(
            one, {"owner_id": None, "tier": "normal"}, by=command_line(), at=clock.now()
        )
        update_customer(other, {"tier": "strategic"}, by=command_line(), at=clock.now())
    run(app, SOON)
    assert "visit" in tasks(app, other)


def test_publishing_one_that_rests_says_so(app: Flask, sign_in: SignIn) -> None:
    core = id_of(app, "core")
    client = sign_in("manager")
    press(client, f"/strategies/{core}/rest")
    answer = sent(client, f"/strategies/{core}/edit", {"priority": "83"})
    assert answer.status_code == 303
    assert "It rests: nothing is planned" in client.get(f"/strategies/{core}").text
