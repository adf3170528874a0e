"""Fields as packs write them down."""

import tomllib

import pytest
from flask import Flask

from crmlite.packs.loading import sections_known
from crmlite.rules.conditions import ALWAYS, where
from crmlite.rules.fields import BadDeclaration, Choice, Field
from crmlite.settings.catalogue import Choice as Value
from crmlite.settings.catalogue import ChoiceList

SOUND = """
[fields.customer.level]
label = ["Member level", "会员等级"]
kind = "choice"
choices = [["silver", "Silver", "银卡"], ["gold", "Gold"]]
required = true
indexed = true
group = ["Membership", "会员"]
hint = "As on the card"
aliases = ["卡级"]

[fields.customer.card]
only_for = "person"
label = "Card"
required_when = {field = "trade__level", operator = "is", values = ["gold"]}

[fields.order.batch]
label = ["Batch", "批次"]
sensitive = true
"""
WRONG = {
    "[fields.customer.level]\nlabel = 'Level'\nonly_for = 'child'": "only_for is `company` or",
    "[fields.case.level]\nlabel = 'Level'\nonly_for = 'person'": "only_for is of fields of customers",
    "[fields.custmer.level]\nlabel = 'Level'": "did you mean 'customer'?",
    "[fields.customer.level]\nlabell = 'Level'": "[fields.customer.level]: 'labell' is unknown; "
    "did you mean 'label'?",
    "[fields.customer.level]\nlabel = 'Level'\nkind = 'chioce'": "did you mean 'choice'?",
    "[fields.customer.level]\nkind = 'text'": "a label is a text, or [English, Chinese]",
    "[fields.customer.level]\nlabel = 'Level'\nindexed = 'yes'": "indexed must be of kind bool",
    "[fields.customer.level]\nlabel = 'Level'\nkind = 'choice'": "it offers no choices",
    "[fields.customer.level]\nlabel = 'L'\nkind = 'choice'\nchoices = [['a']]": "[key, English",
    "[fields.customer.level]\nlabel = 'L'\nkind = 'choice'\nchoices_from = 'sorce'": "[fields."
    "customer.level] choices_from: 'sorce' is unknown; did you mean 'source'?",
    "[fields.customer.level]\nlabel = 'L'\naliases = 'card'": "aliases is a list of texts",
    "[fields.customer.level]\nlabel = 'L'\nrequired_when = {a = 1}": "required_when is no",
    "[fields.customer.level]\nlabel = 'L'\nrequired = true\nrequired_when = {a = 1}": "give one of",
    "[fields.customer.Level]\nlabel = 'L'": "names are like",
    "[fields.customer]\nlabel = 'L'": "[fields.customer.label] must be a table",
    "[fields]\ncustomer = 'L'": "must hold tables such as",
}


def read(text: str) -> dict[str, list[Field]]:
    """What a file declares."""
    [section] = [one for one in sections_known() if one.name == "fields"]
    made = section.read("trade", tomllib.loads(text)["fields"], {})
    return {hook: list(fields) for hook, fields in made.items()}


def test_what_is_written_is_what_is_declared(app: Flask):
    with app.app_context():
        assert read(SOUND) == {
            "register_customer_fields": [
                Field(
                    name="trade__level",
                    label={"en": "Member level", "zh": "会员等级"},
                    kind="choice",
                    choices=(
                        Choice("silver", {"en": "Silver", "zh": "银卡"}),
                        Choice("gold", {"en": "Gold"}),
                    ),
                    required_when=ALWAYS,
                    indexed=True,
                    group={"en": "Membership", "zh": "会员"},
                    hint={"en": "As on the card"},
                    aliases=("卡级",),
                ),
                Field(
                    name="trade__card",
                    label={"en": "Card"},
                    only_for="person",
                    required_when=where("trade__level", "is", "gold"),
                ),
            ],
            "register_order_fields": [
                Field(name="trade__batch", label={"en": "Batch", "zh": "批次"}, sensitive=True)
            ],
        }


@pytest.mark.parametrize("name", ["card", "trade__card", "source"])
def test_choices_of_a_list_the_packs_own_by_its_short_name(app: Flask, name: str):
    text = f"[fields.customer.level]\nlabel = 'Level'\nkind = 'choice'\nchoices_from = '{name}'"
    card = ChoiceList(name="trade__card", label="Cards", shipped=[Value("gold", {"en": "Gold"})])
    with app.app_context():
        [section] = [one for one in sections_known() if one.name == "fields"]
        made = section.read(
            "trade", tomllib.loads(text)["fields"], {"register_choice_lists": [card]}
        )
    [field] = made["register_customer_fields"]
    assert field.choices_from == ("source" if name == "source" else "trade__card")


def test_mistakes_are_named(app: Flask):
    told = {}
    for text in WRONG:
        with app.app_context(), pytest.raises(BadDeclaration) as wrong:
            read(text)
        told[text] = str(wrong.value)
    assert {text: told[text] for text in WRONG if WRONG[text] not in told[text]} == {}
