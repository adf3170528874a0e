"""The recycle bin shows what a reader may see, who deleted it and when."""

from collections.abc import Callable
from typing import Any

import pytest

from crmlite.access import Reader
from crmlite.history.queries.trash import binned, counts, may_bring_back, trash
from tests.history.conftest import Past, make_past

pytestmark = pytest.mark.usefixtures("inside_request")

Readers = Callable[[str], Reader]


def test_everything_that_people_delete_has_a_bin_and_nothing_else() -> None:
    kinds = binned()
    assert {"customer", "contact", "need", "remark"} <= kinds.keys()
    assert not {"user", "role", "setting", "choice", "tag"} & kinds.keys()


def test_a_deleted_record_is_there_with_who_and_when(past: Past, reader: Readers) -> None:
    past.delete("manager")
    [row] = trash(reader("sales"), "customer").rows
    assert (row.id, row.name, row.owner) == (past.customer_id, "Riverton New Energy Ltd", "林知夏")
    assert (row.who, row.at) == ("Grace Shen", past.at)
    assert row.restorable


def test_nobody_sees_what_they_did_not_see_before(past: Past, reader: Readers) -> None:
    past.delete()
    assert [row.id for row in trash(reader("manager"), "customer").rows] == [past.customer_id]
    assert trash(reader("sales2"), "customer").rows == []
    assert counts(reader("sales2"))["customer"] == 0
    assert may_bring_back(reader("sales2"), "customer", past.customer_id) is None
    support = trash(reader("support"), "customer").rows
    assert [row.restorable for row in support] == [False]
    assert may_bring_back(reader("support"), "customer", past.customer_id) is False
    assert may_bring_back(reader("sales"), "customer", past.customer_id) is True


def test_what_hangs_on_a_deleted_record_comes_back_with_it_and_is_not_listed(
    past: Past, reader: Readers
) -> None:
    contact_id = past.add_contact(name="Tom Becker")
    past.delete_contact(contact_id)
    who = reader("sales")
    [row] = trash(who, "contact").rows
    assert (row.name, row.under) == ("Tom Becker", "Riverton New Energy Ltd")
    assert row.under_url == f"/customers/{past.number}"
    assert may_bring_back(who, "contact", contact_id) is True
    past.delete()
    assert trash(who, "contact").rows == []
    assert may_bring_back(who, "contact", contact_id) is None
    assert counts(who)["customer"] == 1
    assert counts(who)["contact"] == 0


def test_what_is_not_deleted_is_not_there(past: Past, reader: Readers) -> None:
    assert trash(reader("manager"), "customer").rows == []
    assert may_bring_back(reader("manager"), "customer", past.customer_id) is None
    assert may_bring_back(reader("manager"), "user", 1) is None
    with pytest.raises(KeyError):
        trash(reader("manager"), "user")


def test_pages_follow_each_other_at_the_same_cost(
    past: Past, reader: Readers, statements: Callable[[], Any]
) -> None:
    for number in range(6):
        one = make_past(name=f"Firm {number}")
        one.at = past.when()
        one.delete()
    who = reader("manager")
    with statements() as few:
        first = trash(who, "customer", size=1)
    with statements() as many:
        trash(who, "customer", size=6)
    assert len(few) == len(many) == 3
    assert [row.name for row in first.rows] == ["Firm 5"]
    second = trash(who, "customer", size=4, cursor=first.after)
    assert [row.name for row in second.rows] == ["Firm 4", "Firm 3", "Firm 2", "Firm 1"]
    back = trash(who, "customer", size=4, cursor=second.before)
    assert [row.name for row in back.rows] == ["Firm 5"]
