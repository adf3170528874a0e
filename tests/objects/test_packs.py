"""Kinds of records with their packs: what is refused, what an upgrade changes, what is left."""

import csv
import io
import json
import re
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from crmlite import clock, fields
from crmlite.access.readers import everything
from crmlite.customers.lists import Asked
from crmlite.customers.lists.query_string import LONGEST_ADDRESS
from crmlite.customers.models import Customer
from crmlite.exports.archive import READ, Archive
from crmlite.exports.book import Whole, pieces
from crmlite.exports.values import Values
from crmlite.exports.wanted import Wanted
from crmlite.extensions import database
from crmlite.fields.drafts import FieldDraft
from crmlite.fields.models import FieldRow
from crmlite.fields.operations import add_field
from crmlite.fields.pack_parts import held as fields_held
from crmlite.jobs.worker import Worker
from crmlite.objects import pack_parts
from crmlite.objects.checks import check
from crmlite.objects.kinds import kind_called, kinds
from crmlite.objects.models import Object, ObjectType
from crmlite.packs.operations import purge_pack
from crmlite.rules.fields import BadDeclaration
from crmlite.testing import SignIn
from crmlite.work.actors import command_line
from crmlite.work.checks import GOOD
from crmlite.work.ledger import OperationRow
from crmlite.work.operations import operation
from tests.customers.operating import added as customer
from tests.customers.records import add, form_on, press, send
from tests.objects.test_pages import COUPON
from tests.objects.trade import KINDS, added, bring, declared, record, switch

WRONG = {
    "titel = 'code'": "[objects.coupon]: 'titel' is unknown; did you mean 'title'?",
    "parent = 'custmer'": "'custmer' is unknown; did you mean 'customer'?",
    "title = 'cod'": "'cod' is unknown; did you mean 'code'?",
    "title = 'worth'": "its title is no plain text or choice",
    "title = 'pin'": "its title is no plain text or choice",
    "day = 'code'": "its day is no date",
    "fields.code = {label = 'Code', knd = 'text'}": "'knd' is unknown; did you mean 'kind'?",
    "fields.code = {label = 'Code', kind = 'chioce'}": "did you mean 'choice'?",
    "fields.other = {label = 'Other', kind = 'choice', choices = [1]}": "[key, English, Chinese]",
    "fields = {}": "must hold tables",
    "label = 7": "a label is a text, or [English, Chinese]",
    "icon = 'No Icon'": "names no icon",
}
SOUND = {
    "label": "'Coupon'",
    "title": "'code'",
    "fields.code": "{label = 'Code'}",
    "fields.worth": "{label = 'Worth', kind = 'amount'}",
    "fields.pin": "{label = 'PIN', sensitive = true}",
}


def test_mistakes_are_named(app: Flask):
    told = {}
    for line in WRONG:
        key = line.partition(" = ")[0]
        kept = {name: value for name, value in SOUND.items() if not name.startswith(key)}
        text = "\n".join(["[objects.coupon]", line, *(f"{k} = {v}" for k, v in kept.items())])
        with app.app_context(), pytest.raises(BadDeclaration) as wrong:
            declared(text)
        told[line] = str(wrong.value)
    assert {line: told[line] for line in WRONG if WRONG[line] not in told[line]} == {}


def test_an_upgrade_changes_what_is_declared_and_keeps_what_was_entered(
    app: Flask, sign_in: SignIn
):
    bring(app)
    number = add(app, "sales")
    client = sign_in("sales")
    send(client, f"/records/trade__coupon/new?customer={number}", COUPON)
    later = KINDS.replace('["Coupons", "优惠券"]', '["Vouchers", "代金券"]')
    later = later.replace('worth = {label = ["Worth", "面额"], kind = "amount"}\n', "")
    later = later[: later.index("[objects.lesson]")]
    bring(app, later)
    with app.app_context():
        assert [kind.name for kind in kinds()] == ["trade__coupon"]
        lesson = kind_called("trade__lesson")
        assert lesson is not None and not lesson.is_on
        database.session.remove()
    page = client.get("/records/1").text
    assert "No longer recorded" in page and "12.50" in page
    assert "trade__coupon_worth" not in client.get("/records/1/edit").text
    assert "Vouchers" in client.get(f"/customers/{number}").text
    bring(app)
    assert "trade__coupon_worth" in client.get("/records/1/edit").text
    with app.app_context():
        assert len(kinds()) == 4


def test_a_required_yes_or_no_is_answered_either_way(app: Flask, sign_in: SignIn):
    paid = 'paid = {label = ["Paid", "已付"], kind = "boolean", required = true}\n'
    bring(app, KINDS.replace("state = {", f"{paid}state = {{"))
    new, client = f"/records/trade__coupon/new?customer={add(app, 'sales')}", sign_in("sales")
    assert send(client, new, COUPON).status_code == 422
    assert send(client, new, COUPON | {"trade__coupon_paid": "False"}).status_code == 303
    with app.app_context():
        assert record(1)["extra"]["trade__coupon_paid"] is False
        database.session.remove()


def test_what_names_and_dates_records_is_always_asked_for(app: Flask, sign_in: SignIn):
    bring(app)
    manager, table = sign_in("manager"), FieldRow.__table__
    with app.app_context():
        ids = dict(database.session.execute(select(table.c.name, table.c.id)).all())
        database.session.remove()
    for name in ("code", "given_on"):
        retire = f"/settings/fields/{ids[f'trade__coupon_{name}']}/retirement"
        answer = press(manager, retire, follow_redirects=True)
        assert "called or dated by this field" in answer.text
    press(manager, f"/settings/fields/{ids['trade__coupon_note']}/retirement")
    number = add(app, "sales")
    form = form_on(manager, f"/records/trade__coupon/new?customer={number}")
    assert {"trade__coupon_code", "trade__coupon_given_on"} <= form.keys()
    assert "trade__coupon_note" not in form


def test_what_names_records_by_now_is_asked_for_after_an_undo_as_well(app: Flask, sign_in: SignIn):
    bring(app)
    manager, table = sign_in("manager"), FieldRow.__table__
    state = select(table.c.id, table.c.state).where(table.c.name == "trade__coupon_state")
    with app.app_context():
        field_id = database.session.execute(state).one().id
        database.session.remove()
    press(manager, f"/settings/fields/{field_id}/retirement")
    press(manager, f"/settings/fields/{field_id}/revival")
    with app.app_context():
        revived = database.session.execute(select(func.max(OperationRow.id))).scalar_one()
        database.session.remove()
    bring(app, KINDS.replace('title = "code"', 'title = "state"'))
    answer = press(manager, f"/operations/{revived}/undo", follow_redirects=True)
    assert "called or dated by this field" in answer.text
    with app.app_context():
        assert database.session.execute(state).one().state == "active"


def test_an_upgrade_names_and_dates_records_by_the_fields_that_it_names(inside: Flask):
    both = KINDS.replace("worth =", 'ends_on = {label = "Ends on", kind = "date"}\nworth =')
    bring(inside, both)
    given = {"state": "open", "given_on": "2026-03-02", "ends_on": "2026-09-01"}
    made = added("coupon", customer()["id"], code="SPRING10", **given)["id"]
    before = record(made)
    assert (before["day"], before["called"][1]) == (date(2026, 3, 2), "SPRING10")
    later = both.replace('day = "given_on"', 'day = "ends_on"')
    bring(inside, later.replace('title = "code"', 'title = "state"'))
    work(inside)
    after = record(made)
    assert (after["day"], after["called"][1]) == (date(2026, 9, 1), "open")
    assert [finding.level for finding in check().run(True)] == [GOOD]


def work(app: Flask) -> None:
    """What waits in the background, as a worker does it."""
    worker = Worker(app)
    while worker.step():
        pass
    database.session.rollback()


def test_what_the_book_holds_is_kept_and_removed(app: Flask, sign_in: SignIn):
    bring(app)
    number = add(app, "sales")
    client = sign_in("sales")
    send(client, f"/records/trade__coupon/new?customer={number}", COUPON)
    switch(app, "trade", on=False)
    with app.app_context():
        held = pack_parts.held("trade")
        assert held == {"Coupons": 1, "Lessons": 0, "Progress": 0, "Check": 0}
        kept = list(pack_parts.kept("trade"))
        [one] = [row for row in kept if "record" in row]
        assert one["record"] == "trade__coupon" and one["customer"] == number
        assert one["trade__coupon_pin"] == "Hazelnut" and one["day"] == "2026-03-02"
        assert json.dumps(kept, ensure_ascii=False)
        assert len(kept) == 5
        assert purged("trade", by=command_line(), at=clock.now()) == 1
        for table in (Object.__table__, ObjectType.__table__):
            assert database.session.execute(select(table)).all() == []
        database.session.remove()
    assert client.get("/records/1").status_code == 404
    assert client.get(f"/customers/{number}/changes").status_code == 200


def test_what_a_manager_added_to_a_kind_goes_with_it(inside: Flask):
    bring(inside)
    quick, by, at = FieldDraft(label={"en": "Batch"}, indexed=True), command_line(), clock.now()
    add_field("trade__coupon", "text", quick, by=by, at=at)
    add_field("customer", "text", quick, by=by, at=at)
    switch(inside, "trade", on=False)
    assert fields_held("trade")["Fields"] == 12
    purge_pack("trade", by=by, at=at)
    database.session.rollback()
    left = database.session.execute(select(FieldRow.__table__.c.record_type)).scalars().all()
    assert left == ["customer"]
    assert fields.indexed_in_all("trade__coupon") == []


@operation("pack_purged")
def purged(name: str, *, by: object, at: object) -> int:
    return pack_parts.purge(name)


def test_fields_of_several_kinds_do_not_mix(app: Flask):
    with app.app_context():
        found = declared(KINDS)["register_object_kinds"]
        names = [field.name for kind in found for field in kind.fields]
        assert len(set(names)) == len(names)
        assert {field.name for field in found[1].fields} == {
            "trade__lesson_subject",
            "trade__lesson_score",
        }


def test_files_with_them(app: Flask, sign_in: SignIn):
    bring(app)
    number = add(app, "sales")
    client = sign_in("sales")
    send(client, f"/records/trade__coupon/new?customer={number}", COUPON)
    address = "/records/trade__coupon/export"
    assert 'href="/records/trade__coupon/export"' in client.get("/records/trade__coupon").text
    assert sign_in("support").get(address).status_code == 403
    [token] = re.findall(r'name="csrf_token" value="([^"]*)"', client.get(address).text)[:1]
    answer = client.post(address, data={"format": "csv", "csrf_token": token})
    assert answer.status_code == 200
    [row] = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert row == {
        "Customer no.": number,
        "Customer": "Riverton New Energy Ltd",
        "Code": "SPRING10",
        "State": "Open",
        "Given on": "2026-03-02",
        "Worth": "12.5",
        "PIN": "Hazelnut",
        "Note": "",
    }
    told = json.loads(client.post(address, data={"format": "json", "csrf_token": token}).data)
    assert told[0]["trade__coupon_code"] == "SPRING10"
    xlsx = client.post(address, data={"format": "xlsx", "csrf_token": token})
    assert xlsx.status_code == 200 and xlsx.data[:2] == b"PK"
    too_long = f"q={'x' * LONGEST_ADDRESS}&trade__coupon_state=used"
    for gone in ("trade__coupon_state=gone", "owner=nobody", too_long):
        data = {"format": "csv", "csrf_token": token, "list": gone}
        assert client.post(address, data=data).status_code == 409
    ledger = sign_in("manager").get("/settings/ledger").text
    assert "Records of a pack exported" in ledger
    switch(app, "trade", on=False)
    with app.app_context():
        [whole] = archived()
        [record] = whole["records"]
        assert record["type"] == {
            "key": "trade__coupon",
            "label": {"en": "Coupon", "zh": "优惠券"},
        }
        assert record["trade__coupon_pin"] == "Hazelnut"
        assert record["trade__coupon_given_on"].isoformat() == "2026-03-02"
        database.session.remove()


def archived() -> list[dict[str, object]]:
    """The portable archive of the whole book."""
    reader = everything()
    wanted = Wanted(asked=Asked(), reader=reader, layout="all", format="json")
    ids = list(database.session.execute(select(Customer.__table__.c.id)).scalars())
    archive = Archive(Values(reader))
    wholes: list[Whole] = [whole for piece in pieces(ids, wanted, READ) for whole in piece]
    return [archive.record(whole) for whole in wholes]
