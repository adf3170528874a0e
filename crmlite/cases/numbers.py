"""Numbers of cases: one series for all kinds, each given out once and never again."""

from sqlalchemy import insert, select, update

from crmlite import settings
from crmlite.cases.models import Case, CaseSeries
from crmlite.extensions import database
from crmlite.rules.numbering import Scheme, written


def give_number() -> str:
    """The next free number. Belongs inside an operation."""
    scheme = Scheme(settings.get("case_prefix"), width=4)
    while True:
        number = written(scheme, None, _advance(scheme.series(None)))
        if not _is_taken(number):
            return number


def _is_taken(number: str) -> bool:
    table = Case.__table__
    found = select(table.c.id).where(table.c.number == number)
    return database.session.execute(found).first() is not None


def _advance(series: str) -> int:
    table = CaseSeries.__table__
    wanted = select(table.c.last).where(table.c.series == series).with_for_update()
    last = database.session.execute(wanted).scalar()
    following = (last or 0) + 1
    database.session.execute(
        insert(table).values(series=series, last=following)
        if last is None
        else update(table).where(table.c.series == series).values(last=following)
    )
    return following
