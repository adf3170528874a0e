"""Tags are put on and taken off many at once."""

import pytest
from flask import Flask

from crmlite.customers import operations as do
from crmlite.customers.operations.bulk import BulkChange
from crmlite.customers.queries import dimension_id, tags_of
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


def test_a_tag_is_taken_from_many_at_once(inside: Flask, vip: int, tagged: list[int]) -> None:
    with counted(inside) as statements:
        done(do.change_many, tagged[:4], BulkChange(remove_tags=frozenset({vip})))
    taken = [one for one in statements.asked if one.startswith("DELETE FROM customer_tag")]
    assert len(taken) == 1
    assert tags_of(tagged) == {i: [vip] if i == tagged[4] else [] for i in tagged}
