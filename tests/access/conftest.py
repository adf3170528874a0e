"""A book with customers of several owners, and every address of the application."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from crmlite import clock
from crmlite.access.gate import requirement
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.operations import create_customer
from crmlite.extensions import database
from crmlite.followups.operations import InteractionDraft, TaskDraft, log_interaction
from crmlite.sales.operations import LineDraft, OrderDraft, add_order
from crmlite.saved_views.operations import save_view
from crmlite.testing import person_id
from crmlite.work import Actor

EXAMPLES = {
    "kind": "customer",
    "what": "stage",
    "filename": "crmlite.css",
    "field": "region",
    "session_id": 999_999,
    "user_id": 999_999,
}


@dataclass(frozen=True)
class Address:
    """An address with its methods and the right that each asks for."""

    rule: str
    methods: frozenset[str]
    needs: dict[str, str | None]
    arguments: frozenset[str]

    def url(self, **known: Any) -> str:
        """The address with its variable parts filled in."""
        values = EXAMPLES | known
        return re.sub(
            r"<(?:[^:<>]+:)?(\w+)>", lambda match: str(values.get(match[1], 1)), self.rule
        )


def addresses(app: Flask) -> list[Address]:
    """All addresses of an application; one address may have a view per method."""
    found: dict[str, Address] = {}
    with app.app_context():
        for rule in app.url_map.iter_rules():
            methods = frozenset(rule.methods or ()) - {"HEAD", "OPTIONS"}
            needs = dict.fromkeys(methods, requirement(rule.endpoint))
            old = found.get(rule.rule)
            if old is not None:
                methods, needs = methods | old.methods, needs | old.needs
            arguments = frozenset(rule.arguments)
            found[rule.rule] = Address(rule.rule, methods, needs, arguments)
    return list(found.values())


def counted(app: Flask) -> dict[str, int]:
    """How many rows each table has, but for those that note looks and sessions."""
    with app.app_context():
        return {
            table.name: database.session.execute(
                select(func.count()).select_from(table)
            ).scalar_one()
            for table in database.metadata.sorted_tables
            if table.name not in ("viewing", "session", "throttle")
        }


@dataclass(frozen=True)
class Book:
    """Numbers of customers by owner, and what is secret about them."""

    of_sales: str
    of_sales2: str
    of_nobody: str
    secrets: tuple[str, ...]


SECRETS = {
    "mobile": "13912347788",
    "phone": "021-61234455",
    "email": "quietly.hidden@canary.example",
    "im": "canary_wechat_77",
}
# What those who deal with the customer should know, kept sealed nevertheless.
SEALED = {
    "address": "7 Quietwater Lane",
    "note": "Quietly leaves in spring",
    "goal": "A quiet line",
    "product": "Quietest of the range",
    "pain": "Unquiet neighbours",
    "expectations": "Quiet by June",
    "decision": "The quiet brother signs",
    "text": "Watch the quiet competitor",
    "remark": "By the quiet back door",
}
AMOUNT = 987654321  # minor units: 9,876,543.21


NEEDS = ("goal", "product", "pain", "expectations", "decision")


@pytest.fixture
def book(app: Flask) -> Book:
    """Three customers with everything on them."""
    with app.app_context():
        numbers = [_customer(login) for login in ("sales", "sales2", None)]
    shown = (*SECRETS.values(), "9,876,543", "9876543", "987654321")
    return Book(*numbers, secrets=shown)


def _customer(login: str | None) -> str:
    owner = person_id(login) if login else None
    by = Actor("person", login or "manager", owner or person_id("manager"))
    at = clock.now()
    made = create_customer(
        CustomerDraft(
            values={
                "kind": "company",
                "name": f"{(login or 'nobody').title()} Bearings Ltd",
                "owner_id": owner,
                "annual_amount": AMOUNT,
                "signed_amount": AMOUNT,
                "industry": "C35",
                "stage": "discovery",
                "address": SEALED["address"],
            },
            contacts=[{"name": "Ada Quiet", "note": SEALED["note"], **SECRETS}],
            needs=[{name: SEALED[name] for name in NEEDS} | {"urgency": "high"}],
            remarks=[{"text": SEALED["text"], "is_risk": True}],
        ),
        by=by,
        at=at,
    )
    draft = InteractionDraft(
        customer_id=made["id"],
        kind="phone",
        content="Talked about bearings.",
        occurred_at=at,
        next_step=TaskDraft(what="Call again", due_on=at.date()),
    )
    log_interaction(draft, by=by, at=at)
    order = OrderDraft(
        customer_id=made["id"],
        values={
            "ordered_on": at.date(),
            "status": "delivered",
            "remark": SEALED["remark"],
            "seller_id": owner,
        },
        lines=[LineDraft(name="Bearing", quantity=1000, price=AMOUNT)],
    )
    add_order(order, by=by, at=at)
    return str(made["number"])


@pytest.fixture
def view_of_sales(app: Flask) -> int:
    """A view that sales keeps for itself."""
    with app.app_context():
        by = Actor("person", "sales", person_id("sales"))
        return int(
            save_view("customers", "Mine", {"where": None}, shared=False, by=by, at=clock.now())
        )
