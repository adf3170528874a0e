"""The six computed tags: put on by what is recorded, by the thresholds of now, on each day anew."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from crmlite import clock
from crmlite.backups import recount
from crmlite.calendars.operations import DaysDraft, set_days
from crmlite.calendars.queries import memory
from crmlite.cases.operations import CaseDraft, delete_case, make_complaint, open_case
from crmlite.customers import operations as do
from crmlite.customers.models import Dimension, Facts, Tag
from crmlite.customers.operations.sliding import slide
from crmlite.customers.operations.tag_rules import follow_rules
from crmlite.customers.queries import tags_of
from crmlite.customers.tags.rules import ALL as EVERY_NIGHT
from crmlite.customers.tags.rules import rules
from crmlite.extensions import database
from crmlite.followups.operations import (
    InteractionDraft,
    delete_interaction,
    log_interaction,
    update_interaction,
)
from crmlite.jobs.models import Job
from crmlite.jobs.worker import Worker
from crmlite.rules.conditions import All, FromSetting, where
from crmlite.sales.operations import LineDraft, OrderDraft, add_order, delete_order, move_order
from crmlite.settings.operations import change_settings
from crmlite.work import Refused, undo
from crmlite.work.actors import command_line, job
from crmlite.work.ledger import ChangeRow
from tests.customers.operating import added, done, row_of

NOW = datetime(2026, 6, 3, 2, tzinfo=UTC)  # a Wednesday, 10 o'clock in Shanghai
TODAY = date(2026, 6, 3)
COMPUTED = (
    "response-speed",
    "deals",
    "complaint-record",
    "purchase-frequency",
    "spend",
    "buying-state",
)


@pytest.fixture(autouse=True)
def _on_a_wednesday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def at_night(day: date) -> int:
    """What the job of the night before a day does."""
    moment = datetime.combine(day, datetime.min.time(), UTC) - timedelta(hours=7)
    with time_machine.travel(moment, tick=False):
        slide(by=job(EVERY_NIGHT), at=clock.now())
        number = follow_rules(by=job(EVERY_NIGHT), at=clock.now())
        database.session.rollback()
        return number


def work(app: Flask) -> None:
    """What waits in the background."""
    worker = Worker(app)
    while worker.step():
        pass


def computed(customer_id: int) -> dict[str, str]:
    """The computed tags of a customer by their dimensions."""
    database.session.rollback()
    tags, dimensions = Tag.__table__, Dimension.__table__
    found = database.session.execute(
        select(dimensions.c.key, tags.c.key.label("tag"))
        .join(tags, tags.c.dimension_id == dimensions.c.id)
        .where(tags.c.id.in_(tags_of([customer_id])[customer_id]))
    )
    return {row.key: row.tag for row in found if row.key in COMPUTED}


def bought(
    customer_id: int, days_ago: int, amount: int = 1_000_00, status: str = "delivered"
) -> int:
    """An order that a customer placed so many days ago; answers its id."""
    draft = OrderDraft(
        customer_id=customer_id,
        values={"ordered_on": TODAY - timedelta(days=days_ago), "status": status},
        lines=[LineDraft(name="Pump", quantity=1000, price=amount)],
    )
    return int(done(add_order, draft)["id"])


def asked(
    customer_id: int,
    hours_ago: float,
    answered_after: float | None = None,
    *,
    direction: str = "out",
) -> int:
    """That we got in touch so many hours ago, answered so many hours later; answers its id."""
    at = clock.now() - timedelta(hours=hours_ago)
    came = None if answered_after is None else at + timedelta(hours=answered_after)
    draft = InteractionDraft(
        customer_id=customer_id,
        kind="email",
        content="A question",
        occurred_at=at,
        direction=direction,
        answered=came is not None,
        answered_at=came,
    )
    return int(done(log_interaction, draft)["id"])


def differing() -> list[str]:
    """What counting again finds wrong."""
    return [finding.text % finding.params for finding in recount.compare(True)]


def test_who_is_new_has_bought_and_complained_nothing_and_is_not_judged(inside: Flask) -> None:
    here = added()["id"]
    assert at_night(TODAY) == 1
    assert computed(here) == {"deals": "none", "complaint-record": "no", "buying-state": "not-yet"}
    assert at_night(TODAY) == 0


def test_it_comes_soon_after_what_it_follows_from(inside: Flask) -> None:
    here = added()["id"]
    bought(here, 3)
    asked(here, 50, 1)
    work(inside)
    assert computed(here) == {
        "response-speed": "fast",
        "deals": "few",
        "complaint-record": "no",
        "purchase-frequency": "low",
        "spend": "low",
        "buying-state": "buying",
    }


@pytest.mark.parametrize(
    ("days", "tag"),
    [((), "none"), ((1,), "few"), ((1, 2, 3), "few"), ((1, 2, 3, 4), "many")],
)
def test_the_number_of_deals(inside: Flask, days: tuple[int, ...], tag: str) -> None:
    here = added()["id"]
    for day in days:
        bought(here, day)
    bought(here, 1, status="draft")
    at_night(TODAY)
    assert computed(here)["deals"] == tag


def test_orders_that_do_not_count_any_more_are_no_deals(inside: Flask) -> None:
    here = added()["id"]
    cancelled, deleted = bought(here, 5, status="confirmed"), bought(here, 9)
    at_night(TODAY)
    assert computed(here)["deals"] == "few"
    done(move_order, cancelled, "cancelled")
    taken = done(delete_order, deleted)
    at_night(TODAY)
    assert computed(here)["deals"] == "none" and "spend" not in computed(here)
    undo(taken, by=command_line(), at=clock.now())
    at_night(TODAY)
    assert computed(here)["deals"] == "few"
    assert differing() == []


def test_only_complaints_are_a_complaint_record(inside: Flask) -> None:
    here = added()["id"]
    values = {"kind": "enquiry", "subject": "Price", "channel": "phone", "opened_at": clock.now()}
    case = done(open_case, CaseDraft(customer=here, values=values))["id"]
    at_night(TODAY)
    assert computed(here)["complaint-record"] == "no"
    done(make_complaint, case, "general")
    at_night(TODAY)
    assert computed(here)["complaint-record"] == "yes"
    assert row_of(here)["complaints"] == 1
    taken = done(delete_case, case)
    at_night(TODAY)
    assert computed(here)["complaint-record"] == "no"
    undo(taken, by=command_line(), at=clock.now())
    work(inside)
    assert computed(here)["complaint-record"] == "yes"
    assert differing() == []


@pytest.mark.parametrize(
    ("talks", "tag"),
    [
        pytest.param([(30, 2)], "fast", id="on the same day"),
        pytest.param([(120, 24)], "fast", id="on the next working day"),
        pytest.param([(144, 72)], "fast", id="on Monday what was asked on Friday"),
        pytest.param([(200, 48)], "normal", id="on the second working day"),
        pytest.param([(200, 48), (200, 1), (199, 1)], "fast", id="mostly at once"),
        pytest.param([(400, 168)], "slow", id="a week later"),
        pytest.param([(120, None)], "normal", id="no answer so far, and not long ago"),
        pytest.param([(240, None)], "slow", id="no answer at all"),
        pytest.param([(240, None), (48, 0)], "fast", id="an answer at last"),
    ],
)
def test_the_response_speed(
    inside: Flask, talks: list[tuple[float, float | None]], tag: str
) -> None:
    here = added()["id"]
    for hours_ago, answered_after in talks:
        asked(here, hours_ago, answered_after)
    at_night(TODAY)
    wanted = None if talks == [(120, None)] else tag
    assert computed(here).get("response-speed") == wanted
    assert differing() == []


def test_who_writes_to_us_was_not_asked(inside: Flask) -> None:
    here = added()["id"]
    asked(here, 400, 300, direction="in")
    at_night(TODAY)
    assert "response-speed" not in computed(here)
    assert row_of(here)["asked"] == 0


def test_a_contact_that_is_corrected_or_deleted_counts_as_it_is_now(inside: Flask) -> None:
    here = added()["id"]
    talk = asked(here, 400, 168)
    at_night(TODAY)
    assert computed(here)["response-speed"] == "slow"
    done(update_interaction, talk, {"answered_at": clock.now() - timedelta(hours=399)})
    at_night(TODAY)
    assert computed(here)["response-speed"] == "fast"
    done(delete_interaction, talk)
    at_night(TODAY)
    assert "response-speed" not in computed(here)


def test_the_days_change_the_response_speed(inside: Flask) -> None:
    here, there = added()["id"], added(name="Harlow Foods Ltd")["id"]
    asked(here, 24)
    asked(there, 30, 1)
    assert [row_of(one)["waiting_days"] for one in (here, there)] == [1, None]
    at_night(TODAY)
    assert "response-speed" not in computed(here)
    at_night(TODAY + timedelta(days=5))  # on Monday: Tuesday was the day, four days have passed
    assert computed(here)["response-speed"] == "slow"
    assert row_of(here)["waiting_days"] == 4
    at_night(TODAY + timedelta(days=181))
    assert "response-speed" not in computed(here)
    assert "response-speed" not in computed(there)
    assert row_of(here)["asked"] == row_of(there)["asked"] == 0


def test_the_days_change_how_often_and_how_much_was_bought(inside: Flask) -> None:
    here = added()["id"]
    for days_ago in (360, 300, 200, 100):
        bought(here, days_ago, 30_000_00)
    at_night(TODAY)
    now = computed(here)
    assert (now["purchase-frequency"], now["spend"]) == ("high", "high")
    assert (row_of(here)["orders_year"], row_of(here)["bought_year"]) == (4, 120_000_00)
    assert row_of(here)["orders_until"] == TODAY + timedelta(days=5)
    at_night(TODAY + timedelta(days=4))
    assert computed(here)["purchase-frequency"] == "high"
    at_night(TODAY + timedelta(days=5))
    now = computed(here)
    assert (now["purchase-frequency"], now["spend"], now["deals"]) == ("low", "low", "many")


@pytest.mark.parametrize(
    ("days", "tag"),
    [
        pytest.param((100, 70, 40, 10), "buying", id="in the usual interval"),
        pytest.param((160, 130, 100, 70, 61), "stopped", id="more than twice the usual interval"),
        pytest.param((150, 120, 90, 60), "buying", id="twice the usual interval"),
        pytest.param((38, 33, 28), "buying", id="not yet a month"),
        pytest.param((46, 41, 36), "stopped", id="more than a month"),
        pytest.param((200,), "buying", id="once, within a year"),
        pytest.param((366,), "stopped", id="once, more than a year ago"),
        pytest.param((365, 365), "buying", id="twice on one day"),
    ],
)
def test_the_buying_state(inside: Flask, days: tuple[int, ...], tag: str) -> None:
    here = added(lifecycle="active")["id"]
    for day in days:
        bought(here, day)
    at_night(TODAY)
    assert computed(here)["buying-state"] == tag
    assert row_of(here)["lifecycle"] == "active"


def test_the_days_stop_a_customer_from_buying_and_an_order_brings_it_back(inside: Flask) -> None:
    here = added()["id"]
    for days_ago in (80, 40, 0):
        bought(here, days_ago)
    for days, tag in ((80, "buying"), (81, "stopped")):
        at_night(TODAY + timedelta(days=days))
        assert computed(here)["buying-state"] == tag
    with time_machine.travel(NOW + timedelta(days=82), tick=False):
        bought(here, -82)
        work(inside)
        assert computed(here)["buying-state"] == "buying"


def test_a_threshold_that_is_changed_is_followed_for_the_whole_book(inside: Flask) -> None:
    here = added()["id"]
    bought(here, 3, 500_00)
    work(inside)
    assert computed(here)["spend"] == "low"
    changed = done(change_settings, {"high_spend": 400})
    work(inside)
    assert computed(here)["spend"] == "high"
    diffs = database.session.execute(
        select(ChangeRow.__table__.c.diff).where(ChangeRow.__table__.c.record_type == "setting")
    )
    assert [diff["value"] for diff in diffs.scalars()] == [[None, 400]]
    undo(changed, by=command_line(), at=clock.now())
    work(inside)
    assert computed(here)["spend"] == "low"


def test_only_settings_that_rules_compare_with_have_them_followed(inside: Flask) -> None:
    def waiting() -> int:
        table = Job.__table__
        due = table.c.run_at <= clock.now(), table.c.state == "ready"
        found = select(table.c.id).where(table.c.kind == EVERY_NIGHT, *due)
        return len(database.session.execute(found).all())

    work(inside)
    done(change_settings, {"order_prefix": "XX"})
    assert waiting() == 0
    done(change_settings, {"response_slow_days": 5})
    assert waiting() == 1
    work(inside)
    home = database.session.execute(select(Dimension.__table__.c.id)).scalars().first()
    assert home is not None
    for rule in rules():
        if rule.key.startswith("response-speed/"):
            done(do.set_rule, rule.tag_id, None)
    work(inside)
    done(change_settings, {"response_slow_days": 6})
    assert waiting() == 0


def test_a_rule_of_the_firm_may_compare_with_a_setting_too(inside: Flask) -> None:
    table = Dimension.__table__
    free = database.session.execute(select(table.c.id).where(table.c.key == "free")).scalar_one()
    mine = done(do.create_tag, free, "regular", {"en": "Regular", "zh": "常客"})
    done(do.set_rule, mine, All((where("orders", "at_least", FromSetting("frequent_orders")),)))
    with pytest.raises(Refused, match="rule-unsound"):
        done(do.set_rule, mine, All((where("orders", "at_least", FromSetting("gone")),)))


def test_what_the_days_have_changed_is_no_mistake_until_it_was_to_be_counted(inside: Flask) -> None:
    here = added()["id"]
    bought(here, 364)
    asked(here, 24)
    assert differing() == []
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        assert differing() == []
        slide(by=job(EVERY_NIGHT), at=clock.now())
        assert differing() == []
        facts = Facts.__table__
        database.session.execute(update(facts).values(orders_year=7, asked=9, complaints=2))
        database.session.commit()
        assert sorted(differing()) == [
            f"asked of customer {here} is 9 and should be 1.",
            f"complaints of customer {here} is 2 and should be 0.",
            f"orders_year of customer {here} is 7 and should be 0.",
        ]


def test_other_working_days_are_other_answers(inside: Flask) -> None:
    here = added()["id"]
    asked(here, 24 * 9, 24 * 2)  # from Monday to Wednesday
    assert row_of(here)["answer_days"] == 2
    tuesday = TODAY - timedelta(days=8)
    feast = DaysDraft(first=tuesday, last=tuesday, label={"en": "Feast"})
    done(set_days, memory().default.id, feast)
    work(inside)
    database.session.rollback()
    assert row_of(here)["answer_days"] == 1
    assert differing() == []
