"""A customer with a contact, and cases of theirs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from crmlite import clock
from crmlite.cases.models import Case, CaseFacts
from crmlite.cases.operations import CaseDraft, open_case
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.operations import create_customer
from crmlite.extensions import database
from crmlite.testing import csrf_token, person_id
from crmlite.work import Actor
from tests.followups.conftest import add_customer


class Desk:
    """Opens cases and tells how they stand; belongs inside an application context."""

    def __init__(self) -> None:
        owner = person_id("sales")
        made = create_customer(
            CustomerDraft(
                values={"kind": "company", "name": "Calder Bearings Ltd", "owner_id": owner},
                contacts=[{"name": "Ada Byron", "mobile": "13912340000"}],
            ),
            by=Actor("person", "sales", owner),
            at=clock.now(),
        )
        self.customer = made
        self.support = Actor("person", "support", person_id("support"))
        self.manager = Actor("person", "manager", person_id("manager"))

    def open(self, at: datetime | None = None, **values: Any) -> int:
        """A case that came in at a moment (None: now); answers its id."""
        now = at or clock.now()
        given = {"kind": "complaint", "subject": "Spindle noise", "channel": "phone", **values}
        draft = CaseDraft(
            customer=self.customer["id"],
            values={"opened_at": now, **given},
            said="It grinds since Monday.",
        )
        return int(open_case(draft, by=self.support, at=now)["id"])

    def case(self, case_id: int) -> Mapping[str, Any]:
        """A case with its facts."""
        cases, facts = Case.__table__, CaseFacts.__table__
        wanted = (
            select(cases, *(c for c in facts.c if c.name not in cases.c))
            .select_from(cases.outerjoin(facts, facts.c.case_id == cases.c.id))
            .where(cases.c.id == case_id)
        )
        return database.session.execute(wanted).mappings().one()


class Held:
    """A hold that nobody takes away."""

    def renew(self) -> None:
        """Nothing to do."""


def sent(client: FlaskClient, url: str, **data: str) -> Any:
    """A form as a browser sends it."""
    return client.post(url, data={"csrf_token": csrf_token(client, "/profile"), **data})


@pytest.fixture
def case(app: Flask) -> dict[str, object]:
    """A case of a customer of sales."""
    with app.app_context():
        customer = add_customer("sales", "Calder Bearings Ltd")
        values = {
            "kind": "complaint",
            "subject": "Noise",
            "channel": "phone",
            "opened_at": clock.now(),
        }
        by = Actor("person", "support", person_id("support"))
        return open_case(CaseDraft(customer=customer["id"], values=values), by=by, at=clock.now())


def stored(app: Flask, number: str = "K0001") -> Any:
    """A case as it is stored."""
    with app.app_context():
        table = Case.__table__
        return (
            database.session.execute(select(table).where(table.c.number == number)).mappings().one()
        )


@pytest.fixture
def desk(inside: Flask) -> Desk:
    """The desk on which cases come in."""
    return Desk()
