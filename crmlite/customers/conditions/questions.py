"""What a condition on customers may ask, and how: the fields that are offered, the questions that a
field has, what a value is entered with, and the test that comes of what was entered."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext

from crmlite import clock, settings
from crmlite.access import Reader
from crmlite.accounts.queries import people, teams
from crmlite.customers.conditions.asked_fields import extent_problems
from crmlite.customers.conditions.catalogue import BookVoice, catalogue, tag_choices
from crmlite.customers.conditions.figures import figures
from crmlite.customers.fields import asked_fields, heading, list_fields
from crmlite.customers.industries import industries
from crmlite.rules.conditions import (
    OPERATORS,
    Node,
    Phrase,
    Test,
    explained,
    phrases,
    read_test,
    sentence,
    validate,
)
from crmlite.rules.conditions.dates import day_from_text, span_of
from crmlite.rules.conditions.moving import moving_words
from crmlite.rules.conditions.operators import NAMES
from crmlite.rules.fields import Field
from crmlite.rules.messages import worded
from crmlite.rules.problems import Problem
from crmlite.rules.values import Reading
from crmlite.settings.places import calling_code
from crmlite.wording import label, language

FIRST = "tier"
SPANS = ("week", "week-1", "week+1", "month", "month-1", "month+1", "quarter", "quarter-1", "year")
MOVES = (
    "0d", "-7d", "-14d", "-30d", "-60d", "-90d", "-180d", "-1y",
    "7d", "14d", "30d", "60d", "90d", "month", "quarter", "year",
)  # fmt: skip


class Questions:
    """What one reader may ask of customers."""

    def __init__(self, reader: Reader) -> None:
        self.fields: Mapping[str, Field] = catalogue(reader)

    def field(self, name: str) -> Field:
        """The field of this name, the one that is asked first where there is none."""
        return self.fields.get(name) or self.fields[FIRST]

    def grouped(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Fields by group, for the menu; those that follow from others stand last."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for name in asked_fields():
            if name in self.fields:
                group = heading(self.fields[name]) or _("What is counted")
                groups.setdefault(group, []).append((name, label(self.fields[name].label)))
        return list(groups.items())

    def operators(self, field: Field) -> list[tuple[str, str]]:
        """The questions that a field has, in words."""
        return [(name, _(NAMES[name])) for name in field.operators]

    def inputs(self, field: Field, operator: str, texts: Sequence[str]) -> dict[str, Any]:
        """What the value is entered with: `kind` and, for lists, `options`."""
        if not OPERATORS[operator].most:
            return {"kind": "none"}
        if operator in ("contains", "lacks", "starts", "ends"):
            return {"kind": "text", "count": 1}
        values = field.traits.values
        if values == "flag":
            return {"kind": "one", "options": [("yes", _("yes")), ("no", _("no"))]}
        if field.kind == "industry":
            found = [
                (entry.code, f"{entry.code} {entry.name(language())}") for entry in industries()
            ]
            finds = {entry.code: entry.find for entry in industries()}
            return {"kind": "industry", "options": found, "finds": finds}
        if options := _options(field, texts):
            return {"kind": "several", "options": options}
        if values in ("day", "moment"):
            return _days(operator)
        return {"kind": "text", "count": 2 if operator == "between" else 1}

    def read(
        self, field: Field, operator: str, texts: Sequence[str]
    ) -> tuple[Test | None, list[str]]:
        """The test that was entered, or in sentences what is wrong with it."""
        zone = ZoneInfo(settings.get("timezone"))
        reading = Reading(
            today=clock.today(zone),
            zone=zone,
            lang=language(),
            currency=settings.get("currency"),
            home=calling_code(),
        )
        read = read_test(field, operator, texts, reading)
        if read.value is None:
            return None, self.said(read.problems)
        problems = validate(read.value, self.fields, figures())
        return (None if problems else read.value), self.said(problems)

    def problems(self, tree: Node) -> list[str]:
        """What keeps a condition from being asked, in sentences."""
        return self.said([*validate(tree, self.fields, figures()), *extent_problems(tree)])

    def said(self, problems: Iterable[Problem]) -> list[str]:
        """Problems in sentences, each once, with the labels of the fields that they speak of."""
        voice = BookVoice()
        known = {**list_fields(), **self.fields}  # also those that the reader may not ask for
        found = [worded(explained(one, known, voice), voice.say) for one in problems]
        return list(dict.fromkeys(found))

    def phrase(self, test: Test) -> Phrase:
        """A test in words."""
        return phrases(test, self.fields, BookVoice())[0]

    def sentence(self, tree: Node) -> str:
        """A condition as one sentence."""
        return sentence(tree, self.fields, BookVoice())


def _options(field: Field, texts: Sequence[str]) -> list[tuple[str, str]]:
    match field.kind:
        case "choice" | "choices":
            return [(choice.key, label(choice.label)) for choice in field.choices]
        case "person":
            return [
                ("me", _("me")),
                *((str(one.id), one.name) for one in people().values()),
            ]
        case "team":
            return [
                ("me", _("my teams")),
                *((str(one.id), label(one.label)) for one in teams()),
            ]
        case "tags":
            known = [tag for tag in tag_choices() if not tag.resting or tag.key in texts]
            return [(tag.key, label(tag.label)) for tag in known]
    return []


def _days(operator: str) -> dict[str, Any]:
    if operator == "during":
        return {"kind": "one", "options": [(text, _words(span_of(text))) for text in SPANS]}
    options = [(text, _words(day_from_text(text))) for text in MOVES]
    return {"kind": "days", "options": options, "count": 2 if operator == "between" else 1}


def _words(value: Any) -> str:
    return moving_words(
        value,
        lambda msgid, **params: str(_(msgid, **params)),
        lambda one, many, num: str(ngettext(one, many, num)),
    )
