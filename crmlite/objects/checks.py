"""Whether what is kept of records of packs is what follows from their fields now."""

from collections.abc import Iterator

from sqlalchemy import select

from crmlite.extensions import database
from crmlite.objects.kinds import any_kinds, kind
from crmlite.objects.models import Object
from crmlite.wording import N_
from crmlite.work.checks import GOOD, Check, Finding

SAMPLE = 2000
MOST = 20
AT_ONCE = 500
DIFFERS = N_("Record %(record)s is dated or called otherwise than its fields say.")
LOOKED_AT = N_("%(number)s records of packs are dated and called as their fields say.")
OBJECTS = Object.__table__
READ = ("id", "type_id", "extra", "day", "called")


def check() -> Check:
    """What `crmlite check` looks at of records of packs."""
    return Check(name="objects", label=N_("Records of packs"), run=_compare, weight=74)


def _compare(thorough: bool) -> Iterator[Finding]:
    """Records that differ, at most twenty: of all, or of the newest two thousand."""
    if not any_kinds():
        return
    wanted = select(*(OBJECTS.c[name] for name in READ)).order_by(OBJECTS.c.id.desc())
    found = number = 0
    rows = database.session.execute(
        wanted if thorough else wanted.limit(SAMPLE), execution_options={"yield_per": AT_ONCE}
    )
    for row in rows.mappings():
        number += 1
        derived = kind(row["type_id"]).derived(row["extra"] or {})
        if found < MOST and any(row[name] != value for name, value in derived.items()):
            found += 1
            yield Finding(DIFFERS, {"record": row["id"]})
    if not found:
        yield Finding(LOOKED_AT, {"number": number}, GOOD)
