"""Whether every field that packs and managers have recorded can be one."""

from collections.abc import Iterator

from sqlalchemy import select

from crmlite.extensions import database
from crmlite.fields.models import FieldRow
from crmlite.fields.queries import UNREADABLE, field_of_row
from crmlite.wording import N_
from crmlite.work.checks import GOOD, Check, Finding

BROKEN = N_("The field %(name)s of %(record)s cannot work, so nobody is shown it: %(reason)s")
SOUND = N_("%(number)s further fields can be read.")
FIELDS = FieldRow.__table__


def check() -> Check:
    """What `crmlite check` looks at of further fields."""
    return Check(name="fields", label=N_("Fields"), run=_read_all, weight=73)


def _read_all(_thorough: bool) -> Iterator[Finding]:
    rows = database.session.execute(select(FIELDS).order_by(FIELDS.c.id)).all()
    broken = False
    for row in rows:
        try:
            field_of_row(row)
        except UNREADABLE as wrong:
            broken = True
            about = {"name": row.name, "record": row.record_type, "reason": str(wrong)}
            yield Finding(BROKEN, about)
    if not broken:
        yield Finding(SOUND, {"number": len(rows)}, GOOD)
