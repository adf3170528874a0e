"""Words of orders for templates."""

from crmlite import settings
from crmlite.customers.words import money
from crmlite.sales.views.blueprint import bp
from crmlite.sales.words import CATEGORY, quantity_words, status_label, unit_label

bp.add_app_template_filter(status_label, "order_status")
bp.add_app_template_filter(unit_label, "product_unit")
bp.add_app_template_filter(quantity_words, "quantity")
bp.add_app_template_filter(money, "money")


@bp.app_template_filter("product_category")
def category(key: str | None) -> str:
    """What a category of products is called."""
    return settings.choice_label(CATEGORY, key) if key else ""
