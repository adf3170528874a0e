"""Whether what is kept of cases is what their events give now."""

from collections.abc import Iterator

from sqlalchemy import select

from crmlite import clock
from crmlite.cases.facts import facts_of, read
from crmlite.cases.models import Case, CaseFacts
from crmlite.extensions import database
from crmlite.wording import N_
from crmlite.work.checks import GOOD, Check, Finding
from crmlite.work.records import chunks

SAMPLE = 2000
MOST = 20
COMPARED = (
    "is_open", "status", "clock", "due_at", "is_held", "step", "owner_id", "assignee_id", "reopened",
)  # fmt: skip
NO_FACTS = N_("Case %(case)s has no row of figures.")
WRONG_FACT = N_("%(name)s of case %(case)s is %(kept)s and should be %(counted)s.")
LOOKED_AT = N_("The clocks of %(number)s cases are as their events have them.")
FACTS, CASES = CaseFacts.__table__, Case.__table__


def check() -> Check:
    """What `crmlite check` looks at of cases."""
    return Check(name="cases", label=N_("Clocks of cases"), run=_compare, weight=70)


def _compare(thorough: bool) -> Iterator[Finding]:
    """Figures that differ, at most twenty: of all cases, or of the newest two thousand."""
    wanted = select(CASES.c.id).where(CASES.c.state == "active").order_by(CASES.c.id.desc())
    ids = database.session.execute(wanted if thorough else wanted.limit(SAMPLE)).scalars().all()
    found = 0
    for some in chunks(ids):
        for finding in _compared(some):
            yield finding
            found += 1
            if found == MOST:
                return
    if not found:
        yield Finding(LOOKED_AT, {"number": len(ids)}, GOOD)


def _compared(ids: list[int]) -> Iterator[Finding]:
    rows = database.session.execute(select(FACTS).where(FACTS.c.case_id.in_(ids))).mappings()
    kept, now = {row["case_id"]: row for row in rows}, clock.now()
    for case, events in read(ids):
        was = kept.get(case["id"])
        if was is None:
            yield Finding(NO_FACTS, {"case": case["number"]})
            continue
        is_now = facts_of(case, events, now)
        for name in COMPARED:
            if name == "clock" and was["is_held"]:
                continue  # which would be due first changes while all of them are on hold
            if was[name] != is_now[name]:
                told = {"name": name, "kept": was[name], "counted": is_now[name]}
                yield Finding(WRONG_FACT, {"case": case["number"], **told})
