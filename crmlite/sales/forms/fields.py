"""Fields for quantities, discounts, and lines that are known already."""

from collections.abc import Callable
from typing import Any

from wtforms.widgets import HiddenInput

from crmlite.forms.entry import Entry
from crmlite.rules.problems import Checked
from crmlite.rules.quantities import (
    Discount,
    parse_discount,
    parse_quantity,
    written_quantity,
    written_rate,
)
from crmlite.rules.text import clean_int
from crmlite.sales.words import plain_amount

MOST = 2**31 - 1
FIGURES = {"inputmode": "decimal", "autocomplete": "off"}


class Quantity(Entry):
    """How much, in thousandths."""

    def __init__(self, label: Any = None, **more: Any) -> None:
        super().__init__(label, **more)
        self.render_kw = {**FIGURES, **(self.render_kw or {})}

    def read(self, text: str) -> Checked[int]:
        """The value that a text stands for."""
        return parse_quantity(text)

    def written(self, value: Any) -> str:
        """A value as the control holds it."""
        return written_quantity(value) if value is not None else ""


class Off(Entry):
    """What is taken off: `10%`, `9折`, or an amount of `currency`."""

    def __init__(
        self, label: Any = None, *, currency: str | Callable[[], str], **more: Any
    ) -> None:
        super().__init__(label, **more)
        self._currency = currency
        self.render_kw = {"autocomplete": "off", **(self.render_kw or {})}

    @property
    def currency(self) -> str:
        """The currency that an amount is in."""
        return self._currency() if callable(self._currency) else self._currency

    def read(self, text: str) -> Checked[Discount]:
        """The value that a text stands for."""
        return parse_discount(text, self.currency)

    def written(self, value: Any) -> str:
        """A value as the control holds it."""
        if not isinstance(value, Discount) or value == Discount():
            return ""
        if value.rate:
            return written_rate(value.rate)
        return plain_amount(value.amount, self.currency)

    @property
    def discount(self) -> Discount:
        """What is taken off, be it nothing."""
        return self.data if isinstance(self.data, Discount) else Discount()


class Known(Entry):
    """The id of a record that a line stands for already, unseen."""

    widget = HiddenInput()
    drawn_as = "HiddenField"

    def read(self, text: str) -> Checked[int]:
        """The value that a text stands for."""
        return clean_int(text, least=1, most=MOST)
