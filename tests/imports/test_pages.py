"""The pages on which somebody brings a file, names its columns, and imports it."""

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from crmlite.imports import queries
from crmlite.testing import SignIn, csrf_token
from tests.applications import Employ
from tests.customers.records import HTMX, form_in, form_on
from tests.imports.bringing import SHEET, customers, finished
from tests.real_files import real_file


@pytest.fixture
def manager(app: Flask, sign_in: SignIn) -> FlaskClient:
    return sign_in("manager")


def bring(client: FlaskClient, content: bytes, name: str = "list.csv", **more: str) -> Any:
    """Send a file as a browser sends it."""
    data: dict[str, Any] = {**form_on(client, "/imports"), **more}
    data["file"] = (io.BytesIO(content), name)
    return client.post("/imports", data=data, content_type="multipart/form-data")


def post(client: FlaskClient, page: str, action: str, **changes: str) -> Any:
    """Send a form that stands on a page."""
    url = f"{page}/{action}"
    return client.post(url, data={**form_on(client, page, url), **changes})


def work(app: Flask, import_id: int = 1) -> Any:
    """What the worker does."""
    with app.app_context():
        return finished(import_id)


def test_from_the_file_to_the_book_and_back(app: Flask, manager: FlaskClient) -> None:
    brought = bring(manager, real_file(*SHEET).read_bytes(), "客户.csv")
    assert (brought.status_code, brought.location) == (303, "/imports/1")
    page = manager.get("/imports/1").text
    assert "客户.csv" in page
    assert "苏州云杉精密机械有限公司" in page
    assert post(manager, "/imports/1", "columns").status_code == 303
    assert "Checking each row" in manager.get("/imports/1").text
    work(app)
    checked = manager.get("/imports/1").text
    assert "Import 10 customers" in checked
    assert "The name is missing." in checked
    with app.app_context():
        assert customers() == {}
    assert post(manager, "/imports/1", "start").status_code == 303
    work(app)
    report = manager.get("/imports/1").text
    assert "10 new, 0 updated, 1 held back, 1 failed" in report
    assert "青岛海蓝渔具厂" in manager.get("/imports/1?fate=created").text
    left = manager.get("/imports/1/left-over.csv")
    rows = left.get_data(as_text=True).splitlines()
    assert rows[0].startswith("\ufeff客户编号,客户名称")
    assert rows[0].endswith(",Reason")
    assert [row.split(",")[0] for row in rows[1:]] == ["C006", "C011"]
    assert post(manager, "/imports/1", "reversal").status_code == 303
    work(app)
    assert "This import is taken back." in manager.get("/imports/1").text
    with app.app_context():
        assert customers() == {}


def test_the_columns_can_be_named_otherwise(app: Flask, manager: FlaskClient) -> None:
    bring(manager, "店,手机号,备忘\n甲,13800000001,老客户\n".encode())
    refused = post(manager, "/imports/1", "columns")
    assert refused.status_code == 422
    assert "No column holds the name of the customer" in refused.text
    twice = post(manager, "/imports/1", "columns", column_0="name", column_2="name")
    assert twice.status_code == 422
    assert "is about this already" in twice.text
    fits = post(manager, "/imports/1", "columns", column_0="name", column_2="remark")
    assert fits.status_code == 303
    work(app)
    post(manager, "/imports/1", "start")
    work(app)
    with app.app_context():
        assert [row["name"] for row in customers().values()] == ["甲"]


def test_a_file_whose_encoding_nobody_can_tell_is_asked_about(manager: FlaskClient) -> None:
    content = "name,city\nMüller,Köln\n".encode("cp1252")
    refused = bring(manager, content)
    assert refused.status_code == 422
    assert "choose the encoding" in refused.text
    assert bring(manager, content, encoding="cp1252").status_code == 303
    assert "Müller" in manager.get("/imports/1").text


def test_another_encoding_can_be_tried(manager: FlaskClient) -> None:
    bring(manager, "名称,城市\n苏州云杉,苏州\n".encode("gb18030"))
    refused = post(manager, "/imports/1", "reading", encoding="utf-8-sig")
    assert refused.status_code == 422
    assert "not encoded in" in refused.text
    assert post(manager, "/imports/1", "reading", encoding="gb18030").status_code == 303


@pytest.mark.parametrize(
    ("name", "content"), [("x.csv", b""), ("x.xlsx", b"PK\x03\x04 no"), ("x.pdf", b"%PDF-1.4")]
)
def test_what_is_no_list_is_refused_with_a_reason(
    app: Flask, manager: FlaskClient, name: str, content: bytes
) -> None:
    refused = bring(manager, content, name)
    assert refused.status_code == 422
    with app.app_context():
        assert queries.find(1) is None


def test_no_file_at_all_is_asked_for(manager: FlaskClient) -> None:
    answer = manager.post("/imports", data=form_on(manager, "/imports"))
    assert answer.status_code == 422
    assert "Please choose a file." in answer.text


def test_what_somebody_brought_is_nobody_elses(
    app: Flask, manager: FlaskClient, employ: Employ, sign_in: SignIn
) -> None:
    bring(manager, real_file(*SHEET).read_bytes())
    employ("sales", {"customers:see": "own", "customers:import": "all"})
    other = sign_in("sales")
    assert "list.csv" not in other.get("/imports").text
    for address in ("/imports/1", "/imports/1/left-over.csv"):
        assert other.get(address).status_code == 404
    token = csrf_token(other, "/profile")
    for action in ("columns", "start", "reversal", "dismissal", "mapping", "reading"):
        answer = other.post(f"/imports/1/{action}", data={"csrf_token": token})
        assert answer.status_code == 404, action


def test_who_gives_nobody_customers_keeps_them(
    app: Flask, employ: Employ, sign_in: SignIn, people: Any
) -> None:
    employ("sales", {"customers:see": "own", "customers:import": "all"})
    client = sign_in("sales")
    bring(client, "客户名称,负责人\n甲公司,Oliver Hartwell\n".encode())
    post(client, "/imports/1", "columns")
    work(app)
    post(client, "/imports/1", "start")
    work(app)
    with app.app_context():
        assert [row["owner_id"] for row in customers().values()] == [people("sales")]


def test_only_those_who_may_change_a_customer_update_it(
    app: Flask, manager: FlaskClient, employ: Employ, sign_in: SignIn
) -> None:
    content = "客户编号,客户名称,地区\nK1,甲公司,%s\n"
    bring(manager, (content % "苏州").encode())
    for action in ("columns", "start"):
        post(manager, "/imports/1", action)
        work(app)
    employ("sales", {"customers:see": "own", "customers:edit": "own", "customers:import": "all"})
    client = sign_in("sales")
    bring(client, (content % "杭州").encode())
    post(client, "/imports/2", "columns", on_duplicate="update")
    work(app, 2)
    assert "you may not change it" in client.get("/imports/2").text
    assert "甲公司" not in client.get("/customers").text
    with app.app_context():
        assert customers()["K1"]["region"] == "苏州"


def test_a_step_that_does_not_fit_changes_nothing(app: Flask, manager: FlaskClient) -> None:
    bring(manager, "客户名称\n甲公司\n".encode())
    stale = form_on(manager, "/imports/1", "/imports/1/columns")
    post(manager, "/imports/1", "columns")
    again = manager.post("/imports/1/columns", data=stale, headers=HTMX)
    assert again.status_code == 409
    assert "Checking each row" in again.text
    work(app)
    for action in ("start", "start"):
        data = {"csrf_token": stale["csrf_token"]}
        manager.post(f"/imports/1/{action}", data=data)
    work(app)
    with app.app_context():
        assert len(customers()) == 1


def test_a_file_can_be_thrown_away(app: Flask, manager: FlaskClient) -> None:
    bring(manager, "客户名称\n甲公司\n".encode())
    assert post(manager, "/imports/1", "dismissal").status_code == 303
    assert manager.get("/imports/1").status_code == 404
    folder = app.extensions["crmlite.config"].instance / "uploads"
    assert list(folder.iterdir()) == []


def test_a_file_that_is_gone_is_no_fault(app: Flask, manager: FlaskClient) -> None:
    bring(manager, "客户名称\n甲公司\n".encode())
    with app.app_context():
        (app.extensions["crmlite.config"].instance / "uploads" / queries.load(1)["uid"]).unlink()
    page = manager.get("/imports/1")
    assert page.status_code == 200
    assert "not kept any more" in page.text


def test_the_sheet_to_fill_in_is_read_back(app: Flask, manager: FlaskClient) -> None:
    sheet = manager.get("/imports/sample.csv")
    assert sheet.headers["Content-Disposition"].startswith("attachment")
    brought = bring(manager, sheet.data + "C1,甲公司\r\n".encode())
    assert brought.status_code == 303
    form = form_in(manager.get("/imports/1"), "/imports/1/columns")
    assert all(form[f"column_{place}"] for place in range(16))
