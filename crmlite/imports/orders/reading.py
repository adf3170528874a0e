"""What a row says of an order: whose it is, what was sold or came back, for how much.

A figure that decides what is paid costs its row, and with it the order: one that comes to something
else than it did is worse than one that is missing. Any other value costs itself.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from crmlite.imports.reading import Column, Doubt, RowReader
from crmlite.rules.amounts import parse_amount
from crmlite.rules.contact_details import check_email, check_phone, is_mask
from crmlite.rules.dates import parse_date
from crmlite.rules.numbering import check_number
from crmlite.rules.pricing import NOTHING_OFF, Item, fitted
from crmlite.rules.problems import Problem
from crmlite.rules.quantities import Discount, parse_discount, parse_quantity
from crmlite.rules.spreadsheet_shield import unshielded
from crmlite.rules.text import clean_text, folded, says_nothing
from crmlite.rules.values import Reading
from crmlite.wording import N_

MESSAGES = {
    "order_day_missing": N_("The day of the order is missing."),
    "order_customer_missing": N_("The customer is missing."),
    "order_customer_unknown": N_("There is no such customer."),
    "order_customer_several": N_(
        "Several customers are called “%(name)s”. A number or a phone tells which."
    ),
    "order_customer_other_name": N_(
        "%(number)s is “%(name)s” in the book. Leave the column with names out to go by numbers alone."
    ),
    "order_customer_named": N_("A new customer without a name is called by its number."),
    "order_two_customers": N_("The rows of this order name several customers."),
    "order_two_currencies": N_("The rows of this order are in several currencies."),
    "order_other_currency": N_("This order is in %(currency)s in the book."),
    "order_number_taken": N_("%(number)s is in use. This order got a number of its own."),
    "order_of_another": N_("%(number)s is an order of another customer."),
    "order_not_yours": N_("You may not write orders down for this customer."),
    "order_product_unknown": N_("There is no such product."),
    "order_price_missing": N_("Neither the price nor the amount is there."),
    "order_amounts_differ": N_("The figures do not fit together: the amount counts."),
    "order_total_counts": N_("The lines come to %(lines)s, the order to %(total)s: that counts."),
    "order_total_negative": N_("What is paid back needs what came back, and how much of it."),
    "order_number_written": N_("It is kept as %(number)s."),
    "order_row_failed": N_("Row %(row)s of the same order cannot be imported."),
    "order_seller_unknown": N_("Nobody who signs in is called “%(name)s”."),
    "order_unit_unknown": N_("There is no such unit."),
    "order_status_unknown": N_("There is no such state of an order."),
    "order_return_unmatched": N_(
        "Nothing that this customer ordered before fits what came back, or all of it came back already."
    ),
    "order_return_known": N_("This return is in the book already."),
    "order_return_capped": N_("No more is paid back than was paid: %(amount)s."),
    "order_known": N_("This order is in the book already."),
}
LONGEST_NAME, LONGEST_CODE, LONGEST_REMARK = 200, 60, 4000
FINE = 10**6  # parts of the smallest unit in which prices with more decimals are read
WHOLE_FIGURE = re.compile(r"(\d+)\.0+")  # what programs make of numbers in a column with gaps
IN_BRACKETS = re.compile(r"[(（](.+)[)）]")
WITH_UNIT = re.compile(r"([-+−]?[\d.,]+)\s*([^\d.,\s]{1,12})")
NO_SIGNS = re.compile(r"[^A-Za-z0-9._-]+")
AMOUNTS = frozenset({"discount", "total", "line.price", "line.discount", "line.amount"})


class Whose(NamedTuple):
    """Whose an order is, as a row says it."""

    number: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    region: str = ""


class What(NamedTuple):
    """What is sold, as a row says it."""

    code: str = ""
    name: str = ""


NOBODY, NOTHING = Whose(), What()


@dataclass(kw_only=True, slots=True)
class OrderRow:
    """A row as it tells of an order. `quantity` is in thousandths, below zero for what came back; 0
    where the row has no line. `price` is minor units and may have parts, `amount` what the line comes
    to, `total` what the whole order does, `extra` the values of further fields. `failed` rows cannot be
    part of any."""

    row: int
    number: str = ""
    whose: Whose = NOBODY
    day: date | None = None
    expected_on: date | None = None
    status: str = ""
    seller: str = ""
    currency: str = ""
    remark: str = ""
    discount: Discount = NOTHING_OFF
    total: int | None = None
    return_number: str = ""
    what: What = NOTHING
    unit: str | None = None
    quantity: int = 0
    price: Fraction | None = None
    amount: int | None = None
    off: Discount = NOTHING_OFF
    extra: dict[str, Any] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    failed: bool = False

    @property
    def is_back(self) -> bool:
        """Whether something came back."""
        return self.quantity < 0

    @property
    def is_line(self) -> bool:
        """Whether something was sold."""
        return self.quantity > 0

    @property
    def title(self) -> str:
        """What the row is called in a report."""
        about = (
            self.number,
            self.whose.name or self.whose.number,
            self.what.name or self.what.code,
        )
        return " · ".join(filter(None, about))

    def item(self, list_price: int | None = None) -> Item | None:
        """The line, with the price of the list where the row has none; None where there is none
        either."""
        price = self.price
        if price is None and self.amount is not None:
            price = Fraction(self.amount * 1000, self.quantity)
        if price is None and list_price is not None:
            price = Fraction(list_price)
        return None if price is None else fitted(self.quantity, price, self.amount, self.off)

    def paid_back(self) -> int | None:
        """What is paid back for what came back; None where the row does not say."""
        if self.amount is not None:
            return abs(self.amount)
        return None if self.price is None else round(abs(self.quantity * self.price) / 1000)


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """What cells are read with: the reading, the currencies that there are, and the keys of states and
    units by all that they are called, folded."""

    reading: Reading
    currencies: frozenset[str]
    statuses: Mapping[str, str]
    units: Mapping[str, str]


class OrderReader:
    """Reads the rows of one file; `further` reads what packs and managers have recorded of orders."""

    def __init__(
        self, columns: Sequence[Column], words: Words, further: RowReader | None = None
    ) -> None:
        self.columns, self.words, self.further = list(enumerate(columns)), words, further
        self.places = {
            column.target: place for place, column in reversed(self.columns) if column.target
        }
        self._currency = words.reading.currency  # of the row at hand
        self._readers: dict[str, Callable[[OrderRow, Column, str], None]] = {
            "number": self._number,
            "ordered_on": self._day,
            "expected_on": self._expected,
            "status": self._status,
            "seller": self._seller,
            "remark": self._remark,
            "return_number": self._return_number,
            "line.unit": self._unit,
            "line.quantity": self._quantity,
            "line.price": self._price,
            "line.amount": self._amount,
            "line.discount": self._off,
            "discount": self._whole_off,
            "total": self._total,
        }

    def belongs(self, before: Sequence[str], cells: Sequence[str]) -> bool:
        """Whether a row is about the same order as the one before it: it has its number, or names
        neither an order nor a customer, as rows below merged cells do."""
        number = self._cell(cells, "number")
        if number:
            return number == self._cell(before, "number")
        names = ("customer.number", "customer.name", "ordered_on")
        return "number" in self.places and not any(self._cell(cells, name) for name in names)

    def _cell(self, cells: Sequence[str], target: str) -> str:
        place = self.places.get(target, len(cells))
        return cells[place].strip() if place < len(cells) else ""

    def tell(self, number: int, cells: Sequence[str]) -> OrderRow:
        """What a row says."""
        told = OrderRow(row=number)
        if not any(cell.strip() for cell in cells):
            told.failed = True
            told.doubts.append(Doubt("", Problem("import_row_unreadable")))
            return told
        said: dict[str, tuple[Column, str]] = {}
        for place, column in self.columns:
            text = unshielded(cells[place]) if place < len(cells) else ""
            if not column.target or says_nothing(text):
                continue
            if is_mask(self._kind(column.target), text):
                told.doubts.append(Doubt(column.heading, Problem("import_hidden"), text))
            else:
                said.setdefault(column.target, (column, text))
        self._currency = self._currency_of(told, said)
        for target, read in self._readers.items():
            if target in said:
                read(told, *said[target])
        if self.further is not None:
            self.further.keep_all(told, said, told.extra, self._currency)
        told.whose = self._whose(told, said)
        told.what = What(
            _figures(_text(said, "line.code"))[:LONGEST_CODE],
            _text(said, "line.name")[:LONGEST_NAME],
        )
        self._complete(told)
        return told

    def _kind(self, target: str) -> str:
        """Of which kind the values of a column are, as far as these can be masked: what is said of a
        customer's phone is looked at with whose the order is."""
        if target in AMOUNTS:
            return "amount"
        return self.further.kind_of(target) if self.further and "__" in target else ""

    def _complete(self, told: OrderRow) -> None:
        """Where a row says no quantity there is one of it, if it says anything of a line."""
        if not told.quantity and (
            any(told.what) or told.amount is not None or told.price is not None
        ):
            sign = -1 if (told.amount or 0) < 0 or (told.price or 0) < 0 else 1
            told.quantity = sign * 1000
        if told.is_line and ((told.amount or 0) < 0 or (told.price or 0) < 0):
            told.quantity = -told.quantity
        if told.is_line and told.off.amount and told.price is not None:
            gross = round(told.quantity * told.price / 1000)
            if told.off.amount > gross and told.amount is None:
                self._fail(told, "", Problem("discount_too_large"))

    def _currency_of(self, told: OrderRow, said: Mapping[str, tuple[Column, str]]) -> str:
        column, text = said.get("currency", (None, ""))
        code = folded(text).upper()
        if column is None:
            return self.words.reading.currency
        code = NAMED_CURRENCIES.get(code, code)
        if code not in self.words.currencies:
            problem = Problem("import_currency_unknown", {"text": code[:20]})
            self._fail(told, column.heading, problem, text)
            return self.words.reading.currency
        told.currency = code
        return code

    def _fail(self, told: OrderRow, heading: str, problem: Problem, text: str = "") -> None:
        told.failed = True
        told.doubts.append(Doubt(heading, problem, text))

    def _number(self, told: OrderRow, column: Column, text: str) -> None:
        told.number = self._written(told, column, text)

    def _return_number(self, told: OrderRow, column: Column, text: str) -> None:
        told.return_number = self._written(told, column, text)

    def _written(self, told: OrderRow, column: Column, text: str) -> str:
        """A number as it can stand in an address: `#1001` as 1001, `2024/17` as 2024-17."""
        typed = _figures(folded(text))
        number = typed if check_number(typed) is None else NO_SIGNS.sub("-", typed).strip("-.")
        if problem := check_number(number):
            self._fail(told, column.heading, problem, text)
            return ""
        if number != typed:
            problem = Problem("order_number_written", {"number": number}, "warning")
            told.doubts.append(Doubt(column.heading, problem))
        return number

    def _day(self, told: OrderRow, column: Column, text: str) -> None:
        found = self._date(told, column, text)
        if found is None:
            told.failed = True
        told.day = found

    def _expected(self, told: OrderRow, column: Column, text: str) -> None:
        told.expected_on = self._date(told, column, text)

    def _date(self, told: OrderRow, column: Column, text: str) -> date | None:
        reading = self.words.reading
        checked = parse_date(
            text, today=reading.today, lang=reading.lang, day_first=reading.day_first
        )
        if any(problem.code == "date_ambiguous" for problem in checked.problems):
            told.doubts.append(Doubt(column.heading, Problem("import_date_ambiguous"), text))
            return None
        lost = text if checked.value is None else ""
        told.doubts += [Doubt(column.heading, problem, lost) for problem in checked.problems]
        return checked.value

    def _status(self, told: OrderRow, column: Column, text: str) -> None:
        told.status = self.words.statuses.get(folded(text).casefold(), "")
        if not told.status:
            told.doubts.append(Doubt(column.heading, Problem("order_status_unknown"), text))

    def _seller(self, told: OrderRow, column: Column, text: str) -> None:
        told.seller = folded(text)[:LONGEST_NAME]

    def _remark(self, told: OrderRow, column: Column, text: str) -> None:
        checked = clean_text(text, max_length=LONGEST_REMARK, lines=True)
        told.doubts += [Doubt(column.heading, problem) for problem in checked.problems]
        told.remark = checked.value or ""

    def _unit(self, told: OrderRow, column: Column, text: str) -> None:
        told.unit = self.words.units.get(folded(text).casefold())
        if told.unit is None:
            told.doubts.append(Doubt(column.heading, Problem("order_unit_unknown"), text))

    def _quantity(self, told: OrderRow, column: Column, text: str) -> None:
        typed = _signed(text)
        if found := WITH_UNIT.fullmatch(typed):
            typed = found[1]
            if told.unit is None:
                self._unit(told, column, found[2])
        checked = parse_quantity(typed.lstrip("+-"))
        if checked.value is None:
            self._fail(told, column.heading, checked.problems[0], text)
            return
        told.quantity = -checked.value if typed.startswith("-") else checked.value

    def _price(self, told: OrderRow, column: Column, text: str) -> None:
        told.price = self._exactly(told, column, text)

    def _amount(self, told: OrderRow, column: Column, text: str) -> None:
        found = self._exactly(told, column, text)
        told.amount = None if found is None else round(found)

    def _total(self, told: OrderRow, column: Column, text: str) -> None:
        found = self._exactly(told, column, text)
        told.total = None if found is None else round(found)

    def _exactly(self, told: OrderRow, column: Column, text: str) -> Fraction | None:
        """An amount with all its decimals: prices by weight or by the thousand have more than
        currencies."""
        typed, unit = _signed(text), column.unit

        def read(unit: int) -> Any:
            return parse_amount(typed, currency=self._currency, unit=unit, negative=True)

        checked = read(unit)
        if checked.value is None:
            self._fail(told, column.heading, checked.problems[0], text)
            return None
        if checked.problems:
            finer = read(unit * FINE)
            if finer.value is not None and finer.value != checked.value:
                return Fraction(finer.value, FINE)
        return Fraction(checked.value)

    def _off(self, told: OrderRow, column: Column, text: str) -> None:
        told.off = self._discount(told, column, text)

    def _whole_off(self, told: OrderRow, column: Column, text: str) -> None:
        told.discount = self._discount(told, column, text)

    def _discount(self, told: OrderRow, column: Column, text: str) -> Discount:
        """What is taken off; many write it below zero."""
        checked = parse_discount(_signed(text).lstrip("-"), self._currency)
        if checked.value is None:
            self._fail(told, column.heading, checked.problems[0], text)
            return Discount()
        return replace(checked.value, amount=checked.value.amount * column.unit)

    def _whose(self, told: OrderRow, said: Mapping[str, tuple[Column, str]]) -> Whose:
        ways = {"phone": "", "email": ""}
        for name, check in (("phone", self._checked_phone), ("email", check_email)):
            if (found := said.get(f"customer.{name}")) and not is_mask(name, found[1]):
                checked = check(found[1])
                lost = found[1] if checked.value is None else ""
                doubts = (Doubt(found[0].heading, one, lost) for one in checked.problems)
                told.doubts += doubts if lost else ()
                ways[name] = checked.value or ""
        region = clean_text(_text(said, "customer.region"), max_length=LONGEST_NAME)
        return Whose(
            _figures(_text(said, "customer.number")),
            clean_text(_text(said, "customer.name"), max_length=LONGEST_NAME).value or "",
            ways["phone"],
            ways["email"],
            region.value or "",
        )

    def _checked_phone(self, text: str) -> Any:
        return check_phone(text, home=self.words.reading.home)


NAMED_CURRENCIES = {"人民币": "CNY", "RMB": "CNY", "美元": "USD", "欧元": "EUR", "港币": "HKD",
                    "日元": "JPY", "英镑": "GBP"}  # fmt: skip


def _text(said: Mapping[str, tuple[Column, str]], target: str) -> str:
    return folded(said[target][1]) if target in said else ""


def _figures(text: str) -> str:
    """A number without the decimals that a program gave it."""
    found = WHOLE_FIGURE.fullmatch(text)
    return found[1] if found else text


def _signed(text: str) -> str:
    """A figure with a plain sign: bookkeepers write brackets for less than nothing."""
    typed = folded(text).replace("−", "-")
    found = IN_BRACKETS.fullmatch(typed)
    return f"-{found[1]}" if found else typed
