"""Counting again: are the figures kept about customers those that counting gives now?

The figures are made anew in a transaction that is taken back, by the very code that keeps them.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from crmlite import clock, hooks
from crmlite.customers.following import refresh_facts
from crmlite.customers.models import Customer, Facts
from crmlite.customers.operations.sliding import sliding
from crmlite.db.engines import write_options
from crmlite.extensions import database
from crmlite.settings import local_day
from crmlite.wording import N_
from crmlite.work.checks import Finding
from crmlite.work.records import chunks

SAMPLE = 2000
MOST = 20

WRONG_FACT = N_("%(name)s of customer %(customer)s is %(kept)s and should be %(counted)s.")
NO_FACTS = N_("Customer %(customer)s has no row of figures.")


def compare(thorough: bool) -> Iterator[Finding]:
    """Figures that differ, at most twenty: of all customers, or of the newest two thousand."""
    customers = Customer.__table__
    statement = select(customers.c.id).order_by(customers.c.id.desc())
    ids = list(
        database.session.execute(statement if thorough else statement.limit(SAMPLE)).scalars()
    )
    left = MOST
    for some in chunks(ids):
        for finding in _compared(some):
            yield finding
            left -= 1
            if not left:
                return


def _compared(ids: Sequence[int]) -> list[Finding]:
    session = database.session
    session.rollback()
    try:
        session.connection(execution_options=write_options(database.engine))
        kept = _rows(ids)
        refresh_facts(ids)
        for part in hooks.gathered("register_facts"):
            part.refresh(ids)
        counted = _rows(ids)
    finally:
        session.rollback()
    return [
        finding
        for customer_id in ids
        for finding in _differences(customer_id, kept.get(customer_id), counted[customer_id])
    ]


def _rows(ids: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    table = Facts.__table__
    found = database.session.execute(select(table).where(table.c.customer_id.in_(ids)))
    return {row["customer_id"]: dict(row) for row in found.mappings()}


def _differences(
    customer_id: int, kept: Mapping[str, Any] | None, counted: Mapping[str, Any]
) -> Iterator[Finding]:
    if kept is None:
        yield Finding(NO_FACTS, {"customer": customer_id})
        return
    resting = _counted_tonight(kept)
    for name, value in counted.items():
        if kept[name] != value and name not in resting:
            told = {"name": name, "customer": customer_id, "kept": kept[name], "counted": value}
            yield Finding(WRONG_FACT, told)


def _counted_tonight(kept: Mapping[str, Any]) -> set[str]:
    """The figures of a customer that the days have changed since they were counted, and that are due
    for the job that counts them every night."""
    today = local_day(clock.now())
    outdated = [one for one in sliding() if kept[one.until] and kept[one.until] <= today]
    return {name for one in outdated for name in (one.until, *one.columns)}
