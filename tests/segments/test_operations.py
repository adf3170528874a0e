"""Segments are asked in lists and rules as the conditions that they are, on both engines."""

import pytest
from flask import Flask
from sqlalchemy import select

from crmlite import clock
from crmlite.access.readers import everything
from crmlite.access.undoing import withholding
from crmlite.customers.lists import Asked, ids_matching
from crmlite.customers.models import Customer, CustomerTag
from crmlite.customers.operations import create_tag, set_rule
from crmlite.customers.operations.tag_rules import follow_rules
from crmlite.customers.queries import dimension_id
from crmlite.customers.tags.rules import ALL
from crmlite.extensions import database
from crmlite.rules.conditions import ALWAYS, ME, All, Any, Node, Not, where
from crmlite.segments import queries
from crmlite.segments.operations import (
    SegmentChange,
    create_segment,
    delete_segment,
    update_segment,
)
from crmlite.settings.queries import local_day
from crmlite.work import Refused, undo
from crmlite.work.actors import command_line, job
from crmlite.work.ledger import ChangeRow, OperationRow
from tests.customers.records import add

LEEDS, YORK = where("region", "is", "Leeds"), where("region", "is", "York")


def make(app: Flask, tree: Node, name: str = "Near") -> tuple[int, str]:
    """A segment; its id and key."""
    with app.app_context():
        change = SegmentChange(label={"en": name}, tree=tree)
        made = create_segment(change, by=command_line(), at=clock.now())
        row = queries.segment(made)
        assert row is not None
        return made, row["key"]


def change(app: Flask, segment_id: int, tree: Node, name: str = "Near") -> None:
    with app.app_context():
        wanted = SegmentChange(label={"en": name}, tree=tree)
        update_segment(segment_id, wanted, by=command_line(), at=clock.now())


def taken(app: Flask, tree: Node) -> list[str]:
    """The numbers of the customers that a condition takes."""
    table = Customer.__table__
    with app.app_context():
        reader, today = everything(), local_day(clock.now())
        ids = ids_matching(Asked(tree=All((tree,))), reader, today, "customers:see")
        wanted = select(table.c.number).where(table.c.id.in_(ids)).order_by(table.c.number)
        return list(database.session.execute(wanted).scalars())


@pytest.fixture
def three(app: Flask) -> list[str]:
    """Customers in Leeds, in York, and nowhere."""
    return [add(app, "manager", region=region) for region in ("Leeds", "York", None)]


def test_a_segment_is_asked_as_its_condition(app: Flask, three: list[str]) -> None:
    leeds, york, nowhere = three
    _id, near = make(app, LEEDS)
    _id, both = make(app, Any((where("segment", "has_any", near), YORK)), "Both")
    assert taken(app, where("segment", "has_any", near)) == [leeds]
    assert taken(app, where("segment", "has_any", both)) == [leeds, york]
    assert taken(app, where("segment", "has_all", near, both)) == [leeds]
    assert taken(app, where("segment", "has_none", near)) == [york, nowhere]
    assert taken(app, where("segment", "filled")) == [leeds, york]
    assert taken(app, where("segment", "empty")) == [nowhere]
    assert taken(app, Not(where("segment", "has_any", both))) == [nowhere]


def test_who_asks_about_a_changed_segment_is_looked_at_anew(app: Flask, three: list[str]) -> None:
    leeds, york, _nowhere = three
    segment_id, key = make(app, LEEDS)
    by, at = command_line(), clock.now()
    with app.app_context():
        tag = create_tag(dimension_id("free"), "x", {"en": "X", "zh": "X"}, by=by, at=at)
        set_rule(tag, where("segment", "has_any", key), by=by, at=at)
    assert tagged(app, tag) == [leeds]
    change(app, segment_id, YORK)
    assert tagged(app, tag) == [york]


def tagged(app: Flask, tag_id: int) -> list[str]:
    """Who has a tag, once the rules were followed."""
    customers, links = Customer.__table__, CustomerTag.__table__
    with app.app_context():
        follow_rules(by=job(ALL), at=clock.now())
        found = select(customers.c.number).join(links, links.c.customer_id == customers.c.id)
        return list(database.session.execute(found.where(links.c.tag_id == tag_id)).scalars())


@pytest.mark.parametrize(
    ("tree", "code"),
    [
        (ALWAYS, "segment-empty"),
        (where("owner", "is", ME), "segment-unsound"),
        (where("nothing", "is", "x"), "segment-unsound"),
        (where("segment", "has_any", "gone"), "segment-unsound"),
    ],
)
def test_what_cannot_be_a_segment_is_refused(app: Flask, tree: Node, code: str) -> None:
    with pytest.raises(Refused) as refused:
        make(app, tree)
    assert refused.value.code == code


def test_two_of_one_name_and_circles_are_refused(app: Flask) -> None:
    first, key = make(app, LEEDS)
    with pytest.raises(Refused) as refused:
        make(app, YORK)
    assert refused.value.code == "segment-exists"
    _second, other = make(app, where("segment", "has_any", key), "Far")
    for asked in (key, other):
        with pytest.raises(Refused) as refused:
            change(app, first, where("segment", "has_none", asked))
        assert refused.value.code == "segment-circle"


def test_one_in_use_stays_and_another_goes_until_it_is_undone(app: Flask, three: list[str]) -> None:
    leeds = three[0]
    first, key = make(app, LEEDS)
    second, other = make(app, where("segment", "has_any", key), "Far")
    with app.app_context(), pytest.raises(Refused) as refused:
        delete_segment(first, by=command_line(), at=clock.now())
    assert refused.value.code == "segment-used"
    with app.app_context():
        done = delete_segment(second, by=command_line(), at=clock.now())
        assert queries.segment(second) is None
        undo(done, by=command_line(), at=clock.now())
    assert taken(app, where("segment", "has_any", other)) == [leeds]


def test_none_becomes_again_what_conditions_do_not_go_with_by_now(app: Flask) -> None:
    by, at = command_line(), clock.now()
    first, key = make(app, LEEDS)
    second, other = make(app, YORK, "Far")
    change(app, first, where("segment", "has_any", other))
    change(app, first, LEEDS)
    assert undoable(app, "segment_updated", first)
    change(app, second, where("segment", "has_any", key), "Far")
    assert not undoable(app, "segment_updated", first)  # each would ask about the other
    assert not undoable(app, "segment_created", first)  # it is asked about
    assert undoable(app, "segment_created", second)
    change(app, second, YORK, "Far")
    assert undoable(app, "segment_created", first)
    with app.app_context():
        delete_segment(first, by=by, at=at)
        assert undoable(app, "segment_deleted", first)


def undoable(app: Flask, name: str, segment_id: int) -> bool:
    """Whether whoever may do everything may undo the latest operation of a name on a segment."""
    table, changes = OperationRow.__table__, ChangeRow.__table__
    with app.app_context():
        wanted = (
            select(table)
            .join(changes, changes.c.operation_id == table.c.id)
            .where(table.c.name == name, changes.c.record_id == segment_id)
            .order_by(table.c.id.desc())
        )
        return withholding(everything(), database.session.execute(wanted).first()) is None


def test_a_segment_grows_no_larger_by_those_that_it_asks_about_than_can_be_asked(
    app: Flask,
) -> None:
    first, small = make(app, LEEDS, "0")
    many = All((where("segment", "has_any", small),) * 20)
    _id, wide = make(app, many, "Wide")
    with app.app_context():
        by, at = command_line(), clock.now()
        tag = create_tag(dimension_id("free"), "x", {"en": "Tagged", "zh": "X"}, by=by, at=at)
        set_rule(tag, All((where("segment", "has_any", wide),) * 4), by=by, at=at)
        with pytest.raises(Refused) as refused:
            set_rule(tag, All((where("segment", "has_any", wide),) * 5), by=by, at=at)
        assert refused.value.code == "rule-unsound"
    with pytest.raises(Refused) as refused:
        make(app, All((where("segment", "has_all", wide),) * 5), "Wider")
    assert refused.value.code == "segment-unsound"
    for parts, where_used in ((2, "Tagged"), (20, "Wide")):
        with pytest.raises(Refused) as refused:
            change(app, first, All((LEEDS,) * parts), "0")
        assert refused.value.code == "segment-too-much"
        assert refused.value.params["where"]["en"] == where_used
    change(app, first, YORK, "0")
