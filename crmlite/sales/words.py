"""What states, settlements and listed values of orders are called, and how figures are written."""

from decimal import Decimal

from babel.numbers import format_decimal
from flask_babel import get_locale, ngettext

from crmlite import settings
from crmlite.access.sensitive import Shown
from crmlite.customers.words import money
from crmlite.rules.amounts import exponent
from crmlite.rules.quantities import written_quantity, written_rate
from crmlite.wording import N_, label

STATUSES = {
    "draft": N_("Draft"),
    "confirmed": N_("Order confirmed"),
    "delivered": N_("Delivered"),
    "closed": N_("Completed"),
    "cancelled": N_("Cancelled"),
}
REFUND, EXCHANGE = "refund", "exchange"
SETTLEMENTS = {REFUND: N_("Money back"), EXCHANGE: N_("Exchange")}
CATEGORY, UNIT, REASON = "product-category", "product-unit", "return-reason"


def status_label(status: str) -> str:
    """Where an order stands, in the reader's language."""
    return label(STATUSES.get(status, status))


def settlement_label(settlement: str) -> str:
    """How a return was settled, in the reader's language."""
    return label(SETTLEMENTS.get(settlement, settlement))


def unit_label(unit: str | None) -> str:
    """In what something is counted; empty for nothing."""
    return settings.choice_label(UNIT, unit) if unit else ""


def quantity_words(thousandths: int) -> str:
    """How much, without unit: `1,200.5`."""
    return str(format_decimal(written_quantity(thousandths), locale=get_locale()))


def discount_words(rate: int, amount: Shown | None, currency: str) -> str:
    """What is taken off: `10%`, `¥50`; empty for nothing."""
    if rate:
        return written_rate(rate)
    if amount is None or not amount or amount.value == 0:
        return ""
    return amount_words(amount, currency)


def amount_words(shown: Shown, currency: str) -> str:
    """An amount in words, or its mask; zero is an amount, too."""
    if shown.masked or shown.value is None:
        return shown.text
    return money(int(shown.value), currency)


def days_words(days: int) -> str:
    """A number of days in words."""
    return str(ngettext("%(num)d day", "%(num)d days", days))


def plain_amount(minor: int, currency: str) -> str:
    """An amount as people type it: `1286.5`."""
    text = f"{Decimal(minor).scaleb(-exponent(currency)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
