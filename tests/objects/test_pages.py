"""Records of packs on pages: tabs, forms, panels, the timeline."""

import re
from datetime import timedelta

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import func, select, text, update

from crmlite import clock
from crmlite.access.readers import everything
from crmlite.cases.models import CaseFacts
from crmlite.customers.models import Contact, Customer
from crmlite.extensions import database
from crmlite.followups.deadlines import firm_zone
from crmlite.objects.checks import check
from crmlite.objects.queries import undone_lines
from crmlite.rules.order_states import Status
from crmlite.testing import SignIn, person_id
from crmlite.work.checks import GOOD
from crmlite.work.ledger import OperationRow
from tests.applications import Employ
from tests.cases.conftest import Desk
from tests.customers.records import add, counted, form_on, press, send
from tests.objects.trade import added, bring, record, stored, switch
from tests.sales.conftest import PUMP, Counter, sent

COUPON = {
    "trade__coupon_code": "SPRING10",
    "trade__coupon_state": "open",
    "trade__coupon_given_on": "2026-03-02",
    "trade__coupon_worth": "12.50",
    "trade__coupon_pin": "Hazelnut",
}
PLANNED = "".join(
    f"""
[objects.{name}]
label = ["{name}", "{name}"]
parent = "{parent}"
title = "what"
day = "on"
fields.what = {{label = ["What", "内容"]}}
fields.on = {{label = ["On", "日期"], kind = "date"}}
fields.done = {{label = ["Done", "完成"], kind = "date"}}
"""
    for name, parent in (("step", "order"), ("check", "case"))
)
SHOWN = ("SPRING10", "Open", "12.50", "Hazelnut")


@pytest.fixture
def trade(app: Flask) -> Flask:
    """An application whose pack is on."""
    bring(app)
    return app


def ids(app: Flask, number: str) -> tuple[int, int]:
    """A customer and its contact."""
    customers, contacts = Customer.__table__, Contact.__table__
    with app.app_context():
        found = database.session.execute(
            select(customers.c.id, contacts.c.id)
            .join(contacts, contacts.c.customer_id == customers.c.id)
            .where(customers.c.number == number)
        ).one()
        database.session.remove()
    return int(found[0]), int(found[1])


def url_of(endpoint: str, app: Flask, **names: int) -> str:
    """An address."""
    with app.test_request_context():
        return url_for(endpoint, **names)


def missing(client: FlaskClient, url: str, *words: str) -> list[str]:
    """Those of these words that a page does not say."""
    page = client.get(url)
    assert page.status_code == 200, url
    return [word for word in words if word not in page.text]


def test_a_record_is_added_shown_changed_deleted_and_brought_back(trade: Flask, sign_in: SignIn):
    number = add(trade, "sales")
    client, tab = sign_in("sales"), f"/customers/{number}/tabs/trade__coupon"
    page = client.get(f"/customers/{number}").text
    assert "Coupons" in page and "Lessons" in page and "Progress" not in page
    assert missing(client, tab, "Nothing here yet") == []
    new = f"/records/trade__coupon/new?customer={number}"
    assert missing(client, new, "Given on", "Code") == []
    assert send(client, new, {**COUPON, "trade__coupon_code": ""}).status_code == 422
    assert send(client, new, COUPON).status_code == 303
    assert missing(client, tab, *SHOWN) == []
    with trade.app_context():
        assert stored(1) == {
            "code": "SPRING10",
            "state": "open",
            "given_on": "2026-03-02",
            "worth": 1250,
        }
        assert "Hazelnut" not in str(record(1)["extra"])
    assert missing(client, f"/customers/{number}/timeline?show=records", "SPRING10", "12.50") == []
    assert send(client, "/records/1/edit", {"trade__coupon_state": "used"}).status_code == 303
    assert missing(client, "/records/1", "Used", "Record changed: Coupon SPRING10", "Note") == []
    assert missing(client, f"/customers/{number}/changes", "Hazelnut", "PIN", "Used") == []
    assert press(client, "/records/1/deletion").status_code == 303
    assert client.get("/records/1").status_code == 404
    assert missing(client, tab, "SPRING10") == ["SPRING10"]
    manager = sign_in("manager")
    assert missing(manager, "/trash?kind=object", "Coupon SPRING10") == []
    assert press(manager, "/trash/object/1/restoration").status_code == 303
    assert missing(client, tab, "SPRING10") == []


def test_a_draft_of_a_record_is_its_own_and_holds_nothing_sealed(trade: Flask, sign_in: SignIn):
    number = add(trade, "sales")
    client, new = sign_in("sales"), f"/records/trade__coupon/new?customer={number}"
    send(client, new, COUPON)
    for url in (new, "/records/1/edit"):
        page = client.get(url).text
        assert f'data-draft="record.{url}"' in page
        kept_out = re.findall(r"<(?:input|textarea|select)[^>]* data-nodraft[^>]*>", page)
        assert [re.findall(r'name="(\w+)"', one) for one in kept_out] == [["trade__coupon_pin"]]


def test_a_record_stays_in_the_bin_while_its_pack_is_off(trade: Flask, sign_in: SignIn):
    number, back = add(trade, "sales"), "/trash/object/1/restoration"
    client = sign_in("sales")
    send(client, f"/records/trade__coupon/new?customer={number}", COUPON)
    assert press(client, "/records/1/deletion").status_code == 303
    assert missing(client, "/trash?kind=object", back) == []
    assert missing(client, f"/customers/{number}/changes", back) == []
    switch(trade, "trade", on=False)
    assert missing(client, "/trash?kind=object", back) == [back]
    assert missing(client, f"/customers/{number}/changes", back) == [back]
    assert press(client, back).status_code == 403
    switch(trade, "trade", on=True)
    assert press(client, back).status_code == 303


def test_nothing_is_undone_on_orders_and_cases_that_are_over(app: Flask):
    bring(app, PLANNED)
    with app.test_request_context():
        day = (clock.today(firm_zone()) - timedelta(days=3)).isoformat()
        shop, desk = Counter(), Desk()
        for status in Status:
            order = shop.sell(PUMP, status=status.value)
            added("step", int(str(shop.customer["id"])), order, what=status.value, on=day)
        for _ in range(2):
            case = desk.open()
            added("check", desk.customer["id"], case, what="Spindle", on=day)
        facts = CaseFacts.__table__
        database.session.execute(update(facts).where(facts.c.case_id == case).values(is_open=False))
        owners, number = [person_id("sales")], {}
        for name in ("step", "check"):
            kind = f"trade__{name}"
            _lines, number[name] = undone_lines(
                kind, f"{kind}_done", everything(), owner_ids=owners
            )
        database.session.remove()
    assert number == {"step": 3, "check": 1}


def test_what_hangs_on_an_order_is_brought_back_by_whoever_changes_orders(
    trade: Flask, sign_in: SignIn, employ: Employ
):
    with trade.app_context():
        Counter().sell(PUMP)
        database.session.remove()
    client, back = sign_in("sales"), "/trash/object/1/restoration"
    new = "/records/trade__progress/new?order=SO0001"
    assert send(client, new, {"trade__progress_step": "Cut"}).status_code == 303
    assert press(client, "/records/1/deletion").status_code == 303
    rights = dict.fromkeys(("customers:see", "customers:edit", "orders:see"), "own")
    employ("sales", {**rights, "trash:see": "all", "trash:restore": "all"})
    client = sign_in("sales")
    assert missing(client, "/trash?kind=object", back) == [back]
    assert sent(client, back).status_code == 403
    with trade.app_context():
        assert record(1)["state"] == "deleted"


def test_what_is_undone_dates_and_names_it_as_before(trade: Flask, sign_in: SignIn):
    number = add(trade, "sales")
    client = sign_in("sales")
    send(client, f"/records/trade__coupon/new?customer={number}", COUPON)
    changes = {"trade__coupon_given_on": "2027-01-01", "trade__coupon_code": "WINTER"}
    send(client, "/records/1/edit", changes)
    with trade.app_context():
        assert record(1)["day"].isoformat() == "2027-01-01"
        assert record(1)["called"] == [1, "WINTER"]
    with trade.app_context():
        table = OperationRow.__table__
        done = database.session.execute(select(func.max(table.c.id))).scalar_one()
        undo = url_of("history.undo_operation", trade, operation_id=done)
    assert press(client, undo).status_code == 303
    with trade.app_context():
        assert record(1)["day"].isoformat() == "2026-03-02"
        assert record(1)["called"] == [1, "SPRING10"]
        assert [finding.level for finding in check().run(True)] == [GOOD]
        database.session.execute(text("UPDATE object SET day = NULL"))
        assert [finding.level for finding in check().run(True)] != [GOOD]


def test_who_saves_second_sees_both(trade: Flask, sign_in: SignIn):
    number = add(trade, "sales")
    one, other = sign_in("sales"), sign_in("manager")
    send(one, f"/records/trade__coupon/new?customer={number}", COUPON)
    late = form_on(other, "/records/1/edit")
    send(one, "/records/1/edit", {"trade__coupon_code": "FIRST"})
    answer = other.post("/records/1/edit", data=late | {"trade__coupon_code": "SECOND"})
    assert answer.status_code == 409
    assert "FIRST" in answer.text and "SECOND" in answer.text


def test_records_of_contacts(trade: Flask, sign_in: SignIn):
    number = add(trade, "sales")
    client = sign_in("sales")
    _customer, contact = ids(trade, number)
    new = f"/records/trade__lesson/new?customer={number}"
    lesson = {"trade__lesson_subject": "maths", "trade__lesson_score": "88"}
    assert send(client, new, lesson | {"contact_id": ""}).status_code == 422
    assert send(client, new, lesson | {"contact_id": str(contact)}).status_code == 303
    tab = f"/customers/{number}/tabs/trade__lesson"
    assert missing(client, tab, "Maths", "88", "Claire Harlow") == []
    with trade.app_context():
        assert record(1)["contact_id"] == contact and record(1)["day"] is not None
    assert missing(client, "/records/1", "Claire Harlow", "Maths") == []
    send(client, f"/customers/{number}/contacts/new", {"name": "Tom Becker"})
    press(client, f"/customers/{number}/contacts/{contact}/deletion")
    assert missing(client, tab, "Maths") == ["Maths"]  # it went to the bin with its contact
    assert client.get("/records/1").status_code == 404


def test_records_of_orders_and_cases(trade: Flask, sign_in: SignIn):
    with trade.app_context():
        shop, desk = Counter(), Desk()
        shop.sell(number="SO7")
        case_id = desk.open()
        number = desk.case(case_id)["number"]
        customer = shop.customer["number"]
        database.session.remove()
    client = sign_in("sales")
    assert missing(client, "/orders/SO7", "Progress") == []
    step = {"trade__progress_step": "Painting", "trade__progress_on": "2026-04-01"}
    assert send(client, "/records/trade__progress/new?order=SO7", step).status_code == 303
    assert missing(client, "/orders/SO7", "Painting") == []
    assert missing(client, f"/customers/{customer}", "Progress") == []
    assert missing(client, f"/customers/{customer}/tabs/trade__progress", "Painting", "SO7") == []
    support, check = sign_in("support"), f"/records/trade__check/new?case={number}"
    assert send(support, check, {"trade__check_what": "Hardness"}).status_code == 303
    assert missing(support, f"/cases/{number}", "Hardness") == []
    assert missing(support, "/records/2", "Hardness", number) == []
    assert send(support, "/records/2/edit", {"trade__check_what": "Surface"}).status_code == 303
    assert support.get("/records/1/edit").status_code == 403  # orders are for support to be read
    assert press(client, "/orders/SO7/deletion").status_code == 303
    assert client.get("/records/1").status_code == 404
    assert missing(client, f"/customers/{customer}", "Progress") == ["Progress"]


def test_who_sees_and_changes_what(trade: Flask, sign_in: SignIn):
    number = add(trade, "sales")
    send(sign_in("sales"), f"/records/trade__coupon/new?customer={number}", COUPON)
    stranger, support = sign_in("sales2"), sign_in("support")
    new = f"/records/trade__coupon/new?customer={number}"
    for url in ("/records/1", "/records/1/edit", new):
        assert stranger.get(url).status_code == 404, url
    assert press(stranger, "/records/1/deletion").status_code == 404
    assert missing(support, "/records/1", *SHOWN) == ["12.50", "Hazelnut"]
    changes = support.get(f"/customers/{number}/changes").text
    assert "Hazelnut" not in changes and "12.50" not in changes and "SPRING10" in changes
    for url in ("/records/1/edit", new):
        assert support.get(url).status_code == 403, url
    assert press(support, "/records/1/deletion").status_code == 403
    assert missing(stranger, "/records/trade__coupon", "SPRING10") == ["SPRING10"]
    assert missing(support, "/records/trade__coupon", *SHOWN) == ["12.50", "Hazelnut"]


def test_who_does_not_see_orders_reads_nothing_of_what_hangs_on_them(
    trade: Flask, sign_in: SignIn, employ: Employ
):
    employ("sales2", {"customers:see": "all"})
    with trade.app_context():
        shop = Counter()
        order = shop.sell(number="SO7")
        customer = shop.customer
        added("progress", int(str(customer["id"])), order, step="Painting", on="2026-04-01")
        database.session.remove()
    client, number = sign_in("sales2"), customer["number"]
    for page in ("", "/changes", "/timeline?show=records"):
        found = client.get(f"/customers/{number}{page}").text
        assert "Painting" not in found and "Progress" not in found, page
    assert client.get(f"/customers/{number}/tabs/trade__progress").status_code == 404
    assert client.get("/records/1").status_code == 404
    assert "Painting" not in client.get("/records/trade__progress").text
    assert "trade__progress_count" not in client.get("/customers/columns").text
    assert "Painting" in sign_in("sales").get(f"/customers/{number}/changes").text


def test_a_pack_that_is_off_can_be_read(trade: Flask, sign_in: SignIn):
    number = add(trade, "sales")
    client = sign_in("sales")
    send(client, f"/records/trade__coupon/new?customer={number}", COUPON)
    switch(trade, "trade", on=False)
    page = client.get(f"/customers/{number}").text
    assert "From packs that are off" in page and "Lessons" not in page
    assert missing(client, f"/customers/{number}/tabs/from-packs-off", "Coupons", *SHOWN) == []
    assert missing(client, "/records/1", "From a pack that is off", *SHOWN) == []
    assert client.get("/records/1/edit").status_code == 403
    assert press(client, "/records/1/deletion").status_code == 403
    assert client.get(f"/records/trade__coupon/new?customer={number}").status_code == 403
    assert missing(client, "/records/trade__coupon", "SPRING10", "12.50") == []
    assert "/records/trade__coupon" not in client.get("/today").text
    switch(trade, "trade", on=True)
    assert send(client, "/records/1/edit", {"trade__coupon_code": "AGAIN"}).status_code == 303
    assert "/records/trade__coupon" in client.get("/today").text


def test_the_timeline_goes_on(trade: Flask, sign_in: SignIn):
    number = add(trade, "sales")
    customer, _contact = ids(trade, number)
    with trade.app_context():
        for day in range(1, 26):
            added("coupon", customer, code=f"Z{day:03}", given_on=f"2026-05-{day:02}")
        added("coupon", customer, code="NODAY")
        database.session.remove()
    client = sign_in("sales")
    first = client.get(f"/customers/{number}/timeline?show=records").text
    assert re.findall(r">(Z\d{3})<", first) == [f"Z{day:03}" for day in range(25, 5, -1)]
    [more] = re.findall(r'"(/customers/[^"]*before=[^"]*)"', first)[:1]
    rest = client.get(more.replace("&amp;", "&")).text
    assert re.findall(r">(Z\d{3})<", rest) == [f"Z{day:03}" for day in range(5, 0, -1)]
    assert "NODAY" not in first + rest


def test_without_kinds_nothing_is_asked(app: Flask, sign_in: SignIn):
    number = add(app, "sales")
    client = sign_in("sales")
    client.get(f"/customers/{number}")
    with counted(app) as ran:
        client.get(f"/customers/{number}")
    assert [text for text in ran.asked if "FROM object" in text.replace('"', "")] == []


REPAIR = """
[objects.repair]
label = ["Repair", "维修"]
title = "what"
day = "on"
listed = true
[objects.repair.fields]
what = {label = ["What", "项目"]}
on = {label = ["On", "日期"], kind = "date", required = true}
words = {label = ["Words", "说明"]}
place = {label = ["Place", "地点"]}
by = {label = ["By", "师傅"]}
parts = {label = ["Parts", "配件"]}
hours = {label = ["Hours", "工时"], kind = "number"}
fetched = {label = ["Fetched", "取件日期"], kind = "date"}
cost = {label = ["Cost", "费用"], kind = "amount"}
state = {label = ["State", "状态"], kind = "choice", choices = [["open", "Open", "进行中"], ["done", "Done", "已完成"]]}
"""  # noqa: E501 - as it is written in a file
REPAIRED = {
    "trade__repair_what": "Pump",
    "trade__repair_on": "2026-03-02",
    "trade__repair_words": "hums",
    "trade__repair_state": "done",
}


def heads_of(page: str) -> dict[str, str]:
    """The heads of the columns of a page's table, each with its classes."""
    return {
        re.sub(r"<[^>]+>|[↑↓]", "", words).strip(): classes
        for classes, words in re.findall(r'<th scope="col" class="([^"]*)"[^>]*>(.*?)</th>', page)
    }


def test_columns_are_states_and_figures_rather_than_words(app: Flask, sign_in: SignIn):
    bring(app, REPAIR)
    number, client = add(app, "sales"), sign_in("sales")
    new = f"/records/trade__repair/new?customer={number}"
    assert send(client, new, REPAIRED, htmx=True).status_code == 200
    tab = client.get(f"/customers/{number}/tabs/trade__repair").text
    listed = client.get("/records/trade__repair").text
    shown = list(heads_of(tab))
    assert shown[shown.index("What") :] == "What On Hours Fetched Cost State Actions".split()
    assert list(heads_of(listed)) == "What Customer On Words Hours Fetched Cost State".split()
    for page in (tab, listed):  # a column that has no room goes with its head
        row = page[page.index("Pump") : page.index("</tr>", page.index("Pump"))]
        cells = re.findall(r'<td role="cell" class="([^"]*)">', row)
        heads = [one for word, one in heads_of(page).items() if word not in ("What", "Actions")]
        assert ["opt1" in one for one in heads] == ["opt1" in one for one in cells[: len(heads)]]
    assert "opt1" in heads_of(listed)["Fetched"] and "k2" in heads_of(listed)["State"]


def test_a_record_has_what_it_must_have(app: Flask, sign_in: SignIn):
    bring(app, REPAIR)
    number, client = add(app, "sales"), sign_in("sales")
    new = f"/records/trade__repair/new?customer={number}"
    refused = send(client, new, {**REPAIRED, "trade__repair_on": ""})
    assert refused.status_code == 422 and "trade__repair_on" in refused.text
    done = send(client, new, REPAIRED, htmx=True)
    assert "customer-changed" in done.headers["HX-Trigger"]  # panels of the customer's page
