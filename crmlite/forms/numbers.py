"""Fields for numbers and for money."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from crmlite.forms.entry import Entry
from crmlite.rules.amounts import exponent, parse_amount, parse_number
from crmlite.rules.problems import Checked
from crmlite.rules.text import clean_int

MOST = 2**31 - 1  # what a column holds on both engines


class Integer(Entry):
    """A whole number from `least` to `most`; `1,200` and full-width figures are read."""

    def __init__(self, label: Any = None, *, least: int = 0, most: int = MOST, **more: Any) -> None:
        super().__init__(label, **more)
        self.least, self.most = least, most
        self.render_kw = {"inputmode": "numeric", **(self.render_kw or {})}

    def read(self, text: str) -> Checked[int]:
        """The value that a text stands for."""
        return clean_int(text, least=self.least, most=self.most)


class Number(Entry):
    """A number, with decimals where it has some: `1,200.5`, `2万`."""

    def __init__(self, label: Any = None, **more: Any) -> None:
        super().__init__(label, **more)
        self.render_kw = {"inputmode": "decimal", **(self.render_kw or {})}

    def read(self, text: str) -> Checked[int | float]:
        """The value that a text stands for."""
        return parse_number(text)

    def written(self, value: Any) -> str:
        """A value as the control holds it."""
        return "" if value is None else f"{Decimal(str(value)):f}"


class Amount(Entry):
    """Money in whole minor units: `12.5万` and `125,000` both yield 12500000 for CNY.

    `currency` is an ISO code or answers one when asked, `lambda: settings.get("currency")`.
    `unit` multiplies what carries no unit of its own (10_000 below a label in 万元).
    """

    def __init__(
        self,
        label: Any = None,
        *,
        currency: str | Callable[[], str],
        unit: int = 1,
        negative: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(label, **more)
        self._currency, self.unit, self.negative = currency, unit, negative
        self.render_kw = {"inputmode": "text", "autocomplete": "off", **(self.render_kw or {})}

    @property
    def currency(self) -> str:
        """The currency that the amount is in."""
        return self._currency() if callable(self._currency) else self._currency

    def read(self, text: str) -> Checked[int]:
        """The value that a text stands for."""
        return parse_amount(text, currency=self.currency, unit=self.unit, negative=self.negative)

    def written(self, value: Any) -> str:
        """A value as the control holds it."""
        if value is None:
            return ""
        major = Decimal(value).scaleb(-exponent(self.currency)) / self.unit
        text = f"{major:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
