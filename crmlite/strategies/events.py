"""What happens at customers around which touches lie: told by crmlite and by packs."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from crmlite import hooks
from crmlite.rules.wording import Label

Asked = Callable[[Sequence[int], date], Mapping[int, Collection[date]]]


@dataclass(frozen=True, kw_only=True, slots=True)
class TouchEvent:
    """Something that happens at a customer, called `name` in strategies: `quotation_sent`, that of a pack
    `bakery__tasting`. The label goes on after "3 days after: ".

    `days(customer_ids, today)` answers by the id of a customer the days on which it happened or is to
    happen, of those within a year and two months; asked for 500 customers at a time, in one statement
    or few. When one comes about, `customer_changed` should be told, as each change of a customer's
    records does, so that the plan follows at once; else it does at night.
    """

    name: str
    label: Label
    days: Asked


def events() -> Mapping[str, TouchEvent]:
    """All of them, by name."""
    return hooks.by_name("register_touch_events")
