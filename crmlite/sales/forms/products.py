"""The form of a product."""

from typing import Any

from flask_babel import lazy_gettext as _l

from crmlite import settings
from crmlite.forms import Amount, Choice, LongText, RecordForm, Text
from crmlite.sales.words import CATEGORY, UNIT

COLUMNS = ("name", "code", "category", "unit", "price", "remark")


class ProductForm(RecordForm):
    """What is known about a product. Its price is in the firm's currency."""

    name = Text(_l("Name"), most=200, required=True)
    code = Text(_l("Product code"), most=60)
    category = Choice(_l("Category"), options=lambda: settings.choices(CATEGORY))
    unit = Choice(_l("Unit"), options=lambda: settings.choices(UNIT))
    price = Amount(_l("Price"), currency=lambda: str(settings.get("currency")))
    remark = LongText(_l("Remark"), most=2000)

    def changes(self) -> dict[str, Any]:
        """The columns as they are to be."""
        found = {name: self[name].data for name in COLUMNS}
        return {name: None if value == "" else value for name, value in found.items()}


def product_form(row: Any) -> ProductForm:
    """The form for a product that is there, in the currency of its price."""
    currency = row["currency"]
    field = Amount(_l("Price"), currency=currency)
    field.creation_counter = ProductForm.price.creation_counter
    form: ProductForm = type("ProductFormOfProduct", (ProductForm,), {"price": field})(data=row)
    return form
