"""The form of what the list of orders is narrowed down to, besides what its menu offers."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from crmlite import settings
from crmlite.forms import Amount, Day, Form, Text


class ConditionsForm(Form):
    """From when until when, of which customer, with which product, of what amount."""

    since = Day(_l("From"))
    until = Day(_l("Until"))
    customer = Text(_l("Customer: name or number"), most=240)
    product = Text(_l("Product: name or code"), most=240)
    least = Amount(_l("At least"), currency=lambda: str(settings.get("currency")))
    most = Amount(_l("At most"), currency=lambda: str(settings.get("currency")))

    def validate_until(self, field: Any) -> None:
        """The last day is not before the first."""
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(_("This is before the first day."))

    def validate_most(self, field: Any) -> None:
        """The most is not less than the least."""
        if field.data is not None and self.least.data is not None and field.data < self.least.data:
            raise ValidationError(_("This is less than the least."))
