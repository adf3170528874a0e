"""The nights of the ladder: who is warned, made dormant, asked about, archived, and how one comes back."""

import random
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import insert, select, update

from crmlite import clock, settings
from crmlite.access.readers import everything
from crmlite.accounts.operations import disable_user
from crmlite.cases.operations import CaseDraft, open_case
from crmlite.customers.models import Customer, Facts, Need
from crmlite.customers.operations import archive_customer, update_customer
from crmlite.dormancy.ladder_sql import due
from crmlite.dormancy.models import CleanupLine, Dormancy
from crmlite.dormancy.operations import (
    KIND,
    archive_listed,
    keep_listed,
    reactivate,
    set_terms,
)
from crmlite.dormancy.queries import counted, listed_ids
from crmlite.extensions import database
from crmlite.followups.models import Task
from crmlite.followups.operations import InteractionDraft, log_interaction
from crmlite.jobs.operations import request_run
from crmlite.jobs.queue import claim
from crmlite.jobs.running import do
from crmlite.notifications.models import Notification
from crmlite.rules.dormancy import STEPS, Known, Terms, steps, terms_of
from crmlite.rules.periods import quarter
from crmlite.testing import person_id
from crmlite.work import Actor, undo
from crmlite.work.actors import command_line
from crmlite.work.ledger import ChangeRow, OperationRow
from tests.customers.records import add

CUSTOMERS, FACTS, NOTED = Customer.__table__, Facts.__table__, Dormancy.__table__
TASKS, LINES, NEEDS = Task.__table__, CleanupLine.__table__, Need.__table__


def today() -> date:
    return settings.local_day(clock.now())


def customer(app: Flask, *, heard: int | None = None, owner: str = "sales", **values: Any) -> int:
    """A customer of whom something was heard so many days ago, known for years."""
    number = add(app, owner, **values)
    with app.app_context():
        wanted = select(CUSTOMERS.c.id).where(CUSTOMERS.c.number == number)
        customer_id = int(database.session.execute(wanted).scalar_one())
        long_ago = {"created_at": clock.now() - timedelta(days=3000), "first_contact_on": None}
        database.session.execute(
            update(CUSTOMERS).where(CUSTOMERS.c.id == customer_id).values(long_ago)
        )
        database.session.commit()
        if heard is not None:
            talk(customer_id, heard)
    return customer_id


def talk(customer_id: int, days: int, *, answered: bool = True) -> None:
    log_interaction(
        InteractionDraft(
            customer_id=customer_id,
            kind="phone",
            content="A talk",
            occurred_at=clock.now() - timedelta(days=days),
            answered=answered,
        ),
        by=Actor("person", "sales", person_id("sales")),
        at=clock.now(),
    )


def night(app: Flask) -> None:
    """Do the night's work as the worker does."""
    with app.app_context():
        request_run(KIND, by=command_line(), at=clock.now())
        while (claimed := claim("test:1:x", clock.now())) is not None:
            assert do(claimed), claimed.kind.name


def row(app: Flask, customer_id: int) -> Mapping[str, Any]:
    with app.app_context():
        wanted = select(CUSTOMERS).where(CUSTOMERS.c.id == customer_id)
        return dict(database.session.execute(wanted).mappings().one())


def told(app: Flask, login: str, kind: str) -> list[Mapping[str, Any]]:
    table = Notification.__table__
    with app.app_context():
        wanted = select(table.c.params).where(
            table.c.user_id == person_id(login), table.c.kind == kind
        )
        return list(database.session.execute(wanted.order_by(table.c.id)).scalars())


def open_tasks(app: Flask, customer_id: int, code: str) -> list[Mapping[str, Any]]:
    with app.app_context():
        wanted = select(TASKS).where(
            TASKS.c.customer_id == customer_id, TASKS.c.status == "open", TASKS.c.state == "active"
        )
        found = database.session.execute(wanted.order_by(TASKS.c.due_on)).mappings()
        return [dict(one) for one in found if (one["reason"] or {}).get("code") == code]


def test_an_owner_is_warned_once_for_each_silence(app: Flask) -> None:
    one, two = customer(app, heard=70), customer(app, heard=90)
    customer(app, heard=10)
    night(app)
    assert [params["count"] for params in told(app, "sales", "customers-quiet")] == [2]
    night(app)
    assert len(told(app, "sales", "customers-quiet")) == 1
    with app.app_context():
        talk(one, 65)
    night(app)  # warned since then already
    assert len(told(app, "sales", "customers-quiet")) == 1
    with app.app_context():
        talk(two, 0, answered=False)  # nobody answered: no real contact
        earlier = clock.now() - timedelta(days=80)
        database.session.execute(
            update(NOTED).where(NOTED.c.customer_id == one).values(warned_at=earlier)
        )
        database.session.commit()
    night(app)  # silent anew since the talk
    assert told(app, "sales", "customers-quiet")[1:] == [{"count": 1, "customer": one}]


def test_whoever_comes_after_an_owner_who_left_is_warned_and_asked(app: Flask) -> None:
    quiet = customer(app, heard=70, owner="sales2")
    end = today_in(app) - timedelta(days=40)
    over = customer(app, heard=50, owner="sales2", lifecycle="active", contract_ends_on=end)
    with app.app_context():
        disable_user(person_id("sales2"), by=command_line(), at=clock.now())
    night(app)
    assert open_tasks(app, over, "cooperation-ended") == []
    with app.app_context():
        owner = person_id("sales")
        for one in (quiet, over):
            update_customer(one, {"owner_id": owner}, by=command_line(), at=clock.now())
    night(app)
    assert told(app, "sales", "customers-quiet") == [{"count": 1, "customer": quiet}]
    [task] = open_tasks(app, over, "cooperation-ended")
    assert task["assignee_id"] == owner


def test_who_is_silent_for_half_a_year_becomes_dormant_by_the_rule(app: Flask) -> None:
    one, other = customer(app, heard=190, lifecycle="active"), customer(app, heard=180)
    night(app)
    assert row(app, one)["lifecycle"] == "dormant" and row(app, other)["lifecycle"] != "dormant"
    with app.app_context():
        operations, changes = OperationRow.__table__, ChangeRow.__table__
        found = database.session.execute(
            select(operations.c.id, operations.c.source, changes.c.diff)
            .join(changes, changes.c.operation_id == operations.c.id)
            .where(operations.c.name == "customers_rested")
        ).one()
        assert found.source == "job" and found.diff["lifecycle"] == ["active", "dormant"]
        assert undo(found.id, by=command_line(), at=clock.now()).restored == 1
    night(app)  # who was brought back by hand is not sent down again at once
    assert row(app, one)["lifecycle"] == "active"


def test_each_tier_goes_by_its_own_terms(app: Flask) -> None:
    core, normal = customer(app, heard=40, tier="core"), customer(app, heard=40, tier="normal")
    with app.app_context():
        set_terms("core", Terms(warn=14, rest=30), by=command_line(), at=clock.now())
    night(app)
    assert row(app, core)["lifecycle"] == "dormant" and row(app, normal)["lifecycle"] != "dormant"


def test_the_end_of_a_cooperation_is_asked_about_once(app: Flask) -> None:
    end = today_in(app) - timedelta(days=40)
    one = customer(app, heard=50, lifecycle="active", contract_ends_on=end)
    after = customer(app, heard=20, lifecycle="active", contract_ends_on=end)
    night(app)
    night(app)
    [task] = open_tasks(app, one, "cooperation-ended")
    with app.app_context():
        assert task["assignee_id"] == person_id("sales")
    assert open_tasks(app, after, "cooperation-ended") == []
    assert row(app, one)["lifecycle"] == "active"  # lost asks for a reason, which people know


def test_who_rests_for_a_year_is_archived_unless_something_is_left(app: Flask) -> None:
    one = customer(app, heard=370, lifecycle="dormant")
    wanting = customer(app, heard=370, lifecycle="dormant", needs=({"urgency": "low"},))
    asking = customer(app, heard=370, lifecycle="dormant")
    awake = customer(app, heard=370, lifecycle="active")
    with app.app_context():
        support = Actor("person", "support", person_id("support"))
        draft = CaseDraft(
            customer=asking,
            values={
                "kind": "complaint",
                "subject": "Noise",
                "channel": "phone",
                "opened_at": clock.now(),
            },
            said="It is loud.",
        )
        open_case(draft, by=support, at=clock.now())
    night(app)
    assert row(app, one)["state"] == "archived"
    assert {row(app, other)["state"] for other in (wanting, asking, awake)} == {"active"}
    night(app)  # made dormant this night: somebody has a month to act
    assert row(app, awake)["lifecycle"] == "dormant" and row(app, awake)["state"] == "active"


def test_each_quarter_dormant_and_lost_ones_are_listed_and_confirmed(app: Flask) -> None:
    resting = [
        customer(app, heard=200, lifecycle="dormant"),
        customer(app, heard=30, lifecycle="lost", lost_reason="price"),
        customer(app, heard=210, lifecycle="dormant"),
    ]
    customer(app, heard=3)
    night(app)
    night(app)
    assert len(told(app, "manager", "cleanup-list")) == 1
    assert told(app, "sales", "cleanup-list") == []
    with app.app_context():
        name, reader, manager = quarter(today()), everything(), person_id("manager")
        by = Actor("person", "manager", manager)
        assert listed_ids(name, reader, 10) == resting
        kept = keep_listed(name, resting[:1], by=by, at=clock.now())
        assert listed_ids(name, reader, 10) == resting[1:]
        done = archive_listed(resting[1:], by=by, at=clock.now())
        assert done.number == 2 and listed_ids(name, reader, 10) == []
        undo(done.operation, by=by, at=clock.now())
        undo(kept, by=by, at=clock.now())
        assert counted(name, reader, today())["cleanup"] == 3


def test_one_action_brings_back_and_begins_the_plan(app: Flask) -> None:
    one = customer(app, heard=800, lifecycle="dormant")
    with app.app_context():
        archive_customer(one, by=command_line(), at=clock.now())
        by = Actor("person", "manager", person_id("manager"))
        done = reactivate(one, by=by, at=clock.now())
        assert done and reactivate(one, by=by, at=clock.now()) == 0
    plan = open_tasks(app, one, "reactivation")
    assert [(step["due_on"] - today_in(app)).days for step in plan] == [1, 14, 30]
    night(app)
    assert row(app, one)["state"] == "active"  # it counts anew from the day it came back
    with app.app_context():
        undo(done, by=by, at=clock.now())
    assert row(app, one)["state"] == "archived" and open_tasks(app, one, "reactivation") == []


def test_who_brings_one_back_whose_owner_left_has_the_plan(app: Flask) -> None:
    one = customer(app, heard=800, lifecycle="dormant", owner="sales2")
    with app.app_context():
        archive_customer(one, by=command_line(), at=clock.now())
        disable_user(person_id("sales2"), by=command_line(), at=clock.now())
        manager = person_id("manager")
        reactivate(one, by=Actor("person", "manager", manager), at=clock.now())
    plan = open_tasks(app, one, "reactivation")
    assert [step["assignee_id"] for step in plan] == [manager] * 3


def test_sql_finds_the_same_as_the_rule(app: Flask) -> None:
    """Some hundred customers of all sorts, with days around those at which steps come."""
    picked = random.Random(17)
    near = [
        None,
        0,
        13,
        14,
        15,
        29,
        30,
        31,
        59,
        60,
        61,
        119,
        120,
        182,
        183,
        184,
        364,
        365,
        366,
        800,
    ]
    numbers = [add(app, "sales") for _ in range(4)]
    with app.app_context():
        own = Terms(warn=14, rest=30, ask=None, archive=120)
        set_terms("core", own, by=command_line(), at=clock.now())
        by_tier = {"": Terms(), "core": own}
        session, day = database.session, today()
        template = dict(
            session.execute(select(CUSTOMERS).where(CUSTOMERS.c.number == numbers[0]))
            .mappings().one()
        )  # fmt: skip
        expected: dict[int, frozenset[str]] = {}
        rows, facts, noted = [], [], []
        for at in range(400):
            customer_id = 10_000 + at

            def some() -> date | None:
                days = picked.choice(near)
                return None if days is None else day - timedelta(days=days)

            tier = picked.choice([None, "core", "normal"])
            known_on = some() or day - timedelta(days=900)
            known = Known(
                lifecycle=picked.choice(
                    ["potential", "interested", "active", "active", "lost", "dormant", "own"]
                ),
                known_on=known_on,
                talked_on=some(),
                owned=picked.random() < 0.8,
                warned=picked.random() < 0.3,
                ordered_on=some() if picked.random() < 0.4 else None,
                open_needs=picked.random() < 0.2,
                ends_on=some() if picked.random() < 0.6 else None,
                asked_for=some() if picked.random() < 0.2 else None,
                rested_on=some() if picked.random() < 0.3 else None,
                kept_on=some() if picked.random() < 0.2 else None,
            )
            expected[customer_id] = steps(known, terms_of(tier, by_tier), day)
            rows.append({
                **template, "id": customer_id, "uid": f"u{customer_id}", "number": f"X{customer_id}",
                "address": None, "extra": None, "tier": tier, "lifecycle": known.lifecycle,
                "created_at": noon(known_on), "first_contact_on": picked.choice([None, known_on]),
                "owner_id": template["owner_id"] if known.owned else None,
                "contract_ends_on": known.ends_on,
            })  # fmt: skip
            facts.append({
                "customer_id": customer_id, "last_order_on": known.ordered_on,
                "last_contact_at": noon(known.talked_on), "open_needs": int(known.open_needs),
            })  # fmt: skip
            warned = noon(known.heard_on) + timedelta(hours=1 if known.warned else -1)
            noted.append({
                "customer_id": customer_id, "warned_at": warned,
                "rested_at": noon(known.rested_on), "kept_at": noon(known.kept_on),
                "asked_for": known.asked_for,
            })  # fmt: skip
        session.execute(insert(CUSTOMERS), rows)
        session.execute(insert(FACTS), facts)
        session.execute(insert(NOTED), noted)
        session.flush()
        for step in STEPS:
            found = set(session.execute(due(step, (CUSTOMERS.c.id,), day)).scalars())
            assert found & set(expected) == {i for i, one in expected.items() if step in one}, step
        assert {step for one in expected.values() for step in one} == set(STEPS)
        session.rollback()


def noon(day: date | None) -> Any:
    """Noon of a day at the firm."""
    if day is None:
        return None
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(settings.get("timezone")))


def today_in(app: Flask) -> date:
    with app.app_context():
        return today()
