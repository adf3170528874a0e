"""Records: what is written, what the ledger says about it, and who is too late."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from crmlite.accounts.models import User
from crmlite.customers.models import Contact, Customer
from crmlite.db.keys import ring
from crmlite.db.sealing import open_sealed
from crmlite.extensions import database
from crmlite.work import Actor, Gone, Stale, operation, records
from crmlite.work.ledger import ChangeRow, OperationRow

pytestmark = pytest.mark.usefixtures("inside")

BY = Actor("command", "crmlite")
AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
PLAIN = {"kind": "company", "lifecycle": "potential", "currency": "CNY"}


@operation("customer_changed")
def do(work: Callable[[], Any], *, by: Actor, at: datetime) -> Any:
    """Whatever a test wants done, as one operation."""
    return work()


def done(work: Callable[[], Any], at: datetime = AT) -> Any:
    return do(work, by=BY, at=at)


def customer(number: str = "C900", **more: Any) -> dict[str, Any]:
    name = more.get("name", "Riverton")
    return {**PLAIN, "number": number, "name": name, "name_sort": name, "name_key": name, **more}


def row_of(model: Any, record_id: int) -> dict[str, Any]:
    table = model.__table__
    found = database.session.execute(select(table).where(table.c.id == record_id)).mappings().one()
    return dict(found)


def changes(record_type: str = "customer") -> list[Any]:
    table = ChangeRow.__table__
    wanted = select(table).where(table.c.record_type == record_type).order_by(table.c.id)
    return list(database.session.execute(wanted))


def opened(model: Any, column: str, row: dict[str, Any], stored: str) -> str:
    return open_sealed(ring(), stored, (model.__table__.name, column, row["uid"]))


@pytest.fixture
def riverton() -> int:
    """A customer with a sealed address."""
    return done(lambda: records.insert(Customer, customer(address="1 Mill Lane")))


def test_a_new_record_is_complete_and_its_diff_names_what_was_given(riverton: int) -> None:
    row = row_of(Customer, riverton)
    assert (row["version"], row["created_at"], row["updated_at"]) == (1, AT, AT)
    [change] = changes()
    assert (change.verb, change.record_id, change.root_id) == ("create", riverton, riverton)
    assert change.diff["name"] == [None, "Riverton"]
    assert not {"id", "uid", "version", "created_at", "name_sort", "name_key"} & set(change.diff)
    assert "owner_id" not in change.diff, "what is empty is not mentioned"


def test_sealed_text_is_sealed_in_the_row_and_in_the_ledger(riverton: int) -> None:
    row = row_of(Customer, riverton)
    assert "Mill" not in row["address"]
    assert opened(Customer, "address", row, row["address"]) == "1 Mill Lane"
    [change] = changes()
    assert change.diff["address"] == [None, row["address"]]


def test_an_update_writes_only_what_really_changed(riverton: int) -> None:
    later = AT.replace(hour=9)
    changed = done(
        lambda: records.update(
            Customer,
            riverton,
            {"name": "Riverton Ltd", "kind": "company", "address": "1 Mill Lane"},
        ),
        later,
    )
    assert changed == {"name": ("Riverton", "Riverton Ltd")}
    row = row_of(Customer, riverton)
    assert (row["version"], row["updated_at"], row["created_at"]) == (2, later, AT)
    assert changes()[-1].diff == {"name": ["Riverton", "Riverton Ltd"]}


def test_an_update_that_changes_nothing_leaves_no_trace(riverton: int) -> None:
    before = len(changes())
    assert done(lambda: records.update(Customer, riverton, {"name": "Riverton"})) == {}
    assert row_of(Customer, riverton)["version"] == 1
    assert len(changes()) == before


def test_days_and_moments_stand_in_the_diff_as_text(riverton: int) -> None:
    done(lambda: list(records.update(Customer, riverton, {"founded_on": date(1998, 5, 6)})))
    assert changes()[-1].diff == {"founded_on": [None, "1998-05-06"]}
    done(lambda: list(records.update(Customer, riverton, {"founded_on": None})))
    assert changes()[-1].diff == {"founded_on": ["1998-05-06", None]}


def test_a_sealed_text_can_be_changed_and_emptied(riverton: int) -> None:
    done(lambda: list(records.update(Customer, riverton, {"address": "2 Mill Lane"})))
    row = row_of(Customer, riverton)
    old, new = changes()[-1].diff["address"]
    assert opened(Customer, "address", row, old) == "1 Mill Lane"
    assert opened(Customer, "address", row, new) == "2 Mill Lane"
    done(lambda: list(records.update(Customer, riverton, {"address": None})))
    assert row_of(Customer, riverton)["address"] is None
    assert changes()[-1].diff["address"] == [new, None]


def test_who_read_an_older_version_is_told_and_nothing_changes(riverton: int) -> None:
    done(lambda: list(records.update(Customer, riverton, {"name": "Theirs"}, version=1)))
    with pytest.raises(Stale) as stale:
        done(lambda: records.update(Customer, riverton, {"name": "Mine"}, version=1))
    assert (stale.value.record, stale.value.record_id) == ("customer", riverton)
    assert row_of(Customer, riverton)["name"] == "Theirs"


def test_a_record_that_is_not_there_is_gone() -> None:
    with pytest.raises(Gone):
        done(lambda: records.update(Customer, 999_999, {"name": "X"}))
    with pytest.raises(Gone):
        done(lambda: records.delete(Customer, 999_999))


def test_silent_columns_are_changed_without_their_values_in_the_ledger(riverton: int) -> None:
    done(lambda: list(records.update(Customer, riverton, {"name_sort": "zzz"})))
    assert row_of(Customer, riverton)["name_sort"] == "zzz"
    assert changes()[-1].diff == {}, "that it happened is written down, not what"


def test_a_new_password_is_written_down_without_its_hash(people: Callable[[str], int]) -> None:
    user_id = people("sales")
    done(lambda: list(records.update(User, user_id, {"password_hash": "argon2-secret"})))
    [change] = [one for one in changes("user") if one.record_id == user_id and one.verb == "update"]
    assert change.diff == {}
    table = ChangeRow.__table__
    everything = database.session.execute(select(table.c.diff)).scalars()
    assert "argon2" not in str(list(everything))


def test_what_hangs_on_a_record_is_filed_under_it(riverton: int) -> None:
    values = {"customer_id": riverton, "name": "Ann", "name_sort": "Ann", "mobile": "13812345678"}
    contact_id = done(lambda: records.insert(Contact, values))
    [change] = changes("contact")
    assert (change.root_type, change.root_id, change.record_id) == (
        "customer",
        riverton,
        contact_id,
    )
    assert "13812345678" not in str(change.diff)
    row = row_of(Contact, contact_id)
    assert opened(Contact, "mobile", row, change.diff["mobile"][1]) == "13812345678"


def test_many_records_are_added_in_order_each_with_its_diff() -> None:
    rows = [customer(f"B{i:04}", name=f"Firm {i}", address=f"{i} Road") for i in range(1100)]
    ids = done(lambda: records.insert_many(Customer, rows))
    assert len(set(ids)) == 1100
    assert row_of(Customer, ids[777])["name"] == "Firm 777"
    written = {change.record_id: change for change in changes()}
    assert written[ids[1099]].diff["number"] == [None, "B1099"]
    row = row_of(Customer, ids[3])
    assert opened(Customer, "address", row, row["address"]) == "3 Road"
    assert done(lambda: records.insert_many(Customer, [])) == []


def test_many_records_are_changed_each_in_its_own_way() -> None:
    ids = done(lambda: records.insert_many(Customer, [customer(f"B{i}") for i in range(4)]))
    later = AT.replace(hour=8)
    wanted: dict[int, dict[str, Any]] = {
        ids[0]: {"name": "One", "founded_on": date(2001, 1, 1)},
        ids[1]: {"address": "Two"},
        ids[2]: {"name": "Riverton"},
        ids[3]: {"name": "Four", "founded_on": date(2004, 4, 4)},
        999_999: {"name": "nobody"},
    }
    touched = done(lambda: records.update_many(Customer, wanted), later)
    assert sorted(touched) == [ids[0], ids[1], ids[3]]
    assert [row_of(Customer, i)["version"] for i in ids] == [2, 2, 1, 2]
    assert row_of(Customer, ids[3])["founded_on"] == date(2004, 4, 4)
    assert row_of(Customer, ids[0])["updated_at"] == later
    row = row_of(Customer, ids[1])
    assert opened(Customer, "address", row, row["address"]) == "Two"
    diffs = {change.record_id: change.diff for change in changes() if change.verb == "update"}
    assert diffs[ids[0]] == {"name": ["Riverton", "One"], "founded_on": [None, "2001-01-01"]}
    assert ids[2] not in diffs


def test_a_row_that_goes_away_leaves_all_its_columns_in_the_ledger() -> None:
    contact = {"name": "Ann", "name_sort": "Ann", "mobile": "13812345678"}

    def add() -> int:
        root = records.insert(Customer, customer())
        return records.insert(Contact, {**contact, "customer_id": root})

    contact_id = done(add)
    row = row_of(Contact, contact_id)
    done(lambda: records.delete(Contact, contact_id))
    change = changes("contact")[-1]
    assert change.verb == "delete"
    assert change.diff["mobile"] == [row["mobile"], None]
    assert change.diff["uid"] == [row["uid"], None]
    assert change.diff["customer_id"] == [row["customer_id"], None]


def test_what_is_kept_in_other_rows_can_be_noted(riverton: int) -> None:
    done(lambda: records.note(Customer, riverton, {"tags": [["a"], ["a", "b"]], "same": [1, 1]}))
    assert changes()[-1].diff == {"tags": [["a"], ["a", "b"]]}
    before = len(changes())
    done(lambda: records.note(Customer, riverton, {"tags": [["a"], ["a"]]}))
    assert len(changes()) == before


def test_nothing_is_written_outside_an_operation() -> None:
    with pytest.raises(RuntimeError, match="inside an operation"):
        records.insert(Customer, customer())
    database.session.rollback()
    assert changes() == []


def test_what_fails_half_way_leaves_nothing_behind() -> None:
    def half() -> None:
        records.insert(Customer, customer())
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        done(half)
    assert changes() == []
    names = select(OperationRow.name).where(OperationRow.name == "customer_changed")
    assert database.session.execute(names).all() == []
    table = Customer.__table__
    assert database.session.execute(select(table.c.id)).all() == []


def test_many_rows_go_as_they_do_one_by_one() -> None:
    ids = done(
        lambda: [records.insert(Customer, customer(f"C90{n}", region="Leeds")) for n in range(4)]
    )
    done(lambda: records.delete(Customer, ids[0]))
    alone = changes()[-1]
    assert done(lambda: records.delete_many(Customer, [*ids[:0:-1], 999_999, ids[1]])) == ids[1:]
    together = changes()[-3:]
    assert [change.record_id for change in together] == ids[1:]
    assert {change.verb for change in together} == {"delete"}
    for change in together:
        assert change.diff.keys() == alone.diff.keys()
        assert change.diff["region"] == ["Leeds", None]
    left = database.session.execute(select(Customer.__table__.c.id)).scalars().all()
    assert list(left) == []
