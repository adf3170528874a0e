"""What stands in the cells: values as one reader may see them, and as our own import reads them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import Table

from crmlite import settings
from crmlite.access import Reader, Shown, opened, shown
from crmlite.accounts.roster import roster
from crmlite.customers import choices as lists
from crmlite.customers.conditions.catalogue import tag_choices, whole_catalogue
from crmlite.customers.fields import column_of
from crmlite.customers.further import currency_of
from crmlite.customers.industries import label as industry_label
from crmlite.customers.models import Contact, Customer, Facts, Need, Remark
from crmlite.exports.book import Row, Whole
from crmlite.fields.showing import of_record
from crmlite.rules.amounts import exponent
from crmlite.rules.contact_details import read_phone
from crmlite.rules.fields import Field
from crmlite.settings.places import calling_code
from crmlite.wording import label, language

Cell = str | int | bool | Decimal | date | datetime | None
AMOUNTS = {"signed_amount": Customer.signed_amount, "annual_amount": Customer.annual_amount}
COUNTED = {
    "bought": Facts.bought,
    "bought_year": Facts.bought_year,
    "average_order": Facts.average_order,
}
WAYS = {"mobile": Contact.mobile, "phone": Contact.phone, "email": Contact.email, "im": Contact.im}
PHONES = ("mobile", "phone")
SEALED = {  # what is sealed and not sensitive, by kind of record
    "customer": {"address": Customer.address},
    "contact": {"note": Contact.note},
    "need": {name: getattr(Need, name) for name in ("goal", "product", "pain", "expectations")}
    | {"decision": Need.decision},
    "remark": {"text": Remark.text},
}
SAID = "interactions:see"


@dataclass(frozen=True)
class Values:
    """The values of customers as a reader may see them; words are looked up once for all."""

    reader: Reader
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo(settings.get("timezone")))
    home: str = field(default_factory=calling_code)
    currency: str = field(default_factory=lambda: str(settings.get("currency")))

    @cached_property
    def people(self) -> Mapping[int, str]:
        """Who has which id."""
        return {person.id: person.name for person in roster().people.values()}

    @cached_property
    def tags(self) -> Mapping[int, str]:
        """What each tag is called that lists show."""
        return {tag.id: label(tag.label) for tag in tag_choices() if not tag.quiet}

    @cached_property
    def joint(self) -> str:
        """What stands between several values in one cell."""
        return str(_(", "))

    def person(self, user_id: int | None) -> str:
        """What somebody is called; empty for nobody."""
        return "" if user_id is None else self.people.get(user_id, str(user_id))

    def amount(self, name: str, row: Row) -> Decimal | str | None:
        """An amount of a customer in units of its currency, a counted one of the firm's; its mask for
        those who may not see it."""
        attribute = (AMOUNTS | COUNTED)[name]
        found = shown(self.reader, attribute, row, owner_id=row["owner_id"])
        if found.masked:
            return found.text
        currency = self.currency if name in COUNTED else row["currency"]
        return None if found.value is None else in_units(found.value, currency)

    def way(self, name: str, contact: Row, owner_id: int | None) -> str:
        """How a contact is reached, whole or masked; phones as they are dialled."""
        found = self.shown_way(name, contact, owner_id)
        is_phone = name in PHONES and found.text and not found.masked
        return dialled(found.text, self.home) if is_phone else found.text

    def shown_way(self, name: str, contact: Row, owner_id: int | None) -> Shown:
        """The same as it is kept."""
        return shown(self.reader, WAYS[name], contact, owner_id=owner_id)

    def text(self, kind: str, name: str, row: Row) -> str:
        """A sealed text of a record."""
        return opened(SEALED[kind][name], row)

    def may_hear(self, whole: Whole) -> bool:
        """Whether the reader may know what was said with a customer."""
        return self.reader.covers(SAID, whole.row["owner_id"])

    def day(self, at: datetime | None) -> date | None:
        """The firm's day of a moment."""
        return at.astimezone(self.zone).date() if at else None

    def moment(self, at: datetime | None) -> datetime | None:
        """A moment by the firm's clock."""
        return at.astimezone(self.zone) if at else None

    def of_field(self, asked: Field, row: Row) -> Cell:
        """A field of a customer, contact or need that is neither sealed nor sensitive."""
        return self.in_words(asked, row[column_of(asked.name)])

    def further(self, table: Table, asked: Field, row: Row, owner_id: int | None) -> Any:
        """A further field of a record as Python has it; its mask for those who may not see it."""
        value = of_record(self.reader, table, asked, row, owner_id)
        if isinstance(value, Shown):
            if value.masked:
                return value.text
            value = value.value
        if value is None:
            return None
        if asked.kind == "amount":
            return in_units(value, currency_of(row))
        return dialled(value, self.home) if asked.kind == "phone" else value

    def further_in_words(self, table: Table, asked: Field, row: Row, owner_id: int | None) -> Cell:
        """The same as it stands in a cell."""
        value = self.further(table, asked, row, owner_id)
        is_mask = isinstance(value, str) and asked.traits.values not in ("text", "key")
        return value if is_mask or asked.kind == "amount" else self.in_words(asked, value)

    def in_words(self, asked: Field, value: Any) -> Cell:
        """A plain value: keys as the labels by which they are read again."""
        if value is None or value in ("", []):
            return None
        if asked.name == "status" and asked.kind == "text":
            return lists.choice_label("status", value)
        match asked.kind:
            case "choice":
                return self.choice(asked, value)
            case "choices":
                return self.joint.join(self.choice(asked, one) for one in value)
            case "industry":
                return industry(value)
            case "person":
                return self.person(value)
            case "team":
                team = roster().teams.get(value)
                return label(team.label) if team else str(value)
            case "moment":
                return self.moment(value)
            case "number":
                return shortened(Decimal(str(value)))
        return value  # type: ignore[no-any-return]

    @cached_property
    def _labels(self) -> dict[str, Mapping[str, str]]:
        return {}

    def choice(self, asked: Field, key: str) -> str:
        """The label of a choice."""
        known = self._labels.get(asked.choices_from or asked.name)
        if known is None:
            found = choices_of(asked)
            known = self._labels[asked.choices_from or asked.name] = {
                one.key: label(one.label) for one in found
            }
        return known.get(key) or key


def choices_of(asked: Field) -> Sequence[Any]:
    """What a field offers, also what it offers no more."""
    known = whole_catalogue().get(asked.name)
    if known is not None and known.choices_from == asked.choices_from and known.choices:
        return known.choices
    return lists.choices(asked.choices_from, retired=True) if asked.choices_from else asked.choices


def in_units(minor: int, currency: str) -> Decimal:
    """Minor units as a number of the currency, without zeros at its end."""
    return shortened(Decimal(minor).scaleb(-exponent(currency)))


def shortened(number: Decimal) -> Decimal:
    """The number without zeros behind its point."""
    whole = number.to_integral_value()
    return whole if number == whole else number.normalize()


def industry(code: str) -> str:
    """An industry by code and name: `C35专用设备制造业`, `C35 Special equipment`."""
    words = industry_label(code, language())
    return words.replace(" ", "", 1) if language() == "zh" and words != code else words


def dialled(text: str, home: str) -> str:
    """A phone as files carry it: `13800000001` of the firm's country, `+49400000007` of others; an
    extension behind it, and then without the plus, which no spreadsheet takes for a number."""
    phone = read_phone(text, home)
    if phone is None:
        return text
    if not phone.extension:
        return phone.digits
    digits = f"00{phone.digits[1:]}" if phone.digits.startswith("+") else phone.digits
    sign = "-" if phone.kind == "landline" else " ext "
    return f"{digits}{sign}{phone.extension}"
