"""Many customers at once: what is worked out before they are written is what follows from them."""

from datetime import date
from operator import itemgetter
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from crmlite import clock
from crmlite.customers import operations as do
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.following import follow
from crmlite.customers.models import Contact, ContactKey, Customer, Dimension, Facts
from crmlite.customers.operations.adding import add_customers
from crmlite.customers.queries import needs_of
from crmlite.extensions import database
from crmlite.search.models import SearchDoc
from crmlite.settings.queries import local_day
from crmlite.work import Refused, operation
from tests.customers.operating import done

COMPANY = {"kind": "company", "lifecycle": "potential"}


@operation("customers_added")
def add(drafts: Any, *, by: Any, at: Any) -> list[int]:
    return [one.id for one in add_customers(drafts, by=by, at=at)]


@operation("customers_followed")
def follow_again(ids: Any, *, by: Any, at: Any) -> None:
    follow(ids)


def firms(*names: str, **more: Any) -> list[CustomerDraft]:
    return [CustomerDraft(values={**COMPANY, "name": name}, **more) for name in names]


def derived() -> dict[str, list[Any]]:
    """Everything in the book that follows from something else."""
    facts, docs = Facts.__table__, SearchDoc.__table__
    wanted = {
        "facts": select(*(c for c in facts.c if c.name != "rules_due")).order_by(
            facts.c.customer_id
        ),
        "search": select(docs.c.record_id, docs.c.title, docs.c.body, docs.c.scope).order_by(
            docs.c.record_id
        ),
        "names": select(Customer.name_sort, Customer.name_key).order_by(Customer.id),
        "people": select(Contact.name_sort, Contact.is_primary).order_by(Contact.id),
        "keys": select(ContactKey.contact_id, ContactKey.purpose, ContactKey.hash).order_by(
            ContactKey.contact_id, ContactKey.purpose
        ),
    }
    return {
        name: [tuple(map(str, row)) for row in database.session.execute(statement)]
        for name, statement in wanted.items()
    }


def test_all_that_follows_is_there_at_once(inside: Flask) -> None:
    dimension = database.session.execute(select(Dimension.id).order_by(Dimension.id)).scalars()
    tag = done(do.create_tag, dimension.first(), "key-project", {"en": "Key project", "zh": "重点"})
    values = {**COMPANY, "name": "苏州云杉精密机械有限公司", "region": "苏州", "industry": "C35"}
    drafts = [
        CustomerDraft(
            values=values,
            contacts=[
                {"name": "单雄信", "mobile": "13800000001", "email": "S@Yunshan.example"},
                {"name": "Anna", "phone": "+49 40 0000007", "im": "anna_7", "is_primary": True},
            ],
            needs=[
                {"goal": "扩产", "urgency": "low", "budget": "under-100k"},
                {"goal": "降本", "urgency": "high", "core_need": "cost", "status": "proposed"},
                {"goal": "old", "urgency": "high", "status": "landed"},
            ],
            remarks=[{"text": "a"}, {"text": "b", "is_risk": True}],
            aliases=["OLD-7"],
            tags=[tag],
        ),
        CustomerDraft(values={"name": "李娜", "kind": "person", "birthday": date(1990, 5, 1)}),
        *firms("Calder Bearings Ltd"),
    ]
    ids = done(add, drafts)
    before = derived()
    assert len(before["keys"]) == 8
    assert len(before["search"]) == 3
    done(follow_again, ids)
    assert derived() == before


def test_a_need_that_comes_closed_has_a_closing_day(inside: Flask) -> None:
    day = date(2026, 3, 4)
    needs = [{"status": "landed"}, {"status": "dropped", "closed_on": day}, {"status": "open"}]
    [firm] = done(add, firms("a", needs=[*needs, {"goal": "Line 2"}]))
    found = [need["closed_on"] for need in sorted(needs_of(firm), key=itemgetter("id"))]
    assert found == [local_day(clock.now()), day, None, None]


def test_own_numbers_and_new_ones_never_meet(inside: Flask) -> None:
    mixed = [*firms("a"), *firms("b", number="C001"), *firms("c"), *firms("d", number="C004")]
    done(add, mixed)
    given = database.session.execute(select(Customer.number).order_by(Customer.id)).scalars().all()
    assert given == ["C005", "C001", "C006", "C004"]


@pytest.mark.parametrize("second", ["X-1", "x y", "new"])
def test_a_number_that_cannot_be_given_adds_nobody(inside: Flask, second: str) -> None:
    drafts = [*firms("a", number="X-1"), *firms("b", number=second)]
    with pytest.raises(Refused):
        done(add, drafts)
    assert database.session.execute(select(Customer.id)).first() is None
