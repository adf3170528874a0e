"""The whole ledger, and who looked at what."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import pytest
from flask_babel import force_locale

import crmlite
from crmlite.access import Reader
from crmlite.access.sensitive import ViewingRow, note_viewing, write_viewings
from crmlite.customers.models import Contact
from crmlite.customers.operations.tags import create_dimension, create_tag
from crmlite.extensions import database
from crmlite.history.queries import ledger as ledgers
from crmlite.history.queries import viewings as looks
from crmlite.history.queries.ledger import Filter, done, ledger
from crmlite.history.wording import actor_words, operation_words
from crmlite.testing import person_id
from crmlite.work import undo
from crmlite.work.operations import NAMES
from tests.history.conftest import AT, Past, make_past

pytestmark = pytest.mark.usefixtures("inside_request")

Readers = Callable[[str], Reader]


def actor_id(name: str) -> int:
    return next(number for number, words in ledgers.actors() if words == name)


def test_each_operation_says_what_of_what_who_and_from_where(past: Past, reader: Readers) -> None:
    past.change_contact(title="Head")
    row = ledger(reader("manager"), Filter()).rows[0]
    assert (row.what, row.about, row.others) == ("Contact changed", "Riverton New Energy Ltd", 0)
    assert (row.who, row.source, row.at) == ("林知夏", "form", past.at)
    assert row.url == f"/customers/{past.number}"


def test_it_is_filtered_by_person_kind_and_day(past: Past, reader: Readers) -> None:
    past.change(region="Leeds")
    past.change(login="manager", region="York")
    who = reader("manager")

    def found(**wanted: Any) -> list[tuple[str, str]]:
        return [(row.what, row.who) for row in ledger(who, Filter(**wanted)).rows]

    assert found(actor_id=actor_id("Grace Shen")) == [("Customer changed", "Grace Shen")]
    assert found(name="customer_updated", actor_id=actor_id("林知夏")) == [
        ("Customer changed", "林知夏")
    ]
    assert found(name="nothing_done") == []
    day = AT.date()
    inside = found(since=day, until=day)
    assert ("Customer changed", "Grace Shen") in inside
    assert found(since=day + timedelta(days=1), until=day + timedelta(days=1)) == []
    assert found(since=date(1970, 1, 1), until=date.max) == found()


def test_days_are_those_of_the_firm(past: Past, reader: Readers) -> None:
    late = AT.replace(hour=23)  # the next morning in Shanghai
    past.at = late
    past.change(region="Leeds")
    next_day = AT.date() + timedelta(days=1)
    found = ledger(reader("manager"), Filter(since=next_day, until=next_day)).rows
    assert [row.what for row in found] == ["Customer changed"]


def test_an_undone_operation_says_so(past: Past, reader: Readers) -> None:
    changed = past.change(region="Leeds")
    undo(changed, by=past.actor("manager"), at=past.when())
    newest, before = ledger(reader("manager"), Filter()).rows[:2]
    assert (newest.what, newest.undoes_id) == ("Undone", changed)
    assert (before.id, before.undone) == (changed, True)
    assert done(reader("manager"), changed) == before
    assert done(reader("manager"), 999_999) is None


def test_pages_follow_each_other_at_the_same_cost(
    past: Past, reader: Readers, statements: Callable[[], Any]
) -> None:
    for number in range(12):
        past.change(region=f"R{number}")
    who = reader("manager")
    ledger(who, Filter())  # settings are in memory from now on
    with statements() as few:
        first = ledger(who, Filter(), size=2)
    with statements() as many:
        ledger(who, Filter(), size=50)
    assert len(few) == len(many) == 3
    second = ledger(who, Filter(), size=2, cursor=first.after)
    assert second.rows[0].id == first.rows[-1].id - 1
    back = ledger(who, Filter(), size=2, cursor=second.before)
    assert back.rows == first.rows


def test_every_operation_of_crmlite_is_called_by_words(past: Past) -> None:
    for module in walk_packages(crmlite.__path__, "crmlite."):
        import_module(module.name)  # an operation is known once its module is
    ours = {name for name, module in NAMES.items() if module.startswith("crmlite.")}
    assert "operation_undone" in ours
    assert sorted(n for n in ours if operation_words(n) == n.replace("_", " ")) == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_two_operations_are_called_alike(past: Past, lang: str) -> None:
    for module in walk_packages(crmlite.__path__, "crmlite."):
        import_module(module.name)
    with force_locale(lang):
        words = Counter(
            operation_words(name) for name, of in NAMES.items() if of.startswith("crmlite.")
        )
    assert [word for word, times in words.items() if times > 1] == []


def test_programs_and_jobs_are_named_in_words(past: Past) -> None:
    with force_locale("zh"):
        assert actor_words("command", "crmlite") == "命令行"
        assert actor_words("command", "demo") == "命令行 · 演示数据"
        assert actor_words("job", "make-backup") == "后台任务 · 手动备份"


def test_what_is_done_to_a_tag_names_the_tag(past: Past, reader: Readers) -> None:
    family = create_dimension(
        {"en": "Mood"}, exclusive=False, by=past.actor("manager"), at=past.when()
    )
    create_tag(family, "cheerful", {"en": "Cheerful"}, by=past.actor("manager"), at=past.when())
    tag, dimension = ledger(reader("manager"), Filter()).rows[:2]
    assert (tag.what, tag.about) == ("Tag added", "Cheerful")
    assert (dimension.what, dimension.about) == ("Dimension added", "Mood")


def look(reader: Reader, at: Any, *contact_ids: int, column: str = "mobile") -> None:
    for contact_id in contact_ids:
        note_viewing(Contact.__table__, contact_id, column)
    write_viewings(reader, "customers.show", at)


def test_who_saw_what_is_told(past: Past, reader: Readers) -> None:
    look(reader("sales"), past.when(), past.contact_id)
    [row] = looks.viewings(reader("manager"), looks.Filter()).rows
    assert (row.who, row.what, row.fields, row.others) == ("林知夏", "Contact", "Mobile", 0)
    assert [(seen.name, seen.under) for seen in row.records] == [
        ("Claire Harlow", "Riverton New Energy Ltd")
    ]
    assert row.records[0].url == f"/customers/{past.number}"


def test_looks_are_filtered_by_person_and_day(past: Past, reader: Readers) -> None:
    look(reader("sales"), past.when(), past.contact_id)
    look(reader("manager"), past.when(), past.contact_id, column="email")
    who, day = reader("manager"), AT.date()

    def found(**wanted: Any) -> list[str]:
        return [row.who for row in looks.viewings(who, looks.Filter(**wanted)).rows]

    assert found() == ["Grace Shen", "林知夏"]
    assert found(user_id=person_id("sales"), since=day, until=day) == ["林知夏"]
    assert found(since=day + timedelta(days=1)) == []


def test_of_many_seen_at_once_some_are_named_and_the_rest_counted(
    past: Past, reader: Readers, statements: Callable[[], Any]
) -> None:
    ids = [make_past(name=f"Firm {number}").contact_id for number in range(8)]
    look(reader("manager"), past.when(), *ids)
    who = reader("manager")
    looks.viewings(who, looks.Filter())
    with statements() as asked:
        [row] = looks.viewings(who, looks.Filter()).rows
    assert (len(row.records), row.others) == (5, 3)
    assert len(asked) == 3


def test_a_look_at_what_is_gone_by_now_is_still_told(past: Past, reader: Readers) -> None:
    table = ViewingRow.__table__
    seen_by = person_id("sales")
    database.session.rollback()
    with database.engine.begin() as connection:
        connection.execute(
            table.insert().values(
                at=past.at,
                user_id=seen_by,
                place="somewhere",
                record_type="thing",
                record_ids=[1, 2],
                columns=["secret"],
            )
        )
    [row] = looks.viewings(reader("manager"), looks.Filter()).rows
    assert (row.what, row.fields, list(row.records), row.others) == ("thing", "secret", [], 2)
