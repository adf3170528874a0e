"""Fields of packs as rows: put in, brought up to date, and left as a manager adjusted them."""

from dataclasses import replace

from flask import Flask
from sqlalchemy import select

from crmlite import clock, fields, hooks
from crmlite.extensions import database
from crmlite.fields.models import FieldRow
from crmlite.fields.operations import retire_field, word_field
from crmlite.rules.conditions import where
from crmlite.rules.fields import Choice, Field
from crmlite.work.actors import command_line
from crmlite.work.shipped import foreseen_of
from tests.fields.packs import bring, switch

SILVER = Choice("silver", {"en": "Silver", "zh": "银卡"})
GOLD = Choice("gold", {"en": "Gold", "zh": "金卡"})
LEVEL = Field(
    name="shop__level",
    label={"en": "Member level", "zh": "会员等级"},
    kind="choice",
    choices=(SILVER, GOLD),
    hint={"en": "As on the card", "zh": "以会员卡为准"},
    group={"en": "Membership", "zh": "会员"},
    required_when=where("lifecycle", "is", "active"),
    indexed=True,
    aliases=("卡级别", "card"),
)
POINTS = Field(name="shop__points", label="Points", kind="integer")


def names(kind: str = "customer") -> list[str]:
    return [field.name for field in fields.fields_of(kind)]


def row(name: str):
    table = FieldRow.__table__
    return database.session.execute(select(table).where(table.c.name == name)).one()


def now(operation, *given, **more):
    return operation(*given, by=command_line(), at=clock.now(), **more)


def test_a_pack_brings_its_fields_as_it_declares_them(inside: Flask):
    bring(inside, "shop", customer=[LEVEL, POINTS], case=[replace(POINTS, name="shop__batch")])
    level, points = fields.fields_of("customer")
    assert replace(level, group=LEVEL.group, label=LEVEL.label) == LEVEL
    assert fields.group_label(str(level.group)) == "Membership"
    assert points.label == {"en": "Points"}
    assert names("case") == ["shop__batch"]
    assert (names("contact"), names("order")) == ([], [])


def test_what_a_pack_that_is_off_has_is_known_and_not_asked_for(inside: Flask):
    bring(inside, "shop", customer=[LEVEL])
    bring(inside, "bakery", customer=[Field(name="bakery__flour", label="Flour")])
    assert names() == ["shop__level", "bakery__flour"]
    switch(inside, "shop", on=False)
    assert names() == ["bakery__flour"]
    assert [field.name for field in fields.resting("customer")] == ["shop__level"]
    registry = inside.extensions[hooks.REGISTRY]
    shop = registry.declared.pop("shop")  # the pack is gone from the disk
    registry.forget()
    assert [field.name for field in fields.resting("customer")] == ["shop__level"]
    assert set(fields.known_fields("customer")) == {"shop__level", "bakery__flour"}
    hooks.register_pack("shop", None, shop)
    switch(inside, "shop", on=True)
    assert names() == ["shop__level", "bakery__flour"]


def test_a_later_version_changes_what_nobody_adjusted(inside: Flask):
    bring(inside, "shop", customer=[LEVEL, POINTS])
    level, points = row("shop__level"), row("shop__points")
    mine = {"label": {"en": "Card"}, "hint": None, "group": level.group}
    now(word_field, level.id, mine, {"gold": {"en": "Golden"}})
    later = replace(
        LEVEL,
        label={"en": "Level of the card"},
        group={"en": "Cards"},
        choices=(replace(SILVER, label={"en": "Silver card"}), replace(GOLD, label="Gold card")),
    )
    bring(inside, "shop", customer=[later, replace(POINTS, label={"en": "Score"})])
    found = fields.field_of("customer", "shop__level")
    assert found is not None
    assert found.label == {"en": "Card"} and found.hint == "" and found.group == "Cards"
    assert [choice.label["en"] for choice in found.choices] == ["Silver card", "Golden"]
    assert row("shop__points").label == {"en": "Score"} and row("shop__points").id == points.id


def test_a_choice_that_is_shipped_no_more_is_kept_and_not_offered(inside: Flask):
    bring(inside, "shop", customer=[LEVEL])
    black = Choice("black", {"en": "Black"})
    bring(inside, "shop", customer=[replace(LEVEL, choices=(GOLD, black))])
    found = fields.field_of("customer", "shop__level")
    assert found is not None
    assert [(c.key, c.retired) for c in found.choices] == [
        ("gold", False), ("black", False), ("silver", True),
    ]  # fmt: skip
    bring(inside, "shop", customer=[LEVEL])
    found = fields.field_of("customer", "shop__level")
    assert found is not None
    assert [(c.key, c.retired) for c in found.choices] == [
        ("silver", False), ("gold", False), ("black", True),
    ]  # fmt: skip


def test_a_field_that_is_shipped_no_more_rests_and_comes_back(inside: Flask):
    bring(inside, "shop", customer=[LEVEL, POINTS])
    bring(inside, "shop", customer=[POINTS])
    assert names() == ["shop__points"]
    assert [field.name for field in fields.resting("customer")] == ["shop__level"]
    bring(inside, "shop", customer=[LEVEL, POINTS])
    assert names() == ["shop__level", "shop__points"]


def test_a_field_that_a_manager_retired_stays_so(inside: Flask):
    bring(inside, "shop", customer=[LEVEL, POINTS])
    now(retire_field, row("shop__level").id)
    bring(inside, "shop", customer=[replace(LEVEL, label={"en": "Level"}), POINTS])
    assert names() == ["shop__points"]


def test_the_kind_of_a_field_never_changes(inside: Flask):
    bring(inside, "shop", customer=[POINTS])
    other = replace(POINTS, kind="text", label={"en": "Points as text"})
    for _again in range(2):
        bring(inside, "shop", customer=[other])
        [found] = fields.fields_of("customer")
        assert (found.kind, found.label) == ("integer", {"en": "Points"})
        [told] = [one for one in foreseen_of("shop") if one.key == "customer.shop__points"]
        assert told.fate == "keep" and "never changes" in told.problem
        assert "kind" in told.kept


def test_a_field_is_not_made_sensitive_afterwards(inside: Flask):
    bring(inside, "shop", customer=[POINTS])
    bring(inside, "shop", customer=[replace(POINTS, sensitive=True)])
    [found] = fields.fields_of("customer")
    assert not found.sensitive


def test_shipping_the_same_again_changes_nothing(inside: Flask):
    bring(inside, "shop", customer=[LEVEL, POINTS])
    assert foreseen_of("shop") == []


def test_fields_are_read_once_per_arrangement(inside: Flask, monkeypatch):
    bring(inside, "shop", customer=[LEVEL])
    fields.fields_of("customer")
    asked = []
    monkeypatch.setattr("crmlite.fields.queries._rows", lambda: asked.append(1) or [])
    for _again in range(3):
        fields.fields_of("customer")
        fields.resting("case")
    assert asked == []
