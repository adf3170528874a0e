"""What a column of a file can be about, in the words of the mapping."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from crmlite.customers.fields import CONTACT, GROUPS, NEED, customer_fields, heading
from crmlite.fields import fields_of
from crmlite.forms import Option
from crmlite.imports.models import CUSTOMERS, ORDERS
from crmlite.imports.objects.targets import is_about_objects, targets_of
from crmlite.imports.orders.reading import AMOUNTS as AMOUNTS_OF_ORDERS
from crmlite.imports.orders.targets import RECORD, targets_of_orders
from crmlite.imports.reading import FURTHER
from crmlite.search.pinyin import initials, readings
from crmlite.wording import N_, label

NOT_IN_FILES = frozenset({"team", "birthday_lunar"})
OF_CONTACTS = (
    ("contact.reach", N_("Phone or mobile, one or several")),
    ("contact.given", N_("Given name")),
    ("contact.middle", N_("Middle name")),
    ("contact.family", N_("Family name")),
    ("contact.department", N_("Department, as part of the note")),
    ("birth.year", N_("Year of birth")),
    ("birth.month", N_("Month of birth")),
    ("birth.day", N_("Day of birth")),
)
FURTHER_ONES = (
    (FURTHER["contact.reach"], N_("Further phone %(place)s")),
    (FURTHER["contact.email"], N_("Further e-mail %(place)s")),
)
OF_CUSTOMERS = (
    ("company", N_("Company, of people in an address book")),
    ("tags", N_("Tags")),
    ("remark", N_("Remark")),
)
OF_ADDRESSES = (
    ("address.street", N_("Street")),
    ("address.city", N_("City")),
    ("address.state", N_("Province or state")),
    ("address.postcode", N_("Postcode")),
    ("address.country", N_("Country")),
    ("second.street", N_("Street of the second address")),
    ("second.city", N_("City of the second address")),
    ("second.state", N_("Province or state of the second address")),
    ("second.postcode", N_("Postcode of the second address")),
    ("second.country", N_("Country of the second address")),
)
OF_FOLLOW_UPS = (
    ("talk.on", N_("Date of the last contact")),
    ("talk.content", N_("Content of the last contact")),
    ("talk.by", N_("Who made it")),
    ("next.what", N_("Next step")),
    ("next.on", N_("Due")),
)
CONTACTS, NEEDS = N_("Contact"), N_("Need")
PARTS_OF_ADDRESSES, FOLLOW_UPS = N_("Parts of the address"), N_("Follow-up")


def targets(about: str = CUSTOMERS) -> list[Option]:
    """Everything that a column of a file about customers or orders can be about, under headings."""
    if about != CUSTOMERS:
        others = targets_of_orders() if about == ORDERS else targets_of(about)
        found: Sequence[Option] = [
            Option(key, label(words), label(group)) for key, (words, group) in others.items()
        ]
    else:
        found = (*_of_customers(), *_of_contacts(), *_of_needs(), *_others())
    return [replace(one, find=_spelled(one.text)) for one in found]


@lru_cache(maxsize=1024)
def _spelled(text: str) -> str:
    """How a text can be typed in pinyin: whole, and by initials."""
    return " ".join((*readings(text)[:1], *initials(text)[:1]))


def _of_customers() -> Iterator[Option]:
    for field in customer_fields():
        if field.name not in NOT_IN_FILES:
            yield Option(field.name, label(field.label), heading(field))
    for key, words in OF_CUSTOMERS:
        yield Option(key, label(words), label(GROUPS["basics"]))


def _of_contacts() -> Iterator[Option]:
    for field in CONTACT:
        if field.name not in ("is_primary", *NOT_IN_FILES):
            yield Option(f"contact.{field.name}", label(field.label), label(CONTACTS))
    for field in fields_of("contact"):
        yield Option(f"contact.{field.name}", label(field.label), label(CONTACTS))
    for key, words in OF_CONTACTS:
        yield Option(key, label(words), label(CONTACTS))
    for keys, words in FURTHER_ONES:
        for place, key in enumerate(keys, 2):
            yield Option(key, label(words) % {"place": place}, label(CONTACTS))


def _of_needs() -> Iterator[Option]:
    for field in NEED:
        yield Option(f"need.{field.name}", label(field.label), label(NEEDS))


def _others() -> Iterator[Option]:
    for key, words in OF_FOLLOW_UPS:
        yield Option(key, label(words), label(FOLLOW_UPS))
    for key, words in OF_ADDRESSES:
        yield Option(key, label(words), label(PARTS_OF_ADDRESSES))


def amounts(about: str = CUSTOMERS) -> frozenset[str]:
    """The targets that hold amounts, whose unit matters."""
    if about == ORDERS:
        further = {one.name for one in fields_of(RECORD) if one.kind == "amount"}
        return AMOUNTS_OF_ORDERS | further
    if is_about_objects(about):
        return frozenset(one.name for one in fields_of(about) if one.kind == "amount")
    found = {field.name for field in customer_fields() if field.kind == "amount"}
    found |= {f"contact.{field.name}" for field in fields_of("contact") if field.kind == "amount"}
    return frozenset(found)
