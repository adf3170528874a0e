"""Values of the book in the reader's words: amounts, choices, dates, people."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import format_currency, format_date, format_decimal
from flask_babel import gettext as _

from crmlite import settings
from crmlite.access import Shown
from crmlite.accounts.roster import roster
from crmlite.customers.choices import choice_label
from crmlite.customers.fields import KINDS
from crmlite.customers.industries import label as industry_label
from crmlite.rules.amounts import exponent
from crmlite.rules.fields import Field
from crmlite.wording import label, language, to_the_minute


def money(minor: int, currency: str = "") -> str:
    """An amount of minor units, as `¥1,286,000`; decimals only when there are some."""
    code = currency or str(settings.get("currency"))
    digits = exponent(code)
    amount = Decimal(minor).scaleb(-digits)
    decimals = "" if amount == amount.to_integral_value() else "." + "0" * digits
    return str(format_currency(amount, code, format=f"¤#,##0{decimals}", currency_digits=False))


def number(value: float) -> str:
    """A number with all the decimals that are kept of it."""
    return str(format_decimal(value, "#,##0.######"))


def person_name(user_id: int | None) -> str:
    """What somebody with a login is called; empty for nobody."""
    if user_id is None:
        return ""
    person = roster().people.get(user_id)
    return person.name if person else str(user_id)


def team_name(team_id: int) -> str:
    """What a team is called."""
    team = roster().teams.get(team_id)
    return label(team.label) if team else str(team_id)


def in_words(field: Field, value: Any, *, currency: str = "") -> str:
    """A plain value of a field in the reader's language; empty for none."""
    if value in (None, "", (), []):
        return ""
    if isinstance(value, Shown):
        if value.masked or value.value is None:
            return value.text
        value = value.value
    if field.name == "status" and field.kind == "text":  # one of the list, or people's own words
        return choice_label("status", value)
    if field.traits.values == "id":
        return person_name(int(value)) if field.kind == "person" else team_name(int(value))
    match field.kind:
        case "choice":
            return _choice(field, value)
        case "choices":
            return _(", ").join(_choice(field, each) for each in value)
        case "industry":
            return industry_label(value, language())
        case "boolean":
            return str(_("yes") if value else _("no"))
        case "amount":
            return money(int(value), currency)
        case "date":
            return str(format_date(_day(value), "medium"))
        case "moment":
            return to_the_minute(datetime.fromisoformat(value) if isinstance(value, str) else value)
        case "integer" | "number":
            return number(value)
    return str(value)


def _choice(field: Field, value: str) -> str:
    if field.choices_from == "customer_kind":
        return label(KINDS.get(value, value))
    if field.choices_from:
        return choice_label(field.choices_from, value)
    found = field.choice(value)
    return label(found.label) if found else value


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value
