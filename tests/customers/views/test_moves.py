"""Stage, life-cycle with its guard, tier, owner, status."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from crmlite import clock, hookimpl, hooks
from crmlite.customers.guards import Guard
from crmlite.customers.models import Customer, Need
from crmlite.extensions import database
from crmlite.rules.lifecycle import Missing, MoveFacts
from crmlite.settings.operations import add_choice, retire_choice
from crmlite.testing import SignIn, csrf_token, person_id
from crmlite.work.actors import command_line
from tests.customers.records import HTMX, add, form_in, form_on, press, send


def test_a_click_on_the_path_moves_the_stage(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    client = sign_in("sales")
    answer = send(
        client,
        f"/customers/{number}",
        {"stage": "proposal"},
        to=f"/customers/{number}/stage",
        htmx=True,
    )
    assert answer.status_code == 200
    assert 'value="proposal" aria-current="step"' in answer.text
    assert "Discovery → Proposal" in client.get(f"/customers/{number}").text


def test_a_stage_clicked_on_an_old_page_changes_nothing(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    client = sign_in("sales")
    stage = f"/customers/{number}/stage"
    old = form_on(client, f"/customers/{number}", stage)
    send(client, f"/customers/{number}/facts/region", {"region": "York"})
    answer = client.post(stage, data=old | {"stage": "paused"}, headers=HTMX)
    assert answer.status_code == 409
    assert "meanwhile" in answer.headers["HX-Trigger"]
    assert 'value="discovery" aria-current="step"' in answer.text


@pytest.mark.parametrize(
    ("what", "mine", "theirs"),
    [
        ("lifecycle", {"lifecycle": "lost", "reason": "price"}, {"lifecycle": "dormant"}),
        ("tier", {"tier": "core"}, {"tier": "strategic"}),
        ("owner", {"owner_id": "sales2"}, {"owner_id": "support"}),
        ("status", {"words": "Mine"}, {"words": "Theirs"}),
    ],
)
def test_of_two_who_move_a_customer_the_slower_one_changes_nothing(
    app: Flask,
    sign_in: SignIn,
    people: Callable[[str], int],
    what: str,
    mine: dict[str, str],
    theirs: dict[str, str],
) -> None:
    page = f"/customers/{add(app, 'sales')}/{what}"
    column = next(iter(theirs)).replace("words", "status")
    if what == "owner":
        mine, theirs = ({"owner_id": str(people(one["owner_id"]))} for one in (mine, theirs))
    slower = sign_in("manager")
    old = form_on(slower, page)
    assert send(sign_in("manager"), page, theirs).status_code == 303
    assert slower.post(page, data=old | mine).status_code == 409
    with app.app_context():
        kept = database.session.execute(select(Customer.__table__.c[column])).scalar_one()
    assert [str(kept)] == list(theirs.values())


def test_the_guard_asks_for_urgency_and_stage_in_place(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    client = sign_in("sales")
    page = f"/customers/{number}/lifecycle"
    chosen = client.get(f"{page}?lifecycle=interested", headers=HTMX)
    asked = send(client, page, {"lifecycle": "interested"}, htmx=True)
    assert (chosen.status_code, asked.status_code) == (200, 422)
    for answer in (chosen, asked):
        assert 'name="urgency"' in answer.text
        assert form_in(answer, page)["stage"] == "discovery", "where the customer stands"
        assert "note-box late" not in answer.text, "nobody was asked before"
    left = send(client, page, {"lifecycle": "interested", "urgency": "", "stage": ""})
    assert left.status_code == 422 and "Say how urgent their need is." in left.text
    done = send(client, page, {"lifecycle": "interested", "urgency": "high", "stage": "proposal"})
    assert done.status_code == 303
    text = client.get(f"/customers/{number}").text
    assert "Interested" in text
    assert "1 of 1 open" in text


def test_where_nobody_can_go_is_said_when_it_is_chosen(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales", lifecycle="active")
    page = sign_in("sales").get(f"/customers/{number}/lifecycle?lifecycle=potential")
    assert "Who has bought before" in page.text


def test_lost_asks_for_a_reason(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    client = sign_in("sales")
    page = f"/customers/{number}/lifecycle"
    assert 'name="reason"' in send(client, page, {"lifecycle": "lost"}).text
    send(client, page, {"lifecycle": "lost", "reason": "price"})
    assert "Lost · Price" in client.get(f"/customers/{number}").text


def test_an_urgency_that_was_asked_for_another_state_opens_no_need(
    app: Flask, sign_in: SignIn
) -> None:
    page, client = f"/customers/{add(app, 'sales')}/lifecycle", sign_in("sales")
    asked = send(client, page, {"lifecycle": "interested"})
    picked = form_in(asked, page) | {"urgency": "high", "lifecycle": "lost", "reason": "price"}
    assert client.post(page, data=picked).status_code == 303
    with app.app_context():
        assert database.session.execute(select(Need.__table__)).all() == []


def test_why_a_customer_was_lost_stays_and_is_corrected(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales", lifecycle="lost", lost_reason="price")
    client = sign_in("sales")
    page = f"/customers/{number}/lifecycle"
    assert form_on(client, page)["reason"] == "price"
    send(client, page, {"reason": ""})
    assert "Lost · Price" in client.get(f"/customers/{number}").text
    send(client, page, {"reason": "competitor"})
    assert "Lost · Went to a competitor" in client.get(f"/customers/{number}").text


def test_whoever_gives_a_customer_away_is_led_to_what_they_see(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    with app.app_context():
        other = person_id("sales2")
    client = sign_in("manager")
    send(client, f"/customers/{number}/owner", {"owner_id": str(other)})
    assert sign_in("sales").get(f"/customers/{number}").status_code == 404
    assert sign_in("sales2").get(f"/customers/{number}").status_code == 200


def test_saving_what_stands_already_is_not_said_to_be_saved(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    client = sign_in("sales")
    page = f"/customers/{number}/status"
    for words in ("Saved.", "Nothing was changed."):
        assert send(client, page, {"status": "sample-sent"}).status_code == 303
        assert words in client.get(f"/customers/{number}").text


def test_a_status_is_one_of_the_list_or_ones_own_words(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    client = sign_in("sales")
    page = f"/customers/{number}/status"
    send(client, page, {"status": "sample-sent"})
    assert "Sample sent, awaiting feedback" in client.get(f"/customers/{number}").text
    send(client, page, {"words": "Waiting for spring"})
    assert "Waiting for spring" in client.get(f"/customers/{number}").text
    send(client, page, {"words": "已报价，待确认"})
    assert "Quoted, awaiting confirmation" in client.get(f"/customers/{number}").text


def test_only_dormant_and_lost_ones_are_archived(app: Flask, sign_in: SignIn) -> None:
    active, dormant = add(app, "sales"), add(app, "sales", lifecycle="dormant")
    client = sign_in("manager")
    press(client, f"/customers/{active}/archive")
    press(client, f"/customers/{dormant}/archive")
    sales = sign_in("sales")
    assert sales.get(f"/customers/{active}").status_code == 200
    assert sales.get(f"/customers/{dormant}").status_code == 404
    assert "Bring it back" in client.get(f"/customers/{dormant}").text
    press(client, f"/customers/{dormant}/reactivation")
    assert sales.get(f"/customers/{dormant}").status_code == 200


def test_a_deleted_customer_comes_back_by_undo(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    client = sign_in("sales")
    answer = press(client, f"/customers/{number}/deletion", follow_redirects=True)
    assert "is in the recycle bin" in answer.text
    assert client.get(f"/customers/{number}").status_code == 404
    undo = answer.text.split('action="/operations/')[1].split('"')[0]
    press(client, f"/operations/{undo}")
    assert client.get(f"/customers/{number}").status_code == 200


def test_support_may_look_and_not_touch(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    client = sign_in("support")
    for part in ("stage", "archive", "deletion", "reactivation"):
        assert press(client, f"/customers/{number}/{part}").status_code == 403, part
    for part in (
        "edit",
        "lifecycle",
        "tier",
        "owner",
        "status",
        "tags",
        "contacts/new",
        "needs/new",
        "remarks/new",
        "facts/region",
    ):
        assert client.get(f"/customers/{number}/{part}").status_code == 403, part
    page = client.get(f"/customers/{number}").text
    assert "Edit" not in page.split('id="record-head"')[1].split('class="cols"')[0]


def test_a_stage_that_does_not_fit_is_set_and_named(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    client = sign_in("sales")
    stage = f"/customers/{number}/stage"
    doubt = "The stage %s does not fit a customer who is Potential."
    answer = send(client, f"/customers/{number}", {"stage": "cooperating"}, to=stage, htmx=True)
    assert answer.status_code == 200
    assert doubt % "Cooperating" in answer.headers["HX-Trigger"]
    back = send(client, f"/customers/{number}", {"stage": "first-contact"}, to=stage, htmx=True)
    assert "does not fit" not in back.headers["HX-Trigger"]


def test_a_state_that_does_not_fit_the_stage_is_asked_about_with_the_stage_beside_it(
    app: Flask, sign_in: SignIn
) -> None:
    number = add(app, "sales")
    client = sign_in("sales")
    page = f"/customers/{number}/lifecycle"
    doubt = "The stage Discovery does not fit a customer who is Active."
    asked = send(client, page, {"lifecycle": "active"})
    assert asked.status_code == 422 and doubt in asked.text
    assert "This change needs a little more" not in asked.text
    accepted = form_in(asked, page)
    assert accepted["stage"] == "discovery"
    other = client.post(page, data=accepted | {"stage": "first-contact"})
    assert other.status_code == 422, "another stage that does not fit is another question"
    assert client.post(page, data=accepted | {"stage": "cooperating"}).status_code == 303
    assert stands(app) == ("active", "cooperating")


def test_what_was_doubtful_about_a_state_is_accepted_by_saving_again(
    app: Flask, sign_in: SignIn
) -> None:
    number = add(app, "sales")
    client = sign_in("sales")
    page = f"/customers/{number}/lifecycle"
    asked = send(client, page, {"lifecycle": "active"})
    assert client.post(page, data=form_in(asked, page)).status_code == 303
    assert stands(app) == ("active", "discovery")


def stands(app: Flask) -> tuple[str, str]:
    """Life-cycle and stage of the only customer."""
    table = Customer.__table__
    with app.app_context():
        found = database.session.execute(select(table.c.lifecycle, table.c.stage)).one()
    return found.lifecycle, found.stage


def test_a_state_that_the_firm_added_is_like_any_other(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    trial = {"en": "Trial at the customer's own works", "zh": "试用"}
    with app.app_context():
        key = add_choice("lifecycle", trial, by=command_line(), at=clock.now())["key"]
    client = sign_in("manager")
    page = f"/customers/{number}/lifecycle"
    assert send(client, page, {"lifecycle": key}).status_code == 303, "no guard, no doubt"
    assert stands(app) == (key, "discovery")
    assert "Trial at the customer&#39;s own works" in client.get(f"/customers/{number}").text
    listed = client.get(f"/customers?w=lifecycle~is~{key}&sort=-lifecycle").text
    assert f'href="/customers/{number}"' in listed
    client.post(f"/customers/{number}/archive", data={"csrf_token": csrf_token(client, "/profile")})
    assert f'href="/customers/{number}"' in client.get("/customers").text, "not archived"
    assert send(client, page, {"lifecycle": "lost"}).status_code == 422, "the reason is asked"
    back = send(client, page, {"lifecycle": "interested", "stage": "proposal"})
    assert back.status_code == 303
    assert stands(app) == ("interested", "proposal")


def test_a_state_and_a_stage_that_are_offered_no_more_are_said_in_words(
    app: Flask, sign_in: SignIn
) -> None:
    number = add(app, "sales", stage=retired(app, "stage", "Sample sent"))
    page, client = f"/customers/{number}/lifecycle", sign_in("sales")
    assert ">Sample sent</option>" in client.get(f"{page}?lifecycle=interested").text
    number = add(app, "sales", name="Alder Ltd", lifecycle=retired(app, "lifecycle", "On trial"))
    form = client.get(f"/customers/{number}/lifecycle").text.partition('id="lifecycle-form"')[2]
    assert "On trial" in form.partition("</form>")[0]


def retired(app: Flask, list_name: str, words: str) -> str:
    """A value of a list that is offered no more."""
    with app.app_context():
        now = {"by": command_line(), "at": clock.now()}
        key = add_choice(list_name, {"en": words, "zh": words}, **now)["key"]
        retire_choice(list_name, key, **now)
    return key


def test_the_tier_shows_who_is_dormant_and_the_one_set_comes_back(
    app: Flask, sign_in: SignIn
) -> None:
    number = add(app, "sales", tier="core", lifecycle="active")
    client = sign_in("manager")
    page, listed = f"/customers/{number}", "/customers?w=tier~is~dormant&columns=name,tier"
    tier = re.compile(r'href="/customers/C001/tier"[^>]*>([^<]+)<')
    assert tier.findall(client.get(page).text)[0] == "Core"
    send(client, f"{page}/lifecycle", {"lifecycle": "dormant"})
    assert tier.findall(client.get(page).text)[0] == "Dormant"
    assert re.search(r'class="k2"[^>]*>\s*Dormant', client.get(listed).text)
    assert "this one comes back afterwards" in client.get(f"{page}/tier").text
    send(client, f"{page}/tier", {"tier": "strategic"})
    assert tier.findall(client.get(page).text)[0] == "Dormant"
    send(client, f"{page}/lifecycle", {"lifecycle": "lost", "reason": "price"})
    assert tier.findall(client.get(page).text)[0] == "Strategic"
    assert 'data-row="' not in client.get(listed).text


def test_nobody_sets_the_tier_that_shows_dormancy(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    client = sign_in("manager")
    for page in (f"/customers/{number}/tier", f"/customers/{number}/edit", "/customers/new"):
        assert 'value="dormant"' not in client.get(page).text, page
    assert send(client, f"/customers/{number}/tier", {"tier": "dormant"}).status_code == 422
    bulk = client.get("/customers").text.split('id="bulk-tier"')[1]
    assert 'value="dormant"' not in bulk


class Bakery:
    """A pack that asks for more before somebody becomes active."""

    @hookimpl
    def register_guards(self) -> list[Guard]:
        def check(facts: MoveFacts, to: str) -> list[Missing]:
            if to != "active":
                return []
            text = {"en": "First say where they are.", "zh": "请先填写地区。"}
            found = [Missing("bakery-where", text=text)] if not facts.customer["region"] else []
            if not any(facts.urgencies):
                found.append(Missing("bakery-urgency", "urgency"))
            return found

        return [Guard(name="bakery", check=check)]


def test_guards_of_packs_refuse_and_ask_like_that_of_crmlite(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        hooks.manager().register(Bakery(), "bakery")
    app.extensions.pop("crmlite.hooks.gathered", None)
    number = add(app, "sales", region=None, stage="proposal")
    client = sign_in("sales")
    page = f"/customers/{number}/lifecycle"
    for answer in (
        client.get(f"{page}?lifecycle=active", headers=HTMX),
        send(client, page, {"lifecycle": "active"}),
    ):
        assert "First say where they are." in answer.text
    assert stands(app) == ("potential", "proposal")
    send(client, f"/customers/{number}/facts/region", {"region": "Leeds"})
    asked = send(client, page, {"lifecycle": "active"})
    assert asked.status_code == 422 and 'name="urgency"' in asked.text
    assert send(client, page, {"lifecycle": "active", "urgency": "high"}).status_code == 303
    assert stands(app) == ("active", "proposal")
    assert "1 of 1 open" in client.get(f"/customers/{number}").text
    asked = send(client, page, {"lifecycle": "lost"})
    assert asked.status_code == 422 and 'name="reason"' in asked.text, "ours asks on"
