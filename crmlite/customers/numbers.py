"""Customer numbers: given out once, never again, whatever happens to the customer."""

import re
from datetime import date

from sqlalchemy import insert, select, union_all, update

from crmlite import settings
from crmlite.customers.models import Alias, Customer, NumberSeries
from crmlite.extensions import database

WIDTH = 3


def take_number(today: date) -> str:
    """The next free number of the firm's scheme. Belongs inside an operation."""
    prefix = series_prefix(today)
    while True:
        number = f"{prefix}{_advance(prefix):0{WIDTH}d}"
        if not is_taken(number):
            return number


def note_number(number: str, today: date) -> None:
    """Move the counter past a number that came from outside, so that it is never given out."""
    prefix = series_prefix(today)
    match = re.fullmatch(re.escape(prefix) + r"(\d{1,15})", number)
    if match:
        _advance(prefix, at_least=int(match[1]))


def is_taken(number: str) -> bool:
    """Whether a customer has or had this number."""
    customers, aliases = Customer.__table__, Alias.__table__
    found = union_all(
        select(customers.c.id).where(customers.c.number == number),
        select(aliases.c.id).where(aliases.c.number == number),
    )
    return database.session.execute(found).first() is not None


def series_prefix(today: date) -> str:
    """What comes before the running part: `C`, or `C20240501` for numbers that restart daily."""
    prefix = str(settings.get("number_prefix"))
    return f"{prefix}{today:%Y%m%d}" if settings.get("number_scheme") == "daily" else prefix


def _advance(series: str, at_least: int | None = None) -> int:
    table = NumberSeries.__table__
    last = database.session.execute(
        select(table.c.last).where(table.c.series == series).with_for_update()
    ).scalar()
    following = (last or 0) + 1 if at_least is None else max(last or 0, at_least)
    statement = (
        insert(table).values(series=series, last=following)
        if last is None
        else update(table).where(table.c.series == series).values(last=following)
    )
    database.session.execute(statement)
    return following
