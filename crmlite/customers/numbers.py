"""Customer numbers: given out once, never again, whatever happens to the customer."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import insert, select, union_all, update

from crmlite import settings
from crmlite.customers.models import Alias, Customer, NumberSeries
from crmlite.extensions import database
from crmlite.rules.numbering import Scheme, check_number, parse, written
from crmlite.work import Refused


def give_numbers(wanted: Sequence[str | None], today: date) -> list[str]:
    """A number for each of several new customers: their own (None: the next free one of the firm's
    scheme). Belongs inside an operation.

    The scheme gives a number from outside to nobody any more. Refused: `number-taken`, and what
    `check_number` names.
    """
    own = [number for number in wanted if number is not None]
    for number in own:
        problem = check_number(number)
        if problem is not None:
            raise Refused(problem.code, problem.params)
    used = taken(own)
    for place, number in enumerate(own):
        if number in used or number in own[:place]:
            raise Refused("number-taken", {"number": number})
    _go_past(own)
    free = iter(_free(len(wanted) - len(own), today))
    return [number if number is not None else next(free) for number in wanted]


def taken(numbers: Sequence[str]) -> set[str]:
    """Which of these numbers a customer has or had."""
    if not numbers:
        return set()
    customers, aliases = Customer.__table__, Alias.__table__
    found = union_all(
        select(customers.c.number).where(customers.c.number.in_(numbers)),
        select(aliases.c.number).where(aliases.c.number.in_(numbers)),
    )
    return set(database.session.execute(found).scalars())


def _free(count: int, today: date) -> list[str]:
    """The next free numbers of the firm's scheme."""
    scheme = firm_scheme()
    day = today if scheme.dated else None
    found: list[str] = []
    while missing := count - len(found):
        last = _advance(scheme.series(day), by=missing)
        next_ones = [written(scheme, day, last - missing + i) for i in range(1, missing + 1)]
        used = taken(next_ones)
        found += [number for number in next_ones if number not in used]
    return found


def _go_past(numbers: Sequence[str]) -> None:
    """Have the counters go past numbers from outside that have the form of the scheme."""
    scheme = firm_scheme()
    furthest: dict[str, int] = {}
    for number in numbers:
        if (place := parse(scheme, number)) is not None:
            series = scheme.series(place.day)
            furthest[series] = max(furthest.get(series, 0), place.running)
    for series, running in furthest.items():
        _advance(series, past=running)


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
