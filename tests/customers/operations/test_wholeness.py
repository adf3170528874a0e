"""What belongs together still does after an undo or a restore of a part of it; packs hear of both."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from crmlite import clock, hookimpl, hooks
from crmlite.customers import operations as do
from crmlite.customers import queries
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.models import Contact
from crmlite.extensions import database
from crmlite.history.operations import restore_record, restore_value
from crmlite.search.pinyin import name_sort
from crmlite.work import undo
from crmlite.work.actors import command_line
from crmlite.work.ledger import ChangeRow, OperationRow
from crmlite.work.record_types import record_types
from tests.customers.operating import CLAIRE, FIRM, added, done, row_of

pytestmark = pytest.mark.usefixtures("inside")


class Listener:
    """A pack that hears what is told of customers."""

    def __init__(self) -> None:
        self.heard: list[int] = []

    @hookimpl
    def customer_changed(self, customer_id: int) -> None:
        self.heard.append(customer_id)


def taken_back(operation: int) -> Any:
    return undo(operation, by=command_line(), at=clock.now())


def last_operation() -> int:
    table = OperationRow.__table__
    found = select(table.c.id).order_by(table.c.id.desc()).limit(1)
    return int(database.session.execute(found).scalar_one())


def add(customer_id: int, name: str) -> tuple[int, int]:
    """A contact more; answers it and the operation."""
    return done(do.add_contact, customer_id, {"name": name}), last_operation()


def main_contacts(customer_id: int) -> list[str]:
    database.session.rollback()
    return [one["name"] for one in queries.contacts_of(customer_id) if one["is_primary"]]


def change_of(record: str, column: str, *, newest: bool = False) -> int:
    """The first change of a column, or the newest."""
    table = ChangeRow.__table__
    found = select(table.c.id, table.c.diff).where(
        table.c.record_type == record, table.c.verb == "update"
    )
    rows = database.session.execute(found.order_by(table.c.id)).all()
    return [row.id for row in rows if column in row.diff][-1 if newest else 0]


def test_when_the_main_contact_is_taken_back_another_one_is_it() -> None:
    firm = done(do.create_customer, CustomerDraft(values=FIRM))["id"]
    _, first = add(firm, "Ada")
    add(firm, "Ben")
    assert main_contacts(firm) == ["Ada"]
    taken_back(first)
    assert main_contacts(firm) == ["Ben"]
    table = Contact.__table__
    found = database.session.execute(select(table.c.id).where(table.c.name == "Ada"))
    restore_record("contact", found.scalar(), by=command_line(), at=clock.now())
    assert main_contacts(firm) == ["Ada"]


def test_whom_somebody_chose_since_stays_the_main_contact() -> None:
    firm = added()["id"]
    ben, _ = add(firm, "Ben")
    cleo, _ = add(firm, "Cleo")
    first = done(do.make_primary, ben)
    done(do.make_primary, cleo)
    taken_back(first)
    assert main_contacts(firm) == ["Cleo"]


def test_a_restored_contact_does_not_push_out_the_main_one() -> None:
    firm = added()["id"]
    claire = queries.contacts_of(firm)[0]["id"]
    add(firm, "Ben")
    cleo, _ = add(firm, "Cleo")
    deleted = done(do.delete_contact, claire)
    assert main_contacts(firm) == ["Ben"]
    done(do.make_primary, cleo)
    taken_back(deleted)
    assert main_contacts(firm) == ["Cleo"]
    assert len(queries.contacts_of(firm)) == 3


def test_being_the_main_contact_is_no_value_to_restore_alone() -> None:
    assert "is_primary" in record_types()["contact"].fixed
    firm = added()["id"]
    ben, _ = add(firm, "Ben")
    done(do.make_primary, ben)
    change = change_of("contact", "is_primary")
    restore_value(change, "is_primary", by=command_line(), at=clock.now())
    assert len(main_contacts(firm)) == 1


@pytest.mark.parametrize("record", ["customer", "contact"])
def test_a_person_has_one_name_whichever_of_the_two_is_restored(record: str) -> None:
    draft = CustomerDraft(
        values={"name": "王小雨", "kind": "person"},
        contacts=[{**CLAIRE, "is_self": True, "name": "王小雨"}],
    )
    person = done(do.create_customer, draft)["id"]
    done(do.update_customer, person, {"name": "李晓雨"})
    restore_value(change_of(record, "name"), "name", by=command_line(), at=clock.now())
    contact = queries.contacts_of(person)[0]
    assert (row_of(person)["name"], contact["name"]) == ("王小雨", "王小雨")
    wanted = name_sort("王小雨", person=True)
    assert (row_of(person)["name_sort"], contact["name_sort"]) == (wanted, wanted)


def test_who_is_not_lost_any_more_has_no_reason_for_it() -> None:
    one = added(lifecycle="active")["id"]
    done(do.move_lifecycle, one, "lost", reason="price")
    restore_value(
        change_of("customer", "lifecycle"), "lifecycle", by=command_line(), at=clock.now()
    )
    row = row_of(one)
    assert (row["lifecycle"], row["lost_reason"]) == ("active", None)


def test_a_need_has_a_closing_day_while_it_is_closed() -> None:
    assert "closed_on" in record_types()["need"].fixed
    one = added()["id"]
    need_id = done(do.add_need, one, {"goal": "Line 2"})
    done(do.update_need, need_id, {"status": "landed"})
    landed_on = the_need(one)[1]
    restore_value(change_of("need", "status"), "status", by=command_line(), at=clock.now())
    assert the_need(one) == ("open", None)
    taken_back(last_operation())
    assert the_need(one) == ("landed", landed_on)
    done(do.update_need, need_id, {"status": "open"})
    newest = change_of("need", "status", newest=True)
    restore_value(newest, "status", by=command_line(), at=clock.now())
    assert the_need(one) == ("landed", landed_on)


def the_need(customer_id: int) -> tuple[str, Any]:
    """What the only need of a customer is by now, and its closing day."""
    database.session.rollback()
    [need] = queries.needs_of(customer_id)
    return need["status"], need["closed_on"]


def test_who_listens_hears_of_undo_and_restore(inside: Flask) -> None:
    firm = added()["id"]
    done(do.update_customer, firm, {"region": "Leeds"})
    moved = done(do.update_customer, firm, {"region": "York"})
    done(do.delete_customer, firm)
    pack = Listener()
    inside.extensions[hooks.KEY].register(pack)
    restore_record("customer", firm, by=command_line(), at=clock.now())
    assert pack.heard == [firm]
    taken_back(moved)
    assert pack.heard == [firm] * 2
    restore_value(change_of("customer", "region"), "region", by=command_line(), at=clock.now())
    assert pack.heard == [firm] * 3
    assert row_of(firm)["region"] is None


def test_the_longest_name_of_a_person_fits_their_contact_too() -> None:
    draft = CustomerDraft(
        values={"name": "Eva", "kind": "person"}, contacts=[{**CLAIRE, "is_self": True}]
    )
    person = done(do.create_customer, draft)["id"]
    longest = ("Maria del Carmen " * 12)[:200].strip().ljust(200, "a")
    done(do.update_customer, person, {"name": longest})
    assert queries.contacts_of(person)[0]["name"] == longest
