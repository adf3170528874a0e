"""What people may not see stands nowhere that they can reach."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from itertools import product
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import select
from time_machine import travel
from werkzeug.exceptions import NotFound

from crmlite import clock
from crmlite.access.sensitive import ViewingRow, note_viewing
from crmlite.customers.models import Contact
from crmlite.exports.wanted import FORMATS, LAYOUTS, PLAN
from crmlite.extensions import database
from crmlite.testing import SignIn, csrf_token
from tests.access.conftest import SEALED, SECRETS, Book, addresses
from tests.applications import Employ
from tests.customers.records import form_on
from tests.figures import told

EXPORT = "/customers/export"  # what it gives away is looked at by itself
QUERIES = (
    "",
    "?sort=annual_amount",
    "?sort=-annual_amount",
    "?w=annual_amount~at_least~987654000",
    "?w=signed_amount~above~1",
    "?w=phone~ends~7788",
    "?columns=name,annual_amount,signed_amount,phone,email,im,address,team,owner",
    "?columns=name,phone&sort=-phone",
    "?columns=name,bought,average_order&sort=-bought",
    "?w=bought~at_least~987654000",
)


def places(app: Flask, book: Book) -> list[str]:
    """Every address that answers a GET, for each customer, as page and as part."""
    found = []
    for one in addresses(app):
        if "GET" not in one.methods or one.rule.startswith("/static"):
            continue
        numbers = (book.of_sales, book.of_sales2, book.of_nobody)
        if one.rule.startswith("/orders"):
            numbers = ("SO0001", "SO0002", "SO0003")
        found += {one.url(number=number, name="orders") for number in numbers}
        if one.rule.startswith("/customers") and not one.arguments and one.rule != EXPORT:
            found += [one.rule + query for query in QUERIES]
        if "number" in one.arguments and "field" in one.arguments:
            found += [
                one.url(number=book.of_nobody, field=name)
                for name in ("annual_amount", "signed_amount", "mobile", "email", "address")
            ]
    found += [f"/search?q={text}" for text in (*SECRETS.values(), "7788", "canary", "Quiet")]
    found += [f"/palette?q={text}" for text in (*SECRETS.values(), "7788", "canary", "Quiet")]
    return sorted(set(found))


def seen(client: FlaskClient, place: str, part: bool) -> str:
    response = client.get(place, headers={"HX-Request": "true"} if part else {})
    if place != "/readyz":  # no page, and no worker runs here
        meant = (200,) if "?" in place else range(500)  # lists and searches; others may be refused
        assert response.status_code in meant, f"{place}: {response.status_code}"
    asked = place.partition("?q=")[2]
    text = response.get_data(as_text=True) + str(response.headers)
    return text.replace(asked, "") if asked else text


def test_support_reads_no_secret_of_any_customer(app: Flask, sign_in: SignIn, book: Book):
    client = sign_in("support")
    hits, searched = [], 0
    for place in places(app, book):
        for part in (False, True):
            searched += 1
            text = seen(client, place, part)
            hits += [f"{place}: {secret}" for secret in book.secrets if secret in text]
    told("sensitive fields", f"searched {searched}, hits {len(hits)}")
    assert hits == []
    assert searched >= 200


LISTS = (
    "",
    "columns=name,annual_amount,signed_amount,phone,email,im,address",
    "sort=-annual_amount",
)


def taken_away(client: FlaskClient) -> dict[str, str]:
    """All that can be exported, as text: of each list in each layout and format."""
    form = form_on(client, EXPORT, EXPORT)
    found = {}
    for asked, layout, kind in product(LISTS, LAYOUTS, FORMATS):
        wanted = {"list": asked, "layout": layout, "format": kind}
        with client.post(EXPORT, data=form | wanted) as answer:
            assert answer.status_code == 200
            data = answer.get_data()
        if kind == "xlsx":
            with ZipFile(BytesIO(data)) as packed:
                data = b"".join(map(packed.read, packed.namelist()))
        found[f"{asked} {layout} {kind}"] = data.decode("utf-8", "replace")
    return found


def test_what_is_taken_away_holds_no_more_than_what_is_seen(
    app: Flask, sign_in: SignIn, employ: Employ, book: Book, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("crmlite.exports.operations.MOST", 1000)
    seeing = {"customers:see": "all", "customers:export": "all", "strategies:see": "all"}
    employ("support", seeing)
    blind = taken_away(sign_in("support"))
    secrets = (*book.secrets, "13912347788", "Talked about bearings.")
    assert [(p, one) for p, text in blind.items() for one in secrets if one in text] == []
    listed = {place: text for place, text in blind.items() if f" {PLAN} " not in place}
    assert all("Nobody Bearings" in text for text in listed.values())
    own = taken_away(sign_in("sales"))
    others = ("Sales2 Bearings", "Nobody Bearings")
    assert [(p, one) for p, text in own.items() for one in others if one in text] == []
    assert SECRETS["mobile"] in own[" all csv"] and "9876543.21" in own[" all csv"]
    told("sensitive fields", f"files {len(blind) + len(own)}, hits 0")


def test_sales_read_nothing_of_the_customers_of_others(app: Flask, sign_in: SignIn, book: Book):
    client = sign_in("sales")
    hits, searched = [], 0
    for place in places(app, book):
        for part in (False, True):
            searched += 1
            if book.of_sales in place.split("/")[2:3]:
                continue
            text = seen(client, place, part)
            hits += [
                f"{place}: {name}"
                for name in ("Sales2 Bearings", "Nobody Bearings")
                if name in text
            ]
    told("sensitive fields", f"searched {searched}, hits {len(hits)}")
    assert hits == []
    assert searched >= 200


def test_what_is_sealed_stands_in_no_table_as_plain_text(app: Flask, book: Book):
    words = (*SECRETS.values(), *SEALED.values())
    with app.app_context():
        kept = {
            table.name: str(database.session.execute(select(table)).all())
            for table in database.metadata.sorted_tables
        }
    assert [(name, word) for name, rows in kept.items() for word in words if word in rows] == []
    assert "Talked about bearings." in kept["interaction"] and "Ada Quiet" in kept["contact"]


@pytest.mark.parametrize(
    ("part", "names"),
    [
        ("", ("text",)),
        ("/contacts", ("note",)),
        ("/needs", ("goal", "product", "pain", "expectations", "decision")),
        ("/changes", tuple(SEALED)),
    ],
)
def test_those_who_deal_with_the_customer_read_it(
    sign_in: SignIn, book: Book, part: str, names: tuple[str, ...]
):
    page = sign_in("sales").get(f"/customers/{book.of_sales}{part}").text
    assert [name for name in names if SEALED[name] not in page] == []


def test_those_with_the_right_do_see_them(sign_in: SignIn, book: Book):
    page = sign_in("manager").get(f"/customers/{book.of_nobody}").text
    assert SECRETS["mobile"] in page and "9,876,543" in page
    own = sign_in("sales").get(f"/customers/{book.of_sales}").text
    assert SECRETS["email"] in own and "9,876,543" in own


def test_masks_leave_what_helps_to_recognise(sign_in: SignIn, book: Book):
    page = sign_in("support").get(f"/customers/{book.of_sales}").text
    assert "139****7788" in page and "q***@canary.example" in page and "••••" in page


def test_each_look_at_whole_values_is_written_down(app: Flask, sign_in: SignIn, book: Book):
    sign_in("manager").get(f"/customers/{book.of_nobody}")
    sign_in("support").get(f"/customers/{book.of_nobody}")
    found = looks(app)
    kinds = {row["record_type"]: set(row["columns"]) for row in found}
    assert {"mobile", "phone", "email", "im"} <= kinds["contact"]
    assert "annual_amount" in kinds["customer"]
    assert len({row["user_id"] for row in found}) == 1


def test_the_looks_of_each_are_written_down_and_later_ones_again(
    app: Flask, sign_in: SignIn, people: Callable[[str], int], book: Book
):
    manager, sales = sign_in("manager"), sign_in("sales")
    page = f"/customers/{book.of_sales}"
    now = clock.now()

    def who(client: FlaskClient, minutes: int) -> list[int]:
        with travel(now + timedelta(minutes=minutes), tick=False):
            assert SECRETS["mobile"] in client.get(page).text
        found = [row for row in looks(app) if row["record_type"] == "contact"]
        return [row["user_id"] for row in sorted(found, key=lambda row: row["id"])]

    assert who(manager, 0) == [people("manager")]
    assert who(sales, 1) == [people("manager"), people("sales")]
    assert who(manager, 9) == [people("manager"), people("sales")]
    assert who(manager, 11) == [people("manager"), people("sales"), people("manager")]


def test_a_look_at_a_page_that_refuses_a_change_is_written_down_too(
    app: Flask, sign_in: SignIn, book: Book
):
    client = sign_in("sales")
    form = {"csrf_token": csrf_token(client, "/profile"), "stage": "proposal", "version": "99"}
    answer = client.post(f"/customers/{book.of_sales}/stage", data=form)
    assert answer.status_code == 409
    assert SECRETS["mobile"] in answer.text
    assert "contact" in {row["record_type"] for row in looks(app)}


def test_an_error_that_stands_in_place_of_a_page_is_no_look(app: Flask):
    with app.test_request_context():
        note_viewing(Contact.__table__, 1, "mobile")
        app.handle_user_exception(NotFound())
        assert "viewed" not in g


def looks(app: Flask) -> list[Any]:
    """What the log of viewings holds."""
    with app.app_context():
        return list(database.session.execute(select(ViewingRow.__table__)).mappings())
