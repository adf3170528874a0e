"""What the retail pack does in code: the member card on the customer's page, and the coupons that one
knows of before a talk."""

from collections.abc import Iterator, Mapping
from typing import Any

from crmlite import hookimpl
from crmlite.access import Reader
from crmlite.fields.queries import fields_of
from crmlite.objects.queries import latest_lines
from crmlite.panels import Panel
from crmlite.wording import grouped, label

ON_THE_CARD = ("retail__member_no", "retail__member_level", "retail__points")
COUPONS = {"en": "Coupons", "zh": "优惠券"}
CARD = {"en": "Member card", "zh": "会员卡"}


@hookimpl
def customer_panels(customer: Any, reader: Reader) -> list[Panel]:
    """The member card of somebody who has one."""
    facts = list(_facts(customer["extra"] or {}))
    if not facts:
        return []
    return [
        Panel(
            name="retail-card",
            title=label(CARD),
            template="retail/card.html",
            context={"facts": facts},
            weight=20,
        )
    ]


@hookimpl
def customer_brief(customer: Any, reader: Reader) -> list[Panel]:
    """The coupons that a member was given lately."""
    coupons = latest_lines("retail__coupon", customer, reader)
    if not coupons:
        return []
    return [
        Panel(
            name="retail-coupons",
            title=label(COUPONS),
            template="objects/_lines.html",
            context={"lines": coupons},
            weight=40,
        )
    ]


def _facts(known: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is known of the card, in the reader's words."""
    fields = {field.name: field for field in fields_of("customer")}
    for name in ON_THE_CARD:
        field, value = fields.get(name), known.get(name)
        if field is None or value in (None, ""):
            continue
        choice = field.choice(str(value))
        words = grouped(value) if isinstance(value, int) else str(value)
        yield label(field.label), label(choice.label) if choice else words
