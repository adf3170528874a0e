"""Customer numbers: given out once, never again, whatever happens to the customer."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import insert, select, union_all, update

from crmlite import settings
from crmlite.customers.models import Alias, Customer, NumberSeries
from crmlite.extensions import database
from crmlite.rules.numbering import Scheme, check_number, parse, written
from crmlite.work import Refused


def take_number(today: date) -> str:
    """The next free number of the firm's scheme. Belongs inside an operation."""
    while True:
        number = next(take_numbers(1, today))
        if not is_taken(number):
            return number


def take_numbers(count: int, today: date) -> Iterator[str]:
    """As many numbers as said, for customers that are all new; the counter moves once."""
    scheme = firm_scheme()
    day = today if scheme.dated else None
    last = _advance(scheme.series(day), by=count)
    return (written(scheme, day, last - count + place) for place in range(1, count + 1))


def claim_number(number: str) -> None:
    """Have a number from outside for oneself: the scheme gives it to nobody any more.

    Refused: `number-taken`, and what `check_number` names.
    """
    problem = check_number(number)
    if problem is not None:
        raise Refused(problem.code, problem.params)
    if is_taken(number):
        raise Refused("number-taken", {"number": number})
    scheme = firm_scheme()
    place = parse(scheme, number)
    if place is not None:
        _advance(scheme.series(place.day), past=place.running)


def is_taken(number: str) -> bool:
    """Whether a customer has or had this number."""
    customers, aliases = Customer.__table__, Alias.__table__
    found = union_all(
        select(customers.c.id).where(customers.c.number == number),
        select(aliases.c.id).where(aliases.c.number == number),
    )
    return database.session.execute(found).first() is not None


def firm_scheme() -> Scheme:
    """How the firm numbers its customers."""
    return Scheme(settings.get("number_prefix"), dated=settings.get("number_scheme") == "daily")


def _advance(series: str, *, by: int = 0, past: int = 0) -> int:
    """Where the counter of a series stands when it was moved."""
    table = NumberSeries.__table__
    last = database.session.execute(
        select(table.c.last).where(table.c.series == series).with_for_update()
    ).scalar()
    following = max((last or 0) + by, past)
    statement = (
        insert(table).values(series=series, last=following)
        if last is None
        else update(table).where(table.c.series == series).values(last=following)
    )
    database.session.execute(statement)
    return following
