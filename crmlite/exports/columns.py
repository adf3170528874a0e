"""The columns that a file can have, and which of them each layout has.

Their headings are known to our own import, in both languages: what is written is read again.
"""

import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources

from crmlite import clock
from crmlite.accounts.roster import roster
from crmlite.customers import choices as lists
from crmlite.customers.conditions.asked_fields import asked as answered
from crmlite.customers.conditions.catalogue import whole_catalogue
from crmlite.customers.fields import CONTACT, NEED, customer_fields
from crmlite.customers.models import Contact, Customer
from crmlite.exports.book import Whole
from crmlite.exports.values import (
    AMOUNTS,
    COUNTED,
    PHONES,
    SEALED,
    WAYS,
    Cell,
    Values,
    shortened,
)
from crmlite.exports.wanted import Wanted
from crmlite.fields import field_of, fields_of
from crmlite.rules.fields import Field
from crmlite.rules.purchases import overdue
from crmlite.rules.spreadsheet_shield import NUMBER
from crmlite.settings import local_day
from crmlite.wording import N_, label, language

Value = Callable[[Whole], Cell]
Words = Mapping[str, str]
Maker = Callable[[Values], Value]
UNITS = {"zh": (10_000, "万"), "en": (1_000, "k")}  # of the amounts of the customer sheet
PERSON = N_("Individual")
BEHIND = (
    "tags",
    "remark",
    "risk_notes",
    "talk.on",
    "talk.content",
    "talk.by",
    "next.on",
    "next.what",
)
EXPANDED = {  # what a column of the list shows, as columns of its own
    "last_contact": ("talk.on", "talk.content", "talk.by"),
    "next_step": ("next.on", "next.what"),
    "lifecycle": ("lifecycle", "stage"),
    "phone": ("contact.reach",),
    "email": ("contact.email",),
    "im": ("contact.im",),
    "signed_amount": ("signed_amount", "currency"),
    "annual_amount": ("annual_amount", "currency"),
}


@cache
def headings() -> Mapping[str, Mapping[str, Words]]:
    """What stands above the columns of each layout, by their keys."""
    text = resources.files(__package__).joinpath("data/headings.toml").read_text("utf-8")
    return {
        layout: {key: {"en": en, "zh": zh} for key, (en, zh) in columns.items()}
        for layout, columns in tomllib.loads(text).items()
    }


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column: what it is about, what stands above it, and what it `reads` besides the customer."""

    key: str
    heading: str
    value: Value
    reads: str = ""


class Columns:
    """Makes the columns for one reader."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self.fields = {one.name: one for one in customer_fields()}

    def of(self, wanted: Wanted) -> list[Column]:
        """The columns of a layout."""
        match wanted.layout:
            case "sheet":
                return [self._in_sheet(key) for key in headings()["sheet"]]
            case "list":
                return [self.column(key, shown=True) for key in listed(wanted.asked.columns)]
        return [self.column(key) for key in self._all(wanted)]

    def _all(self, wanted: Wanted) -> Iterator[str]:
        yield from self.fields
        yield from (f"contact.{one.name}" for one in CONTACT if one.name != "is_primary")
        yield from (f"contact.{one.name}" for one in fields_of("contact"))
        yield from (f"need.{one.name}" for one in NEED)
        yield from BEHIND
        if "archived" in wanted.states:
            yield "archived"

    def column(self, key: str, *, shown: bool = False) -> Column:
        """A column by its key; `shown` as a list shows it, where that is not what is kept."""
        words = headings()["all"].get(key) or _label_of(key)
        value, reads = self._value(key, shown)
        return Column(key=key, heading=label(words), value=value, reads=reads)

    def _in_sheet(self, key: str) -> Column:
        heading = label(headings()["sheet"][key])
        if self.values.currency != "CNY":
            heading = heading.replace("万元", "万")
        make, reads = OF_SHEET.get(key) or (None, "")
        value, reads = (make(self.values), reads) if make else self._value(key, False)
        return Column(key=key, heading=heading, value=value, reads=reads)

    def _value(self, key: str, shown: bool) -> tuple[Value, str]:
        """What stands in a column, and what that reads."""
        values, (kind, _dot, name) = self.values, key.partition(".")
        if key in SPECIAL:
            make, reads = SPECIAL[key]
            return make(values), reads
        if kind == "contact":
            return lambda whole: _of_contact(values, name, whole), "contacts"
        if kind == "need":
            return lambda whole: _of_need(values, name, whole), "needs"
        if key in AMOUNTS or key in COUNTED:
            return lambda whole: values.amount(key, whole.row), ""
        if key in SEALED["customer"]:
            return lambda whole: values.text("customer", key, whole.row), ""
        asked = self.fields.get(key) or whole_catalogue()[key]
        if key in answered():
            return lambda whole: values.in_words(asked, whole.row[key]), ""
        if asked.pack:
            return lambda whole: _further(values, asked, whole), ""
        if key == "tier" and shown:
            return lambda whole: values.in_words(asked, lists.tier_shown(whole.row)), ""
        if key.endswith("_lunar"):
            return lambda whole: whole.row["birthday"] and values.of_field(asked, whole.row), ""
        return lambda whole: values.of_field(asked, whole.row), ""


def _label_of(key: str) -> str | Words:
    """What a column without a heading of its own is called: as its field is."""
    kind, _dot, name = key.partition(".")
    further = field_of("contact", name) if kind == "contact" else None
    return further.label if further is not None else whole_catalogue()[key].label


def listed(names: Sequence[str]) -> list[str]:
    """The columns of a list as those of a file."""
    return list(dict.fromkeys(key for name in names for key in EXPANDED.get(name, (name,))))


def _further(values: Values, asked: Field, whole: Whole) -> Cell:
    """A further field of the customer."""
    owner_id = whole.row["owner_id"]
    return values.further_in_words(Customer.__table__, asked, whole.row, owner_id)


def _of_contact(values: Values, name: str, whole: Whole) -> Cell:
    """A field of the main contact."""
    contact = next(iter(whole.contacts), None)
    if contact is None or (name.endswith("_lunar") and not contact["birthday"]):
        return None
    if (asked := field_of("contact", name)) is not None:
        owner_id = whole.row["owner_id"]
        return values.further_in_words(Contact.__table__, asked, contact, owner_id)
    if name in WAYS:
        return values.way(name, contact, whole.row["owner_id"])
    if name in SEALED["contact"]:
        return values.text("contact", name, contact)
    return values.of_field(OF_CONTACT[name], contact)


def _of_need(values: Values, name: str, whole: Whole) -> Cell:
    """A field of the first need."""
    need = next(iter(whole.needs), None)
    if need is None:
        return None
    if name in SEALED["need"]:
        return values.text("need", name, need)
    return values.of_field(OF_NEED[name], need)


def _reach(values: Values) -> Value:
    """All phones of the main contact. Behind a plus nothing but figures may stand, or a spreadsheet
    would calculate."""

    def value(whole: Whole) -> Cell:
        for contact in whole.contacts[:1]:
            ways = [values.way(name, contact, whole.row["owner_id"]) for name in PHONES]
            text = " / ".join(filter(None, ways))
            spoilt = text.startswith("+") and not NUMBER.fullmatch(text) and "*" not in text
            return f"00{text[1:]}" if spoilt else text
        return None

    return value


def _tags(values: Values) -> Value:
    known = values.tags
    return lambda whole: values.joint.join(known[one] for one in whole.tags if one in known)


def _team(values: Values) -> Value:
    known = roster()

    def value(whole: Whole) -> Cell:
        owner_id = whole.row["owner_id"]
        own = known.team_ids(owner_id) if owner_id is not None else ()
        return values.joint.join(label(t.label) for t in known.teams.values() if t.id in own)

    return value


def _remarks(values: Values, risks: Collection[bool]) -> Value:
    return lambda whole: "\n".join(
        values.text("remark", "text", one) for one in whole.remarks if one["is_risk"] in risks
    )


def _last_contact_on(values: Values) -> Value:
    return lambda whole: values.day(whole.row["last_contact_at"])


def _said(values: Values) -> Value:
    return lambda whole: whole.talk["content"] if whole.talk and values.may_hear(whole) else None


def _talked(values: Values) -> Value:
    """Who made the last contact, for those who may know of it."""

    def value(whole: Whole) -> Cell:
        talk = whole.talk if values.may_hear(whole) else None
        return (talk["done_by_name"] or values.person(talk["done_by_id"])) if talk else None

    return value


def _follows_up(values: Values) -> Value:
    """Who made the last contact; without any that one may know of, who looks after the customer."""
    talked = _talked(values)
    return lambda whole: talked(whole) or values.person(whole.row["owner_id"])


def _in_large_units(values: Values) -> Value:
    """The signed amount in the units of its heading; one in another currency with its name, so that
    nobody takes it for the firm's, and with its unit, so that it is read again."""
    unit, sign = UNITS[language()]

    def value(whole: Whole) -> Cell:
        amount = values.amount("signed_amount", whole.row)
        if not isinstance(amount, Decimal):
            return amount
        if whole.row["currency"] != values.currency:
            return f"{shortened(amount / unit):f}{sign} {whole.row['currency']}"
        return shortened(amount / unit)

    return value


def _trade(values: Values) -> Value:
    """The industry; of people, that they are one."""
    asked, person = whole_catalogue()["industry"], label(PERSON)

    def value(whole: Whole) -> Cell:
        return person if whole.row["kind"] == "person" else values.of_field(asked, whole.row)

    return value


def _of_row(name: str) -> Maker:
    return lambda values: lambda whole: whole.row[name]


def _order_gap(_values: Values) -> Value:
    today = local_day(clock.now())
    return lambda whole: overdue(whole.row["last_order_on"], whole.row["order_interval"], today)


def _archived(values: Values) -> Value:
    return lambda whole: whole.row["state"] == "archived"


OF_CONTACT = {one.name: one for one in CONTACT}
OF_NEED = {one.name: one for one in NEED}
SPECIAL: Mapping[str, tuple[Maker, str]] = {
    "tags": (_tags, "tags"),
    "team": (_team, ""),
    "remark": (lambda values: _remarks(values, (False,)), "remarks"),
    "risk_notes": (lambda values: _remarks(values, (True,)), "remarks"),
    "contact.reach": (_reach, "contacts"),
    "talk.on": (_last_contact_on, ""),
    "talk.content": (_said, "talk"),
    "talk.by": (_talked, "talk"),
    "next.on": (_of_row("next_step_on"), ""),
    "next.what": (_of_row("next_step"), ""),
    "order_gap": (_order_gap, ""),
    "archived": (_archived, ""),
}
OF_SHEET: Mapping[str, tuple[Maker, str]] = {
    "signed_amount": (_in_large_units, ""),
    "industry": (_trade, ""),
    "talk.by": (_follows_up, "talk"),
    "remark": (lambda values: _remarks(values, (False, True)), "remarks"),
}


def reads_of(columns: Sequence[Column]) -> frozenset[str]:
    """What columns read besides the customers."""
    return frozenset(column.reads for column in columns if column.reads)
