"""Undo: everything as it was, except what people worked on since."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from crmlite.accounts.models import Membership, Team, User
from crmlite.customers.models import Contact, Customer, CustomerTag, Dimension, Tag
from crmlite.customers.operations.tags import set_tags
from crmlite.db.keyring import KeyRing
from crmlite.db.keys import ring
from crmlite.db.sealing import open_sealed, reseal
from crmlite.extensions import database
from crmlite.settings.models import SettingRow
from crmlite.work import (
    Actor,
    Busy,
    Refused,
    StorageFull,
    current,
    operation,
    records,
    undo,
    undoing,
)
from crmlite.work.ledger import ChangeRow, OperationRow
from crmlite.work.record_types import RecordType, record_types
from crmlite.work.reversal import put_back
from tests.declaring import declare

pytestmark = pytest.mark.usefixtures("inside")

BY = Actor("command", "crmlite")
ANN = Actor("person", "Ann", 17)
MACHINE = Actor("job", "nightly")
AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


@operation("customer_changed")
def do(work: Callable[[], Any], *, by: Actor, at: datetime) -> tuple[Any, int]:
    """Whatever a test wants done, as one operation; answers also its id."""
    return work(), current().id


def done(work: Callable[[], Any], by: Actor = BY, part_of: int | None = None) -> tuple[Any, int]:
    found: tuple[Any, int] = do(work, by=by, at=AT, part_of=part_of)
    return found


def new_customer(number: str = "C900", **more: Any) -> int:
    name = more.pop("name", "Riverton")
    values = {
        "number": number,
        "kind": "company",
        "lifecycle": "potential",
        "currency": "CNY",
        "name": name,
        "name_sort": name.casefold(),
        "name_key": name.casefold(),
        **more,
    }
    return records.insert(Customer, values)


def new_contact(customer_id: int, **more: Any) -> int:
    name = more.pop("name", "Ann Lee")
    values = {"customer_id": customer_id, "name": name, "name_sort": name.casefold(), **more}
    return records.insert(Contact, values)


def row_of(model: Any, record_id: int) -> dict[str, Any] | None:
    database.session.rollback()
    table = model.__table__
    wanted = select(table).where(table.c.id == record_id)
    found = database.session.execute(wanted).mappings().first()
    return dict(found) if found is not None else None


def value(model: Any, record_id: int, column: str) -> Any:
    row = row_of(model, record_id)
    return row[column] if row is not None else None


def change(model: Any, record_id: int, by: Actor = BY, **values: Any) -> int:
    return done(lambda: list(records.update(model, record_id, values)), by)[1]


@pytest.fixture
def riverton() -> int:
    """A customer with a sealed address."""
    return int(done(lambda: new_customer(address="1 Mill Lane"))[0])


def test_a_change_is_put_back(riverton: int) -> None:
    changed = change(Customer, riverton, name="Wrong", address="2 Mill Lane")
    undone = undo(changed, by=ANN, at=AT)
    assert (undone.restored, undone.kept) == (1, [])
    row = row_of(Customer, riverton)
    assert row is not None
    assert (row["name"], row["version"]) == ("Riverton", 3)
    place = ("customer", "address", row["uid"])
    assert open_sealed(ring(), row["address"], place) == "1 Mill Lane"


def test_the_undo_itself_is_in_the_ledger(riverton: int) -> None:
    changed = change(Customer, riverton, name="Wrong")
    undone = undo(changed, by=ANN, at=AT)
    row = database.session.get(OperationRow, undone.operation)
    assert row is not None
    assert (row.name, row.undoes_id) == ("operation_undone", changed)
    table = ChangeRow.__table__
    wanted = select(table.c.diff).where(table.c.operation_id == undone.operation)
    diff = database.session.execute(wanted).scalar_one()
    assert diff["name"] == ["Wrong", "Riverton"]


def test_what_follows_from_a_name_follows_again(riverton: int) -> None:
    changed = change(Customer, riverton, name="中科", name_sort="zhongke", name_key="zhongke")
    undo(changed, by=ANN, at=AT)
    assert value(Customer, riverton, "name_sort").casefold().startswith("riverton")


def test_a_field_changed_since_stays_and_the_others_go_back(riverton: int) -> None:
    changed = change(Customer, riverton, name="First", region="Leeds")
    change(Customer, riverton, by=ANN, name="Second")
    undone = undo(changed, by=BY, at=AT)
    assert undone.kept == [("customer", riverton)]
    assert undone.restored == 0
    assert value(Customer, riverton, "name") == "Second"
    assert value(Customer, riverton, "region") is None


def test_where_everything_changed_since_nothing_happens_and_it_may_be_tried_again(
    riverton: int,
) -> None:
    changed = change(Customer, riverton, name="First")
    change(Customer, riverton, name="Second")
    undone = undo(changed, by=BY, at=AT)
    assert (undone.restored, undone.operation) == (0, 0)
    change(Customer, riverton, name="First")
    assert undo(changed, by=BY, at=AT).restored == 1


def test_what_somebody_put_back_already_counts_as_put_back(riverton: int) -> None:
    changed = change(Customer, riverton, region="Leeds", name="Wrong")
    change(Customer, riverton, by=ANN, region=None)
    assert undo(changed, by=BY, at=AT).kept == []
    assert value(Customer, riverton, "name") == "Riverton"


def test_an_addition_goes_to_the_recycle_bin(riverton: int) -> None:
    contact_id, added = done(lambda: new_contact(riverton, mobile="13812345678"))
    assert undo(added, by=BY, at=AT).restored == 1
    assert value(Contact, contact_id, "state") == "deleted"


def test_a_record_that_people_worked_on_since_is_kept(riverton: int) -> None:
    customer_id, added = done(lambda: new_customer("C901"))
    change(Customer, customer_id, by=ANN, region="Leeds")
    undone = undo(added, by=BY, at=AT)
    assert undone.kept == [("customer", customer_id)]
    assert value(Customer, customer_id, "state") == "active"


def test_a_record_on_which_something_hangs_by_now_is_kept() -> None:
    customer_id, added = done(lambda: new_customer("C901"))
    done(lambda: new_contact(customer_id), by=ANN)
    assert undo(added, by=BY, at=AT).kept == [("customer", customer_id)]
    assert value(Customer, customer_id, "state") == "active"


def test_what_machines_add_does_not_hold_a_record_back() -> None:
    customer_id, added = done(lambda: new_customer("C901"))
    done(lambda: new_contact(customer_id), by=MACHINE)
    assert undo(added, by=BY, at=AT).kept == []
    assert value(Customer, customer_id, "state") == "deleted"


def test_what_was_added_together_goes_together() -> None:
    def add() -> list[int]:
        customer_id = new_customer("C901")
        return [customer_id, new_contact(customer_id), new_contact(customer_id, name="Bo")]

    ids, added = done(add)
    undone = undo(added, by=BY, at=AT)
    assert (undone.restored, undone.kept) == (3, [])
    assert value(Customer, ids[0], "state") == "deleted"
    assert [value(Contact, i, "state") for i in ids[1:]] == ["deleted", "deleted"]


def test_who_is_kept_keeps_what_came_with_them() -> None:
    def add() -> list[int]:
        customer_id = new_customer("C901")
        return [customer_id, new_contact(customer_id), new_customer("C902")]

    ids, added = done(add)
    done(lambda: new_contact(ids[0], name="Bo"), by=ANN)
    undone = undo(added, by=BY, at=AT)
    assert undone.restored == 1
    assert value(Customer, ids[0], "state") == "active"
    assert value(Contact, ids[1], "state") == "active"
    assert value(Customer, ids[2], "state") == "deleted"


def test_later_work_that_was_undone_holds_nothing_back() -> None:
    customer_id, added = done(lambda: new_customer("C901"))
    changed = change(Customer, customer_id, by=ANN, region="Leeds")
    undone = undo(changed, by=ANN, at=AT)
    again = undo(undone.operation, by=ANN, at=AT)  # it stands again
    assert undo(added, by=BY, at=AT).kept == [("customer", customer_id)]
    undo(again.operation, by=ANN, at=AT)
    assert undo(added, by=BY, at=AT).kept == []
    assert value(Customer, customer_id, "state") == "deleted"


def test_an_addition_without_a_recycle_bin_goes_away() -> None:
    row_id, added = done(
        lambda: records.insert(SettingRow, {"name": "number_prefix", "value": "K"})
    )
    undo(added, by=BY, at=AT)
    assert row_of(SettingRow, row_id) is None
    assert database.session.execute(
        select(ChangeRow.diff).order_by(ChangeRow.id.desc()).limit(1)
    ).scalar_one()["value"] == ["K", None]


def test_a_row_taken_away_comes_back_with_everything() -> None:
    row_id, _ = done(lambda: records.insert(SettingRow, {"name": "number_prefix", "value": "K"}))
    before = row_of(SettingRow, row_id)
    _, deleted = done(lambda: records.delete(SettingRow, row_id))
    assert undo(deleted, by=BY, at=AT).restored == 1
    assert row_of(SettingRow, row_id) == before


def test_a_row_whose_place_is_taken_by_now_stays_away() -> None:
    row_id, _ = done(lambda: records.insert(SettingRow, {"name": "number_prefix", "value": "K"}))
    _, deleted = done(lambda: records.delete(SettingRow, row_id))
    done(lambda: records.insert(SettingRow, {"name": "number_prefix", "value": "L"}))
    undone = undo(deleted, by=BY, at=AT)
    assert undone.kept == [("setting", row_id)]
    table = SettingRow.__table__
    assert database.session.execute(select(table.c.value)).scalars().all() == ["L"]


def test_a_value_that_another_record_has_by_now_stays_where_it_is(riverton: int) -> None:
    changed = change(Customer, riverton, number="C777", region="Leeds")
    other, _ = done(lambda: new_customer("C900", name="Other"))
    undone = undo(changed, by=BY, at=AT)
    assert undone.kept == [("customer", riverton)]
    assert value(Customer, riverton, "number") == "C777"
    assert value(Customer, other, "number") == "C900"


def test_a_record_changed_twice_in_one_operation_goes_all_the_way_back(riverton: int) -> None:
    def twice() -> None:
        records.update(Customer, riverton, {"name": "One", "region": "Leeds"})
        records.update(Customer, riverton, {"name": "Two"})

    _, changed = done(twice)
    assert undo(changed, by=BY, at=AT).kept == []
    assert (value(Customer, riverton, "name"), value(Customer, riverton, "region")) == (
        "Riverton",
        None,
    )


def test_a_record_added_and_changed_in_one_operation_goes_away() -> None:
    def add() -> int:
        customer_id = new_customer("C901")
        records.update(Customer, customer_id, {"region": "Leeds"})
        return customer_id

    customer_id, added = done(add)
    assert undo(added, by=BY, at=AT).kept == []
    assert value(Customer, customer_id, "state") == "deleted"


def test_many_records_go_back_batches_and_all() -> None:
    ids, _ = done(
        lambda: records.insert_many(Customer, [customer_row(number) for number in range(1203)])
    )
    _, whole = done(lambda: records.update_many(Customer, {i: {"region": "A"} for i in ids[:600]}))
    done(
        lambda: records.update_many(Customer, {i: {"region": "A"} for i in ids[600:]}),
        part_of=whole,
    )
    change(Customer, ids[5], region="B")
    change(Customer, ids[1200], region="B")
    undone = undo(whole, by=ANN, at=AT)
    assert undone.restored == 1201
    assert undone.kept == [("customer", ids[5]), ("customer", ids[1200])]
    table = Customer.__table__
    left = select(table.c.id).where(table.c.region.is_not(None)).order_by(table.c.id)
    assert database.session.execute(left).scalars().all() == [ids[5], ids[1200]]


def batches(sizes: Sequence[int]) -> tuple[list[int], list[int]]:
    """Customers given a region in batches; answers their ids and the operations."""
    rows = [customer_row(number) for number in range(sum(sizes))]
    ids, _ = done(lambda: records.insert_many(Customer, rows))
    operations: list[int] = []
    start = 0
    for size in sizes:
        wanted = {i: {"region": "A"} for i in ids[start : start + size]}
        _, made = done(
            lambda wanted=wanted: records.update_many(Customer, wanted),
            part_of=operations[0] if operations else None,
        )
        operations.append(made)
        start += size
    return ids, operations


def with_region() -> list[int]:
    database.session.rollback()
    table = Customer.__table__
    wanted = select(table.c.id).where(table.c.region.is_not(None)).order_by(table.c.id)
    return list(database.session.execute(wanted).scalars())


def test_each_batch_goes_back_by_itself_the_latest_first() -> None:
    ids, operations = batches([3, 2, 2])
    undone = undo(operations[0], by=ANN, at=AT)
    assert (undone.restored, undone.kept, undone.hindered) == (7, [], "")
    table = OperationRow.__table__
    wanted = select(table.c.id, table.c.undoes_id, table.c.part_of_id)
    made = database.session.execute(
        wanted.where(table.c.undoes_id.in_(operations)).order_by(table.c.id)
    ).all()
    assert [row.undoes_id for row in made] == operations[::-1]
    assert [row.part_of_id for row in made] == [None, undone.operation, undone.operation]
    assert made[0].id == undone.operation
    assert with_region() == []
    assert undo(undone.operation, by=BY, at=AT).restored == 7
    assert with_region() == ids


@pytest.mark.parametrize(("error", "code"), [(Busy(), "busy"), (StorageFull(), "full")])
def test_an_undo_that_is_hindered_says_so_and_goes_on_when_it_is_asked_again(
    monkeypatch: pytest.MonkeyPatch, error: Exception, code: str
) -> None:
    ids, operations = batches([3, 2, 2])
    hinder(monkeypatch, error, after=1)
    undone = undo(operations[0], by=ANN, at=AT)
    assert (undone.restored, undone.hindered) == (2, code)
    assert with_region() == ids[:5]
    undone = undo(operations[0], by=ANN, at=AT)
    assert (undone.restored, undone.kept, undone.hindered) == (5, [], "")
    assert with_region() == []
    with pytest.raises(Refused, match="already-undone"):
        undo(operations[0], by=ANN, at=AT)


def test_an_undo_that_is_hindered_at_once_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    ids, operations = batches([3, 2])
    hinder(monkeypatch, Busy(), after=0)
    with pytest.raises(Busy):
        undo(operations[0], by=ANN, at=AT)
    assert with_region() == ids


def hinder(monkeypatch: pytest.MonkeyPatch, error: Exception, after: int) -> None:
    """Let one putting back fail, after some that go well."""
    calls = iter(range(100))

    def put_back_unless(*given: Any) -> Any:
        if next(calls) == after:
            raise error
        return put_back(*given)

    monkeypatch.setattr(undoing, "put_back", put_back_unless)


def test_a_batch_that_a_rule_forbids_to_undo_is_kept_and_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ids, operations = batches([2, 2])
    hinder(monkeypatch, Refused("a-rule"), after=1)
    undone = undo(operations[0], by=ANN, at=AT)
    assert (undone.restored, undone.kept) == (2, [("customer", i) for i in ids[:2]])
    hinder(monkeypatch, Refused("a-rule"), after=0)
    with pytest.raises(Refused, match="a-rule"):
        undo(operations[0], by=ANN, at=AT)


def test_a_record_added_in_one_batch_and_changed_in_the_next_goes_away() -> None:
    customer_id, added = done(lambda: new_customer("C901"), by=ANN)
    done(lambda: records.update(Customer, customer_id, {"region": "A"}), by=ANN, part_of=added)
    assert undo(added, by=BY, at=AT).kept == []
    assert value(Customer, customer_id, "state") == "deleted"


def customer_row(number: int) -> dict[str, Any]:
    return {
        "number": f"B{number}",
        "kind": "company",
        "lifecycle": "potential",
        "currency": "CNY",
        "name": f"Firm {number}",
        "name_sort": f"firm {number}",
        "name_key": f"firm {number}",
    }


def test_nothing_is_undone_twice(riverton: int) -> None:
    changed = change(Customer, riverton, name="Wrong")
    undo(changed, by=BY, at=AT)
    with pytest.raises(Refused) as refused:
        undo(changed, by=BY, at=AT)
    assert refused.value.code == "already-undone"


def test_an_undo_can_be_undone(riverton: int) -> None:
    changed = change(Customer, riverton, name="Right")
    undone = undo(changed, by=BY, at=AT)
    assert undo(undone.operation, by=BY, at=AT).restored == 1
    assert value(Customer, riverton, "name") == "Right"


def test_what_changed_nothing_cannot_be_undone(people: Callable[[str], int]) -> None:
    secret = change(User, people("sales"), password_hash="other")
    for nothing in (999_999, secret):
        with pytest.raises(Refused) as refused:
            undo(nothing, by=BY, at=AT)
        assert refused.value.code == "cannot-be-undone"
    assert value(User, people("sales"), "password_hash") == "other"


def test_columns_that_last_stay_and_the_others_go_back(people: Callable[[str], int]) -> None:
    user_id = people("sales")
    changed = change(User, user_id, title="Head", must_change_password=True)
    assert undo(changed, by=BY, at=AT).kept == []
    assert (value(User, user_id, "title"), value(User, user_id, "must_change_password")) == (
        "",
        True,
    )


def test_links_between_records_are_put_back() -> None:
    team_id, _ = done(lambda: records.insert(Team, {"key": "night", "label": {"en": "Night"}}))
    user_id = database.session.execute(select(User.id).limit(1)).scalar_one()
    link = {"team_id": team_id, "user_id": user_id}
    link_id, added = done(lambda: records.insert(Membership, link))
    undone = undo(added, by=BY, at=AT)
    assert row_of(Membership, link_id) is None
    undo(undone.operation, by=BY, at=AT)
    assert row_of(Membership, link_id) == {"id": link_id, **link}


@pytest.fixture
def tags() -> list[int]:
    """Three free tags."""

    def add() -> list[int]:
        table = Dimension.__table__
        found = database.session.execute(select(table.c.id).where(table.c.key == "free")).scalar()
        dimension = found or records.insert(Dimension, {"key": "free", "label": {"en": "Free"}})
        names = ("t-one", "t-two", "t-three")
        rows = [{"dimension_id": dimension, "key": name, "label": {"en": name}} for name in names]
        return records.insert_many(Tag, rows)

    return list(done(add)[0])


def tags_of(customer_id: int) -> set[int]:
    database.session.rollback()
    table = CustomerTag.__table__
    wanted = select(table.c.tag_id).where(table.c.customer_id == customer_id)
    return set(database.session.execute(wanted).scalars())


def test_what_is_kept_beside_the_row_is_put_back(riverton: int, tags: list[int]) -> None:
    set_tags(riverton, tags[:1], by=BY, at=AT)
    changed = set_tags(riverton, tags[1:2], by=BY, at=AT)
    assert undo(changed, by=BY, at=AT).kept == []
    assert tags_of(riverton) == {tags[0]}


def test_tags_that_somebody_changed_since_stay(riverton: int, tags: list[int]) -> None:
    changed = set_tags(riverton, tags[:1], by=BY, at=AT)
    set_tags(riverton, tags[:2], by=ANN, at=AT)
    assert undo(changed, by=BY, at=AT).kept == [("customer", riverton)]
    assert tags_of(riverton) == set(tags[:2])


def test_changes_of_tags_are_taken_back_one_after_the_other(riverton: int, tags: list[int]) -> None:
    first = set_tags(riverton, tags[:1], by=BY, at=AT)
    second = set_tags(riverton, tags[:2], by=ANN, at=AT)
    away = undo(second, by=ANN, at=AT)
    assert undo(first, by=BY, at=AT).kept == []
    assert tags_of(riverton) == set()
    assert undo(away.operation, by=ANN, at=AT).kept == [("customer", riverton)]
    assert tags_of(riverton) == set()


def test_a_sealed_value_under_a_newer_key_still_counts_as_unchanged(
    riverton: int, inside: Flask
) -> None:
    changed = change(Customer, riverton, address="2 Mill Lane")
    keys: KeyRing = ring()
    keys.rotate()
    row = row_of(Customer, riverton)
    assert row is not None
    fresh = reseal(ring(), row["address"], ("customer", "address", row["uid"]))
    assert fresh != row["address"]
    with database.engine.begin() as connection:
        connection.execute(Customer.__table__.update().values(address=fresh))
    assert undo(changed, by=BY, at=AT).kept == []
    row = row_of(Customer, riverton)
    assert row is not None
    place = ("customer", "address", row["uid"])
    assert open_sealed(ring(), row["address"], place) == "1 Mill Lane"


def test_records_of_a_kind_that_is_not_there_any_more_are_named(inside: Flask) -> None:
    row_id, added = done(lambda: records.insert(SettingRow, {"name": "x", "value": 1}))
    known = dict(record_types())
    known.pop("setting")
    declare(inside, "register_record_types", known.values())
    assert undo(added, by=BY, at=AT).kept == [("setting", row_id)]
    assert row_of(SettingRow, row_id) is not None


def test_a_kind_may_say_what_gone_means(inside: Flask) -> None:
    kinds = dict(record_types())
    kinds["setting"] = RecordType(name="setting", label="-", model=SettingRow, gone={"value": 0})
    declare(inside, "register_record_types", kinds.values())
    row_id, added = done(lambda: records.insert(SettingRow, {"name": "x", "value": 1}))
    undo(added, by=BY, at=AT)
    assert value(SettingRow, row_id, "value") == 0


def test_derived_values_are_made_again_once_per_root(inside: Flask) -> None:
    refreshed: list[list[int]] = []
    kinds = dict(record_types())
    for name, model in (("customer", Customer), ("contact", Contact)):
        kinds[name] = RecordType(name=name, label="-", model=model, refresh=refreshed.append)
    declare(inside, "register_record_types", kinds.values())

    def add() -> int:
        customer_id = new_customer("C901")
        new_contact(customer_id)
        return customer_id

    customer_id, added = done(add)
    undo(added, by=BY, at=AT)
    assert refreshed == [[customer_id]]
