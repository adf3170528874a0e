"""Putting back one value, or a whole record, leaves everything else as it is."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from crmlite.customers.models import Contact, Customer
from crmlite.db.keys import ring
from crmlite.db.sealing import open_sealed
from crmlite.extensions import database
from crmlite.history.operations import restore_record, restore_value
from crmlite.history.queries.deletions import deletion_of
from crmlite.work import Gone, Refused, operation, records, undo
from crmlite.work.ledger import ChangeRow, OperationRow
from tests.history.conftest import CANARY, OLD_CANARY, Past, make_past, value

pytestmark = pytest.mark.usefixtures("inside_request")


def change_with(field: str) -> int:
    """The latest change of a field."""
    table = ChangeRow.__table__
    found = database.session.execute(select(table).order_by(table.c.id.desc()))
    return next(int(row.id) for row in found if field in row.diff)


def restore(past: Past, field: str, change_id: int | None = None, login: str = "sales") -> int:
    wanted = change_id or change_with(field)
    return int(restore_value(wanted, field, by=past.actor(login), at=past.when()))


def test_a_field_gets_its_earlier_value_and_the_others_stay(past: Past) -> None:
    past.change(name="Riverton Ltd", region="Leeds")
    assert restore(past, "name")
    assert (past.value("name"), past.value("region")) == ("Riverton New Energy Ltd", "Leeds")


def test_any_earlier_value_can_be_put_back_not_only_the_last(past: Past) -> None:
    past.change(region="Leeds")
    past.change(region="York")
    first = change_with("region")
    past.change(region="Hull")
    restore(past, "region", first)
    assert past.value("region") == "Leeds"


def test_a_restored_value_is_a_change_like_any_other(past: Past) -> None:
    past.change(region="Leeds")
    past.change(region="York")
    done = restore(past, "region", login="manager")
    row = database.session.get(OperationRow, done)
    assert row is not None
    assert row.name == "value_restored"
    assert change_with("region") > 0
    undo(done, by=past.actor("manager"), at=past.when())
    assert past.value("region") == "York"


def test_a_value_that_is_there_already_changes_nothing(past: Past) -> None:
    past.change(region="Leeds")
    past.change(region="York")
    earlier = change_with("region")
    past.change(region="Leeds")
    assert restore(past, "region", earlier) == 0


def test_a_sealed_value_comes_back_and_is_found_by_it(past: Past) -> None:
    past.change_contact(mobile=CANARY)
    restore(past, "mobile")
    stored, uid = past.contact_value("mobile"), past.contact_value("uid")
    assert open_sealed(ring(), stored, ("contact", "mobile", uid)) == OLD_CANARY


def test_a_day_comes_back_as_a_day(past: Past) -> None:
    past.change(founded_on=date(1998, 5, 6))
    past.change(founded_on=None)
    restore(past, "founded_on")
    assert past.value("founded_on") == date(1998, 5, 6)


def test_what_follows_from_the_value_follows(past: Past) -> None:
    past.change(name="中科动力有限公司")
    restore(past, "name")
    assert past.value("name_sort").casefold().startswith("riverton")


def test_a_value_that_another_record_has_by_now_is_refused(past: Past) -> None:
    @operation("customer_updated")
    def give(customer_id: int, number: str, *, by: Any, at: Any) -> list[str]:
        return list(records.update(Customer, customer_id, {"number": number}))

    other = make_past(name="Other")
    give(past.customer_id, "X-1", by=past.actor("manager"), at=past.when())
    changed = change_with("number")
    give(other.customer_id, past.number, by=past.actor("manager"), at=past.when())
    with pytest.raises(Refused) as refused:
        restore(past, "number", changed)
    assert refused.value.code == "value-taken"
    assert past.value("number") == "X-1"


def test_what_is_not_in_the_ledger_cannot_be_restored(past: Past) -> None:
    past.change(region="Leeds")
    with pytest.raises(Gone):
        restore(past, "name", change_with("region"))
    with pytest.raises(Gone):
        restore(past, "region", 999_999)


def test_a_deleted_customer_comes_back_with_all_that_hung_on_it(past: Past) -> None:
    past.delete()
    done = restore_record("customer", past.customer_id, by=past.actor("sales"), at=past.when())
    assert (past.value("state"), past.contact_value("state")) == ("active", "active")
    assert done["kept"] == []
    undo(done["operation"], by=past.actor("sales"), at=past.when())
    assert past.value("state") == "deleted"


def test_what_was_deleted_before_on_its_own_stays_deleted(past: Past) -> None:
    contact_id = past.add_contact(name="Tom Becker")
    past.delete_contact(contact_id)
    past.delete()
    restore_record("customer", past.customer_id, by=past.actor("sales"), at=past.when())
    assert value(Contact, contact_id, "state") == "deleted"


def test_the_undo_of_an_addition_can_be_brought_back_whole(past: Past) -> None:
    other = make_past(name="Other")
    table = OperationRow.__table__
    wanted = select(table.c.id).where(table.c.name == "customer_created")
    latest = database.session.execute(wanted.order_by(table.c.id.desc())).scalars().first()
    assert latest is not None
    undo(latest, by=past.actor("sales"), at=past.when())
    assert (other.value("state"), other.contact_value("state")) == ("deleted", "deleted")
    restore_record("customer", other.customer_id, by=past.actor("sales"), at=past.when())
    assert (other.value("state"), other.contact_value("state")) == ("active", "active")
    assert other.contact_value("is_primary")


def test_a_contact_comes_back_with_what_its_deletion_moved(past: Past) -> None:
    second = past.add_contact(name="Tom Becker")
    past.delete_contact(past.contact_id)
    assert value(Contact, second, "is_primary")
    restore_record("contact", past.contact_id, by=past.actor("sales"), at=past.when())
    assert past.contact_value("state") == "active"
    assert past.contact_value("is_primary")
    assert not value(Contact, second, "is_primary")


def test_of_many_deleted_together_one_comes_back_alone(past: Past) -> None:
    other = make_past(name="Other")

    @operation("customers_changed")
    def delete_both(*, by: Any, at: Any) -> list[int]:
        gone = {i: {"state": "deleted"} for i in (past.customer_id, other.customer_id)}
        return records.update_many(Customer, gone)

    delete_both(by=past.actor("manager"), at=past.when())
    restore_record("customer", other.customer_id, by=past.actor("sales"), at=past.when())
    assert (other.value("state"), past.value("state")) == ("active", "deleted")


def test_a_record_whose_deletion_nobody_wrote_down_comes_back(past: Past) -> None:
    with database.engine.begin() as connection:
        connection.execute(Customer.__table__.update().values(state="deleted"))
    assert deletion_of("customer", past.customer_id) is None
    restore_record("customer", past.customer_id, by=past.actor("sales"), at=past.when())
    assert past.value("state") == "active"


@pytest.mark.parametrize("wanted", [("customer", 0), ("user", 1), ("nothing", 1)])
def test_what_is_not_in_the_bin_is_not_restored(past: Past, wanted: tuple[str, int]) -> None:
    name, record_id = wanted
    with pytest.raises(Gone):
        restore_record(name, record_id or past.customer_id, by=past.actor("sales"), at=past.when())


def test_the_latest_deletion_counts(past: Past) -> None:
    past.delete()
    restore_record("customer", past.customer_id, by=past.actor("sales"), at=past.when())
    past.delete("manager")
    found = deletion_of("customer", past.customer_id)
    assert found is not None
    assert (found.actor_name, found.at) == ("Grace Shen", past.at)
