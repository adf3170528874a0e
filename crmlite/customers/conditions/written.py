"""Conditions on customers that packs write down, read before there is a book: over crmlite's fields, the
pack's own, and the lists as they come."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from crmlite import hooks
from crmlite.customers.fields import COUNTED, KINDS, OF_PARTS, RECORDED
from crmlite.declarations import Declared
from crmlite.fields.object_kinds import LATEST, NUMBER, SUFFIXES, ObjectKind
from crmlite.rules.conditions import Catalogue, Figures, Node, Reading, from_words
from crmlite.rules.fields import Choice, Field
from crmlite.settings.catalogue import AddedChoice, ChoiceList
from crmlite.settings.shipped import TIERS

Choices = Mapping[str, tuple[Choice, ...]]


def read_condition(raw: Any, where: str, pack: str, declared: Declared) -> Node:
    """A condition as `crmlite.rules.conditions.written` has it; fields of the pack may be called by
    their short names. `declared` is what the pack has declared so far. Raises BadDeclaration."""
    own = f"{pack}__"
    return from_words(
        raw, Reading(pack_catalogue(pack, declared), where, figures_of(declared), own)
    )


def figures_of(declared: Declared) -> Figures:
    """What crmlite's settings and those of a pack say as they come: the whole numbers among them."""
    settings = (*hooks.declared("register_settings"), *declared.get("register_settings", ()))
    return Figures({one.name: one.default for one in settings if one.kind == "integer"})


def pack_catalogue(pack: str, declared: Declared) -> Catalogue:
    """The fields that conditions of a pack may ask about, by name, the pack's also by their short
    ones."""
    choices = _choices(declared)
    own: Iterable[Field] = (
        *declared.get("register_customer_fields", ()),
        *_figures_of_records(declared.get("register_object_kinds", ())),
    )
    short = {field.name.removeprefix(f"{pack}__"): field for field in own}
    asked = (one for part in hooks.declared("register_asked_fields") for one in part.lasting)
    fields = {field.name: field for field in (*own, *RECORDED, *COUNTED, *OF_PARTS, *asked)}
    return {name: _offering(field, choices) for name, field in {**short, **fields}.items()}


def _figures_of_records(kinds: Iterable[ObjectKind]) -> Iterator[Field]:
    """What customers are asked about a pack's own records: how many, and the day of the latest."""
    for one in kinds:
        for figure, kind in ((NUMBER, "integer"), (LATEST, "date")):
            yield Field(name=one.name + SUFFIXES[figure], label=one.many, kind=kind)


def _offering(field: Field, choices: Choices) -> Field:
    if field.kind not in ("choice", "choices") or not field.choices_from:
        return field
    return field.offering(choices.get(field.choices_from, ()))


def _choices(declared: Declared) -> Choices:
    """The values of lists as crmlite and the pack bring them; tiers are those of all schemes."""
    lists: list[ChoiceList] = [
        *hooks.declared("register_choice_lists"),
        *declared.get("register_choice_lists", ()),
    ]
    added: list[AddedChoice] = [*declared.get("register_choices", ())]
    found = {
        one.name: (
            *(Choice(value.key, value.label) for value in one.shipped),
            *(Choice(value.key, value.label) for value in added if value.list == one.name),
        )
        for one in lists
    }
    found["customer_kind"] = tuple(Choice(key, words) for key, words in KINDS.items())
    schemes = [values for name, values in found.items() if name.startswith(TIERS)]
    found["tier"] = tuple({one.key: one for values in schemes for one in values}.values())
    return found
