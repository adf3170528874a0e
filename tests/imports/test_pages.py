"""The pages on which somebody brings a file, names its columns, and imports it."""

import csv
import html
import io
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from sqlalchemy import select, update

from crmlite import clock
from crmlite.customers import operations as do
from crmlite.extensions import database
from crmlite.imports import opening, queries
from crmlite.imports.headings import guess
from crmlite.imports.models import Import
from crmlite.imports.operations import runs, undoing
from crmlite.imports.sources import looking
from crmlite.imports.targets import targets
from crmlite.jobs.models import PARKED, Job
from crmlite.testing import SignIn, csrf_token
from crmlite.work import undo
from crmlite.work.actors import command_line
from tests.applications import Employ
from tests.customers.records import HTMX, add, form_in, form_on
from tests.imports.bringing import SHEET, begun, customers, finished, imported, work_off
from tests.real_files import real_file

WHOLE = dict.fromkeys(("customers:see", "customers:unmask", "customers:amounts"), "all")
WITH_PHONE = {"name": "王芳", "mobile": "13800000001"}


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
    assert "This import is undone." in manager.get("/imports/1").text
    with app.app_context():
        assert customers() == {}


def test_customers_without_an_owner_are_named_and_found(app: Flask, manager: FlaskClient) -> None:
    page = through(app, manager, "客户名称,客户负责人\n甲公司,manager\n乙公司,\n", 1)
    assert "1 of the new customers has no owner." in page
    (link,) = re.findall(r'href="(/customers\?[^"]+)"', page)
    found = manager.get(html.unescape(link)).text
    assert "乙公司" in found
    assert "甲公司" not in found


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


def test_a_file_without_headings_loses_no_customer(app: Flask, manager: FlaskClient) -> None:
    bring(manager, "甲公司,13800000001\n乙公司,13800000002\n,13800000003\n".encode())
    page = manager.get("/imports/1")
    assert form_in(page, "/imports/1/reading")["heading_row"] == ""
    assert "甲公司 · 乙公司" in page.text
    post(manager, "/imports/1", "columns", column_0="name", column_1="contact.mobile")
    work(app)
    post(manager, "/imports/1", "start")
    work(app)
    with app.app_context():
        assert [row["name"] for row in customers().values()] == ["甲公司", "乙公司"]
    left = manager.get("/imports/1/left-over.csv").get_data(as_text=True)
    assert left.splitlines()[0] == "\ufeffName,Mobile,Reason"
    again = bring(manager, left.encode())
    form = form_in(manager.get(again.location), f"{again.location}/columns")
    assert (form["column_0"], form["column_1"]) == ("name", "contact.mobile")


def test_another_row_may_name_the_columns(manager: FlaskClient) -> None:
    bring(manager, "导出的客户,2024\n店,电话\n甲公司,13800000001\n".encode())
    assert form_in(manager.get("/imports/1"), "/imports/1/reading")["heading_row"] == "2"
    assert post(manager, "/imports/1", "reading", heading_row="1").status_code == 303
    page = manager.get("/imports/1").text
    assert "店 · 甲公司" in page
    assert post(manager, "/imports/1", "reading", heading_row="").status_code == 303
    assert "导出的客户 · 店 · 甲公司" in manager.get("/imports/1").text
    assert post(manager, "/imports/1", "reading", heading_row="77").status_code == 422


def test_the_columns_are_named_without_opening_the_file(
    manager: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(manager, real_file(*SHEET).read_bytes())
    monkeypatch.setattr(looking, "look", None)
    monkeypatch.setattr(looking, "rows", None)
    assert "苏州云杉精密机械有限公司" in manager.get("/imports/1").text


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


def test_what_was_noted_about_a_file_goes_with_it(app: Flask, manager: FlaskClient) -> None:
    bring(manager, "客户名称\n甲公司\n\n".encode() + b",x\n" * 3)
    post(manager, "/imports/1", "columns")
    work(app)
    with app.app_context():
        assert len(queries.rows_of(1, limit=9)) == 4
    post(manager, "/imports/1", "dismissal")
    with app.app_context():
        stored = database.session.execute(select(Import.job_id, Import.beginning)).one()
        database.session.rollback()
        assert stored.beginning is None
        work_off(stored.job_id)
        assert queries.rows_of(1, limit=9) == []
        assert database.session.execute(select(Import.id)).all() == []


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


def through(app: Flask, client: FlaskClient, content: str, import_id: int, **options: str) -> str:
    """Bring a file to its end; answers its page."""
    page = f"/imports/{import_id}"
    bring(client, content.encode())
    post(client, page, "columns", **options)
    work(app, import_id)
    if f"{page}/start" in client.get(page).text:  # not where all rows are held back
        post(client, page, "start")
        work(app, import_id)
    answer = client.get(page)
    assert answer.status_code == 200
    return str(answer.text)


LIKE = "客户名称,手机\n乙食品有限公司,13800000001\n"


def test_the_report_bears_likely_ones_that_are_archived(app: Flask, manager: FlaskClient) -> None:
    number = add(app, None, name="甲机械", lifecycle="lost", contacts=[WITH_PHONE])
    with app.app_context():
        old = customers()[number]["id"]
        do.archive_customer(old, by=command_line(), at=clock.now())
    page = through(app, manager, LIKE, 1)
    assert "Perhaps a known customer" in page
    assert f"/customers/{number}" in page


def test_customers_out_of_sight_are_told_by_nothing(
    app: Flask, employ: Employ, sign_in: SignIn
) -> None:
    number = add(app, "sales2", name="甲机械有限公司", contacts=[WITH_PHONE])
    employ("sales", {"customers:see": "own", "customers:import": "all"})
    client = sign_in("sales")
    likely = through(app, client, LIKE, 1)
    held = through(app, client, "客户名称,手机\n甲机械有限公司,13800000001\n", 2)
    assert "is in the book already" in held
    assert "Perhaps" not in likely  # in the other file it is their own 乙食品
    for page in (likely, held, client.get("/imports/2?fate=duplicate").text):
        assert f"/customers/{number}" not in page


def test_the_report_bears_what_became_of_customers_since(app: Flask, manager: FlaskClient) -> None:
    through(app, manager, "客户名称,手机\n甲公司,13800000001\n", 1)
    post(manager, "/imports/1", "reversal")
    work(app)
    through(app, manager, LIKE, 2)
    for address in ("/imports/1", "/imports/1?fate=created", "/imports/2"):
        assert manager.get(address).status_code == 200
    assert manager.get(f"/imports/2?after={2**70}").status_code == 200


def test_taking_back_asks_for_the_rights_on_what_was_changed(
    app: Flask, employ: Employ, sign_in: SignIn
) -> None:
    with app.app_context():
        run = imported("客户名称\n甲公司\n".encode())
    employ("sales", {**WHOLE, "customers:import": "all"})
    client = sign_in("sales")
    page = client.get(f"/imports/{run['id']}").text
    assert "/reversal" not in page
    token = csrf_token(client, "/profile")
    answer = client.post(f"/imports/{run['id']}/reversal", data={"csrf_token": token})
    assert answer.status_code == 403
    with app.app_context():
        assert len(customers()) == 1


@pytest.mark.parametrize("missing", sorted(WHOLE))
def test_what_the_command_line_imported_is_for_who_sees_all_of_it(
    app: Flask, employ: Employ, sign_in: SignIn, missing: str
) -> None:
    with app.app_context():
        imported("客户名称\n甲公司\n".encode())
        begun("客户名称\n甲公司\n".encode())
    employ("sales", {**WHOLE, missing: "own", "customers:import": "all"})
    employ("support", {**WHOLE, "customers:import": "all"})
    for login, first in (("sales", 404), ("support", 200)):
        client = sign_in(login)
        assert client.get("/imports/1").status_code == first
        assert ("/imports/1" in client.get("/imports").text) == (first == 200)
        assert client.get("/imports/2").status_code == 404  # nobody has decided on it yet


def test_who_may_not_begin_it_does_not_go_on_with_it(
    app: Flask, employ: Employ, sign_in: SignIn
) -> None:
    with app.app_context():
        undoing.take_back(
            imported("客户名称\n甲公司\n".encode())["id"], by=command_line(), at=clock.now()
        )
        runs.start(begun("客户名称\n乙公司\n".encode()), by=command_line(), at=clock.now())
        database.session.execute(update(Job.__table__).values(state=PARKED))
        database.session.commit()
    employ("sales", {**WHOLE, "customers:import": "all"})
    client = sign_in("sales")
    token = {"csrf_token": csrf_token(client, "/profile")}
    for page in ("/imports/1", "/imports/2"):
        shown = client.get(page).text
        assert "has stopped" in shown
        assert "/continuation" not in shown
        assert client.post(f"{page}/continuation", data=token).status_code == 403
    with app.app_context():
        assert len(customers()) == 1


def test_rows_left_over_are_shielded_once(app: Flask, manager: FlaskClient) -> None:
    through(app, manager, "客户名称,=1+1\n甲,\n,'=2+2\n,=3+3\n", 1)
    left = manager.get("/imports/1/left-over.csv").get_data(as_text=True)
    head, *rows = csv.reader(io.StringIO(left.removeprefix("\ufeff")))
    assert head[1] == "'=1+1"
    assert [row[1] for row in rows] == ["'=2+2", "'=3+3"]


def test_a_file_may_be_larger_than_other_uploads(app: Flask, sign_in: SignIn) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 20_000
    rows = "\n".join(f"第{place}号客户有限公司" for place in range(2_000))
    content = f"客户名称\n{rows}\n".encode()
    assert len(content) > 2 * 20_000
    assert bring(sign_in("manager"), content).status_code == 303
    sales = sign_in("sales")
    token = csrf_token(sales, "/profile")
    data = {"csrf_token": token, "file": (io.BytesIO(content), "list.csv")}
    refused = sales.post("/imports", data=data, content_type="multipart/form-data")
    assert refused.status_code == 413


def test_who_is_not_signed_in_sends_no_files(app: Flask, client: FlaskClient) -> None:
    for page, status in (("/imports", 303), ("/sign-in", 413)):
        body = b"--b\r\n" + b"x" * 2**21
        refused = client.post(page, data=body, content_type="multipart/form-data; boundary=b")
        assert refused.status_code == status


def test_a_file_of_too_many_columns_is_refused(manager: FlaskClient) -> None:
    refused = bring(manager, ",".join(f"c{place}" for place in range(500)).encode())
    assert refused.status_code == 422
    assert "more than 400 columns" in refused.text


def test_work_that_has_stopped_says_so(app: Flask, manager: FlaskClient) -> None:
    bring(manager, "客户名称\n甲公司\n".encode())
    post(manager, "/imports/1", "columns")
    with app.app_context(), database.engine.begin() as connection:
        connection.execute(update(Job.__table__).values(state=PARKED))
    page = manager.get("/imports/1").text
    assert "The work on this import has stopped." in page
    assert post(manager, "/imports/1", "dismissal").status_code == 303


def test_work_that_has_stopped_can_be_gone_on_with(app: Flask, manager: FlaskClient) -> None:
    bring(manager, "客户名称\n甲公司\n".encode())
    for action, end in (("columns", "checked"), ("start", "imported"), ("reversal", "undone")):
        post(manager, "/imports/1", action)
        token = {"csrf_token": csrf_token(manager, "/profile")}
        busy = manager.post("/imports/1/continuation", data=token, headers=HTMX)
        assert busy.status_code == 409  # somebody will do it anyhow
        with app.app_context(), database.engine.begin() as connection:
            connection.execute(update(Job.__table__).values(state=PARKED))
        assert post(manager, "/imports/1", "continuation").status_code == 303
        assert work(app)["state"] == end
    with app.app_context():
        assert customers() == {}


def test_what_is_undone_as_any_change_is_shows_as_taken_back(
    app: Flask, manager: FlaskClient
) -> None:
    through(app, manager, "客户名称\n甲公司\n乙公司\n", 1)
    with app.app_context():
        operation_id = queries.load(1)["operation_id"]
        undone = undo(operation_id, by=command_line(), at=clock.now())
    page = manager.get("/imports/1").text
    assert "This import is undone." in page
    assert "The book is as it was." in page
    assert "/reversal" not in page
    assert "undone" in manager.get("/imports").text
    with app.app_context():
        undo(undone.operation, by=command_line(), at=clock.now())
    page = manager.get("/imports/1").text
    assert "This import is undone." not in page


@pytest.mark.parametrize("locale", ["en", "zh_Hans_CN"])
def test_what_fields_are_called_is_known_as_a_heading(app: Flask, locale: str) -> None:
    with app.app_context():
        further = opening.labels()
        with force_locale(locale):
            offered = {option.value: option.text for option in targets()}
    unknown = [name for name, text in offered.items() if guess([text], further) == [None]]
    assert unknown == []


def test_no_choice_is_drawn_with_an_icon_that_it_lacks(manager: FlaskClient) -> None:
    bring(manager, "客户名称\n甲公司\n".encode())
    page = manager.get("/imports/1").text
    choice = page[page.index('name="on_duplicate"') : page.index("Add again")]
    assert "<svg" not in choice


def test_what_is_not_decided_stands_in_the_list_without_figures(
    app: Flask, manager: FlaskClient
) -> None:
    through(app, manager, "客户名称\n甲公司\n", 1)
    bring(manager, "客户名称\n乙公司\n".encode(), "later.csv")
    post(manager, "/imports/2", "columns")
    work(app, 2)
    page = manager.get("/imports")
    assert page.text.count("1 new, 0 updated") == 1
    thrown = manager.post("/imports/2/dismissal", data=form_in(page, "/imports/2/dismissal"))
    assert thrown.status_code == 303
    assert "later.csv" not in manager.get("/imports").text
