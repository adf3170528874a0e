"""Records of packs come in from files: each row is one, known again by what it hangs on."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from crmlite import clock
from crmlite.extensions import database
from crmlite.imports import queries
from crmlite.imports.opening import guessed
from crmlite.objects.kinds import kind_called
from crmlite.objects.models import Object
from crmlite.objects.operations import update_object
from crmlite.testing import SignIn, person_id
from crmlite.work import Actor
from tests.applications import Employ
from tests.commands import Done, command
from tests.customers.records import add, send
from tests.imports.bringing import begun, counts, finished, imported, runs, said, taken_back, text
from tests.objects.test_pages import COUPON
from tests.objects.trade import added, bring, stored, switch

__all__ = ["command"]
COUPONS, LESSONS, STEPS = "trade__coupon", "trade__lesson", "trade__progress"
OBJECTS = Object.__table__


@pytest.fixture
def trade(app: Flask) -> Flask:
    """A customer of sales, C001, with a contact."""
    bring(app)
    add(app, "sales")
    return app


def there() -> list[int]:
    """The ids of the records of the book."""
    wanted = select(OBJECTS.c.id).where(OBJECTS.c.state == "active").order_by(OBJECTS.c.id)
    return list(database.session.execute(wanted).scalars())


def test_a_sheet_to_fill_in_is_understood(trade: Flask, sign_in: SignIn):
    client = sign_in("manager")
    heads = {
        about: client.get(f"/imports/sample.csv?about={about}").text.lstrip("\ufeff").strip()
        for about in (COUPONS, LESSONS, STEPS)
    }
    assert heads[COUPONS] == "Customer no.,Code,State,Given on,Worth,PIN,Note"
    assert heads[LESSONS] == "Customer no.,Contact,Subject,Score"
    assert heads[STEPS] == "Order number,Step,On"
    assert "about=trade__coupon" in client.get("/imports").text
    filled = text(heads[COUPONS], "C001,SPRING10,Open,2026-03-02,12.50,,")
    with trade.app_context():
        assert counts(imported(filled, about=COUPONS)) == (1, 0, 0, 0)


def test_a_file_of_coupons(trade: Flask):
    file = text(
        "客户编号,券码,状态,发放日期,面额（元）,密码,备注",
        "C001,SPRING10,未使用,2026-03-02,12.50,Hazelnut,",
        'C001,SPRING11,Used,2026/3/3,20,,For the "fair"',
        "C001,SPRING12,lost,03/04/2026,many,,",
        "C001,,未使用,2026-03-02,1,,",
        "C999,SPRING13,未使用,2026-03-02,1,,",
        "C001,SPRING10,未使用,2026-03-02,12.50,Hazelnut,",
    )
    with trade.app_context():
        run = imported(file, about=COUPONS)
        assert counts(run) == (3, 0, 1, 2)
        assert said(run) == {
            4: ["choice_unreadable", "import_date_ambiguous", "amount_unreadable"],
            5: ["object_title_missing"],
            6: ["order_customer_unknown"],
            7: ["object_earlier"],
        }
        first, second, third = there()
        assert stored(first) == {
            "code": "SPRING10",
            "state": "open",
            "given_on": "2026-03-02",
            "worth": 1250,
        }
        assert stored(second)["state"] == "used" and stored(third) == {"code": "SPRING12"}
        run = taken_back(run["id"])
        assert run["state"] == "undone" and not run["kept"] and there() == []


def test_records_that_are_kept_are_named_on_the_command_line(
    trade: Flask, command: Callable[..., Done]
):
    with trade.app_context():
        run = imported(text("客户编号,券码", "C001,SPRING10", "C001,SPRING11"), about=COUPONS)
        by = Actor("person", "manager", person_id("manager"))
        changed = {f"{COUPONS}_state": "used"}
        update_object(there()[1], changed, by=by, at=clock.now())
        database.session.remove()
    undone = command(trade.extensions["crmlite.config"], "import", "undo", run["id"])
    assert undone.returncode == 2, undone.stderr
    assert "Coupon SPRING11 is kept: it was worked on since." in undone.stdout


def test_a_column_called_customer_may_hold_numbers(trade: Flask):
    file = text("Customer,Code", "C001,SPRING10", "C999,SPRING11")
    with trade.app_context():
        run = imported(file, about=COUPONS)
        assert counts(run) == (1, 0, 0, 1)
        assert said(run) == {3: ["order_customer_unknown"]}


def test_a_pupil_is_the_customer_or_the_contact_that_a_record_hangs_on(trade: Flask):
    add(trade, "sales", name="Ada Byron", kind="person")
    with trade.app_context():
        named = {
            about: [column.target for column in guessed(["学员姓名", "Student"], about)]
            for about in (COUPONS, LESSONS)
        }
        assert named == {COUPONS: ["customer.name", None], LESSONS: ["contact.name", None]}
        of_company = guessed(["学员姓名", "客户名称"], COUPONS)
        assert [column.target for column in of_company] == [None, "customer.name"]
        run = imported(text("学员姓名,券码", "Ada Byron,SPRING10"), about=COUPONS)
        assert counts(run) == (1, 0, 0, 0)
        rows = text("客户编号,学员姓名,科目", "C001,Claire Harlow,数学")
        assert counts(imported(rows, about=LESSONS)) == (1, 0, 0, 0)


def test_known_ones_are_held_back_or_updated(trade: Flask):
    heads = "Customer no.,Code,State,Given on,Worth,PIN,Note"
    line = "C001,SPRING10,Open,2026-03-02,12.50,Hazelnut,"
    with trade.app_context():
        assert counts(imported(text(heads, line), about=COUPONS)) == (1, 0, 0, 0)
        assert counts(imported(text(heads, line), about=COUPONS)) == (0, 0, 1, 0)
        used = line.replace("Open", "Used")
        assert counts(imported(text(heads, used), about=COUPONS)) == (0, 0, 1, 0)
        run = imported(text(heads, line, used), about=COUPONS, on_duplicate="update")
        assert counts(run) == (0, 0, 2, 0)  # the first row says what the book says
        run = imported(text(heads, used), about=COUPONS, on_duplicate="update")
        assert counts(run) == (0, 1, 0, 0) and stored(there()[0])["state"] == "used"
        taken_back(run["id"])
        assert stored(there()[0])["state"] == "open"
        run = imported(text(heads, line), about=COUPONS, on_duplicate="create")
        assert counts(run) == (1, 0, 0, 0) and len(there()) == 2


def test_an_export_reads_back_unchanged(trade: Flask, sign_in: SignIn):
    client = sign_in("sales")
    send(client, "/records/trade__coupon/new?customer=C001", COUPON)
    with trade.app_context():
        for code, note in (("=SUM(1)", "two\nlines"), ("中文,券", "-3")):
            added("coupon", 1, code=code, note=note, worth=250, state="used")
        before = [stored(one) for one in there()]
        database.session.remove()
    address = "/records/trade__coupon/export"
    [token] = re.findall(r'name="csrf_token" value="([^"]*)"', client.get(address).text)[:1]
    for kind in ("csv", "xlsx"):
        file = client.post(address, data={"format": kind, "csrf_token": token}).data
        with trade.app_context():
            run = imported(file, f"coupons.{kind}", about=COUPONS)
            assert counts(run) == (0, 0, 3, 0), said(run)
            run = imported(file, f"coupons.{kind}", about=COUPONS, on_duplicate="create")
            assert counts(run) == (3, 0, 0, 0), said(run)
            again = {one["code"]: one for one in map(stored, there()[-3:])}
            assert again == {one["code"]: one for one in before}
            taken_back(run["id"])
            database.session.remove()


def test_records_of_contacts(trade: Flask):
    heads = "客户名称,联系人,科目,成绩"
    rows = ("Riverton New Energy Ltd,Claire Harlow,数学,88",
            "Riverton New Energy Ltd,Nobody,数学,88",
            "Riverton New Energy Ltd,,数学,88")  # fmt: skip
    with trade.app_context():
        run = imported(text(heads, *rows), about=LESSONS)
        assert counts(run) == (1, 0, 0, 2)
        assert said(run) == {3: ["object_contact_unknown"], 4: ["object_contact_missing"]}
        [row] = there()
        assert stored(row) == {"subject": "maths", "score": 88}
        assert queries.objects_still_there(run["id"]) == {row}


def test_who_may_bring_them(trade: Flask, employ: Employ):
    rights = dict.fromkeys(("customers:see", "customers:edit"), "own")
    employ("sales2", rights | {"customers:import": "all"})
    add(trade, "sales2", name="Delta Ltd")
    file = text("客户编号,券码,面额", "C002,A1,5", "C001,A2,5")
    with trade.app_context():
        who = Actor("person", "sales2", person_id("sales2"))
        import_id = begun(file, by=who, about=COUPONS)
        runs.start(import_id, by=who, at=clock.now())
        run = finished(import_id)
        assert counts(run) == (1, 0, 0, 1)
        # amounts are not for her to see, and whose C001 is neither
        assert said(run) == {2: ["import_not_allowed"], 3: ["import_not_yours"]}
        import_id = begun(file.replace(b"A1", b"B1"), about=COUPONS)
        database.session.remove()
    switch(trade, "trade", on=False)
    with trade.app_context():
        assert kind_called(COUPONS) is not None
        with pytest.raises(Exception, match="import-no-record"):
            runs.start(import_id, by=who, at=clock.now())


def test_its_pages(trade: Flask, sign_in: SignIn):
    client = sign_in("manager")
    page = client.get("/imports?about=trade__coupon").text
    assert re.search(r'<input checked[^>]*value="trade__coupon"', page)
    assert "/imports?about=trade__coupon" in client.get("/records/trade__coupon").text
    with trade.app_context():
        who = Actor("person", "manager", person_id("manager"))
        file = text("客户编号,券码,面额", "C001,A1,5", "C999,A2,5")
        import_id = begun(file, by=who, about=COUPONS)
        database.session.remove()
    page = client.get(f"/imports/{import_id}").text
    assert "Records that are in the book already" in page and "Customer&#39;s phone" in page
    send(client, f"/imports/{import_id}", to=f"/imports/{import_id}/columns")
    with trade.app_context():
        finished(import_id)
        database.session.remove()
    page = client.get(f"/imports/{import_id}?fate=created").text
    assert "Import 1 row" in page and "Riverton" in page
    assert (
        send(client, f"/imports/{import_id}", to=f"/imports/{import_id}/start").status_code == 303
    )
    with trade.app_context():
        finished(import_id)
        database.session.remove()
    page = client.get(f"/imports/{import_id}?fate=created").text
    assert 'href="/records/1">Coupon A1<' in page and "Undo the import" in page
