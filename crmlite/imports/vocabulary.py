"""The words that cells are read with: the book's own fields and lists, and what others call them."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from crmlite import settings
from crmlite.accounts.roster import roster
from crmlite.customers.conditions.catalogue import offering
from crmlite.customers.fields import CONTACT, NEED, customer_fields
from crmlite.customers.industries import deeper_code, find_industries, industry
from crmlite.fields import fields_of
from crmlite.imports.reading import Vocabulary
from crmlite.rules.fields import Field
from crmlite.rules.text import folded
from crmlite.rules.values import Reading
from crmlite.settings.places import currencies
from crmlite.work.record_types import record_types

CODE = re.compile(r"\s*([A-Ta-t]?\d{2,4}|[A-Ta-t])(?![0-9A-Za-z])")
NAMED = ("person", "team")  # kinds whose values are found by name
GENERAL = re.compile(r"(?:行业|产业|业|类)$")


def vocabulary(reading: Reading) -> Vocabulary:
    """What cells are read with, the lists as they stand now."""
    fields = {each.name: each for each in customer_fields() if each.pack or each.kind not in NAMED}
    fields |= {f"contact.{each.name}": each for each in (*CONTACT, *fields_of("contact"))}
    fields |= {f"need.{each.name}": each for each in NEED}
    return Vocabulary(
        fields={target: offering(each) for target, each in fields.items()},
        reading=reading,
        synonyms=synonyms(),
        industries=industry_code,
        labels={
            "status": _labels("status"),
            **{target: _named(each) for target, each in fields.items() if each.kind in NAMED},
        },
        currencies=frozenset(currencies()),
        guarded=frozenset(
            {
                *record_types()["customer"].rights,
                *(target for target, each in fields.items() if each.kind == "amount"),
            }
        ),
    )


def vocabulary_of(kind: str, reading: Reading) -> Vocabulary:
    """The same for records of a pack of this kind."""
    fields = {each.name: offering(each) for each in fields_of(kind)}
    return Vocabulary(
        fields=fields,
        reading=reading,
        industries=industry_code,
        labels={name: _named(each) for name, each in fields.items() if each.kind in NAMED},
    )


def _named(field: Field) -> dict[str, int]:
    """The ids of the people or teams that a further field holds, by what they are called."""
    if field.kind == "team":
        return {
            folded(words).casefold(): team.id
            for team in roster().teams.values()
            for words in team.label.values()
        }
    return {
        folded(name).casefold(): person.id
        for person in roster().people.values()
        for name in (person.login, person.name)
    }


def _labels(list_name: str) -> dict[str, str]:
    """The keys of a list by its labels in every language."""
    return {
        folded(words).casefold(): choice.key
        for choice in settings.choices(list_name)
        for words in choice.label.values()
    }


@cache
def synonyms() -> Mapping[str, Mapping[str, str]]:
    """What else is meant by the values of lists: `{"stage": {"方案提交": "proposal"}}`."""
    text = resources.files(__package__).joinpath("data/synonyms.toml").read_text("utf-8")
    return {
        name: {word: key for key, words in values.items() for word in words}
        for name, values in tomllib.loads(text).items()
    }


def industry_code(text: str) -> str | None:
    """The industry that a cell names: by the code at its beginning (`C35专用设备制造业`), by its name,
    or by what people say for it. None where that is not certain."""
    typed = folded(text).casefold()
    if code := CODE.match(typed):
        if deeper := deeper_code(code[1]):
            return deeper
        if known := industry(code[1]):
            return known.code
    for written in (typed, GENERAL.sub("", typed)):
        if written in synonyms()["industry"]:
            return synonyms()["industry"][written]
        for found in find_industries(written, 1) if len(written) > 1 else ():
            names = (found.zh, GENERAL.sub("", found.zh), found.en.casefold())
            if written in names:
                return found.code
    return None
