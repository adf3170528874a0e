"""A declaration that could not work is refused with its reason; one that can says what follows."""

import pytest

from crmlite.rules.conditions import ALWAYS, OPERATORS, where
from crmlite.rules.fields import BadDeclaration, Choice, Field
from crmlite.rules.kinds import KINDS
from crmlite.rules.values import READERS, TYPES

GOLD = Choice("gold", {"en": "Gold", "zh": "金卡"})


def field(name="tier", **options):
    """A field with a label."""
    return Field(name=name, **{"label": "Tier", **options})


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"name": "Tier"}, "names are like"),
        ({"name": "retail_"}, "names are like"),
        ({"name": "a__b__c"}, "names are like"),
        ({"name": "__b"}, "names are like"),
        ({"name": "x'; --"}, "names are like"),
        ({"name": "x" * 42}, "at most 41 characters"),
        ({"kind": "colour"}, "kind 'colour' is unknown"),
        ({"label": ""}, "needs English"),
        ({"label": {"zh": "级别"}}, "needs English"),
        ({"kind": "choice"}, "offers no choices"),
        ({"choices": (GOLD,)}, "a text has no choices"),
        ({"kind": "choice", "choices": (GOLD, GOLD)}, "the same key"),
        ({"kind": "choice", "choices": (Choice("a b", "A"),)}, "choice keys"),
        ({"kind": "choice", "choices": (Choice("a", ""),)}, "no label"),
        ({"kind": "date", "multiple": True}, "holds one value"),
        ({"kind": "longtext", "indexed": True}, "no index"),
        ({"kind": "phone", "indexed": True}, "no index"),
        ({"name": "health__allergy", "sensitive": True, "indexed": True}, "no index"),
    ],
)
def test_a_bad_declaration_is_refused_by_name_and_reason(options, reason):
    with pytest.raises(BadDeclaration, match=reason) as refusal:
        field(**options)
    assert repr(options.get("name", "tier")) in str(refusal.value)


def test_the_name_tells_the_pack():
    assert field("retail__points", kind="integer").pack == "retail"
    assert field("custom__colour").pack == "custom"
    assert field("founded_on", kind="date").pack == ""


@pytest.mark.parametrize("kind", ["phone", "email", "im"])
def test_contact_details_are_always_sealed_and_masked(kind):
    declared = field(kind=kind)
    assert declared.sealed
    assert declared.sensitive
    assert not declared.sortable
    assert "is" in declared.operators
    assert "contains" not in declared.operators


def test_a_sensitive_field_of_a_pack_is_sealed_and_amounts_are_not():
    allergy = field("health__allergy", sensitive=True)
    spend = field("retail__spend", kind="amount")
    assert allergy.sealed
    assert allergy.operators == ("empty", "filled")
    assert spend.sensitive
    assert not spend.sealed
    assert spend.sortable
    assert not field("nickname", sensitive=True).sealed


def test_a_field_of_several_values_is_asked_about_as_a_set():
    tags = field("tags", kind="tags")
    helpers = field("helpers", kind="person", multiple=True)
    assert tags.multiple
    assert not tags.sortable
    assert (
        tags.operators
        == helpers.operators
        == (
            "has_any",
            "has_all",
            "has_none",
            "empty",
            "filled",
        )
    )


def test_an_editable_list_fills_in_its_choices_of_now():
    stage = field("stage", kind="choice", choices_from="stage")
    assert stage.choices == ()
    assert stage.offering((GOLD,)).choice("gold") == GOLD
    assert stage.offering((GOLD,)).choices_from == "stage"


def test_required_when_takes_any_condition():
    assert field(required_when=ALWAYS).required_when == ALWAYS
    assert field(required_when=where("kind", "is", "company")).required_when


def test_every_kind_is_complete():
    for name, kind in KINDS.items():
        assert set(kind.operators) <= set(OPERATORS), name
        assert kind.values in TYPES, name
        assert name in READERS, name
        assert kind.operators[-2:] == ("empty", "filled"), name
