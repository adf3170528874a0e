"""What does not make sense together about a customer, as conditions that slices and packs declare."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crmlite import clock, hooks
from crmlite.customers.choices import tier_shown
from crmlite.customers.conditions.figures import figures
from crmlite.customers.conditions.sql import FACT_COLUMNS
from crmlite.customers.fields import column_of, list_fields
from crmlite.customers.words import in_words
from crmlite.fields import extra_value
from crmlite.forms.times import zone
from crmlite.rules.conditions import All, Node, Onlooker, fields_used, holds, where
from crmlite.rules.conditions import Any as Either
from crmlite.rules.fields import Field
from crmlite.rules.lifecycle import LIFECYCLE, STAGES, stage_fits
from crmlite.rules.purchases import overdue
from crmlite.rules.wording import Label
from crmlite.settings.places import calling_code
from crmlite.wording import N_, label


@dataclass(frozen=True, kw_only=True, slots=True)
class LogicRule:
    """Something that people look at again before it is saved; nothing is refused for it.

    `condition` holds when the values do not make sense together. `text` says so; `%(stage)s` in it
    is the customer's stage in words, and so with each field that the condition asks about. `at` is
    the field beside which it is said. Of needs, the condition sees the one being entered, else the
    most urgent open one. A rule about values that are masked for some is not asked, since its
    doubt would tell them.
    """

    name: str
    condition: Node
    text: Label
    at: str


MAKES_NOTHING = ("F", "J", "K", "L", "P", "S", "T")
"""Sections that produce no goods: trade, finance, property, leasing and business services,
education, administration, international organisations."""


def shipped_rules() -> list[LogicRule]:
    """What crmlite itself doubts."""
    return [
        LogicRule(
            name="stage-against-lifecycle",
            condition=Either(
                tuple(
                    All((where("lifecycle", "is", state), where("stage", "is", *unlikely)))
                    for state in LIFECYCLE
                    if (unlikely := [one for one in STAGES if not stage_fits(state, one)])
                )
            ),
            text=N_("The stage %(stage)s does not fit a customer who is %(lifecycle)s."),
            at="stage",
        ),
        LogicRule(
            name="need-against-industry",
            condition=All(
                (where("core_need", "is", "capacity"), where("industry", "is", *MAKES_NOTHING))
            ),
            text=N_("The core need %(core_need)s does not fit the industry %(industry)s."),
            at="industry",
        ),
        LogicRule(
            name="need-against-kind",
            condition=All((where("core_need", "is", "capacity"), where("kind", "is", "person"))),
            text=N_("The core need %(core_need)s does not fit a person."),
            at="core_need",
        ),
    ]


def logic_rules() -> list[LogicRule]:
    """All rules that may be asked."""
    fields = list_fields()
    return [
        rule
        for rule in hooks.gathered("register_logic_rules")
        if fields_used(rule.condition) <= fields.keys()
        and not any(fields[name].sensitive for name in fields_used(rule.condition))
    ]


def illogical(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What does not make sense about the values of a customer, by column: where it is said, and
    the sentence."""
    fields = list_fields()
    found = []
    for rule in logic_rules():
        if is_true_of(rule.condition, row):
            words = {
                name: in_words(fields[name], value_of(fields[name], row))
                for name in fields_used(rule.condition)
            }
            found.append((rule.at, label(rule.text) % words))
    return found


def is_true_of(tree: Node, row: Mapping[str, Any]) -> bool:
    """Whether a condition holds for a customer of these values, by column."""
    fields = list_fields()
    values = {name: value_of(fields[name], row) for name in fields_used(tree)}
    asking = Onlooker(
        today=clock.today(zone()), zone=zone(), home=calling_code(), figures=figures()
    )
    return holds(tree, values, fields, asking)


def conditions_about(names: Sequence[str]) -> Either:
    """What makes a customer doubtful of those rules that ask about some of these fields."""
    return Either(
        tuple(
            rule.condition
            for rule in logic_rules()
            if not fields_used(rule.condition).isdisjoint(names)
        )
    )


def value_of(field: Field, row: Mapping[str, Any]) -> Any:
    """A value of a customer as conditions ask it, of its values by column."""
    match field.name:
        case "lifecycle" | "kind":
            return row.get(field.name) or {"lifecycle": "potential", "kind": "company"}[field.name]
        case "tier" if "lifecycle" in row:
            return tier_shown({"tier": None, **row})
        case "order_gap" if "last_order_on" in row:
            today = clock.today(zone())
            return overdue(row["last_order_on"], row["order_interval"], today)
    column = FACT_COLUMNS[field.name].name if field.name in FACT_COLUMNS else column_of(field.name)
    if column in row:
        return row[column]
    return extra_value(field, (row.get("extra") or {}).get(field.name))
