"""Which deadlines are named for a case."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import g
from sqlalchemy import select

from crmlite import hooks
from crmlite.cases.categories import pack_of
from crmlite.cases.models import CaseTarget
from crmlite.extensions import database
from crmlite.rules.sla import Named
from crmlite.rules.working_time import Target, Unit

Row = Mapping[str, Any]
TARGETS = CaseTarget.__table__
CONDITIONS = ("category", "tier", "level", "kind")  # the narrowest first
EVERY = "every"


def targets() -> Sequence[Row]:
    """All deadlines in force; read once per request or batch of a job."""
    if "case_targets" not in g:
        wanted = select(TARGETS).where(TARGETS.c.state == "active").order_by(TARGETS.c.id)
        g.case_targets = list(database.session.execute(wanted).mappings())
    return g.case_targets  # type: ignore[no-any-return]


def forget() -> None:
    """Read them anew: they were changed."""
    g.pop("case_targets", None)


def named_for(case: Row, tier: str | None, clock: str, known: Iterable[Row]) -> list[Named]:
    """The deadlines that fit a case, by the clock that they are for. `by` names what they were set
    for: `level`, `category`, `tier`, `kind`, or `every` case. Those of a pack that is off are for cases
    in its categories: what was promised there stands."""
    facts = {**case, "tier": tier}
    packs = {"", *hooks.enabled(), pack_of(case["category"])}
    return [
        Named(by=_by(one), target=Target(Unit(one["unit"]), one["amount"]), pack=one["owner"])
        for one in known
        if one["clock"] == clock and one["owner"] in packs and _fits(one, facts)
    ]


def _fits(target: Row, facts: Row) -> bool:
    return all(target[name] is None or target[name] == facts[name] for name in CONDITIONS)


def _by(target: Row) -> str:
    return next((name for name in CONDITIONS if target[name] is not None), EVERY)
