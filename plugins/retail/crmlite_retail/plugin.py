"""What the retail pack does in code: the member card on the customer's page."""

from collections.abc import Iterator, Mapping
from typing import Any

from crmlite import hookimpl
from crmlite.access import Reader
from crmlite.fields.queries import fields_of
from crmlite.panels import Panel
from crmlite.wording import label

ON_THE_CARD = ("retail__member_no", "retail__member_level", "retail__points")
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


def _facts(known: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is known of the card, in the reader's words."""
    fields = {field.name: field for field in fields_of("customer")}
    for name in ON_THE_CARD:
        field, value = fields.get(name), known.get(name)
        if field is None or value in (None, ""):
            continue
        choice = field.choice(str(value))
        yield label(field.label), label(choice.label) if choice else str(value)
