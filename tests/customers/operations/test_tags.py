"""Tags: put on and taken off many at once, and customers are found by what they are called."""

import pytest
from flask import Flask
from sqlalchemy import select

from crmlite import clock
from crmlite.access.readers import everything
from crmlite.access.undoing import operation_row, withholding
from crmlite.customers import operations as do
from crmlite.customers.models import Tag
from crmlite.customers.operations import tag_words
from crmlite.customers.operations.bulk import BulkChange
from crmlite.customers.queries import dimension_id, tags_of
from crmlite.extensions import database
from crmlite.history.operations import restore_value
from crmlite.jobs.models import Job
from crmlite.jobs.worker import Worker
from crmlite.search.queries import find
from crmlite.work import Refused, undo
from crmlite.work.actors import command_line
from crmlite.work.ledger import ChangeRow
from tests.customers.operating import added, done
from tests.customers.records import counted


@pytest.fixture
def vip(inside: Flask) -> int:
    """A free tag."""
    return int(done(do.create_tag, dimension_id("free"), "vip", {"en": "Beacon", "zh": "灯塔"}))


@pytest.fixture
def tagged(vip: int) -> list[int]:
    """Customers that have it."""
    ids = [added(name=f"Firm {n}")["id"] for n in range(5)]
    done(do.change_many, ids, BulkChange(add_tags=frozenset({vip})))
    return ids


def work(app: Flask) -> None:
    """What waits in the background, as a worker does it."""
    worker = Worker(app)
    while worker.step():
        pass


def found(text: str) -> list[int]:
    database.session.rollback()
    return sorted(hit.record_id for hit in find(everything(), text))


def test_a_tag_is_taken_from_many_at_once(inside: Flask, vip: int, tagged: list[int]) -> None:
    with counted(inside) as statements:
        done(do.change_many, tagged[:4], BulkChange(remove_tags=frozenset({vip})))
    taken = [one for one in statements.asked if one.startswith("DELETE FROM customer_tag")]
    assert len(taken) == 1
    assert tags_of(tagged) == {i: [vip] if i == tagged[4] else [] for i in tagged}


def test_customers_are_found_by_the_new_name_of_their_tag(
    inside: Flask, vip: int, tagged: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tag_words, "BATCH", 2)
    added(name="Another")
    assert found("灯塔") == tagged
    renamed = done(do.update_tag, vip, {"label": {"en": "Harbour", "zh": "港湾"}})
    work(inside)
    assert found("Harbour") == found("港湾") == tagged
    assert found("Beacon") == []
    undo(renamed, by=command_line(), at=clock.now())
    work(inside)
    assert found("Beacon") == tagged
    assert found("Harbour") == []


def test_and_by_an_earlier_name_that_was_restored(
    inside: Flask, vip: int, tagged: list[int]
) -> None:
    renamed = done(do.update_tag, vip, {"label": {"en": "Harbour", "zh": "港湾"}})
    work(inside)
    assert found("灯塔") == []
    table = ChangeRow.__table__
    change = database.session.execute(
        select(table.c.id).where(table.c.operation_id == renamed)
    ).scalar_one()
    assert done(restore_value, change, "label")
    work(inside)
    assert found("灯塔") == tagged


def test_what_changes_no_name_makes_no_work(inside: Flask, vip: int, tagged: list[int]) -> None:
    done(do.update_tag, vip, {"position": 3})
    done(do.retire_tag, vip)
    table = Tag.__table__
    assert database.session.execute(select(table.c.retired).where(table.c.id == vip)).scalar_one()
    kinds = select(Job.__table__.c.kind)
    assert tag_words.KIND not in database.session.execute(kinds).scalars().all()


def test_of_an_exclusive_dimension_a_customer_has_one_tag_at_most(inside: Flask) -> None:
    mood = done(do.create_dimension, {"en": "Mood", "zh": "态度"}, exclusive=True)
    warm, cold = (
        done(do.create_tag, mood, key, {"en": key, "zh": key}) for key in ("warm", "cold")
    )
    customer_id = added()["id"]
    with pytest.raises(Refused, match="tags-exclusive"):
        done(do.set_tags, customer_id, [warm, cold])
    done(do.set_tags, customer_id, [warm])
    assert tags_of([customer_id]) == {customer_id: [warm]}


def test_what_others_tagged_meanwhile_stays(inside: Flask, vip: int, tagged: list[int]) -> None:
    mood = done(do.create_dimension, {"en": "Mood", "zh": "态度"}, exclusive=True)
    warm, cold = (
        done(do.create_tag, mood, key, {"en": key, "zh": key}) for key in ("warm", "cold")
    )
    one = tagged[0]
    done(do.set_tags, one, [vip, warm])
    done(do.set_tags, one, [], seen=[vip])
    assert tags_of([one]) == {one: [warm]}
    assert done(do.set_tags, one, [vip], seen=[vip]) == 0
    with pytest.raises(Refused, match="tags-outrun"):
        done(do.set_tags, one, [cold], seen=[])
    done(do.set_tags, one, [cold], seen=[warm])
    assert tags_of([one]) == {one: [cold]}


def test_a_dimension_becomes_exclusive_once_nobody_has_two_of_its_tags(
    inside: Flask, vip: int, tagged: list[int]
) -> None:
    free = dimension_id("free")
    warm = done(do.create_tag, free, "warm", {"en": "Warm", "zh": "热"})
    done(do.set_tags, tagged[0], [vip, warm])
    done(do.set_tags, tagged[1], [vip, warm])
    with pytest.raises(Refused, match="tags-several") as refused:
        done(do.update_dimension, free, {"exclusive": True})
    assert refused.value.params == {"dimension": {"en": "Free", "zh": "自由"}, "number": 2}
    assert done(do.update_dimension, free, {"label": {"en": "Own", "zh": "自由"}})
    done(do.set_tags, tagged[0], [warm])
    done(do.delete_customer, tagged[1])  # no list finds it by now
    assert done(do.update_dimension, free, {"exclusive": True})


def test_what_comes_back_leaves_one_tag_of_an_exclusive_dimension(
    inside: Flask, vip: int, tagged: list[int]
) -> None:
    free, one = dimension_id("free"), tagged[0]
    warm = done(do.create_tag, free, "warm", {"en": "Warm", "zh": "热"})
    done(do.set_tags, one, [vip, warm])
    taken = done(do.set_tags, one, [vip])
    done(do.update_dimension, free, {"exclusive": True})
    with pytest.raises(Refused, match="tags-exclusive"):
        done(undo, taken)
    assert tags_of([one]) == {one: [vip]}
    loosened = done(do.update_dimension, free, {"exclusive": False})
    assert withholding(everything(), operation_row(loosened)) is None
    done(undo, taken)
    assert sorted(tags_of([one])[one]) == [vip, warm]
    kind = withholding(everything(), operation_row(loosened))
    assert kind is not None and kind.name == "dimension"
