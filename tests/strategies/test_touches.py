"""What touches are about and how they go: quotations, preferences, core needs, opting out, packs."""

from datetime import date, timedelta
from typing import Any

from flask import Flask

from crmlite import clock
from crmlite.followups.operations import InteractionDraft, log_interaction
from crmlite.rules.conditions import ALWAYS
from crmlite.rules.strategies import Every, Touch
from crmlite.strategies.operations import StrategyChange, create_strategy
from crmlite.strategies.planner.jobs import SOON
from crmlite.testing import SignIn, person_id
from crmlite.work.actors import command_line
from tests.customers.records import CLAIRE, add, form_in, press, send
from tests.strategies.test_editing import plan
from tests.strategies.test_planner import customer, run, tasks


def logged(app: Flask, customer_id: int, **more: Any) -> None:
    with app.app_context():
        draft = InteractionDraft(
            customer_id=customer_id,
            kind="email",
            content="The offer",
            occurred_at=clock.now(),
            done_by_id=person_id("sales"),
            **more,
        )
        log_interaction(draft, by=command_line(), at=clock.now())


def test_a_call_follows_a_quotation(app: Flask) -> None:
    one = customer(app, tier="core")
    logged(app, one, quotation_sent=False)
    plan(app, one)
    before = set(tasks(app, one))
    logged(app, one, quotation_sent=True, answered=False)
    run(app, SOON)
    [added] = [
        row
        for row in tasks(app, one).values()
        if row["reason"]["params"]["anchor"] and row["channel"] == "phone"
    ]
    today = clock.now().date()
    assert today < added["due_on"] <= today + timedelta(days=8)
    assert len(tasks(app, one)) == len(before)  # both are called "call": of two strategies


def test_a_quotation_is_ticked_in_the_form_and_told(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales", lifecycle="interested")
    client = sign_in("sales")
    here = f"/customers/{number}/interactions/new"
    answer = send(client, here, {"content": "Offer 17", "quotation_sent": "1"})
    assert answer.status_code == 303
    assert "Quotation sent" in client.get(f"/customers/{number}").text


def test_a_touch_goes_by_the_way_that_the_customer_prefers(app: Flask) -> None:
    contact = {**CLAIRE, "channel": "wechat", "is_primary": True}
    one = customer(app, contacts=(contact,), tier=None)
    two = customer(app, tier=None)
    made = {"name": "t", "label": "Chat", "cadence": Every(1, "week"), "content": "News"}
    with app.app_context():
        create_strategy(
            StrategyChange(
                label={"en": "All"},
                goal={"en": "Trust"},
                serves=ALWAYS,
                touches=(Touch(**made, channel="phone", prefers=True),),
                priority=100,
            ),
            by=command_line(),
            at=clock.now(),
        )
    plan(app, one, two)
    assert tasks(app, one)["t"]["channel"] == "wechat"
    assert tasks(app, two)["t"]["channel"] == "phone"


def test_who_wants_no_marketing_is_sent_none_and_still_thanked(app: Flask) -> None:
    born = date(1980, clock.now().month, 15)
    opted = {**CLAIRE, "is_primary": True, "no_marketing": True, "birthday": born}
    wanting = {**CLAIRE, "is_primary": True, "birthday": born}
    one, two = (customer(app, contacts=(who,), tier="normal") for who in (opted, wanting))
    plan(app, one, two)
    assert {"news", "survey"} <= set(tasks(app, two))
    assert not {"news", "survey", "birthday"} & set(tasks(app, one))


def test_the_brief_says_what_to_talk_about_by_the_core_need(app: Flask, sign_in: SignIn) -> None:
    needs = ({"goal": "A line", "core_need": "cost"},)
    numbers = [add(app, "sales", lifecycle="interested", needs=given) for given in (needs, ())]
    run(app, SOON)
    client = sign_in("sales")
    cost, plain = (client.get(f"/customers/{number}/brief").text for number in numbers)
    assert "figures of what they save" in cost and "figures of what they save" not in plain
    assert "What is new for their trade" in plain
    assert "Is anything planned for this year?" in plain


def test_what_is_to_be_sent_stands_together_and_is_ticked_at_once(
    app: Flask, sign_in: SignIn
) -> None:
    number = add(app, "sales", tier="normal", lifecycle="active", name="Calder Looms Ltd")
    add(app, "sales", tier="normal", lifecycle="active", name="Harrow Vale Ltd")
    made = {"name": "hello", "label": "Greeting", "content": "Hello", "channel": "wechat"}
    with app.app_context():
        create_strategy(
            StrategyChange(
                label={"en": "Greetings"},
                goal={"en": "Trust"},
                serves=ALWAYS,
                touches=(
                    Touch(
                        **made, cadence=Every(1, "day"), sends=True, message="Dear {name}, hello"
                    ),
                ),
                on_top=True,
            ),
            by=command_line(),
            at=clock.now(),
        )
    run(app, SOON)
    client = sign_in("sales")
    page = client.get("/strategies/sending")
    assert page.text.count("Dear Claire Harlow, hello") == 2
    assert "To be sent" in client.get("/today").text
    assert "Nothing is to be sent" in sign_in("support").get("/strategies/sending").text
    client = sign_in("sales")
    page = client.get("/strategies/sending")
    ids = [line.split('"')[0] for line in page.text.split('name="task" value="')[1:]]
    data = form_in(page, "/strategies/sending")
    assert client.post("/strategies/sending", data=data).status_code == 303
    assert client.get("/strategies/sending").text.count("Dear Claire") == 2
    answer = client.post("/strategies/sending", data={**data, "task": ids})
    assert answer.status_code == 303
    assert "Nothing is to be sent" in client.get("/strategies/sending").text
    assert number and press(client, "/strategies/sending", {"task": "x"}).status_code == 303


def test_the_contact_at_which_a_quotation_is_sent_is_no_answer_to_it(app: Flask) -> None:
    one = customer(app, tier="core")
    with app.app_context():
        draft = InteractionDraft(
            customer_id=one,
            kind="phone",
            content="Told them the price",
            occurred_at=clock.now(),
            done_by_id=person_id("sales"),
            quotation_sent=True,
        )
        log_interaction(draft, by=command_line(), at=clock.now())
    run(app, SOON)
    assert [row for row in _around(app, one) if row["channel"] == "phone"]


def _around(app: Flask, customer_id: int) -> list[Any]:
    return [
        row for row in tasks(app, customer_id).values() if row["reason"]["params"].get("anchor")
    ]
