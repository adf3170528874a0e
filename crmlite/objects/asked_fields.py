"""What customers are asked about records of packs: how many they have, and the day of the latest.

Asked of the whole book, the records answer, not each customer: "at least three coupons" reads the
coupons once. Who has none is not among them, so what holds for nobody's is asked the other way round.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, select, true

from crmlite.customers.conditions.asked_fields import AskedField, Compared
from crmlite.customers.conditions.sql import CUSTOMER
from crmlite.fields.object_kinds import LATEST, NUMBER, SUFFIXES
from crmlite.objects.kinds import Kind, kinds
from crmlite.objects.models import Object
from crmlite.objects.sight import is_there
from crmlite.rules.conditions import Onlooker, Test, holds
from crmlite.rules.fields import Field

OBJECTS = Object.__table__
RIGHTS = {"order": "orders:see", "case": "cases:see"}
NOBODY_ASKS = Onlooker(today=date.min)  # numbers are the same on every day
LABELS: Mapping[str, Mapping[str, str]] = {
    NUMBER: {"en": "%s: number", "zh": "%s：数量"},
    LATEST: {"en": "%s: latest day", "zh": "%s：最近日期"},
}


def asked_fields() -> Sequence[AskedField]:
    """Two for each kind that is on."""
    return [one for kind in kinds() for one in (_number(kind), _latest(kind))]


def _number(of: Kind) -> AskedField:
    field = _field(of, NUMBER, "integer")

    def having(test: Test, compared: Compared) -> ColumnElement[bool]:
        if test.operator in ("empty", "filled"):
            return true() if test.operator == "filled" else false()
        for_none = holds(test, {field.name: 0}, {field.name: field}, NOBODY_ASKS)
        fits = compared(func.count())
        some = CUSTOMER.c.id.in_(_grouped(of).having(~fits if for_none else fits))
        return ~some if for_none else some

    return _asked(of, field, func.count(), having)


def _latest(of: Kind) -> AskedField:
    latest = func.max(OBJECTS.c.day)

    def having(test: Test, compared: Compared) -> ColumnElement[bool]:
        if test.operator in ("empty", "filled"):
            dated = CUSTOMER.c.id.in_(_grouped(of).having(latest.is_not(None)))
            return dated if test.operator == "filled" else ~dated
        return CUSTOMER.c.id.in_(_grouped(of).having(compared(latest)))

    return _asked(of, _field(of, LATEST, "date"), latest, having)


def _field(of: Kind, figure: str, kind: str) -> Field:
    words = LABELS[figure]
    many = {lang: of.many.get(lang) or of.many.get("en") or of.name for lang in words}
    return Field(
        name=of.name + SUFFIXES[figure],
        label={lang: text % many[lang] for lang, text in words.items()},
        kind=kind,
        group=many,
    )


def _asked(of: Kind, field: Field, figure: ColumnElement[Any], having: Any) -> AskedField:
    theirs = select(figure).select_from(OBJECTS).where(OBJECTS.c.customer_id == CUSTOMER.c.id)
    value = theirs.where(_counted(of)).correlate(CUSTOMER).scalar_subquery()
    return AskedField(field=field, value=value, holds=having, right=RIGHTS.get(of.parent, ""))


def _grouped(of: Kind) -> Select[Any]:
    """The customers who have any, to be narrowed down by a figure of theirs."""
    return select(OBJECTS.c.customer_id).where(_counted(of)).group_by(OBJECTS.c.customer_id)


def _counted(of: Kind) -> ColumnElement[bool]:
    there = is_there(of.parent) if of.parent != "customer" else true()
    return (OBJECTS.c.type_id == of.id) & (OBJECTS.c.state == "active") & there
