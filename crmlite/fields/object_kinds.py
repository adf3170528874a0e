"""Records that a pack brings: a kind is its fields and what such a record hangs on.

    ObjectKind(
        name="retail__coupon",
        label={"en": "Coupon", "zh": "优惠券"},
        many={"en": "Coupons", "zh": "优惠券"},
        parent="customer",
        title="retail__coupon_code",
        day="retail__coupon_given_on",
        fields=(Field(name="retail__coupon_code", …), …),
    )

They need no table and no migration: pages, lists, filters, import, export and the change record know
them from this alone.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from crmlite.rules.fields import BadDeclaration, Field, has_words
from crmlite.rules.wording import Label

NAME = re.compile(r"[a-z][a-z0-9]*__[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
LONGEST_NAME = 32
ICON = re.compile(r"[a-z][a-z0-9-]*")
OBJECT = "object"
"""What such records are called in the ledger, whatever their kind."""
PARENTS = ("customer", "contact", "order", "case")
TITLES = ("text", "choice")  # the kinds of fields that can name a record
NUMBER, LATEST = "number", "latest"
SUFFIXES: Mapping[str, str] = MappingProxyType({NUMBER: "_count", LATEST: "_latest"})
"""What customers are asked about them: how many they have, and the day of the latest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectKind:
    """A kind of records of a pack.

    name         `retail__coupon`, with at most 32 characters, for good
    label, many  what one is called, and what several are
    parent       what one hangs on, for good: a customer, a contact, an order or a case
    fields       what is recorded of one, in order; a name stands for one field in all kinds of a pack
    title        the name of the field that names one: a text or a choice that is not sensitive
    day          the name of the field that dates one; without it one is dated by when it was added
    in_timeline  whether they stand in the timeline of their customer
    listed       whether the list of all of them has an entry in the menu
    """

    name: str
    label: Label
    many: Label
    parent: str
    fields: tuple[Field, ...]
    title: str
    day: str = ""
    icon: str = "file-text"
    in_timeline: bool = True
    listed: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        for wrong, reason in self._faults():
            if wrong:
                raise BadDeclaration(f"Kind of records {self.name!r}: {reason}.")

    def _faults(self) -> Iterable[tuple[bool, str]]:
        names = [field.name for field in self.fields]
        twice = [name for name in names if names.count(name) > 1]
        foreign = [field.name for field in self.fields if field.pack != self.pack]
        yield not NAME.fullmatch(self.name), "names are like `pack__coupon`"
        yield len(self.name) > LONGEST_NAME, f"a name has at most {LONGEST_NAME} characters"
        yield (
            not (has_words(self.label) and has_words(self.many)),
            "it is called nothing in English",
        )
        yield self.parent not in PARENTS, f"its parent is one of {', '.join(PARENTS)}"
        yield not names, "it has no fields"
        yield bool(foreign), f"the field {foreign[:1]} has not the name of its pack"
        yield bool(twice), f"the field {twice[:1]} is declared twice"
        yield not ICON.fullmatch(self.icon), f"{self.icon!r} names no icon"
        title, day = self.field(self.title), self.field(self.day)
        yield title is None, f"its title {self.title!r} is none of its fields"
        yield bool(title and not _may_name(title)), "its title is no plain text or choice"
        yield bool(self.day) and day is None, f"its day {self.day!r} is none of its fields"
        yield (
            bool(day and (day.kind != "date" or day.sensitive or day.sealed)),
            "its day is no date",
        )

    @property
    def pack(self) -> str:
        """The pack that brings it."""
        return self.name.partition("__")[0]

    def field(self, name: str) -> Field | None:
        """One of its fields; None for none of this name."""
        return next((field for field in self.fields if field.name == name), None)


def _may_name(field: Field) -> bool:
    return field.kind in TITLES and not (field.multiple or field.sensitive or field.sealed)


def kept_in(record_type: str) -> str:
    """By what name the ledger knows the table of a kind of record: all kinds of packs share one."""
    return OBJECT if "__" in record_type else record_type


def refuse_twins(kinds: Iterable[ObjectKind]) -> None:
    """Raise BadDeclaration for a field that two kinds have: all of them are kept in one table."""
    seen: dict[str, str] = {}
    for kind in kinds:
        for field in kind.fields:
            other = seen.setdefault(field.name, kind.name)
            if other != kind.name:
                raise BadDeclaration(
                    f"Kind of records {kind.name!r}: {other!r} has a field {field.name!r}, too."
                )
