"""The control for each field of the book, made from its declaration alone."""

from collections.abc import Callable
from functools import partial
from typing import Any

from crmlite import settings
from crmlite.accounts.queries import owners
from crmlite.customers import choices as lists
from crmlite.customers.fields import KINDS
from crmlite.customers.industries import deeper_code, industries
from crmlite.customers.industries import label as industry_label
from crmlite.customers.models import Contact, Customer, Need
from crmlite.customers.words import person_name
from crmlite.fields.entering import OTHERS
from crmlite.fields.entering import control as further_control
from crmlite.forms import (
    Amount,
    Check,
    Choice,
    Day,
    Email,
    Integer,
    LongText,
    Messenger,
    Option,
    Person,
    Phone,
    Text,
    Website,
)
from crmlite.rules.amounts import exponent
from crmlite.rules.fields import Field
from crmlite.rules.problems import Checked
from crmlite.settings.places import calling_code, currencies
from crmlite.wording import N_, label, language

LONGEST_SEALED = 500
LONGEST_TEXT = 5000
OLDEST = 130
TABLES = (Customer, Contact, Need)
WHOLE_CURRENCY = frozenset({"capital"})


class WholeAmount(Amount):
    """Money that is kept without its decimals, such as a registered capital: `500万`."""

    def read(self, text: str) -> Checked[int]:
        """The value that a text stands for."""
        checked = super().read(text)
        if checked.value is None:
            return checked
        return Checked(checked.value // 10 ** exponent(self.currency), checked.problems)

    def written(self, value: Any) -> str:
        """A value as the control holds it."""
        return super().written(None if value is None else value * 10 ** exponent(self.currency))


class Industry(Choice):
    """An entry of the national list, or a code deeper than it: `C3511`, which is kept."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what the browser sent."""
        code = deeper_code(str(valuelist[0])) if valuelist else ""
        if not code:
            super().process_formdata(valuelist)
            return
        self.data = code
        self._stood = [code]


class StatusLine(Text):
    """One of the list, which is offered while typing, or people's own words. Yields the key of the
    list where the text is one of its labels."""

    def read(self, text: str) -> Checked[str]:
        """The value that a text stands for."""
        checked = super().read(text)
        found = [one.key for one in lists.choices("status") if checked.value in one.label.values()]
        return Checked(found[0], checked.problems) if found else checked

    def written(self, value: Any) -> str:
        """A value as the control holds it."""
        return lists.choice_label("status", value) if value else ""

    def offers(self) -> list[str]:
        """What is offered while typing."""
        return [label(one.label) for one in lists.choices("status")]


def control(field: Field, *, currency: str | Callable[[], str] = "", company: bool = False) -> Any:
    """The control of a field; `currency` is that of its amounts, `company` doubts private mail."""
    if field.pack:
        return further_control(field, currency)
    words = label(field.label)
    match field.kind:
        case "choice":
            return Choice(words, options=offered(field), named=named(field))
        case "industry":
            return industry_control(words)
        case "person":
            return Person(words, people=owners, none=label(NOBODY), named=_person)
        case "date":
            return Day(words)
        case "amount":
            return Amount(words, currency=currency or (lambda: str(settings.get("currency"))))
        case "integer":
            return _integer(field, words)
        case "boolean":
            return Check(words)
        case "phone":
            return Phone(words, home=calling_code)
        case "email":
            return Email(words, company=company)
        case "im":
            return Messenger(words)
        case "url":
            return Website(words)
        case "longtext":
            return LongText(words, most=_most(field.name, LONGEST_TEXT))
    return _line(field, words)


NOBODY = N_("Nobody")


def industry_control(words: str) -> Any:
    """The control of an industry."""
    return Industry(words, options=industry_options, named=industry_words)


OTHERS["industry"] = industry_control


def offered(field: Field) -> Callable[[], list[Any]]:
    """What a field offers now."""

    def options() -> list[Any]:
        if field.choices_from == "customer_kind":
            return list(KINDS.items())
        if field.choices_from:
            return list(lists.settable(field.choices_from))
        return [(c.key, c.label) for c in field.choices if not c.retired]

    return options


def named(field: Field) -> Callable[[str], str]:
    """Words for a value that is offered no more."""
    if field.choices_from:
        return partial(lists.choice_label, field.choices_from)
    return lambda key: label(found.label) if (found := field.choice(key)) else key


def industry_options() -> list[Option]:
    """The national list: sections as headings, found by code, name and pinyin."""
    lang, group, found = language(), "", []
    for entry in industries():
        words = f"{entry.code} {entry.name(lang)}"
        if entry.is_section:
            group = words
        found.append(Option(entry.code, words, group, f"{entry.find} {entry.zh} {entry.en}"))
    return found


def industry_words(code: str) -> str:
    """A code that is deeper than the list."""
    return industry_label(code, language())


def _person(user_id: str) -> str:
    return person_name(int(user_id)) if user_id.isdigit() else user_id


def _integer(field: Field, words: str) -> Any:
    if field.name in WHOLE_CURRENCY:
        return WholeAmount(words, currency=lambda: str(settings.get("currency")))
    return Integer(words, most=OLDEST) if field.name == "age" else Integer(words)


def _line(field: Field, words: str) -> Any:
    if field.name == "status":
        return StatusLine(words, most=_most(field.name, LONGEST_SEALED))
    if field.name == "currency":
        return Choice(words, options=lambda: list(currencies().items()))
    return Text(words, most=_most(field.name, LONGEST_SEALED))


def _most(name: str, otherwise: int) -> int:
    """How many characters a column holds."""
    for model in TABLES:
        column = model.__table__.c.get(name)
        length = getattr(column.type, "length", None) if column is not None else None
        if length and not column.info.get("sealed"):
            return int(length)
    return otherwise
