"""The field “segment”: whether a customer is in a segment, asked in every condition."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, String, null, type_coerce

from crmlite import clock
from crmlite.access.readers import everything
from crmlite.customers.conditions.asked_fields import AskedField, Compared
from crmlite.customers.conditions.catalogue import whole_catalogue
from crmlite.customers.conditions.sql import asking, condition
from crmlite.rules.conditions import Test
from crmlite.rules.fields import Choice, Field
from crmlite.segments.trees import FIELD, extent, known, taken
from crmlite.settings.queries import local_day

LABEL = {"en": "Segments", "zh": "所属分群"}


def asked_fields() -> Sequence[AskedField]:
    """The field, with the segments of now; none while there are no segments."""
    # A declared choice has English words; those of a firm that gave none are its Chinese ones.
    choices = tuple(
        Choice(one.key, {"en": next(iter(one.label.values())), **one.label})
        for one in known().values()
    )
    if not choices:
        return ()
    field = Field(name=FIELD, label=LABEL, kind="choices", choices=choices)
    nothing = type_coerce(null(), String)
    return (
        AskedField(field=field, value=nothing, holds=_holds, is_only_asked=True, extent=_extent),
    )


def _extent(test: Test) -> int:
    return extent(test, {one.key: one.tree for one in known().values()})


def _holds(test: Test, _compared: Compared) -> ColumnElement[bool]:
    """Whom a segment takes is the same for everybody who asks."""
    trees = {one.key: one.tree for one in known().values()}
    ask = asking(everything(), local_day(clock.now()))
    return condition(taken(test, trees), dict(whole_catalogue()), ask)
