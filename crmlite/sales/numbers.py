"""Numbers of orders and of returns: each given out once and never again."""

from collections.abc import Sequence
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
    if taken(Order, [own]):
        raise Refused("number-taken", {"number": own})
    if place := parse(scheme, own):
        _advance(scheme.series(None), past=place.running)
    return own


def give_order_numbers(wanted: Sequence[str | None]) -> list[str]:
    """The same for many orders at once; numbers of their own are known to be free, and can be some."""
    scheme = Scheme(settings.get("order_prefix"), width=WIDTH)
    own = [number for number in wanted if number is not None]
    if places := [place.running for number in own if (place := parse(scheme, number))]:
        _advance(scheme.series(None), past=max(places))
    given: list[str] = []
    while missing := len(wanted) - len(own) - len(given):
        last = _advance(scheme.series(None), by=missing)
        fresh = [written(scheme, None, last - missing + place) for place in range(1, missing + 1)]
        used = taken(Order, fresh)
        given += [number for number in fresh if number not in used]
    following = iter(given)
    return [next(following) if number is None else number for number in wanted]


def give_return_number(own: str | None = None) -> str:
    """The next free number of a return, or the one that it has already. Belongs inside an operation.
    Refused: `number-taken`."""
    if own is None:
        return _next(Scheme(settings.get("return_prefix"), width=WIDTH), OrderReturn)
    if taken(OrderReturn, [own]):
        raise Refused("number-taken", {"number": own})
    return own


def taken(model: Any, numbers: Sequence[str]) -> set[str]:
    """Which of these numbers an order, or a return, has or had."""
    table = model.__table__
    found = select(table.c.number).where(table.c.number.in_(numbers))
    return set(database.session.execute(found).scalars()) if numbers else set()


def _next(scheme: Scheme, model: Any) -> str:
    while True:
        number = written(scheme, None, _advance(scheme.series(None), by=1))
        if not taken(model, [number]):
            return number


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
