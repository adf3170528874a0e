"""The change record: complete, in words, masked like the page, found by what it shows."""

import sys
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask, g
from sqlalchemy import select

from crmlite.access import Reader
from crmlite.customers.models import Customer, Dimension
from crmlite.customers.operations.customers import update_customer
from crmlite.customers.operations.tags import create_tag, set_tags
from crmlite.db.keyset import BadCursor
from crmlite.extensions import database
from crmlite.history.queries import Change, changes
from crmlite.rules.fields import Field
from crmlite.testing import person_id
from crmlite.work import Actor, operation, records
from crmlite.work.actors import command_line
from tests.fields.packs import bring
from tests.history.conftest import CANARY, OLD_CANARY, Past

pytestmark = pytest.mark.usefixtures("inside_request")

Readers = Callable[[str], Reader]


def told(change: Change) -> dict[str, tuple[str, str]]:
    return {line.label: (line.old.text, line.new.text) for line in change.lines}


def newest(past: Past, reader: Reader, **more: Any) -> Change:
    return changes(reader, ("customer", past.customer_id), **more).rows[0]


def test_every_field_is_told_with_before_and_after(past: Past, reader: Readers) -> None:
    past.change(name="Riverton Ltd", region="Leeds")
    change = newest(past, reader("sales"))
    assert told(change) == {
        "Name": ("Riverton New Energy Ltd", "Riverton Ltd"),
        "Region": ("", "Leeds"),
    }
    assert change.headline == "Customer changed"
    assert (change.who, change.source) == ("林知夏", "form")
    assert change.at == past.at


def test_what_a_program_did_says_so_once(past: Past, reader: Readers) -> None:
    values = {"region": "York"}
    update_customer(past.customer_id, values, by=command_line(), at=past.when(), source="command")
    assert newest(past, reader("manager")).byline == "Command line"
    past.change(region="Leeds")
    assert newest(past, reader("manager")).byline == "林知夏 · form"


def test_the_newest_comes_first_and_all_that_hangs_on_it_is_there(
    past: Past, reader: Readers
) -> None:
    past.change(region="Leeds")
    past.change_contact(title="Head of purchasing")
    found = changes(reader("sales"), ("customer", past.customer_id)).rows
    assert [change.headline for change in found] == [
        "Contact changed: Claire Harlow",
        "Customer changed",
        "Contact added: Claire Harlow",
        "Customer added",
    ]


@pytest.mark.parametrize(
    ("column", "stored", "shown"),
    [
        ("stage", "negotiation", "Negotiation"),
        ("lifecycle", "dormant", "Dormant"),
        ("source", "exhibition", "Exhibition"),
        ("founded_on", date(1998, 5, 6), "6 May 1998"),
        ("annual_amount", 1286000000, "CN¥12,860,000"),
        ("annual_amount", 1286000050, "CN¥12,860,000.50"),
        ("birthday_lunar", True, "yes"),
    ],
)
def test_values_are_put_into_words(
    past: Past, reader: Readers, column: str, stored: Any, shown: str
) -> None:
    past.change(login="manager", **{column: stored})
    [(_, new)] = told(newest(past, reader("manager"))).values()
    assert new.replace("\xa0", " ") == shown


def test_people_are_named(past: Past, reader: Readers) -> None:
    past.change(login="manager", owner_id=person_id("sales2"))
    assert told(newest(past, reader("manager"))) == {"Owner": ("林知夏", "Oliver Hartwell")}


def test_tags_are_told(past: Past, reader: Readers) -> None:
    by, at = past.actor("sales"), past.when()
    free = database.session.execute(select(Dimension.id).where(Dimension.key == "free")).scalar()
    tag = create_tag(free, "key-project", {"en": "key project"}, by=by, at=at)
    set_tags(past.customer_id, [tag], by=by, at=at)
    [(old, new)] = told(newest(past, reader("sales"))).values()
    assert old == ""
    assert "key" in new


def test_sealed_texts_are_open_to_everyone_who_sees_the_record(past: Past, reader: Readers) -> None:
    past.change(address="1 Mill Lane")
    past.change(address="2 Mill Lane")
    for login in ("sales", "support"):
        assert told(newest(past, reader(login))) == {"Address": ("1 Mill Lane", "2 Mill Lane")}


def test_what_is_masked_on_the_page_is_masked_here(past: Past, reader: Readers) -> None:
    past.change_contact(mobile=CANARY)
    past.change(login="manager", annual_amount=1286000000)
    owner, support = reader("sales"), reader("support")
    assert told(changes(owner, ("customer", past.customer_id)).rows[1]) == {
        "Mobile": (OLD_CANARY, CANARY)
    }
    found = changes(support, ("customer", past.customer_id)).rows
    assert told(found[1]) == {"Mobile": ("137****1234", "138****5678")}
    assert told(found[0]) == {"Annual amount": ("", "••••")}
    everything = str(found)
    assert CANARY not in everything
    assert OLD_CANARY not in everything
    assert "12,860" not in everything


def test_a_whole_value_is_noted_in_the_log_of_viewings(past: Past, reader: Readers) -> None:
    past.change_contact(mobile=CANARY)
    changes(reader("support"), ("customer", past.customer_id))
    assert "viewed" not in g
    changes(reader("sales"), ("customer", past.customer_id))
    assert g.viewed["contact"] == ({past.contact_id}, {"mobile"})


def test_a_search_finds_by_label_person_and_value(past: Past, reader: Readers) -> None:
    past.change(region="Leeds", business="Batteries")
    past.change(login="manager", stage="negotiation")
    past.change_contact(title="Head of purchasing")

    def find(text: str | None) -> Any:
        return changes(reader("sales"), ("customer", past.customer_id), text=text).rows

    assert [told(one) for one in find("region")] == [{"Region": ("", "Leeds")}]
    assert [told(one) for one in find("LEEDS")] == [{"Region": ("", "Leeds")}]
    assert [told(one) for one in find("ｌｅｅｄｓ")] == [{"Region": ("", "Leeds")}]
    assert [one.who for one in find("grace")] == ["Grace Shen"]
    assert [one.headline for one in find("claire purchasing")] == ["Contact changed: Claire Harlow"]
    assert find("nothing of the kind") == []
    assert len(find("")) == len(find(None)) == 5


def test_nobody_finds_by_a_value_that_they_may_not_see(past: Past, reader: Readers) -> None:
    past.change_contact(mobile=CANARY)
    root = ("customer", past.customer_id)
    assert len(changes(reader("sales"), root, text=CANARY).rows) == 1
    support = reader("support")
    for part in (CANARY, CANARY[3:8], CANARY[:5]):
        assert changes(support, root, text=part).rows == []
    assert len(changes(support, root, text="138****5678").rows) == 1, "what is shown is found"


def test_pages_follow_each_other_both_ways(past: Past, reader: Readers) -> None:
    for number in range(7):
        past.change(region=f"R{number}")
    who, root = reader("sales"), ("customer", past.customer_id)
    first = changes(who, root, size=4)
    assert first.before == ""
    second = changes(who, root, size=4, cursor=first.after)
    third = changes(who, root, size=4, cursor=second.after)
    assert third.after == ""
    ids = [change.id for page in (first, second, third) for change in page.rows]
    assert len(ids) == 9
    assert ids == sorted(ids, reverse=True)
    back = changes(who, root, size=4, cursor=third.before)
    assert [change.id for change in back.rows] == [change.id for change in second.rows]
    assert changes(who, root, size=4, cursor=back.before).before == ""


def test_pages_of_a_search_follow_each_other_too(past: Past, reader: Readers) -> None:
    for number in range(6):
        past.change(region=f"R{number}")
        past.change(business=f"B{number}")
    who, root = reader("sales"), ("customer", past.customer_id)
    first = changes(who, root, text="region", size=4)
    second = changes(who, root, text="region", size=4, cursor=first.after)
    assert [len(first.rows), len(second.rows)] == [4, 2]
    assert (first.before, second.after) == ("", "")
    back = changes(who, root, text="region", size=4, cursor=second.before)
    assert [one.id for one in back.rows] == [one.id for one in first.rows]


def test_a_long_search_stops_and_goes_on_with_the_next_page(
    past: Past, reader: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = sys.modules[changes.__module__]
    monkeypatch.setattr(module, "READ_AT_ONCE", 3)
    monkeypatch.setattr(module, "READ_AT_MOST", 6)
    past.change(business="Batteries")
    for number in range(8):
        past.change(region=f"R{number}")
    who, root = reader("sales"), ("customer", past.customer_id)
    first = changes(who, root, text="batteries")
    assert (list(first.rows), first.unread) == ([], True)
    second = changes(who, root, text="batteries", cursor=first.after)
    assert [told(one) for one in second.rows] == [{"Main business": ("", "Batteries")}]
    assert not second.unread


@pytest.mark.parametrize(
    "cursor",
    ["x", "a", "a-1", "b0", "a1;", "a" + "9" * 30, f"a{2**31}", "b9999999999", "a\x00", "Ａ１"],
)
def test_a_marker_that_is_none_is_refused(past: Past, reader: Readers, cursor: str) -> None:
    with pytest.raises(BadCursor):
        changes(reader("sales"), ("customer", past.customer_id), cursor=cursor)


def test_a_page_costs_the_same_whatever_stands_on_it(
    past: Past, reader: Readers, statements: Callable[[], Any]
) -> None:
    who, root = reader("sales"), ("customer", past.customer_id)
    changes(who, root)
    with statements() as few:
        changes(who, root)
    for number in range(30):
        past.change(region=f"R{number}")
        past.change_contact(title=f"T{number}", mobile=f"139000{number:05}")
    with statements() as many:
        assert len(changes(who, root).rows) == 50
    assert len(few) == len(many) == 2


def test_one_record_or_one_operation_alone(past: Past, reader: Readers) -> None:
    past.change(region="Leeds")
    done = past.change_contact(title="Head")
    who = reader("sales")
    found = changes(who, record=("contact", past.contact_id)).rows
    assert {one.kind for one in found} == {"contact"}
    assert [one.operation_id for one in changes(who, operation_id=done).rows] == [done]
    with pytest.raises(ValueError, match="of what"):
        changes(who)


def test_who_may_restore_is_offered_it(past: Past, reader: Readers) -> None:
    past.change(login="manager", region="Leeds", tier="core")
    past.change(login="manager", region="York", tier="normal", owner_id=person_id("sales2"))
    past.change(login="manager", owner_id=person_id("sales"))

    def offered(login: str) -> set[str]:
        found = changes(reader(login), ("customer", past.customer_id)).rows
        return {line.label for change in found for line in change.lines if line.restorable}

    assert offered("manager") >= {"Region", "Tier", "Owner"}
    assert offered("sales") >= {"Region", "Tier"}
    assert "Owner" not in offered("sales"), "which takes a right of its own"
    assert offered("support") == set()
    assert offered("sales2") == set()


def test_what_was_deleted_is_offered_as_a_whole(past: Past, reader: Readers) -> None:
    contact_id = past.add_contact(name="Tom Becker")
    past.delete_contact(contact_id)
    change = newest(past, reader("sales"))
    assert (change.headline, change.restorable) == ("Contact deleted: Tom Becker", True)
    assert "State of the record" not in told(change), "the headline says it"
    assert not newest(past, reader("support")).restorable


def test_changes_of_silent_columns_are_not_shown(past: Past, reader: Readers) -> None:
    @operation("customer_updated")
    def quietly(*, by: Actor, at: Any) -> list[str]:
        return list(records.update(Customer, past.customer_id, {"name_sort": "zzz"}))

    before = newest(past, reader("sales"))
    quietly(by=past.actor("sales"), at=past.when())
    assert newest(past, reader("sales")) == before


def test_fields_of_packs_are_told_one_by_one(app: Flask, past: Past, reader: Readers) -> None:
    level = Field(name="retail__level", label="Level")
    points = Field(name="retail__points", label="Points", kind="integer")
    bring(app, "retail", customer=[level, points])
    past.change(extra={"retail__level": "gold", "retail__points": 5})
    past.change(extra={"retail__points": 7})
    assert told(newest(past, reader("sales"))) == {"Points": ("5", "7")}


def test_nobody_sees_what_was_in_fields_that_are_there_no_more(past: Past, reader: Readers) -> None:
    past.change(extra={"gone__points": 7})
    assert told(newest(past, reader("manager"))) == {"points": ("", "••••")}


def test_a_value_that_cannot_be_opened_is_masked(past: Past, reader: Readers) -> None:
    past.change(address="1 Mill Lane")
    with database.engine.begin() as connection:
        connection.execute(Customer.__table__.update().values(uid="another-row"))
    assert told(newest(past, reader("sales"))) == {"Address": ("", "••••")}


def test_the_record_speaks_the_language_of_the_reader(
    app: Flask, past: Past, reader: Readers
) -> None:
    past.change(stage="negotiation")
    with app.test_request_context(headers={"Accept-Language": "zh-CN"}):
        change = newest(past, reader("sales"))
        assert change.headline == "修改客户"
        assert change.byline == "林知夏 · 表单"
        assert [line.new.text for line in change.lines] == ["商务谈判"]
