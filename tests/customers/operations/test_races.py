"""Two who write the same at the same moment: neither fails, and nothing is there twice."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from crmlite import clock
from crmlite.customers import operations as do
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.models import Customer, CustomerTag, Dimension, Tag
from crmlite.extensions import database
from crmlite.settings.operations import change_settings
from crmlite.work.actors import command_line
from tests.customers.operating import FIRM, added, done
from tests.work.at_once import at_once, meeting_at


def code_of(error: BaseException) -> Any:
    """Why it was refused, or whatever else went wrong."""
    return getattr(error, "code", error)


@pytest.fixture
def customer_id(app: Flask) -> int:
    """A customer."""
    with app.app_context():
        return int(added()["id"])


@pytest.fixture
def dimension_id(app: Flask) -> int:
    """The family of free tags."""
    with app.app_context():
        table = Dimension.__table__
        wanted = select(table.c.id).where(table.c.key == "free")
        return int(database.session.execute(wanted).scalar_one())


def test_one_tag_given_twice_is_there_once(app: Flask, customer_id: int, dimension_id: int) -> None:
    with app.app_context():
        tag_id = done(do.create_tag, dimension_id, "vip", {"en": "VIP"})

    def give(_number: int) -> None:
        done(do.set_tags, customer_id, [tag_id])

    with meeting_at(app, "INSERT INTO customer_tag"):
        assert at_once(app, give, 2) == []
    with app.app_context():
        links = CustomerTag.__table__
        wanted = select(links.c.tag_id).where(links.c.customer_id == customer_id)
        assert database.session.execute(wanted).scalars().all() == [tag_id]


def test_the_first_two_customers_of_a_day_get_two_numbers(app: Flask, customer_id: int) -> None:
    tomorrow = clock.now() + timedelta(days=1)
    with app.app_context():
        done(change_settings, {"number_scheme": "daily"})
    numbers: list[str] = []

    def add(_number: int) -> None:
        made = do.create_customer(CustomerDraft(values=FIRM), by=command_line(), at=tomorrow)
        numbers.append(made["number"][-3:])

    with meeting_at(app, "INSERT INTO number_series"):
        assert at_once(app, add, 2) == []
    assert sorted(numbers) == ["001", "002"]


def test_a_number_that_two_bring_goes_to_one_of_them(app: Flask, customer_id: int) -> None:
    def add(_number: int) -> None:
        done(do.create_customer, CustomerDraft(values=FIRM, number="X-7"))

    with meeting_at(app, "INSERT INTO customer "):
        failed = at_once(app, add, 2)
    assert [code_of(one) for one in failed] == ["number-taken"]
    with app.app_context():
        wanted = select(Customer.__table__.c.id).where(Customer.__table__.c.number == "X-7")
        assert len(database.session.execute(wanted).all()) == 1


def test_a_tag_that_two_invent_is_refused_to_one_of_them(app: Flask, dimension_id: int) -> None:
    def invent(_number: int) -> None:
        done(do.create_tag, dimension_id, "vip", {"en": "VIP"})

    with meeting_at(app, "INSERT INTO tag "):
        failed = at_once(app, invent, 2)
    assert [code_of(one) for one in failed] == ["tag-exists"]
    with app.app_context():
        wanted = select(Tag.__table__.c.id).where(Tag.__table__.c.key == "vip")
        assert len(database.session.execute(wanted).all()) == 1
