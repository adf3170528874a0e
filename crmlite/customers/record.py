"""A customer as one reader sees it: what its page, its quick view and its parts show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _

from crmlite import clock, hooks
from crmlite.access import Reader, Shown, opened, shown
from crmlite.customers import hanging, queries
from crmlite.customers.choices import choice_label, choices, offers_dedicated, tier_shown
from crmlite.customers.confirming.showing import Fresh, fresh_of, fresh_of_contact
from crmlite.customers.fields import ONLY, column_of, customer_fields, heading, pack_fields
from crmlite.customers.further import Fact, filled_groups, resting_facts
from crmlite.customers.industries import industry
from crmlite.customers.models import Contact, Customer, Need, Remark
from crmlite.customers.tags.at_rest import is_at_rest, is_automatic
from crmlite.customers.tags.explaining import why, with_answers
from crmlite.customers.tags.proposing import Proposal, proposal
from crmlite.customers.words import in_words, person_name
from crmlite.fields import field_of
from crmlite.fields.entering import FurtherPart, part_for
from crmlite.fields.queries import guard
from crmlite.fields.showing import of_record
from crmlite.panels import Action, Panel
from crmlite.rules.fields import Field
from crmlite.rules.lifecycle import DORMANT
from crmlite.wording import label, language

Row = Mapping[str, Any]
CUSTOMER, CONTACT = Customer.__table__, Contact.__table__
IN_HEAD = ("number", "name", "kind", "owner", "lifecycle", "lost_reason", "stage", "tier", "status")
BESIDE = ("birthday_lunar", "currency")  # shown with the field they belong to
SEALED = {"address": Customer.address}
AMOUNTS = {"signed_amount": Customer.signed_amount, "annual_amount": Customer.annual_amount}
RIGHTS = {
    "owner": "customers:assign",
    "dedicated": "customers:assign",
    "tier": "customers:tier",
    "currency": "customers:amounts",
}
WAYS = {"mobile": Contact.mobile, "phone": Contact.phone, "email": Contact.email, "im": Contact.im}


@dataclass(frozen=True, slots=True)
class Person:
    """A contact as the reader may see it."""

    row: Row
    ways: Mapping[str, Shown]
    reader: Reader
    owner_id: int | None

    def further(self) -> list[Fact]:
        """What is recorded of them beside what crmlite asks for, where there is something."""
        groups = filled_groups(self.reader, CONTACT, "contact", self.row, self.owner_id)
        return [fact for _heading, facts in groups for fact in facts]

    def resting(self) -> list[Fact]:
        """What is kept of fields that are asked for no more."""
        return resting_facts(self.reader, CONTACT, self.row, self.owner_id)

    @property
    def about(self) -> str:
        """Title and role in one line."""
        words = (
            self.row["title"],
            choice_label("decision_role", self.row["role"]),
            choice_label("relation", self.row["relation"]),
        )
        return " · ".join(word for word in words if word)

    @property
    def note(self) -> str:
        """What is good to know about them."""
        return opened(Contact.note, self.row)

    @property
    def birthday(self) -> str:
        """The birthday in words."""
        text = str(format_date(self.row["birthday"], "medium"))
        return lunar(text) if self.row["birthday_lunar"] else text


@dataclass(frozen=True, slots=True)
class Wish:
    """A need in words."""

    row: Row
    texts: Mapping[str, str]
    status: str
    words: Sequence[str]


@dataclass(frozen=True, slots=True)
class Note:
    """A remark in words."""

    row: Row
    text: str
    who: str


@dataclass(frozen=True, slots=True)
class TagShown:
    """A tag of a customer in words: `why` its rule put it on, and whether it rests because its pack
    is off."""

    text: str
    why: str = ""
    resting: bool = False


class Record:
    """A customer for one reader. What no part of the page asks for is not read."""

    def __init__(self, row: Row, reader: Reader) -> None:
        self.row, self.reader = row, reader
        self.id: int = row["id"]
        self.number: str = row["number"]
        self.owner_id: int | None = row["owner_id"]

    def may(self, permission: str) -> bool:
        """Whether the reader holds a right for this customer."""
        return self.reader.covers(permission, self.owner_id)

    @property
    def editable(self) -> bool:
        """Whether the reader may change it as it stands now."""
        return self.row["state"] == "active" and self.may("customers:edit")

    @property
    def owner(self) -> str:
        """Who it belongs to; empty for nobody."""
        return person_name(self.owner_id)

    @property
    def dedicated(self) -> str:
        """To whom its cases go first; empty for nobody in particular."""
        return person_name(self.row["dedicated_id"])

    @property
    def has_menu(self) -> bool:
        """Whether there is anything that the reader may do with it as a whole."""
        rights = ("customers:edit", "customers:assign", "customers:delete", "customers:archive")
        return self.row["state"] == "active" and any(map(self.may, rights))

    @property
    def shows_dormant(self) -> bool:
        """Whether its tier shows that it is dormant, whatever was set."""
        return self.row["lifecycle"] == tier_shown(self.row) == DORMANT

    @staticmethod
    def word_of(name: str, key: str | None) -> str:
        """A value of a list in words."""
        return choice_label(name, key)

    def word(self, name: str) -> str:
        """A value of the head in words: tier, lifecycle, stage, status, lost_reason."""
        return choice_label(name, tier_shown(self.row) if name == "tier" else self.row[name])

    @cached_property
    def people(self) -> list[Person]:
        """The contacts, the main one first."""
        return [self.person(row) for row in hanging.contacts(self.id)]

    def person(self, row: Row) -> Person:
        """A contact as the reader may see it."""
        ways = {
            name: shown(self.reader, attribute, row, owner_id=self.owner_id)
            for name, attribute in WAYS.items()
        }
        return Person(row, ways, self.reader, self.owner_id)

    def further_part(self, person: Person | None) -> FurtherPart:
        """The further fields of a form for a contact."""
        of = (CONTACT, person.row) if person else None
        return part_for("contact", self.reader, self.owner_id, of=of)

    @cached_property
    def main(self) -> Person | None:
        """The main contact."""
        row = next(iter(hanging.contacts(self.id)), None)
        return self.person(row) if row else None

    @property
    def call(self) -> str:
        """The number under which the main contact is called, where the reader may see it."""
        if self.row["state"] != "active" or self.main is None:
            return ""
        ways = (self.main.ways[name] for name in ("mobile", "phone"))
        return next((way.text for way in ways if way and not way.masked), "")

    @cached_property
    def needs(self) -> list[Wish]:
        """The needs, open ones first."""
        return [wish(row) for row in hanging.needs(self.id)]

    @cached_property
    def fresh(self) -> Fresh:
        """What is confirmed about it and what is not."""
        return fresh_of(self.id, self.row["tier"], clock.now())

    @cached_property
    def fresh_main(self) -> Fresh | None:
        """The same of the main contact alone."""
        if self.main is None:
            return None
        return fresh_of_contact(self.main.row, self.row["tier"], clock.now())

    @cached_property
    def notes(self) -> list[Note]:
        """All remarks, risk notes first."""
        return [self.note(row) for row in hanging.remarks(self.id)]

    @staticmethod
    def note(row: Row) -> Note:
        """A remark in words."""
        return Note(row, opened(Remark.text, row), person_name(row["author_id"]))

    @property
    def risks(self) -> list[Note]:
        """What endangers this customer."""
        return [note for note in self.notes if note.row["is_risk"]]

    @property
    def remarks(self) -> list[Note]:
        """What else is good to know."""
        return [note for note in self.notes if not note.row["is_risk"]]

    @cached_property
    def stages(self) -> list[dict[str, str]]:
        """The path of stages: those behind, the one of now, those ahead."""
        found = choices("stage")
        keys = [choice.key for choice in found]
        now = keys.index(self.row["stage"]) if self.row["stage"] in keys else -1
        return [
            {
                "key": choice.key,
                "label": label(choice.label),
                "state": "now" if place == now else "was" if place < now else "",
            }
            for place, choice in enumerate(found)
        ]

    @property
    def need_states(self) -> tuple[Any, ...]:
        """How far a need can have come."""
        return choices("need_status")

    def fields(self) -> list[Field]:
        """The fields that make sense for a customer of this kind, and others in which something
        stands."""
        wanted, extra = fields_for(self.row["kind"]), self.row["extra"] or {}
        known = {field.name for field in wanted}
        return wanted + [
            field for field in pack_fields() if field.name in extra and field.name not in known
        ]

    def value(self, name: str) -> Shown | Any:
        """A field's value as the reader may see it, by its column's name."""
        if name in AMOUNTS:
            return shown(self.reader, AMOUNTS[name], self.row, owner_id=self.owner_id)
        if name in SEALED:
            return opened(SEALED[name], self.row)
        if name in Customer.__table__.c:
            return self.row[name]
        field = field_of("customer", name)
        return of_record(self.reader, CUSTOMER, field, self.row, self.owner_id) if field else None

    def fact(self, field: Field) -> Fact:
        """A field in words."""
        name = column_of(field.name)
        value = self.value(name)
        masked = isinstance(value, Shown) and value.masked
        text = in_words(field, value, currency=self.row["currency"])
        if name == "birthday" and text and self.row["birthday_lunar"]:
            text = lunar(text)
        inferred = bool(text) and name in self.inferred
        return Fact(name, label(field.label), text, masked, self.may_set(field), inferred)

    @property
    def inferred(self) -> Sequence[str]:
        """The columns whose values were guessed and not confirmed since."""
        return self.row["inferred"] or ()

    def may_set(self, field: Field) -> bool:
        """Whether the reader may change this field."""
        more = right_to_set(field)
        return self.editable and (more is None or self.may(more))

    def groups(self) -> list[tuple[str, list[Fact]]]:
        """The facts of the right column by group; pack fields under their pack's heading."""
        found: dict[tuple[str, str], list[Fact]] = {}
        aside = IN_HEAD + BESIDE
        if not offers_dedicated(self.row):
            aside += ("dedicated",)
        for field in self.fields():
            if field.name not in aside:
                group = (str(field.group), heading(field))
                found.setdefault(group, []).append(self.fact(field))
        order = ["basics", "person", "place", "cooperation"]
        groups = sorted(found, key=lambda one: order.index(one[0]) if one[0] in order else 9)
        return [(words, found[key, words]) for key, words in groups]

    @cached_property
    def resting(self) -> list[Fact]:
        """What is kept of fields that are asked for no more, in words."""
        return resting_facts(self.reader, CUSTOMER, self.row, self.owner_id)

    @cached_property
    def tags(self) -> list[tuple[str, list[TagShown]]]:
        """Its tags by dimension; those of basics and needs follow from fields."""
        groups: dict[str, tuple[str, list[TagShown]]] = {}
        for row in self._tag_rows:
            key = row["key"]
            if key not in groups:
                mirrored = [TagShown(word) for word in self._mirrored(key)]
                groups[key] = (label(row["label"]), mirrored)
            if row["tag"]:
                groups[key][1].append(self._shown(row))
        return [group for group in groups.values() if group[1]]

    def _shown(self, row: Row) -> TagShown:
        if is_at_rest(row["owner"], row["dimension_owner"]):
            return TagShown(label(row["tag"]), resting=True)
        amounts = self.may("customers:amounts")
        reason = why(row["rule"], self._figures, amounts=amounts) if is_automatic(row) else ""
        return TagShown(label(row["tag"]), reason)

    @cached_property
    def _figures(self) -> Row:
        """What its tags' rules are told with."""
        rules = [row["rule"] for row in self._tag_rows if row["tag"] and is_automatic(row)]
        return with_answers(self.row, rules, self.reader)

    @cached_property
    def _tag_rows(self) -> Sequence[Row]:
        return queries.tags_by_dimension(self.id)

    @property
    def proposed(self) -> Proposal | None:
        """A move along the life-cycle that its buying state proposes to who may make it."""
        return proposal(self.row["lifecycle"], self._tag_rows) if self.editable else None

    def _mirrored(self, dimension: str) -> list[str]:
        row = self.row
        match dimension:
            case "basic":
                entry = industry(row["industry"]) if row["industry"] else None
                words = [
                    entry.name(language()) if entry else row["industry"],
                    choice_label("size", row["size"]),
                    choice_label("stage", row["stage"]),
                ]
            case "need":
                words = [
                    choice_label(name, row[name]) for name in ("core_need", "urgency", "budget")
                ]
            case _:
                words = []
        return [word for word in words if word]

    def panels(self) -> list[Panel]:
        """What slices and packs put into the right column."""
        return self._asked("customer_panels")

    def hooked_tabs(self) -> list[Panel]:
        """The tabs of slices and packs."""
        return self._asked("customer_tabs")

    def composer(self) -> list[Panel]:
        """What stands on top of the timeline: the box in which the next thing is written, and what
        is still to be done."""
        return self._asked("customer_composer")

    @cached_property
    def actions(self) -> list[Action]:
        """The buttons of slices and packs in the head."""
        return self._asked("customer_actions") if self.row["state"] == "active" else []

    def _asked(self, hook: str) -> list[Any]:
        found = hooks.asked(hook, customer=self.row, reader=self.reader)
        return sorted(found, key=lambda one: one.weight)


def fields_for(kind: str) -> list[Field]:
    """The fields that make sense for a company or a person."""
    other = ONLY["person" if kind == "company" else "company"]
    return [
        field
        for field in customer_fields()
        if field.name not in other and field.only_for in ("", kind)
    ]


def right_to_set(field: Field) -> str | None:
    """The right that changing a field asks for besides that of changing the customer. A currency
    is part of the amounts: who changes it changes what they mean."""
    if field.pack and (field.sensitive or field.sealed):
        return guard(field).right
    return "customers:amounts" if field.kind == "amount" else RIGHTS.get(field.name)


def wish(row: Row) -> Wish:
    """A need in words."""
    texts = {
        name: opened(getattr(Need, name), row)
        for name in ("goal", "product", "pain", "expectations", "decision")
    }
    words = [
        choice_label(name, row[name]) for name in ("core_need", "urgency", "budget") if row[name]
    ]
    return Wish(row, texts, choice_label("need_status", row["status"]), words)


def lunar(text: str) -> str:
    """A birthday that is counted by the moon."""
    return str(_("%(day)s, lunar", day=text))
