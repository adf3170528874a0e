"""The form of a return: how much of which line came back."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from crmlite import clock, settings
from crmlite.followups.deadlines import firm_zone
from crmlite.forms import Amount, Choice, Day, Form, LongText, Segments
from crmlite.sales.forms.fields import Quantity
from crmlite.sales.operations import ReturnDraft
from crmlite.sales.words import REASON, REFUND, SETTLEMENTS

Row = Mapping[str, Any]
PREFIX = "line_"


class ReturnForm(Form):
    """What came back, why, and how it was settled."""

    returned_on = Day(_l("Came back on"), required=True)
    reason = Choice(_l("Reason"), options=lambda: settings.choices(REASON))
    settlement = Segments(_l("Settled by"), options=tuple(SETTLEMENTS.items()), required=True)
    remark = LongText(_l("Remark"), most=4000)

    ordered_on: Any = None

    def validate_returned_on(self, field: Any) -> None:
        """What came back has come back, after it was ordered."""
        if field.data and field.data > clock.today(firm_zone()):
            raise ValidationError(_("This is still ahead."))
        if field.data and self.ordered_on and field.data < self.ordered_on:
            raise ValidationError(_("This is before the day of the order."))

    def quantities(self) -> dict[int, int]:
        """How much of which line."""
        return {
            int(field.name.removeprefix(PREFIX)): field.data
            for field in self
            if field.name.startswith(PREFIX) and field.data
        }

    def value(self) -> ReturnDraft:
        """The return."""
        refund = self.settlement.data == REFUND
        return ReturnDraft(
            quantities=self.quantities(),
            returned_on=self.returned_on.data,
            settlement=self.settlement.data,
            reason=self.reason.data or None,
            amount=self.amount.data if refund else None,
            remark=self.remark.data or None,
        )


def return_form(order: Row, lines: Sequence[Row], **more: Any) -> ReturnForm:
    """The form for an order, with a quantity for each of its lines."""
    fields: dict[str, Any] = {f"{PREFIX}{line['id']}": Quantity(line["name"]) for line in lines}
    fields["amount"] = Amount(_l("Paid back"), currency=order["currency"])
    fields["ordered_on"] = order["ordered_on"]
    form: ReturnForm = type("ReturnFormOfOrder", (ReturnForm,), fields)(**more)
    return form
