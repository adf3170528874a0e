"""Taking a list away from its page: as it stands, within one's rights, and written down."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from crmlite.access.sensitive import ViewingRow
from crmlite.customers.lists.query_string import LONGEST_ADDRESS
from crmlite.customers.models import Contact
from crmlite.exports import book as reading
from crmlite.exports.models import ExportRow
from crmlite.exports.operations import MOST
from crmlite.extensions import database
from crmlite.testing import SignIn
from tests.applications import Employ
from tests.customers.lists_book import fill
from tests.customers.records import counted, form_on
from tests.exports.books import add, cells

PAGE = "/customers/export"


@pytest.fixture
def book(app: Flask) -> list[dict[str, Any]]:
    with app.app_context():
        return fill()


def taken(client: FlaskClient, query: str = "", **wanted: str) -> Any:
    """The answer to the form of the dialog, sent as a browser sends it."""
    form = form_on(client, f"{PAGE}?{query}" if query else PAGE, PAGE)
    answer = client.post(PAGE, data=form | wanted)
    answer.get_data()  # to its end
    return answer


def test_the_list_comes_as_it_stands(sign_in: SignIn, book):
    query = (
        "w=lifecycle~is~active&sort=-annual_amount&columns=number,name,annual_amount,tags,next_step"
    )
    answer = taken(sign_in("manager"), query, format="csv")
    assert answer.mimetype == "text/csv" and answer.headers["X-Content-Type-Options"] == "nosniff"
    assert re.fullmatch(
        r"attachment; filename=customers-\d{4}-\d\d-\d\d\.csv",
        answer.headers["Content-Disposition"],
    )
    rows = cells(answer.data)
    assert list(rows[0]) == [
        "Customer no.", "Customer name", "Annual amount", "Currency", "Tags", "Next step on",
        "Next step",
    ]  # fmt: skip
    wanted = [one for one in book if one["lifecycle"] == "active"]
    wanted.sort(key=lambda one: (one["annual_amount"] is not None, one["annual_amount"] or 0))
    assert [row["Customer no."] for row in rows][: len(wanted)] == [
        one["number"] for one in wanted[::-1]
    ]


def test_the_button_stands_over_the_list_for_those_who_may(sign_in: SignIn, book):
    query = "w=lifecycle~is~active"
    link = f'href="{PAGE}?{query}"'.replace("~", "~")
    assert sign_in("sales").get(f"/customers?{query}").text.count(link) == 2  # desk and phone
    assert PAGE not in sign_in("support").get("/customers").text


@pytest.mark.parametrize("kind", ["csv", "json", "xlsx"])
@pytest.mark.parametrize("layout", ["list", "all", "sheet"])
def test_every_layout_comes_in_every_format(sign_in: SignIn, book, layout: str, kind: str):
    answer = taken(sign_in("sales"), layout=layout, format=kind)
    assert answer.status_code == 200
    own = {one["name"] for n, one in enumerate(book) if n % 3 == 0}
    if kind == "xlsx":
        sheet = zipfile.ZipFile(io.BytesIO(answer.data)).read("xl/worksheets/sheet1.xml").decode()
        names = {
            name for name in (one["name"] for one in book) if name.replace("&", "&amp;") in sheet
        }
        assert "<f>" not in sheet
    elif kind == "json":
        names = {one["name"] for one in json.loads(answer.data)}
    else:
        names = {row["Customer name"] for row in cells(answer.data)}
    assert names == own


def test_pieces_are_put_together_without_gap_or_double(sign_in: SignIn, book, monkeypatch):
    monkeypatch.setattr(reading, "PIECE", 5)
    client = sign_in("manager")
    rows = cells(taken(client, format="csv").data)
    assert sorted(row["Customer no."] for row in rows) == sorted(one["number"] for one in book)
    assert len(json.loads(taken(client, layout="all", format="json").data)) == len(book)


def test_a_large_list_asks_as_much_for_each_piece(app: Flask, sign_in: SignIn, book, monkeypatch):
    client = sign_in("manager")
    asked = []
    for size in (24, 12, 8):
        monkeypatch.setattr(reading, "PIECE", size)
        with counted(app) as statements:
            assert len(cells(taken(client, layout="all", format="csv").data)) == len(book)
        asked.append(len([one for one in statements.own if "FROM contact" in one]))
    assert asked == [1, 2, 3]


def test_who_took_what_stands_in_the_ledger(app: Flask, sign_in: SignIn, people: Callable, book):
    client = sign_in("sales")
    taken(client, "w=phone~is~13912340001", format="csv")
    with app.app_context():
        row = database.session.execute(select(ExportRow.__table__)).mappings().one()
    assert (row["layout"], row["format"], row["rows"]) == ("list", "csv", 0)
    assert row["reader_id"] == people("sales")
    assert "13912340001" not in str(row["asked"])
    page = sign_in("manager").get("/settings/ledger").text
    assert "Customers exported" in page
    place = re.search(r"/settings/ledger/\d+", page)
    assert place
    told = sign_in("manager").get(place[0]).text
    assert "The columns of this list" in told and "139****0001" in told


def test_whole_values_are_looks_and_each_time_counts(app: Flask, sign_in: SignIn, people, book):
    client = sign_in("sales")
    for _ in range(2):
        taken(client, layout="all", format="csv")
    with app.app_context():
        looks = database.session.execute(select(ViewingRow.__table__)).mappings().all()
        phones = [one for one in looks if one["record_type"] == "contact"]
        assert len(phones) == 2 and phones[0]["user_id"] == people("sales")
        own = select(func.count()).select_from(Contact.__table__)
        assert 0 < len(phones[0]["record_ids"]) < database.session.execute(own).scalar_one()


def test_what_one_may_not_see_is_masked_and_said(app: Flask, sign_in: SignIn, employ: Employ, book):
    employ("support", {"customers:see": "all", "customers:export": "all"})
    client = sign_in("support")
    assert "masked in the file" in client.get(PAGE).text
    for layout in ("list", "all", "sheet"):
        for kind in ("csv", "json"):
            query = "columns=name,phone"
            text = taken(client, query, layout=layout, format=kind).text
            assert "139****0001" in text and "13912340001" not in text
    with app.app_context():
        assert database.session.execute(select(ViewingRow.__table__)).all() == []
    assert "masked in the file" not in sign_in("manager").get(PAGE).text


def test_who_made_the_last_contact_is_told_to_those_who_may_see_talks(
    app: Flask, sign_in: SignIn, employ: Employ
):
    with app.app_context():
        add(said="On the phone")
    employ("support", {"customers:see": "all", "customers:export": "all"})
    told = {
        login: cells(taken(sign_in(login), layout="all", format="csv").data)[0]["Followed up by"]
        for login in ("manager", "support")
    }
    assert told == {"manager": "林知夏", "support": ""}


def test_what_is_not_offered_is_refused(sign_in: SignIn, book):
    client = sign_in("manager")
    assert taken(client, format="exe").status_code == 422
    assert taken(client, layout="../..").status_code == 422


def test_no_file_holds_more_than_the_filter_that_was_looked_at(sign_in: SignIn, book):
    client, gone = sign_in("manager"), "w=tier~is~core&w=custom__gone~is~x"
    for answer in (client.get(f"{PAGE}?{gone}"), taken(client, format="csv", list=gone)):
        assert answer.status_code == 409 and "cannot be asked any more" in answer.text
    too_long = f"page={'x' * LONGEST_ADDRESS}&w=tier~is~core"
    assert taken(client, format="csv", list=too_long).status_code == 409


def test_after_many_files_one_has_to_wait(app: Flask, sign_in: SignIn):
    client = sign_in("manager")
    form = form_on(client, PAGE, PAGE) | {"format": "csv"}
    answers = [client.post(PAGE, data=form).status_code for _ in range(MOST + 1)]
    assert answers == [200] * MOST + [429]


def test_nothing_is_left_on_the_disk(app: Flask, sign_in: SignIn, book):
    config = app.extensions["crmlite.config"]
    before = {path.name for path in config.instance.iterdir()}
    taken(sign_in("manager"), layout="all", format="xlsx")
    assert {path.name for path in config.instance.iterdir()} - before <= {
        "crmlite.db-wal",
        "crmlite.db-shm",
    }


def test_an_export_cannot_be_undone(app: Flask, sign_in: SignIn, book):
    client = sign_in("manager")
    taken(client, format="csv")
    with app.app_context():
        found = database.session.execute(select(ExportRow.__table__.c.id)).all()
    page = client.get("/settings/ledger").text
    place = re.search(r"/settings/ledger/(\d+)", page)
    assert place
    token = form_on(client, PAGE, PAGE)["csrf_token"]
    answer = client.post(f"/operations/{place[1]}/undo", data={"csrf_token": token})
    assert answer.status_code in (303, 403, 404)
    with app.app_context():
        assert database.session.execute(select(ExportRow.__table__.c.id)).all() == found
