"""Customers in the search box: what fits is said where the name does not say it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from crmlite import clock
from crmlite.customers.models import Customer, Dimension
from crmlite.customers.operations import create_tag, set_tags
from crmlite.extensions import database
from crmlite.testing import SignIn
from crmlite.work.actors import command_line
from tests.customers.records import HTMX, add

HOTEL = "临安云栖酒店有限公司"
PERSON = {"name": "席雅文", "mobile": "13812345678", "email": "xi.yawen@yunqi.example"}


@pytest.fixture
def client(app: Flask, sign_in: SignIn) -> FlaskClient:
    number = add(app, "sales", name=HOTEL, region="临安", contacts=[PERSON], aliases=["OLD-77"])
    with app.app_context():
        by, at = command_line(), clock.now()
        free = database.session.execute(
            database.select(Dimension.id).where(Dimension.key == "free")
        ).scalar_one()
        tag = create_tag(free, "spa", {"en": "Spa", "zh": "水疗"}, by=by, at=at)
        found = database.select(Customer.id).where(Customer.number == number)
        set_tags(database.session.execute(found).scalar_one(), [tag], by=by, at=at)
        database.session.remove()
    return sign_in("sales")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("xyw", "Contact: 席雅文"),
        ("雅文", "Contact: 席雅文"),
        ("云栖 席", "Contact: 席雅文"),
        ("13812345678", "Phone: 席雅文"),
        ("5678", "Phone: 席雅文"),
        ("yunqi.example", "E-mail: 席雅文"),
        ("水疗", "Tag: 水疗"),
        ("old-77", "Earlier number: OLD-77"),
    ],
)
def test_what_fits_is_said(client: FlaskClient, typed: str, why: str) -> None:
    for url in ("/search", "/palette"):
        page = client.get(url, query_string={"q": typed}, headers=HTMX).text
        assert HOTEL in page and why in page, url
        assert "13812345678" not in page.replace(f'value="{typed}"', "").replace(f"q={typed}", "")


@pytest.mark.parametrize("typed", ["云栖", "yunqi", "yqjd", "C001", "临安云栖酒店"])
def test_a_name_or_number_speaks_for_itself(client: FlaskClient, typed: str) -> None:
    page = client.get("/search", query_string={"q": typed}, headers=HTMX).text
    assert HOTEL in page
    for words in ("Contact:", "Phone:", "E-mail:", "Tag:", "Region:"):
        assert words not in page


def test_nothing_is_said_of_what_is_out_of_sight(client: FlaskClient, sign_in: SignIn) -> None:
    page = sign_in("sales2").get("/search?q=xyw", headers=HTMX).text
    assert "席雅文" not in page and HOTEL not in page
