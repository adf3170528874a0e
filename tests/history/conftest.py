"""A customer with a past, and people who look at it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from crmlite.access import Reader
from crmlite.accounts.models import User
from crmlite.accounts.roster import roster
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.models import Contact, Customer
from crmlite.customers.operations.contacts import add_contact, delete_contact, update_contact
from crmlite.customers.operations.customers import (
    create_customer,
    delete_customer,
    update_customer,
)
from crmlite.extensions import database
from crmlite.testing import PEOPLE, csrf_token, person_id
from crmlite.work import Actor

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
CANARY = "13812345678"
OLD_CANARY = "13700001234"


@dataclass
class Past:
    """A customer of sales, and its people; what is done to it takes a minute each."""

    customer_id: int
    number: str
    contact_id: int
    at: datetime = AT

    def actor(self, login: str) -> Actor:
        return Actor("person", PEOPLE[login][0], person_id(login))

    def when(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at

    def change(self, login: str = "sales", **values: Any) -> int:
        return update_customer(
            self.customer_id, values, by=self.actor(login), at=self.when(), source="web"
        )

    def change_contact(self, login: str = "sales", **values: Any) -> int:
        return update_contact(
            self.contact_id, values, by=self.actor(login), at=self.when(), source="web"
        )

    def add_contact(self, login: str = "sales", **values: Any) -> int:
        by = self.actor(login)
        return int(add_contact(self.customer_id, values, by=by, at=self.when(), source="web"))

    def delete_contact(self, contact_id: int, login: str = "sales") -> int:
        return delete_contact(contact_id, by=self.actor(login), at=self.when(), source="web")

    def delete(self, login: str = "sales") -> int:
        by = self.actor(login)
        return delete_customer(self.customer_id, by=by, at=self.when(), source="web")

    def value(self, column: str) -> Any:
        return value(Customer, self.customer_id, column)

    def contact_value(self, column: str) -> Any:
        return value(Contact, self.contact_id, column)


def value(model: Any, record_id: int, column: str) -> Any:
    """What the database has now."""
    database.session.rollback()
    table = model.__table__
    return database.session.execute(
        select(table.c[column]).where(table.c.id == record_id)
    ).scalar_one()


def make_past(owner: str = "sales", name: str = "Riverton New Energy Ltd") -> Past:
    """Add a customer that belongs to somebody."""
    draft = CustomerDraft(
        values={"kind": "company", "name": name, "owner_id": person_id(owner)},
        contacts=[{"name": "Claire Harlow", "title": "Buyer", "mobile": OLD_CANARY}],
    )
    by = Actor("person", PEOPLE[owner][0], person_id(owner))
    made = create_customer(draft, by=by, at=AT, source="web")
    table = Contact.__table__
    contact_id = database.session.execute(
        select(table.c.id).where(table.c.customer_id == made["id"])
    ).scalar_one()
    return Past(made["id"], made["number"], contact_id)


@pytest.fixture
def past(app: Flask) -> Past:
    """A customer of sales."""
    with app.app_context():
        return make_past()


@pytest.fixture
def inside_request(app: Flask) -> Iterator[Flask]:
    """A request in English is under way."""
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield app


@pytest.fixture
def reader() -> Callable[[str], Reader]:
    """The reader that somebody is: `reader("support")`."""

    def of(login: str) -> Reader:
        table = User.__table__
        row = database.session.execute(select(table).where(table.c.login == login)).one()
        everyone = roster()
        return Reader(
            user_id=row.id,
            login=login,
            name=row.name,
            grants=everyone.roles[row.role_id].grants,
            mates=everyone.mates(row.id),
        )

    return of


@pytest.fixture
def statements() -> Callable[[], Any]:
    """Counts what is asked of the database: `with statements() as asked: …; len(asked)`."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        asked: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            if not statement.startswith("BEGIN"):
                asked.append(statement)

        event.listen(database.engine, "before_cursor_execute", note)
        try:
            yield asked
        finally:
            event.remove(database.engine, "before_cursor_execute", note)

    return counting


@pytest.fixture
def send() -> Callable[..., TestResponse]:
    """Sends a form with its token, coming from a page: `send(client, url, back="/trash")`."""

    def post(
        client: FlaskClient, address: str, *, back: str = "", htmx: bool = False, **data: Any
    ) -> TestResponse:
        headers = {}
        if back:
            headers["Referer"] = f"http://localhost{back}"
        if htmx:
            headers |= {"HX-Request": "true", "HX-Current-URL": f"http://localhost{back}"}
        token = csrf_token(client, "/profile/password")
        return client.post(address, data={"csrf_token": token, **data}, headers=headers)

    return post
