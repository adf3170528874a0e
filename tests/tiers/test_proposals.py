"""Tiers are proposed by points, decided about, pinned; packs choose."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from crmlite import clock
from crmlite.customers.models import Customer, Facts
from crmlite.customers.operations import update_customer
from crmlite.extensions import database
from crmlite.jobs.models import Job
from crmlite.settings.operations import change_settings
from crmlite.settings.shipped import SCHEME
from crmlite.strategies.planner.jobs import are_due
from crmlite.testing import SignIn, person_id
from crmlite.tiers.models import TierProposal, TierReview
from crmlite.tiers.operations import (
    accept,
    ask_for_review,
    decline,
    pin_tier,
    reviewing,
    unpin_tier,
)
from crmlite.tiers.operations.reviewing import KIND, propose_quarterly
from crmlite.tiers.queries import current_review, pin_of
from crmlite.tiers.words import factor_words
from crmlite.work import Actor
from crmlite.work.actors import command_line
from tests.customers.records import add, form_on, press, send
from tests.strategies.test_planner import run

CUSTOMERS, PROPOSALS = Customer.__table__, TierProposal.__table__


def customer(app: Flask, owner: str = "sales", **more: Any) -> int:
    values = {"lifecycle": "active", "annual_amount": None, **more}
    number = add(app, owner, **values)
    with app.app_context():
        wanted = select(CUSTOMERS.c.id).where(CUSTOMERS.c.number == number)
        return int(database.session.execute(wanted).scalar_one())


def rich(app: Flask, **more: Any) -> int:
    """One that buys much, for long, and of whom much is thought."""
    since = clock.now().date() - timedelta(days=4 * 365)
    return customer(app, annual_amount=200_000_000, cooperation_on=since, prospects="high", **more)


def poor(app: Flask, **more: Any) -> int:
    today = clock.now().date()
    return customer(app, annual_amount=100_000, cooperation_on=today, prospects="low", **more)


def reviewed(app: Flask) -> dict[int, Any]:
    """Have a list made; its proposals by customer."""
    with app.app_context():
        ask_for_review(by=command_line(), at=clock.now())
    run(app, KIND)
    with app.app_context():
        newest = (
            select(TierReview.id).where(TierReview.state == "open").order_by(TierReview.id.desc())
        )
        review = database.session.execute(newest.limit(1)).scalar_one()
        wanted = select(PROPOSALS).where(PROPOSALS.c.review_id == review)
        rows = database.session.execute(wanted).mappings()
        return {row["customer_id"]: dict(row) for row in rows}


def tier(app: Flask, customer_id: int) -> str | None:
    with app.app_context():
        wanted = select(CUSTOMERS.c.tier).where(CUSTOMERS.c.id == customer_id)
        return database.session.execute(wanted).scalar()


def decided(app: Flask, how: Any, *ids: int) -> Any:
    with app.app_context():
        return how(list(ids), by=command_line(), at=clock.now())


def test_who_should_have_another_tier_is_proposed_with_the_points(app: Flask) -> None:
    one, two = rich(app, tier="normal"), poor(app, tier="normal")
    unknown = customer(app, tier="core")
    interested = customer(app, tier=None, lifecycle="interested")
    found = reviewed(app)
    assert set(found) == {one}
    proposal = found[one]
    assert (proposal["before"], proposal["after"]) == ("normal", "strategic")
    assert proposal["points"]["amount"] == {"points": 100, "value": 2_000_000.0, "weight": 35}
    assert proposal["points"]["growth"]["points"] is None
    assert proposal["known"] == 60 and proposal["mean"] == 95
    assert {two, unknown, interested}.isdisjoint(found)
    with app.app_context():
        review = database.session.execute(select(TierReview.__table__)).mappings().one()
        assert (review["looked"], review["unknown"], review["state"]) == (3, 1, "open")


def test_accepting_changes_the_tier_plans_follow_and_it_is_undone(
    app: Flask, sign_in: SignIn
) -> None:
    one, other = rich(app, tier="normal"), rich(app, tier=None)
    found = reviewed(app)
    with app.app_context():
        database.session.execute(update(Facts).values(plan_due=False))
        database.session.commit()
        assert not are_due()
    done = decided(app, accept, found[one]["id"], found[other]["id"])
    assert (done.number, done.left) == (2, 0)
    assert tier(app, one) == tier(app, other) == "strategic"
    with app.app_context():
        assert are_due()
    client = sign_in("manager")
    assert press(client, f"/operations/{done.operation}/undo").status_code in (200, 303)
    assert (tier(app, one), tier(app, other)) == ("normal", None)
    again = decided(app, decline, found[one]["id"])
    assert again.number == 1 and tier(app, one) == "normal"


def test_who_was_changed_meanwhile_or_is_pinned_is_left(app: Flask) -> None:
    changed, pinned = rich(app, tier="normal"), rich(app, tier="normal")
    found = reviewed(app)
    with app.app_context():
        update_customer(changed, {"tier": "core"}, by=command_line(), at=clock.now())
        pin_tier(pinned, "normal", "They asked for it", by=command_line(), at=clock.now())
    done = decided(app, accept, found[changed]["id"], found[pinned]["id"])
    assert (done.number, done.left) == (0, 2)
    assert (tier(app, changed), tier(app, pinned)) == ("core", "normal")
    with app.app_context():
        unpin_tier(pinned, by=command_line(), at=clock.now())
    assert decided(app, accept, found[pinned]["id"]).number == 1
    assert tier(app, pinned) == "strategic"


def test_a_new_list_closes_the_one_before(app: Flask) -> None:
    rich(app, tier="normal")
    reviewed(app)
    reviewed(app)
    with app.app_context():
        states = database.session.execute(select(TierReview.state).order_by(TierReview.id))
        assert list(states.scalars()) == ["closed", "open"]


def test_the_page_shows_accepts_and_declines(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("manager")
    assert "No list yet" in client.get("/strategies/tiers").text
    one = rich(app, tier="normal", name="Calder Looms Ltd")
    two = rich(app, tier="core", name="Harrow Vale Ltd")
    assert press(client, "/strategies/tiers/review").status_code == 303
    assert press(client, "/strategies/tiers/acceptance").status_code == 303
    run(app, KIND)
    page = client.get("/strategies/tiers").text
    assert "Normal → Strategic" in page and "Yearly amount CN¥2,000,000: 100" in page
    assert "unknown: Margin, Contacts within half a year, Satisfaction, Growth" in page
    assert "60 % known" in page
    assert (
        "Harrow Vale Ltd" not in client.get("/strategies/tiers?before=normal&after=strategic").text
    )
    proposals = {row["customer_id"]: row["id"] for row in _all(app)}
    assert press(client, "/strategies/tiers/acceptance", {"id": proposals[one]}).status_code == 303
    assert (tier(app, one), tier(app, two)) == ("strategic", "core")
    assert "Calder Looms Ltd" in client.get("/strategies/tiers?state=accepted").text
    assert (
        press(
            client, "/strategies/tiers/refusal?before=core&after=strategic", {"all": "1"}
        ).status_code
        == 303
    )
    assert "Harrow Vale Ltd" in client.get("/strategies/tiers?state=declined").text
    assert press(client, "/strategies/tiers/acceptance", {"id": "x" * 40}).status_code == 303
    assert press(client, "/strategies/tiers/other").status_code == 404
    assert client.get("/strategies/tiers?page=0&state=%00&before=" + "x" * 500).status_code == 200
    assert sign_in("sales").get("/strategies/tiers").status_code == 403


def _all(app: Flask) -> list[Any]:
    with app.app_context():
        return list(database.session.execute(select(PROPOSALS)).mappings())


def test_a_tier_is_pinned_on_the_page_of_the_customer(app: Flask, sign_in: SignIn) -> None:
    one = rich(app, tier="normal")
    client = sign_in("manager")
    with app.app_context():
        wanted = select(CUSTOMERS.c.number).where(CUSTOMERS.c.id == one)
        number = database.session.execute(wanted).scalar_one()
    here = f"/customers/{number}/pin"
    assert here in client.get(f"/customers/{number}").text
    assert send(client, here, {"tier": "core", "reason": ""}).status_code == 422
    assert send(client, here, {"tier": "dormant", "reason": "x"}).status_code == 422
    assert send(client, here, {"tier": "core", "reason": "Agreed in May"}).status_code == 303
    assert tier(app, one) == "core" and "Agreed in May" in client.get(here).text
    reviewed(app)
    assert "Agreed in May" in client.get("/strategies/tiers").text
    press(client, "/strategies/tiers/acceptance", {"all": "1"})
    assert tier(app, one) == "core"
    assert press(client, f"{here}/removal").status_code == 303
    assert "Agreed in May" not in client.get(here).text
    assert sign_in("sales").get(here).status_code == 403


def test_another_tier_set_by_hand_lets_go_of_the_pin_for_good(app: Flask, sign_in: SignIn) -> None:
    one = rich(app, tier="normal")
    with app.app_context():
        by = Actor("person", "sales", person_id("sales"))
        pin_tier(one, "strategic", "Agreed", by=command_line(), at=clock.now())
        done = update_customer(one, {"tier": "normal"}, by=by, at=clock.now())
        assert pin_of(one) is None
    assert press(sign_in("sales"), f"/operations/{done}/undo").status_code in (200, 303)
    with app.app_context():
        pin = pin_of(one)
        assert pin is not None and (pin["tier"], pin["reason"]) == ("strategic", "Agreed")
        update_customer(one, {"tier": "normal"}, by=by, at=clock.now())
    assert decided(app, accept, reviewed(app)[one]["id"]).number == 1
    with app.app_context():
        assert tier(app, one) == "strategic" and pin_of(one) is None


def test_managers_say_what_gives_how_many_points(app: Flask, sign_in: SignIn) -> None:
    client, here = sign_in("manager"), "/settings/tiers"
    for wrong, said in (
        ({"steps_amount": "abc"}, "cannot be read"),
        ({"steps_amount": "2: 10, 1: 20"}, "begins higher"),
        ({"bound_core": "80"}, "needs more points"),
        ({"weight_amount": "-1"}, ""),
        ({f"weight_{name}": "0" for name in _factors(client, here)}, "at least must count"),
    ):
        answer = send(client, here, wrong)
        assert answer.status_code == 422 and said in answer.text, wrong
    one = poor(app, tier="normal")
    assert reviewed(app) == {}
    assert send(client, here, {"steps_amount": "1: 100", "bound_core": "40"}).status_code == 303
    assert reviewed(app)[one]["after"] == "core"


def _factors(client: Any, here: str) -> list[str]:
    return [
        name.removeprefix("weight_") for name in form_on(client, here) if name.startswith("weight_")
    ]


def test_the_quarterly_list_is_made_once_and_caught_up_with(app: Flask) -> None:
    rich(app, tier="normal")
    lease: Any = SimpleNamespace(renew=lambda: None)
    at = clock.now()

    def night(when: Any) -> int:
        with app.app_context():
            propose_quarterly({}, by=command_line(), at=when, lease=lease)
            return len(database.session.execute(select(TierReview.id)).all())

    assert night(at) == 0  # the book began within this quarter
    later = at + timedelta(days=100)
    assert [night(later), night(later + timedelta(days=1))] == [1, 1]


def test_proposals_of_another_scheme_are_not_accepted(app: Flask) -> None:
    one = rich(app, tier="normal")
    found = reviewed(app)
    with app.app_context():
        change_settings({SCHEME: "c"}, by=command_line(), at=clock.now())
        assert current_review() is None
    done = decided(app, accept, found[one]["id"])
    assert (done.number, done.left, tier(app, one)) == (0, 1, "normal")
    assert reviewed(app)[one]["after"] == "vip"


def test_a_list_is_made_anew_when_another_scheme_is_chosen_meanwhile(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, chosen, rounds = rich(app, tier="normal"), reviewing._chosen, []

    def changed(*given: Any) -> Any:
        rounds.append(current_review())
        if len(rounds) == 1:
            change_settings({SCHEME: "c"}, by=command_line(), at=clock.now())
        return chosen(*given)

    monkeypatch.setattr(reviewing, "_chosen", changed)
    assert reviewed(app)[one]["after"] == "vip" and len(rounds) == 2
    with app.app_context():
        states = database.session.execute(select(TierReview.state))
        assert list(states.scalars()) == ["open"]


def test_two_clicks_make_one_list(app: Flask) -> None:
    with app.app_context():
        for _click in range(2):
            ask_for_review(by=command_line(), at=clock.now())
        asked = select(func.count()).select_from(Job).where(Job.kind == KIND)
        assert database.session.execute(asked).scalar_one() == 1


def test_the_page_of_an_older_list_decides_nothing(app: Flask, sign_in: SignIn) -> None:
    one = rich(app, tier="normal")
    reviewed(app)
    client = sign_in("manager")
    data = form_on(client, "/strategies/tiers", "/strategies/tiers/acceptance")
    reviewed(app)
    client.post("/strategies/tiers/acceptance", data={**data, "all": "1"})
    assert tier(app, one) == "normal"
    fresh = form_on(client, "/strategies/tiers", "/strategies/tiers/acceptance")
    client.post("/strategies/tiers/acceptance", data={**fresh, "all": "1"})
    assert tier(app, one) == "strategic"


def test_of_a_long_list_so_many_are_decided_at_once_as_somebody_waits_for(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crmlite.tiers.views.proposals.MOST", 2)
    ids = [rich(app, tier="normal", name=f"Calder {number} Ltd") for number in range(3)]
    reviewed(app)
    client = sign_in("manager")
    press(client, "/strategies/tiers/acceptance", {"all": "1"})
    assert "Some are still on the list" in client.get("/strategies/tiers").text
    assert sorted(tier(app, one) for one in ids) == ["normal", "strategic", "strategic"]
    press(client, "/strategies/tiers/acceptance", {"all": "1"})
    assert {tier(app, one) for one in ids} == {"strategic"}
    assert "Some are still on the list" not in client.get("/strategies/tiers").text


def test_who_may_not_see_amounts_is_told_no_points_of_them(app: Flask) -> None:
    one = rich(app, tier="normal")
    points = reviewed(app)[one]["points"]
    with app.test_request_context():
        told = " ".join(factor_words(points, sees_amounts=False))
        assert "2,000,000" not in told and "•••" in told
        assert "2,000,000" in " ".join(factor_words(points, sees_amounts=True))
