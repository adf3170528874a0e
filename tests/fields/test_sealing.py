"""Sensitive further fields: sealed in the book, masked for those without the right, everywhere."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from crmlite import clock
from crmlite.access.readers import everything
from crmlite.access.sensitive import ViewingRow
from crmlite.backups.proof import shut_values
from crmlite.backups.resealing import reseal_values, values_per_key
from crmlite.customers.conditions.catalogue import may_sort
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.models import Customer
from crmlite.customers.operations import create_customer, update_customer
from crmlite.db.guarded_json import opened_inside
from crmlite.db.keys import ring
from crmlite.extensions import database
from crmlite.fields import extra_kept
from crmlite.fields.models import FieldRow
from crmlite.fields.sealing import sealed_fields
from crmlite.history.operations import restore_value
from crmlite.imports.report import report
from crmlite.rules.fields import Choice, Field
from crmlite.rules.kinds import PRESENCE
from crmlite.testing import SignIn, person_id
from crmlite.work import undo
from crmlite.work.actors import command_line
from crmlite.work.ledger import ChangeRow
from tests.cases.conftest import Held
from tests.customers.records import form_on, press, send
from tests.exports.books import exported
from tests.fields.packs import bring, switch
from tests.imports.bringing import imported, text

CUSTOMER = Customer.__table__
LEVELS = (Choice("low", "Low"), Choice("high", "High"))
FIELDS = (
    Field(name="clinic__allergy", label="Allergy", sensitive=True),
    Field(name="clinic__story", label="Story", kind="longtext", sensitive=True),
    Field(name="clinic__visits", label="Visits", kind="integer", sensitive=True),
    Field(name="clinic__share", label="Own share", kind="number", sensitive=True),
    Field(name="clinic__seen", label="Seen on", kind="date", sensitive=True),
    Field(name="clinic__at", label="Seen at", kind="moment", sensitive=True),
    Field(name="clinic__smokes", label="Smokes", kind="boolean", sensitive=True),
    Field(name="clinic__risk", label="Risk", kind="choice", choices=LEVELS, sensitive=True),
    Field(name="clinic__risks", label="Risks", kind="choices", choices=LEVELS, sensitive=True),
    Field(name="clinic__nurse", label="Nurse", kind="person", sensitive=True),
    Field(name="clinic__night", label="At night", kind="phone"),
    Field(name="clinic__mail", label="Private mail", kind="email"),
    Field(name="clinic__chat", label="Private chat", kind="im"),
    Field(name="clinic__bill", label="Last bill", kind="amount"),
)
SECRETS = {
    "clinic__allergy": "Hazelnut",
    "clinic__story": "Fell from a horse",
    "clinic__visits": 17,
    "clinic__share": 0.75,
    "clinic__seen": "2026-05-04",
    "clinic__at": "2026-05-04T01:02:00.000000Z",
    "clinic__smokes": True,
    "clinic__risk": "high",
    "clinic__risks": ["high", "low"],
    "clinic__night": "13912347788",
    "clinic__mail": "hidden@canary.example",
    "clinic__chat": "canary_77",
    "clinic__bill": 123_456_700,
}
WORDS = (
    "Hazelnut", "horse", ">17<", "0.75", "4 May 2026", "2026-05-04", "13912347788",
    "hidden@canary", "canary_77", "1,234,567", "1234567",
)  # fmt: skip
PLAIN = ("Hazelnut", "horse", "13912347788", "hidden@canary", "canary_77", "2026-05-04")
CONTACT = {"name": "Ada Quiet"}


@pytest.fixture
def patient(app: Flask) -> int:
    """A customer of sales with all of it, C001; answers the id."""
    bring(app, "clinic", customer=FIELDS)
    with app.app_context():
        values = {
            "kind": "company",
            "name": "Quiet Ltd",
            "owner_id": person_id("sales"),
            "stage": "discovery",
        }
        draft = CustomerDraft(values=values, contacts=[CONTACT], extra=SECRETS)
        made = create_customer(draft, by=command_line(), at=clock.now())
        database.session.remove()
        return int(made["id"])


def extra_of(customer_id: int) -> dict[str, Any]:
    database.session.rollback()
    wanted = select(CUSTOMER.c.extra).where(CUSTOMER.c.id == customer_id)
    return dict(database.session.execute(wanted).scalar_one())


def opened(customer_id: int, key: str) -> Any:
    database.session.rollback()
    row = database.session.execute(select(CUSTOMER).where(CUSTOMER.c.id == customer_id)).one()
    return opened_inside(ring(), CUSTOMER, key, row.extra[key], row.uid)


def done(operation: Any, *given: Any, **more: Any) -> Any:
    return operation(*given, by=command_line(), at=clock.now(), **more)


def test_nothing_of_it_stands_in_the_book_as_plain_text(app: Flask, patient: int):
    with app.app_context():
        kept = [json.dumps(extra_of(patient))]
        for table in database.metadata.sorted_tables:
            kept += map(str, database.session.execute(select(table)))
    assert [word for word in PLAIN if word in "\n".join(kept)] == []
    with app.app_context():
        assert opened(patient, "clinic__visits") == 17
        assert opened(patient, "clinic__risks") == ["high", "low"]
        assert extra_of(patient)["clinic__bill"] == 123_456_700  # masked, and counted with


def test_whoever_has_the_right_sees_it_and_the_look_is_written_down(
    app: Flask, sign_in: SignIn, patient: int
):
    page = sign_in("sales").get("/customers/C001").text
    for word in ("Hazelnut", "Fell from a horse", "17", "0.75", "4 May 2026", "139", "High, Low"):
        assert word in page
    assert "1,234,567" in page
    with app.app_context():
        table = ViewingRow.__table__
        rows = database.session.execute(select(table).where(table.c.record_type == "customer"))
        seen = {name for row in rows for name in row.columns}
    assert {f"extra.{name}" for name in SECRETS} <= seen
    assert "Allergy" in sign_in("manager").get("/settings/viewings").text


PAGES = (
    "/customers/C001",
    "/customers/C001/quick",
    "/customers?columns=name," + ",".join(SECRETS),
    "/customers/C001/changes",
    "/customers/C001/brief",
)


@pytest.mark.parametrize("page", PAGES)
def test_whoever_has_not_sees_masks_only(sign_in: SignIn, patient: int, page: str):
    answer = sign_in("support").get(page)
    assert answer.status_code in (200, 404)
    assert [word for word in WORDS if word in answer.text] == []


@pytest.mark.parametrize("word", ["Hazelnut", "canary_77", "hidden@canary.example"])
def test_search_does_not_find_it(sign_in: SignIn, patient: int, word: str):
    assert "Quiet Ltd" not in sign_in("support").get(f"/search?q={word}").text
    assert "Quiet Ltd" in sign_in("support").get("/search?q=Quiet").text


def test_the_list_shows_masks_in_its_columns(sign_in: SignIn, patient: int):
    page = sign_in("support").get("/customers?columns=name,clinic__allergy,clinic__night").text
    assert "••••" in page and "139****7788" in page


def test_what_is_sealed_is_asked_for_by_presence_only_and_never_sorted_by(
    app: Flask, sign_in: SignIn, patient: int
):
    client = sign_in("support")
    assert "Quiet Ltd" in client.get("/customers?w=clinic__allergy~filled").text
    assert "Quiet Ltd" not in client.get("/customers?w=clinic__allergy~empty").text
    fields = {field.name: field for field in FIELDS}
    assert fields["clinic__allergy"].operators == fields["clinic__night"].operators == PRESENCE
    with app.app_context():
        assert not may_sort(everything(), fields["clinic__allergy"])
        assert may_sort(everything(), fields["clinic__bill"])


def test_an_amount_is_asked_for_by_those_only_who_see_it(sign_in: SignIn, patient: int):
    asked = "/customers?w=clinic__bill~above~1000"
    assert "Quiet Ltd" in sign_in("sales").get(asked).text
    assert "Quiet Ltd" not in sign_in("sales").get("/customers?w=clinic__bill~below~1000").text
    for operator in ("above", "below"):  # what may not be asked for is left out of the question
        page = sign_in("support").get(f"/customers?w=clinic__bill~{operator}~1000").text
        assert "Quiet Ltd" in page and "cannot be asked here" in page


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_exports_hold_masks_for_those_without_the_right(inside: Flask, patient: int, kind: str):
    whole = exported("all", kind, "en").decode("utf-8-sig")
    for word in ("Hazelnut", "horse", "13912347788", "hidden@canary", "1234567"):
        assert word in whole
    grants = {"customers:see": "all", "customers:export": "all"}
    blind = replace(everything(), grants=grants)
    masked = exported("all", kind, "en", reader=blind).decode("utf-8-sig")
    assert [word for word in WORDS if word in masked] == []
    assert "139****7788" in masked


def test_forms_show_it_to_those_with_the_right_and_keep_it(
    app: Flask, sign_in: SignIn, patient: int
):
    client = sign_in("sales")
    form = form_on(client, "/customers/C001/edit")
    assert form["clinic__allergy"] == "Hazelnut" and form["clinic__visits"] == "17"
    assert form["clinic__at"] == "2026-05-04T09:02"
    with app.app_context():
        before = extra_of(patient)
    both = {"region": "Leeds", "clinic__risks": ["high", "low"]}
    answer = send(client, "/customers/C001/edit", both)
    assert answer.status_code == 303
    with app.app_context():
        assert extra_of(patient) == before  # not even sealed anew
    send(client, "/customers/C001/edit", {"clinic__allergy": "Walnut", "clinic__visits": ""})
    with app.app_context():
        after = extra_of(patient)
        assert opened(patient, "clinic__allergy") == "Walnut"
    assert "clinic__visits" not in after
    assert after["clinic__story"] == before["clinic__story"]


def test_an_undo_puts_each_value_back_by_itself(inside: Flask):
    bring(inside, "clinic", customer=FIELDS)
    values = {"kind": "company", "name": "Quiet Ltd"}
    made = done(create_customer, CustomerDraft(values=values, extra=SECRETS))
    first = done(update_customer, made["id"], {"extra": {"clinic__allergy": "Walnut"}})
    done(update_customer, made["id"], {"extra": {"clinic__visits": 18}})
    done(undo, first)
    assert opened(made["id"], "clinic__allergy") == "Hazelnut"
    assert opened(made["id"], "clinic__visits") == 18


def test_an_earlier_value_is_restored_after_the_keys_were_rotated(inside: Flask):
    bring(inside, "clinic", customer=FIELDS)
    values = {"kind": "company", "name": "Quiet Ltd"}
    made = done(create_customer, CustomerDraft(values=values, extra=SECRETS))
    done(update_customer, made["id"], {"extra": {"clinic__allergy": "Walnut"}})
    table = ChangeRow.__table__
    newest = select(table.c.id).order_by(table.c.id.desc()).limit(1)
    change = database.session.execute(newest).scalar_one()
    database.session.rollback()
    old, new = ring().active, ring().rotate()

    assert values_per_key(database.session.connection(), ring())[old] > 0
    reseal_values({}, by=command_line(), at=clock.now(), lease=Held())
    database.session.rollback()
    counts = values_per_key(database.session.connection(), ring())
    assert counts[old] == 0 and counts[""] == 0 and counts[new] > 10
    assert opened(made["id"], "clinic__visits") == 17
    done(restore_value, change, "extra.clinic__allergy")
    assert opened(made["id"], "clinic__allergy") == "Hazelnut"
    assert shut_values(database.session.connection(), ring(), thorough=True) == []


def test_what_is_sealed_gets_the_new_key_though_its_field_cannot_work(inside: Flask):
    bring(inside, "clinic", customer=FIELDS[:1])
    database.session.execute(update(FieldRow.__table__).values(indexed=True))
    database.session.commit()
    [(table, names)] = sealed_fields(database.session.connection())
    assert table is CUSTOMER and names == ["clinic__allergy"]


def test_values_of_a_kind_that_is_unknown_tell_whether_they_are_sealed(app: Flask, patient: int):
    names = ("clinic__allergy", "clinic__night", "clinic__bill")
    with app.app_context():
        table = FieldRow.__table__
        gone = update(table).where(table.c.name.in_(names)).values(kind="gone")
        database.session.execute(gone)
        database.session.commit()
        connection = database.session.connection()
        [(_table, found)] = sealed_fields(connection)
        assert {*names} & {*found} == {"clinic__allergy", "clinic__night"}
        assert shut_values(connection, ring(), thorough=True) == []
        assert values_per_key(connection, ring())[""] == 0


def test_the_file_of_a_pack_leaves_out_what_nobody_knows_how_to_guard(
    app: Flask, sign_in: SignIn, patient: int
):
    with app.app_context():
        named = FieldRow.__table__.c.name == "clinic__allergy"
        database.session.execute(update(FieldRow.__table__).where(named).values(kind="gone"))
        database.session.commit()
    switch(app, "clinic", on=False)
    file = press(sign_in("manager"), "/packs/clinic/left.json").json
    [record] = [one for one in file if "values" in one]
    assert record["left_out"] == ["clinic__allergy"]
    assert record["values"]["clinic__story"] == "Fell from a horse"


def test_a_value_that_was_tampered_with_is_found_and_shown_masked(
    app: Flask, sign_in: SignIn, patient: int
):
    with app.app_context():
        extra = extra_of(patient)
        extra["clinic__allergy"] = extra["clinic__story"]
        with database.engine.begin() as connection:
            connection.execute(CUSTOMER.update().values(extra=extra))
        database.session.rollback()
        [found] = shut_values(database.session.connection(), ring(), thorough=True)
        assert found.params == {"number": 1, "place": "customer.extra.clinic__allergy"}


def test_what_a_pack_sealed_stays_sealed_and_masked_when_it_is_off(
    app: Flask, sign_in: SignIn, patient: int
):
    switch(app, "clinic", on=False)
    page = sign_in("sales").get("/customers/C001").text
    assert "No longer recorded" in page and "Hazelnut" in page
    assert "clinic__allergy" not in form_on(sign_in("sales"), "/customers/C001/edit")
    send(sign_in("sales"), "/customers/C001/edit", {"region": "Leeds"})
    masked = sign_in("support").get("/customers/C001").text
    assert [word for word in WORDS if word in masked] == []
    with app.app_context():
        assert opened(patient, "clinic__allergy") == "Hazelnut"
        assert len(extra_of(patient)) == len(SECRETS)
    switch(app, "clinic", on=True)
    assert form_on(sign_in("sales"), "/customers/C001/edit")["clinic__allergy"] == "Hazelnut"


def test_a_moment_is_kept_in_utc(inside: Flask):
    bring(inside, "clinic", customer=FIELDS)
    at = datetime(2026, 5, 4, 1, 2, tzinfo=UTC)
    assert extra_kept({"clinic__at": at}, FIELDS) == {"clinic__at": SECRETS["clinic__at"]}
    with pytest.raises(TypeError):
        extra_kept({"clinic__visits": "many"}, FIELDS)


def test_what_an_import_says_quotes_it_to_those_only_who_may_see_it(inside: Flask):
    bring(inside, "clinic", customer=FIELDS, contact=[replace(FIELDS[2], name="clinic__doses")])
    lines = ("Name,Visits,Seen on,Stage", "Quiet Ltd,seventeen,yesteryear,nowhere")
    with inside.test_request_context():
        run = imported(text(*lines))
        for grants, shown in (({}, False), ({"customers:unmask": "own"}, True)):
            rows = report(run, replace(everything(), grants=grants), "all", 0)["rows"]
            said = " ".join(rows[0]["said"])
            assert "Visits: " in said and "Seen on: " in said and "nowhere" in said
            assert ("seventeen" in said) is shown and ("yesteryear" in said) is shown
