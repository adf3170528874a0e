"""What is to become of rows with orders: verdicts, and what is to be written for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from crmlite.imports.models import CREATED, DUPLICATE, FAILED
from crmlite.imports.orders.finding import Party, Ware
from crmlite.imports.orders.reading import OrderRow
from crmlite.imports.reading import Doubt
from crmlite.rules.pricing import Item
from crmlite.rules.problems import Problem
from crmlite.rules.quantities import Discount
from crmlite.sales.operations import LineDraft


@dataclass(slots=True)
class Verdict:
    """What is to become of a row."""

    told: OrderRow
    fate: str = CREATED
    customer_id: int | None = None
    order_id: int | None = None
    noted: list[Doubt] = field(default_factory=list)
    earlier: int | None = None
    differs: bool = False
    likely: Sequence[int] = ()

    @property
    def title(self) -> str:
        """What the row is called in a report."""
        return self.told.title

    @property
    def doubts(self) -> Sequence[Doubt]:
        """What is to be said about the row."""
        return [*self.told.doubts, *self.noted]

    def fail(self, code: str, heading: str = "", text: str = "", **params: object) -> None:
        """Write nothing of it, for this reason."""
        self.fate = FAILED
        self.noted.append(Doubt(heading, Problem(code, params), text))

    def hold_back(self, code: str, **params: object) -> None:
        """Write nothing of it, since it is in the book."""
        self.fate = DUPLICATE
        self.noted.append(Doubt("", Problem(code, params)))

    def remark(self, code: str, heading: str = "", text: str = "", **params: object) -> None:
        """Say something about it."""
        level = "error" if text else "warning"
        self.noted.append(Doubt(heading, Problem(code, params, level), text))


@dataclass(slots=True)
class Group:
    """The rows of an order."""

    number: str
    verdicts: list[Verdict] = field(default_factory=list)

    @property
    def rows(self) -> list[OrderRow]:
        """What they say."""
        return [one.told for one in self.verdicts]

    def said(self, name: str) -> Any:
        """What the first row says that says something; None where none does."""
        blank = ("", None, Discount())
        found = (getattr(row, name) for row in self.rows)
        return next((value for value in found if value not in blank), None)

    def fail(self, code: str, **params: object) -> None:
        """Write nothing of it, for this reason."""
        for verdict in self.verdicts:
            verdict.fail(code, **params)

    def lose(self, failed: Verdict) -> None:
        """Write nothing of it: a row of it cannot be written."""
        for verdict in self.verdicts:
            if verdict.told.failed:
                verdict.fate = FAILED
            elif verdict is not failed:
                verdict.fail("order_row_failed", row=failed.told.row)

    def hold_back(self, code: str, **params: object) -> None:
        """Write nothing of it, since it is in the book."""
        for verdict in self.verdicts:
            verdict.hold_back(code, **params)


@dataclass(slots=True)
class Sold:
    """A line that is to be written: what a row `told` (None: no row does), of what, how much."""

    told: OrderRow | None
    ware: Ware | None
    name: str
    unit: str | None
    item: Item

    def draft(self, line_id: int | None = None, name: str = "") -> LineDraft:
        """The same for the book, once its product is there; `line_id` and `name` are those of the line
        that it is in the book."""
        return LineDraft(
            id=line_id,
            product_id=self.ware.id if self.ware is not None else None,
            name=name or self.name,
            unit=self.unit,
            quantity=self.item.quantity,
            price=self.item.price,
            discount=self.item.discount,
        )


@dataclass(slots=True)
class Plan:
    """An order that is to be written, or lines that come to one that this import wrote before
    (`order_id`)."""

    verdicts: list[Verdict]
    party: Party
    number: str | None
    values: Mapping[str, Any]
    lines: list[Sold]
    order_id: int | None = None


@dataclass(slots=True)
class Change:
    """An order of the book that is to be as the file has it: columns, and lines where these differ."""

    verdicts: list[Verdict]
    order: Mapping[str, Any]
    values: Mapping[str, Any]
    lines: list[Any] | None


@dataclass(slots=True)
class Back:
    """Something that came back."""

    verdict: Verdict
    party: Party
    ware: Ware | None
    name: str
    day: date
    order_number: str
    number: str | None


@dataclass(slots=True)
class Batch:
    """All that a batch of rows is to become."""

    verdicts: list[Verdict] = field(default_factory=list)
    parties: list[Party] = field(default_factory=list)  # to be added
    wares: list[Ware] = field(default_factory=list)  # to be added
    plans: list[Plan] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    backs: list[Back] = field(default_factory=list)
