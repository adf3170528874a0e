"""Reads how much is sold and what is taken off the price: 2.5, 1,200; 10%, 8折, 50."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from crmlite.rules.amounts import GAPS, LONGEST, figures_of, parse_amount
from crmlite.rules.problems import Checked, refused
from crmlite.rules.text import folded
from crmlite.rules.wording import N_

MESSAGES = {
    "quantity_unreadable": N_("Please enter a quantity such as 3 or 2.5."),
    "quantity_nothing": N_("The quantity must be above zero."),
    "quantity_too_large": N_("This quantity is too large."),
    "quantity_too_fine": N_("A quantity has at most three decimals."),
    "discount_unreadable": N_("Please enter a discount such as 10% or an amount such as 50."),
    "discount_too_large": N_("The discount is larger than what it is taken off."),
}
UNIT = 1000  # a quantity is kept in thousandths
WHOLE = 10_000  # a rate is kept in hundredths of a percent
MOST = 10**12  # thousandths
RATE = re.compile(r"([\d.,]+)(%|折)", re.ASCII)


def parse_quantity(text: str) -> Checked[int]:
    """A quantity in thousandths; None when nothing was entered. It is above zero."""
    typed = GAPS.sub("", folded(text))
    if not typed:
        return Checked(None)
    figures = figures_of(typed) if len(typed) <= LONGEST else None
    if figures is None:
        return refused("quantity_unreadable")
    value = figures * UNIT
    if value > MOST:
        return refused("quantity_too_large")
    if value != value.to_integral_value():
        return refused("quantity_too_fine")
    return Checked(int(value)) if value else refused("quantity_nothing")


def written_quantity(thousandths: int) -> str:
    """A quantity as people type it: `2500` is `2.5`."""
    text = f"{Decimal(thousandths).scaleb(-3):f}"
    return text.rstrip("0").rstrip(".")


@dataclass(frozen=True, slots=True)
class Discount:
    """What is taken off: a `rate` in hundredths of a percent, or an `amount` in minor units."""

    rate: int = 0
    amount: int = 0


def parse_discount(text: str, currency: str) -> Checked[Discount]:
    """A discount; None when nothing was entered. `10%` takes a tenth off, and so does `9折`, which
    says what is left; a plain amount is taken off as it is."""
    typed = GAPS.sub("", folded(text))
    if not typed:
        return Checked(None)
    found = RATE.fullmatch(typed) if len(typed) <= LONGEST else None
    if found is None:
        read = parse_amount(text, currency=currency)
        if not read.ok and read.problems[0].code == "amount_unreadable":
            return refused("discount_unreadable")
        value = None if read.value is None else Discount(amount=read.value)
        return Checked(value, read.problems)
    figures = figures_of(found[1])
    if figures is None:
        return refused("discount_unreadable")
    percent = figures if found[2] == "%" else 100 - _left(figures)
    if not 0 <= percent <= 100:
        return refused("discount_too_large" if percent > 100 else "discount_unreadable")
    return Checked(Discount(rate=int((percent * 100).to_integral_value(ROUND_HALF_UP))))


def _left(figures: Decimal) -> Decimal:
    """How many percent are left at `8折`, `8.5折` or `85折`."""
    return figures * 10 if figures < 10 else figures


def written_rate(rate: int) -> str:
    """A rate as people type it: `1250` is `12.5%`."""
    text = f"{Decimal(rate).scaleb(-2):f}"
    return f"{text.rstrip('0').rstrip('.')}%"
