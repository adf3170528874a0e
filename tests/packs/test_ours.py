"""The packs that come with crmlite: each is in order on both engines, and all are on together."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from crmlite import clock, hooks
from crmlite.customers.fields import customer_fields
from crmlite.customers.models import Customer
from crmlite.customers.operations import delete_customer
from crmlite.customers.operations.tag_rules import follow_rules
from crmlite.customers.operations.tags import all_keys
from crmlite.customers.queries import tags_of
from crmlite.customers.record import fields_for
from crmlite.extensions import database
from crmlite.fields.catalogue import lines_of
from crmlite.fields.operations import retire_field
from crmlite.followups.deadlines import firm_zone
from crmlite.imports.opening import guessed
from crmlite.packs import operations, queries
from crmlite.rules.lifecycle import MoveFacts
from crmlite.testing import PASSWORD, SignIn
from crmlite.testing.packs import PAGES, Trial
from crmlite.work.actors import command_line
from tests.architecture.project import ROOT
from tests.customers.records import add as add_for
from tests.customers.records import send
from tests.exports.books import add, cells, exported
from tests.imports.bringing import imported
from tests.sales.conftest import Counter

GUARDED = [
    ("education", "person", "education__enrolled_on", "Enter the day of enrolment first."),
    ("manufacturing", "company", "manufacturing__partner_type", "Say first what kind of partner"),
]
OURS = sorted(path.parent.name for path in (ROOT / "plugins").glob("*/pyproject.toml"))


def test_there_are_three():
    assert OURS == ["education", "manufacturing", "retail"]


@pytest.mark.parametrize("name", OURS)
def test_each_is_in_order(started: Callable[..., Flask], name: str):
    assert Trial(name, started()).faults() == []


def test_all_are_on_together(started: Callable[..., Flask]):
    app = started()
    with app.app_context():
        for name in OURS:
            operations.enable_pack(name, by=command_line(), at=clock.now())
        assert sorted(hooks.enabled()) == OURS
        assert {one.state for one in queries.packs()} == {"on"}
        database.session.remove()
    trial = Trial("retail", app)
    customer = trial.add_customer({"retail__points": 7, "education__grade": "g3"})
    for lang in ("en", "zh"):
        reader = SignIn(app)("manager", PASSWORD, lang=lang)
        for page in PAGES:
            address = page.format(customer=customer, pack="education")
            assert reader.get(address).status_code == 200, address
    assert trial.failures() == []


def test_each_trade_asks_what_it_asks_of_its_own_customers(started: Callable[..., Flask]):
    app = started()
    with app.app_context():
        for name in OURS:
            operations.enable_pack(name, by=command_line(), at=clock.now())
        asked = {
            kind: {field.pack for field in fields_for(kind) if field.pack}
            for kind in ("company", "person")
        }
        bare = dict.fromkeys(one.name for one in customer_fields())
        lacking = {
            kind: {
                one.code.partition("__")[0]
                for facts in [MoveFacts(lifecycle="interested", customer={**bare, "kind": kind})]
                for guard in hooks.gathered("register_guards")
                for one in guard.check(facts, "active")
                if "__" in one.code
            }
            for kind in ("company", "person")
        }
        database.session.remove()
    assert asked == {"company": {"manufacturing", "retail"}, "person": {"education", "retail"}}
    assert lacking == {"company": {"manufacturing"}, "person": {"education"}}


@pytest.mark.parametrize(
    ("days_ago", "is_late"),
    [((4, 3), False), ((6, 5, 4), False), ((110, 80, 50), True)],
)
def test_makers_are_told_of_late_orders_once_an_interval_is_usual(
    started: Callable[..., Flask], days_ago: tuple[int, ...], is_late: bool
):
    with started().test_request_context():
        operations.enable_pack("manufacturing", by=command_line(), at=clock.now())
        shop, today = Counter(), clock.today(firm_zone())
        for ago in days_ago:
            shop.sell(ordered_on=today - timedelta(days=ago))
        follow_rules(by=command_line(), at=clock.now())
        customer_id = int(str(shop.customer["id"]))
        keys = dict(all_keys())
        found = {keys[tag_id] for tag_id in tags_of([customer_id]).get(customer_id, ())}
        database.session.remove()
    assert ("behaviour/manufacturing__falling" in found) == is_late


def test_replies_to_makers_name_no_day_that_nobody_has_set(started: Callable[..., Flask]):
    app = started()
    with app.app_context():
        operations.enable_pack("manufacturing", by=command_line(), at=clock.now())
        declared = hooks.declared("register_canned_replies", "manufacturing")
        bodies = [text for one in declared for text in one.body.values()]
        database.session.remove()
    assert len(bodies) == 4
    assert [text for text in bodies if "{date}" in text or "…" not in text] == []


def test_hours_that_are_overdrawn_are_an_empty_meter(started: Callable[..., Flask]):
    trial = Trial("education", started())
    trial.switch(on=True)
    number = trial.add_customer({"education__hours_left": -6, "education__hours_total": 40})
    page = trial.client().get(f"/customers/{number}").text
    assert '<rect class="fg" width="0"' in page and "-6" in page


def test_what_follows_is_told_before_a_pack_is_on(started: Callable[..., Flask]):
    app = started()
    manager = SignIn(app)("manager", PASSWORD)
    page = " ".join(manager.get("/packs/retail").text.split())
    assert "<dt>Return or exchange</dt><dd>First response 30 working minutes, Resol" in page
    assert "<dt>Sleeping member</dt><dd>Last order before 180 days ago</dd>" in page
    assert "the first one is heard" not in page
    with app.app_context():
        for name in OURS:
            operations.enable_pack(name, by=command_line(), at=clock.now())
        names = hooks.enabled()
        database.session.remove()
    for name, ways in zip(names, (["down"], ["up", "down"], ["up"]), strict=True):
        page = manager.get(f"/packs/{name}").text
        assert [way for way in ("up", "down") if f"Put it further {way}" in page] == ways
    assert "Settings: Retail" in manager.get("/packs/retail/settings").text


def on(*names: str) -> None:
    for name in names:
        operations.enable_pack(name, by=command_line(), at=clock.now())


def test_our_own_files_are_read_as_they_are_written(started: Callable[..., Flask]):
    """Whatever packs are on, and by whatever headings they know their fields."""
    with started().test_request_context():
        on(*OURS)
        add({"kind": "company", "name": "苏州云杉机械有限公司"}, contacts=[])
        written = {"客户类别": "kind", "客户性质": "manufacturing__partner_type", "等级": "tier"}
        written |= {"会员等级": "retail__member_level", "会员号": "retail__member_no"}
        [row] = cells(exported("all", "csv", "zh"))
        found = {one.heading: one.target for one in guessed([*row])}
        assert {heading: found[heading] for heading in written} == written
        assert [heading for heading, target in found.items() if target is None] == ["风险提示"]
        database.session.remove()


def test_people_come_back_as_people_with_the_pack_of_makers_on(started: Callable[..., Flask]):
    with started().test_request_context():
        on("manufacturing")
        made = add({"kind": "person", "name": "韩雨桐", "lifecycle": "potential"}, contacts=[])
        file = exported("all", "csv", "zh")
        delete_customer(made["id"], by=command_line(), at=clock.now())
        imported(file)
        table = Customer.__table__
        kinds = select(table.c.kind).where(table.c.state == "active")
        assert database.session.execute(kinds).scalars().all() == ["person"]
        database.session.remove()


def moving(app: Flask, pack: str, **customer: str) -> tuple[FlaskClient, str]:
    """A manager before the life-cycle of a customer who was there before the pack was on."""
    number = add_for(app, "manager", **customer)
    with app.app_context():
        on(pack)
        database.session.remove()
    return SignIn(app)("manager", lang="en"), f"/customers/{number}/lifecycle"


@pytest.mark.parametrize(("pack", "kind", "field", "words"), GUARDED)
def test_becoming_active_asks_no_more_for_what_the_firm_has_stopped_asking_for(
    started: Callable[..., Flask], pack: str, kind: str, field: str, words: str
):
    app = started()
    client, here = moving(app, pack, kind=kind, lifecycle="interested", stage="negotiation")
    assert words in send(client, here, {"lifecycle": "active"}).text
    with app.app_context():
        line = next(one for one in lines_of("customer") if one.row.name == field)
        retire_field(line.id, by=command_line(), at=clock.now())
        database.session.remove()
    assert send(client, here, {"lifecycle": "active"}).status_code == 303


@pytest.mark.parametrize(("pack", "kind", "field", "words"), GUARDED)
def test_who_is_active_already_is_not_asked_what_becoming_active_asks(
    started: Callable[..., Flask], pack: str, kind: str, field: str, words: str
):
    app = started()
    client, here = moving(app, pack, kind=kind, lifecycle="active", stage="cooperating")
    assert words not in client.get(here).text
    assert send(client, here, {"lifecycle": "active"}).status_code == 303
