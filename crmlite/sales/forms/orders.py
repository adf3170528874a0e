"""The form of an order: what is known of it, and its lines, which are added and taken away in place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import FieldList, FormField
from wtforms import Form as Part
from wtforms.validators import ValidationError

from crmlite import clock, settings
from crmlite.accounts.queries import owners, person_name
from crmlite.fields.entering import Further, FurtherPart
from crmlite.followups.deadlines import firm_zone
from crmlite.forms import (
    Amount,
    Choice,
    Day,
    Difference,
    LongText,
    Person,
    RecordForm,
    Segments,
    Text,
    said,
)
from crmlite.rules.numbering import LONGEST
from crmlite.rules.order_states import WAY
from crmlite.rules.pricing import Sums, item_problem, line_amount, order_problem, sums
from crmlite.sales.facts import discount_of
from crmlite.sales.forms.fields import Known, Off, Quantity
from crmlite.sales.operations import LineDraft
from crmlite.sales.queries.products import called, meant
from crmlite.sales.words import STATUSES, UNIT, quantity_words

Row = Mapping[str, Any]
MOST_LINES = 200
OLDEST = date(1990, 1, 1)
FURTHEST = timedelta(days=366)
OF_ORDER = ("ordered_on", "expected_on", "seller_id")
ADD, REMOVE = "one-line-more", "line-away"  # the buttons; a form has `add` and `remove` of its own


@dataclass(frozen=True, slots=True)
class Shown:
    """What the lines of a form come to, None for one that cannot be read, and all of them together."""

    lines: Sequence[int | None]
    whole: Sums


class LineForm(Part):
    """A line. One in which nothing is typed is none."""

    line = Known()
    name = Text(_l("Product or words"), most=200)
    quantity = Quantity(_l("Quantity"))
    unit = Choice(_l("Unit"), options=lambda: settings.choices(UNIT))

    @property
    def is_blank(self) -> bool:
        """Whether nothing is typed in it."""
        fields = (self.name, self.quantity, self.price, self.discount)
        return not any(field.data or field.process_errors for field in fields)


def _line_form(currency: str) -> type[LineForm]:
    fields = {
        "price": Amount(_l("Price"), currency=currency),
        "discount": Off(_l("Discount"), currency=currency),
    }
    return type("LineFormInCurrency", (LineForm,), fields)


class OrderForm(Further, RecordForm):
    """An order; what stands in its lines is in its currency."""

    further = "order"
    customer = Text(_l("Customer"), most=240, required=True)
    number = Text(_l("Order number"), most=LONGEST)
    ordered_on = Day(_l("Ordered on"), required=True)
    expected_on = Day(_l("Expected delivery"))
    seller_id = Person(
        _l("Salesperson"),
        people=owners,
        none=_l("none"),
        named=lambda key: person_name(int(key)),
    )
    standing = Segments(
        _l("State"),
        options=tuple((status.value, STATUSES[status]) for status in WAY),
        required=True,
    )
    remark = LongText(_l("Remark"), most=4000)
    currency = ""
    known: Mapping[int, Row] = MappingProxyType({})  # the lines that the order has, by id
    lost = ""  # what was typed into lines that are fixed by now

    def validate_ordered_on(self, field: Any) -> None:
        """An order is of a day that people remember, or plan for."""
        if field.data and field.data > clock.today(firm_zone()) + FURTHEST:
            raise ValidationError(_("This is too far ahead."))
        if field.data and field.data < OLDEST:
            raise ValidationError(_("This is too long ago."))

    def validate_expected_on(self, field: Any) -> None:
        """What is ordered comes later."""
        if field.data and self.ordered_on.data and field.data < self.ordered_on.data:
            raise ValidationError(_("This is before the day of the order."))

    def validate(self, **more: Any) -> bool:
        """Whether it fits together: each line is one, and nothing is taken off that is not there."""
        fits = bool(super().validate(**more))
        if "lines" not in self:  # they are fixed; the operation looks at what comes of them
            return self.nothing_is_lost() and fits
        fits = self._lines_fit() and fits
        if fits:
            problem = order_problem([draft.item for draft in self.drafts()], self.discount.discount)
            if problem is not None:
                self.blame("discount", said(problem))
                return False
        return fits

    def fix_lines(self) -> None:
        """Leave the lines out: somebody who had them open may have typed into them meanwhile."""
        if _indices() and not self._lines_stand():
            self.lost = _in_words(map(_as_typed, self.rows)) or "–"
        del self.lines

    def _lines_stand(self) -> bool:
        """Whether the lines are typed as they are stored."""
        typed = {draft.id: draft.columns() for draft in self.drafts()}
        return typed.keys() == self.known.keys() and all(
            self.known[line_id][name] == value
            for line_id, columns in typed.items()
            for name, value in columns.items()
        )

    def nothing_is_lost(self) -> bool:
        """Whether no lines were typed that cannot be kept; else the form says which."""
        if self.lost:
            sentence = _(
                "These lines were not saved: %(typed)s. The lines of an order are changed until it is "
                "delivered. Save again to go on without them.",
                typed=self.lost,
            )
            self.blame(None, sentence)
        return not self.lost

    def _lines_fit(self) -> bool:
        wrong = False
        for row in self.rows:
            if row.is_blank:
                continue
            for field in (row.name, row.quantity, row.price):
                if (
                    field.is_empty()
                    and not field.process_errors
                    and self._value(row, field) is None
                ):
                    _blame(field, _("Please fill this in."))
            if not any(field.errors for field in row):
                problem = item_problem(self._draft(row).item)
                if problem is not None:
                    _blame(row.discount, said(problem))
            wrong = wrong or any(field.errors for field in row)
        if wrong and not self.lines.errors:
            self.blame("lines", _("A line needs another look."))
        if len(_indices()) > MOST_LINES:
            self.blame("lines", _("An order has at most %(most)s lines.", most=MOST_LINES))
            return False
        return not wrong

    def _value(self, row: Any, field: Any) -> Any:
        """What a field that was left empty has from the product of its line."""
        product = self.products.get(row.name.data)
        if product is None or product["currency"] != self.currency:
            return None
        return product.get(field.short_name)

    @property
    def rows(self) -> list[Any]:
        """The forms of the lines; none where these are fixed."""
        return [entry.form for entry in self.lines.entries] if "lines" in self else []

    @property
    def products(self) -> dict[str, Row]:
        """The products that the lines name, by what is typed."""
        if not hasattr(self, "_products"):
            self._products = meant([str(row.name.data or "") for row in self.rows])
        return self._products

    def _price(self, row: Any) -> Any:
        return self._value(row, row.price) if row.price.data is None else row.price.data

    def drafts(self) -> list[LineDraft]:
        """The lines as they are to be."""
        return [self._draft(row) for row in self.rows if not row.is_blank]

    def _draft(self, row: Any) -> LineDraft:
        product = self.products.get(row.name.data)
        known = self.known.get(row.line.data)
        if known is not None and row.name.data == _shown(known):  # as it was called then
            product_id, name = known["product_id"], known["name"]
        else:
            product_id = product["id"] if product else None
            name = product["name"] if product else row.name.data
        return LineDraft(
            id=row.line.data,
            product_id=product_id,
            name=name,
            unit=row.unit.data or (product["unit"] if product else None),
            quantity=row.quantity.data,
            price=self._price(row),
            discount=row.discount.discount,
        )

    def sums(self) -> Shown:
        """What is typed comes to, as far as it can be read: of lines that cannot, nothing."""
        amounts: list[int | None] = []
        for row in self.rows:
            whole = row.quantity.data and (self._price(row) is not None)
            item = self._draft(row).item if whole and not row.is_blank else None
            right = item is not None and item_problem(item) is None
            amounts.append(line_amount(item) if item is not None and right else None)
        items = [self._draft(row).item for row, amount in zip(self.rows, amounts, strict=True)
                 if amount is not None]  # fmt: skip
        return Shown(tuple(amounts), sums(items, self.discount.discount))

    def add_line(self) -> None:
        """One more line, into which one types next."""
        if len(self.lines.entries) < MOST_LINES:
            self.lines.append_entry()

    def changes(self) -> dict[str, Any]:
        """The columns of the order as they are to be."""
        found = {name: self[name].data for name in OF_ORDER}
        off = self.discount.discount
        if extra := self.further_values():
            found["extra"] = extra
        return found | {
            "discount_rate": off.rate,
            "discount_amount": off.amount,
            "remark": self.remark.data or None,
        }

    def differs_from(self, order: Row, lines: Sequence[Row]) -> None:
        """Somebody else saved first: note what differs, lines as words."""
        self.conflict({**order, "discount": discount_of(order)})
        if "lines" not in self:
            return
        mine, theirs = _in_words(map(_typed, self.rows)), _in_words(map(_stored, lines))
        if mine != theirs:
            self.differences.append(Difference(str(self.lines.label.text), mine, theirs))


def order_form(
    currency: str,
    *,
    fresh: bool,
    lines: Sequence[Row] = (),
    further: FurtherPart | None = None,
    **more: Any,
) -> OrderForm:
    """The form of an order in a currency: a `fresh` one says whose it is and where it stands, another
    one has these `lines`."""
    fields = {
        "lines": FieldList(
            FormField(_line_form(currency)), _l("Lines"), min_entries=1, max_entries=MOST_LINES
        ),
        "discount": Off(_l("Discount on the whole"), currency=currency),
        "currency": currency,
        "known": {line["id"]: line for line in lines},
        **(further.fields if further else {}),
    }
    form: OrderForm = type("OrderFormInCurrency", (OrderForm,), fields)(**more)
    if not fresh:
        del form.customer, form.standing
    return form


def filled(order: Row, lines: Sequence[Row]) -> dict[str, Any]:
    """What the form of an order shows at first."""
    return {
        **order,
        "discount": discount_of(order),
        "lines": [
            {
                "line": line["id"],
                "name": _shown(line),
                "quantity": line["quantity"],
                "unit": line["unit"],
                "price": line["price"],
                "discount": discount_of(line),
            }
            for line in lines
        ],
    }


def without_line() -> Any:
    """What was typed, without the line whose button was pressed; None where no such button was."""
    place = request.form.get(REMOVE, "")
    if not place.isdecimal():
        return None
    gone = f"lines-{place}-"
    kept = [pair for pair in request.form.items(multi=True) if not pair[0].startswith(gone)]
    return MultiDict(kept)


def _indices() -> set[str]:
    return {name.split("-")[1] for name in request.form if name.startswith("lines-")}


def _blame(field: Any, sentence: str) -> None:
    field.errors = [*field.errors, sentence]


def _typed(row: Any) -> str:
    name, quantity = row.name.data, row.quantity.data
    return f"{name} × {quantity_words(quantity)}" if name and quantity else ""


def _as_typed(row: Any) -> str:
    """A line as it was typed, also where it cannot be read."""
    fields = (row.name, row.quantity, row.price, row.discount)
    return " · ".join(text for one in fields for text in map(str, one.raw_data or ()) if text)


def _shown(line: Row) -> str:
    return called(line) if line["product_id"] else str(line["name"])


def _stored(line: Row) -> str:
    return f"{_shown(line)} × {quantity_words(line['quantity'])}"


def _in_words(lines: Any) -> str:
    return _("; ").join(filter(None, lines))
