"""Rules put tags on and take them off; nobody sets such tags by hand."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, select

from crmlite import clock
from crmlite.access.readers import everything
from crmlite.customers import operations as do
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.models import CustomerTag, Tag
from crmlite.customers.operations.bulk import BulkChange
from crmlite.customers.operations.tag_rules import follow_rules
from crmlite.customers.queries import dimension_id, tags_of
from crmlite.customers.tags.rules import ALL as EVERY_NIGHT
from crmlite.customers.tags.rules import DUE, are_due, count_having, count_previewed, rules
from crmlite.extensions import database
from crmlite.followups.operations import InteractionDraft, log_interaction
from crmlite.jobs.models import Job
from crmlite.jobs.worker import Worker
from crmlite.rules.conditions import ME, All, Node, where
from crmlite.search.queries import find
from crmlite.work import Refused, undo
from crmlite.work.actors import command_line, job
from crmlite.work.ledger import ChangeRow, OperationRow
from tests.customers.operating import FIRM, added, done, without_computed_tags
from tests.customers.records import counted
from tests.work.at_once import at_once

LEEDS = All((where("region", "is", "Leeds"),))


@pytest.fixture(autouse=True)
def _own_rules_only(app: Flask) -> None:
    """A book in which only those tags are computed that a test is about."""
    with app.app_context():
        without_computed_tags()


def tag(key: str, dimension: int | None = None) -> int:
    """A tag of its own."""
    home = dimension or dimension_id("free")
    return int(done(do.create_tag, home, key, {"en": key.title(), "zh": key}))


def ruled(key: str, tree: Node, dimension: int | None = None) -> int:
    """A tag with a rule."""
    made = tag(key, dimension)
    done(do.set_rule, made, tree)
    return made


def follow() -> int:
    """What the rules change now."""
    return follow_rules(by=job(EVERY_NIGHT), at=clock.now())


def work(app: Flask) -> None:
    """What waits in the background, as a worker does it."""
    worker = Worker(app)
    while worker.step():
        pass


def has(customer_id: int) -> list[int]:
    database.session.rollback()
    return tags_of([customer_id])[customer_id]


def due() -> bool:
    database.session.rollback()
    return are_due()


def row(tag_id: int) -> object:
    table = Tag.__table__
    return database.session.execute(select(table).where(table.c.id == tag_id)).one()


def test_a_tag_is_put_on_and_taken_off_and_nothing_is_done_twice(inside: Flask) -> None:
    here, there = added(region="Leeds")["id"], added(region="York")["id"]
    local = ruled("local", LEEDS)
    assert follow() == 1 and has(here) == [local] and has(there) == []
    before = database.session.execute(select(OperationRow.__table__.c.id)).scalars().all()
    assert follow() == 0
    after = database.session.execute(select(OperationRow.__table__.c.id)).scalars().all()
    assert before == after
    assert [hit.record_id for hit in find(everything(), "Local")] == [here]
    done(do.update_customer, here, {"region": "York"})
    assert follow() == 1 and has(here) == []
    assert find(everything(), "Local") == []


def test_it_is_done_at_once_for_the_book_and_soon_after_a_change(inside: Flask) -> None:
    here = added(region="Leeds")["id"]
    local = ruled("local", LEEDS)
    work(inside)
    assert has(here) == [local]
    for region in ("York", "Hull"):
        done(do.update_customer, here, {"region": region})
    work(inside)
    assert has(here) == [] and not due()
    table = Job.__table__
    asked = select(table.c.state).where(table.c.kind == DUE)
    assert list(database.session.execute(asked).scalars()) == ["done"] * 2
    changed = select(OperationRow.__table__.c.source).where(
        OperationRow.__table__.c.name == "customers_tagged"
    )
    assert database.session.execute(changed).scalars().all() == ["job", "job"]


def test_a_talk_counts_too(inside: Flask) -> None:
    here = added()["id"]
    known = ruled("known", All((where("interactions", "at_least", 1),)))
    work(inside)
    assert has(here) == []
    draft = InteractionDraft(
        customer_id=here, kind="phone", content="They called.", occurred_at=clock.now()
    )
    done(log_interaction, draft)
    work(inside)
    assert has(here) == [known]


def test_a_change_that_began_before_the_rules_were_followed_is_followed_too(inside: Flask) -> None:
    here = added(region="Leeds")["id"]
    local = ruled("local", LEEDS)
    began = clock.now()
    done(do.update_customer, here, {"region": "York"})
    work(inside)
    do.update_customer(here, {"region": "Leeds"}, by=command_line(), at=began)
    work(inside)
    assert has(here) == [local]


def test_no_change_is_missed_by_those_who_follow_at_the_same_time(app: Flask) -> None:
    with app.app_context():
        here = added(region="Leeds")["id"]
        ruled("local", LEEDS)

    def write_or_follow(number: int) -> None:
        for region in ("York", "Leeds") * 5 + ("York",):
            if number:
                work(app)
            else:
                done(do.update_customer, here, {"region": region})

    assert at_once(app, write_or_follow, 3) == []
    # A job that found others writing for too long is tried again later.
    with app.app_context(), time_machine.travel(clock.now() + timedelta(hours=1)):
        work(app)
        assert has(here) == [] and not due()


def test_many_are_followed_in_batches_that_are_due_no_more(
    inside: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crmlite.customers.operations.tag_rules.BATCH", 2)
    local = ruled("local", LEEDS)
    work(inside)
    ids = [added(name=f"Firm {n}", region="Leeds")["id"] for n in range(5)]
    work(inside)
    assert [has(customer_id) for customer_id in ids] == [[local]] * 5
    done(do.change_many, ids, BulkChange(add_tags=frozenset({tag("own")})))
    assert due()
    work(inside)
    assert not due()


def test_nobody_sets_it_by_hand(inside: Flask) -> None:
    here, there = added(region="Leeds")["id"], added(region="York")["id"]
    local, own = ruled("local", LEEDS), tag("own")
    follow()
    for refused in (
        lambda: done(do.set_tags, there, [local]),
        lambda: done(do.change_many, [there], BulkChange(add_tags=frozenset({local}))),
        lambda: done(do.change_many, [here], BulkChange(remove_tags=frozenset({local}))),
        lambda: done(do.create_customer, CustomerDraft(values=FIRM, tags=[local])),
    ):
        with pytest.raises(Refused, match="tag-automatic"):
            refused()
    assert done(do.set_tags, here, [own])
    assert has(here) == sorted([local, own])
    assert done(do.set_tags, here, []) and has(here) == [local]


def test_a_rule_that_is_off_leaves_the_tag_to_people(inside: Flask) -> None:
    here = added(region="Leeds")["id"]
    local = ruled("local", LEEDS)
    follow()
    off = done(do.set_rule, local, LEEDS, on=False)
    done(do.update_customer, here, {"region": "York"})
    assert follow() == 0 and has(here) == [local]
    assert done(do.set_tags, here, [])
    done(do.update_customer, here, {"region": "Leeds"})
    assert follow() == 0
    undo(off, by=command_line(), at=clock.now())
    work(inside)
    assert has(here) == [local]
    done(do.retire_tag, local)
    done(do.update_customer, here, {"region": "York"})
    assert follow() == 0 and has(here) == [local]


def test_in_an_exclusive_dimension_it_gives_way_to_people_and_to_rules_before_it(
    inside: Flask,
) -> None:
    mood = done(do.create_dimension, {"en": "Mood", "zh": "态度"}, exclusive=True)
    cold = tag("cold", mood)
    here, chosen = added(region="Leeds")["id"], added(region="Leeds")["id"]
    second = ruled("second", LEEDS, mood)
    done(do.set_tags, chosen, [cold])
    follow()
    assert has(here) == [second] and has(chosen) == [cold]
    first = tag("first", mood)
    done(do.update_tag, first, {"position": -1})
    done(do.set_rule, first, LEEDS)
    follow()
    assert has(here) == [first] and has(chosen) == [cold]
    assert follow() == 0
    assert done(do.set_tags, here, [cold]) and has(here) == [cold]
    assert follow() == 0


def test_rules_that_ask_for_tags_of_rules_are_followed_in_order(inside: Flask) -> None:
    here = added(region="Leeds")["id"]
    second = tag("second")
    first = ruled("first", LEEDS)
    done(do.set_rule, second, All((where("tags", "has_any", "free/first"),)))
    assert follow() == 1 and has(here) == sorted([first, second])
    assert follow() == 0


def test_rules_of_themselves_of_nothing_and_of_me_are_refused(inside: Flask) -> None:
    first, second = tag("first"), tag("second")
    with pytest.raises(Refused, match="rule-circle"):
        done(do.set_rule, first, All((where("tags", "has_none", "free/first"),)))
    with pytest.raises(Refused, match="rule-circle"):
        done(do.set_rule, first, All((where("tags", "empty"),)))
    done(do.set_rule, first, All((where("tags", "has_any", "free/second"),)))
    with pytest.raises(Refused, match="rule-circle"):
        done(do.set_rule, second, All((where("tags", "has_any", "free/first"),)))
    assert row(second).rule is None  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="rule-empty"):
        done(do.set_rule, second, All())
    for tree in (where("owner", "is", ME), where("nonsense", "filled")):
        with pytest.raises(Refused, match="rule-unsound"):
            done(do.set_rule, second, All((tree,)))


def test_a_rule_that_cannot_be_asked_any_more_leaves_the_tag_where_it_is(inside: Flask) -> None:
    here = added(region="Leeds")["id"]
    gone = tag("gone")
    done(do.set_tags, here, [gone])
    local = ruled("local", All((where("tags", "has_any", "free/gone"),)))
    follow()
    done(do.set_tags, here, [])
    database.session.execute(delete(Tag.__table__).where(Tag.__table__.c.id == gone))
    database.session.commit()
    (rule,) = (rule for rule in rules() if rule.tag_id == local)
    assert [problem.code for problem in rule.problems] == ["rule_tag_gone"]
    assert follow() == 0 and has(here) == [local]


def test_what_would_change_is_counted(inside: Flask) -> None:
    for region in ("Leeds", "Leeds", "York"):
        added(region=region)
    local = ruled("local", LEEDS)
    wanted = select(Tag.__table__).where(Tag.__table__.c.id == local)
    row = dict(database.session.execute(wanted).mappings().one(), exclusive=False)
    assert (count_having(local), count_previewed(row, LEEDS, clock.now())) == (0, 2)
    follow()
    assert (count_having(local), count_previewed(row, LEEDS, clock.now())) == (2, 2)


def test_an_undo_takes_the_rule_away(inside: Flask) -> None:
    local = tag("local")
    made = done(do.set_rule, local, LEEDS)
    undo(made, by=command_line(), at=clock.now())
    assert row(local).rule is None and not row(local).rule_on  # type: ignore[attr-defined]
    assert local not in {rule.tag_id for rule in rules()}


def test_every_book_comes_with_two(inside: Flask) -> None:
    hot = added(lifecycle="interested")["id"]
    done(do.add_need, hot, {"goal": "A new line", "urgency": "high", "status": "open"})
    quiet = added(lifecycle="active")["id"]
    draft = InteractionDraft(
        customer_id=quiet,
        kind="phone",
        content="All is well.",
        occurred_at=clock.now() - timedelta(days=91),
    )
    done(log_interaction, draft)
    added(lifecycle="active")
    assert follow() == 2
    names = {rule.tag_id: rule.label["zh"] for rule in rules()}
    assert [names[one] for one in has(hot)] == ["高潜力"]
    assert [names[one] for one in has(quiet)] == ["低频"]


def test_a_write_costs_one_more_statement_at_most(inside: Flask) -> None:
    here = added(region="Leeds")["id"]
    with counted(inside) as with_rules:
        done(do.update_customer, here, {"region": "York"})
    for rule in rules():
        done(do.set_rule, rule.tag_id, None)
    database.session.rollback()
    with inside.app_context():
        done(do.update_customer, here, {"region": "Hull"})
        with counted(inside) as without:
            done(do.update_customer, here, {"region": "Bath"})
    assert len(with_rules.asked) <= len(without.asked) + 1


def test_two_workers_at_once_do_it_once(app: Flask) -> None:
    with app.app_context():
        ids = [added(name=f"Firm {n}", region="Leeds")["id"] for n in range(5)]
        local = ruled("local", LEEDS)
    assert at_once(app, lambda _number: follow(), 2) == []
    with app.app_context():
        assert all(has(customer_id) == [local] for customer_id in ids)
        links = CustomerTag.__table__
        assert len(database.session.execute(select(links.c.tag_id)).all()) == 5
        diffs = database.session.execute(select(ChangeRow.__table__.c.diff)).scalars()
        assert sum("tags" in diff for diff in diffs) == 5
