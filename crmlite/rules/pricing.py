"""What an order comes to, and what a return is worth.

Amounts are minor units, quantities thousandths. Each line is rounded on its own, half up, so that the
lines as they are printed add up to the sum below them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from crmlite.rules.problems import Problem
from crmlite.rules.quantities import UNIT, WHOLE, Discount

NOTHING_OFF = Discount()
LARGEST = 10**15  # what an order may come to


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """How much of something at which price, and what is taken off."""

    quantity: int
    price: int
    discount: Discount = NOTHING_OFF


@dataclass(frozen=True, slots=True)
class Sums:
    """What an order comes to: each line, all lines, what is taken off these, and what is left."""

    lines: tuple[int, ...]
    subtotal: int
    discount: int
    total: int


def sums(items: Sequence[Item], discount: Discount = NOTHING_OFF) -> Sums:
    """What these lines come to, less a discount on all of them."""
    lines = tuple(map(line_amount, items))
    subtotal = sum(lines)
    off = _off(subtotal, discount)
    return Sums(lines, subtotal, off, subtotal - off)


def line_amount(item: Item) -> int:
    """What one line comes to."""
    gross = _gross(item)
    return gross - _off(gross, item.discount)


def fitted(quantity: int, price: Fraction, amount: int | None, discount: Discount) -> Item:
    """The line as it is kept of what a file says: where its figures do not fit, or the price is no
    whole number of minor units, the amount counts, and what is left over is taken off or put on the
    price. `amount` None is what the other figures give."""
    asked = Item(quantity=quantity, price=half_up(price), discount=discount)
    if amount is None:
        gross = half_up(quantity * price / UNIT)
        amount = gross - _off(gross, discount)
    if line_amount(asked) == amount:
        return asked
    if _gross(asked) < amount:
        asked = replace(asked, price=-(-amount * UNIT // quantity))
    return replace(asked, discount=Discount(amount=_gross(asked) - amount))


def item_problem(item: Item) -> Problem | None:
    """Why a line cannot be sold so; None when it can."""
    gross = _gross(item)
    if gross > LARGEST:
        return Problem("amount_out_of_range")
    return Problem("discount_too_large") if item.discount.amount > gross else None


def order_problem(items: Sequence[Item], discount: Discount) -> Problem | None:
    """Why an order cannot be so, its lines being right; None when it can."""
    subtotal = sum(map(line_amount, items))
    if subtotal > LARGEST:
        return Problem("amount_out_of_range")
    return Problem("discount_too_large") if discount.amount > subtotal else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Sold:
    """A line of an order: how much was sold, what it came to, how much of it went back."""

    quantity: int
    amount: int
    returned: int = 0


def worth(sold: Sequence[Sold], total: int) -> int:
    """What the goods that went back were paid for, of an order that came to `total`: each line's share,
    with what was taken off the whole order. Once everything went back, it is the total itself."""
    subtotal = sum(one.amount for one in sold)
    if not subtotal:
        return 0
    back = sum((Fraction(one.amount * one.returned, one.quantity) for one in sold), Fraction())
    return half_up(back * total / subtotal)


def half_up(value: Fraction) -> int:
    """The nearest whole number; a half goes up."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def _gross(item: Item) -> int:
    return half_up(Fraction(item.quantity * item.price, UNIT))


def _off(amount: int, discount: Discount) -> int:
    """What a discount takes off an amount: never more than that."""
    return min(amount, half_up(Fraction(amount * discount.rate, WHOLE)) + discount.amount)
