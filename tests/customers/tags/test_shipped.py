"""Dimensions and tags that crmlite and packs ship: put in, brought up to date, adjusted by the firm."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from crmlite import clock
from crmlite.customers import operations as do
from crmlite.customers.models import Dimension, Tag
from crmlite.customers.operations.tag_rules import follow_rules
from crmlite.customers.tags import shipped
from crmlite.customers.tags.declaring import ShippedTag, TagDimension, refuse_unfit
from crmlite.extensions import database
from crmlite.rules.conditions import All, from_json, where
from crmlite.rules.fields import BadDeclaration
from crmlite.work import Actor, operation
from crmlite.work.actors import job
from crmlite.work.shipped import foreseen_of, ship_of
from tests.customers.operating import done
from tests.declaring import declare

LOYAL = ShippedTag(
    dimension="behaviour",
    key="loyal",
    label={"en": "Loyal", "zh": "忠诚"},
    when=where("orders", "at_least", 10),
)


@operation("data_shipped")
def ship(*, by: Actor, at: datetime) -> list[str]:
    """Deliver what crmlite ships; what was done, row by row."""
    return [f"{one.fate} {one.key}" for one in ship_of("", at)]


def shipped_with(app: Flask, *more: ShippedTag) -> list[str]:
    """The same with other tags than those of today."""
    declare(app, "register_tags", more)
    app.extensions["crmlite.hooks.registry"].known["register_tags"] = tuple(more)
    return list(done(ship))


def tag(key: str) -> Mapping[str, Any]:
    """A shipped tag as it is kept."""
    database.session.rollback()
    table = Tag.__table__
    found = database.session.execute(select(table).where(table.c.shipped_key == key))
    return found.mappings().one()


def test_every_book_has_them(inside: Flask) -> None:
    dimensions, tags = Dimension.__table__, Tag.__table__
    found = database.session.execute(select(dimensions).order_by(dimensions.c.position)).mappings()
    assert [(row["key"], row["exclusive"]) for row in found] == [
        ("basic", False),
        ("need", False),
        ("behaviour", False),
        ("free", False),
        ("response-speed", True),
        ("deals", True),
        ("complaint-record", True),
        ("purchase-frequency", True),
        ("spend", True),
        ("buying-state", True),
    ]
    found = database.session.execute(select(tags)).mappings().all()
    assert {row["shipped_key"] for row in found} == {one.name for one in shipped.tags()}
    assert all(row["owner"] == "" and row["rule_on"] for row in found)
    database.session.rollback()
    assert done(ship) == []


def test_a_later_version_changes_what_nobody_touched(inside: Flask) -> None:
    own = [one for one in shipped.tags() if one.dimension == "behaviour"]
    assert "add behaviour/loyal" in shipped_with(inside, *own, LOYAL)
    done(do.update_tag, tag("behaviour/loyal")["id"], {"label": {"en": "Faithful"}, "position": 7})
    later = replace(
        LOYAL, label={"en": "Very loyal"}, when=where("orders", "at_least", 20), quiet=True
    )
    assert shipped_with(inside, *own, later) == ["change behaviour/loyal"]
    row = tag("behaviour/loyal")
    assert row["label"] == {"en": "Faithful"} and row["position"] == 7 and row["quiet"]
    assert from_json(row["rule"]) == later.when
    assert shipped_with(inside, *own, later) == []


def test_a_rule_that_was_switched_off_or_changed_stays_so(inside: Flask) -> None:
    own = [one for one in shipped.tags() if one.dimension == "behaviour"]
    shipped_with(inside, *own, LOYAL)
    done(do.switch_rule, tag("behaviour/loyal")["id"], on=False)
    later = replace(LOYAL, when=where("orders", "at_least", 20))
    shipped_with(inside, *own, later)
    row = tag("behaviour/loyal")
    assert not row["rule_on"] and from_json(row["rule"]) == later.when
    mine = All((where("orders", "at_least", 5),))
    done(do.set_rule, row["id"], mine)
    shipped_with(inside, *own, replace(LOYAL, when=where("orders", "at_least", 30)))
    row = tag("behaviour/loyal")
    assert row["rule_on"] and from_json(row["rule"]) == mine


def test_what_is_shipped_no_more_is_no_longer_offered_until_it_comes_back(inside: Flask) -> None:
    own = [one for one in shipped.tags() if one.dimension == "behaviour"]
    shipped_with(inside, *own, LOYAL)
    assert shipped_with(inside, *own) == ["retire behaviour/loyal"]
    assert tag("behaviour/loyal")["retired"]
    assert shipped_with(inside, *own) == []
    assert shipped_with(inside, *own, LOYAL) == ["change behaviour/loyal"]
    assert not tag("behaviour/loyal")["retired"]
    done(do.retire_tag, tag("behaviour/loyal")["id"])
    assert shipped_with(inside, *own, LOYAL) == []
    assert tag("behaviour/loyal")["retired"]


def test_what_shipping_would_do_is_told_before(inside: Flask) -> None:
    own = shipped.tags()
    inside.extensions["crmlite.hooks.registry"].known["register_tags"] = (*own, LOYAL)
    assert [(one.fate, one.key) for one in foreseen_of("")] == [("add", "behaviour/loyal")]
    assert done(ship) == ["add behaviour/loyal"]


def test_the_rules_of_crmlite_can_all_be_followed(inside: Flask) -> None:
    assert follow_rules(by=job("tag-by-rules"), at=clock.now()) == 0


@pytest.mark.parametrize(
    "key", ["", "Loyal", "loyal customer", "a" * 61, "retail__", "x/y", "-x", "__x"]
)
def test_keys_are_words_of_small_letters(key: str) -> None:
    with pytest.raises(BadDeclaration, match="keys are like"):
        replace(LOYAL, key=key)
    with pytest.raises(BadDeclaration, match="keys are like"):
        TagDimension(key=key, label={"en": "X"})


def test_they_are_called_something(inside: Flask) -> None:
    for label in ("", {}, {"zh": "忠诚"}):
        with pytest.raises(BadDeclaration, match="English"):
            replace(LOYAL, label=label)
        with pytest.raises(BadDeclaration, match="English"):
            TagDimension(key="mood", label=label)
    with pytest.raises(BadDeclaration, match="80"):
        ShippedTag(dimension="d" * 30, key="k" * 60, label="Long")


@pytest.mark.parametrize(
    ("home", "key", "said"),
    [
        ("behaviour", "loyal", "begin with `cafe__`"),
        ("behaviour", "cafes__loyal", "begin with `cafe__`"),
        ("basic", "cafe__loyal", "follow from fields"),
        ("need", "cafe__loyal", "follow from fields"),
        ("mood", "cafe__loyal", "there is no dimension"),
        ("shop__mood", "cafe__loyal", "there is no dimension"),
    ],
)
def test_a_pack_adds_what_is_its_own_where_it_may(home: str, key: str, said: str) -> None:
    own = TagDimension(key="cafe__mood", label={"en": "Mood"})
    of_crmlite = [one.key for one in shipped.dimensions()]
    for fit in ("behaviour", "free", "cafe__mood"):
        good = replace(LOYAL, dimension=fit, key="cafe__loyal")
        refuse_unfit("cafe", [own], [good], of_crmlite)
    with pytest.raises(BadDeclaration, match=said):
        refuse_unfit("cafe", [own], [replace(LOYAL, dimension=home, key=key)], of_crmlite)
    with pytest.raises(BadDeclaration, match="begin with"):
        refuse_unfit("cafe", [TagDimension(key="mood", label="Mood")], [], of_crmlite)
