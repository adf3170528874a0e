"""Numbers of orders and of returns: each given out once and never again."""

from typing import Any

from sqlalchemy import insert, select, update

from crmlite import settings
from crmlite.extensions import database
from crmlite.rules.numbering import Scheme, check_number, parse, written
from crmlite.sales.models import Order, OrderReturn, OrderSeries
from crmlite.work import Refused

WIDTH = 4


def give_order_number(own: str | None = None) -> str:
    """The next free number, or the one that an order has already, past which the counter goes. Belongs
    inside an operation. Refused: `number-taken`, and what `check_number` names."""
    scheme = Scheme(settings.get("order_prefix"), width=WIDTH)
    if own is None:
        return _next(scheme, Order)
    if problem := check_number(own):
        raise Refused(problem.code, problem.params)
    if _is_taken(Order, own):
        raise Refused("number-taken", {"number": own})
    if place := parse(scheme, own):
        _advance(scheme.series(None), past=place.running)
    return own


def give_return_number() -> str:
    """The next free number of a return. Belongs inside an operation."""
    return _next(Scheme(settings.get("return_prefix"), width=WIDTH), OrderReturn)


def _next(scheme: Scheme, model: Any) -> str:
    while True:
        number = written(scheme, None, _advance(scheme.series(None), by=1))
        if not _is_taken(model, number):
            return number


def _is_taken(model: Any, number: str) -> bool:
    table = model.__table__
    found = select(table.c.id).where(table.c.number == number)
    return database.session.execute(found).first() is not None


def _advance(series: str, *, by: int = 0, past: int = 0) -> int:
    table = OrderSeries.__table__
    wanted = select(table.c.last).where(table.c.series == series).with_for_update()
    last = database.session.execute(wanted).scalar()
    following = max((last or 0) + by, past)
    database.session.execute(
        insert(table).values(series=series, last=following)
        if last is None
        else update(table).where(table.c.series == series).values(last=following)
    )
    return following
