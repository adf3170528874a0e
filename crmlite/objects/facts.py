"""What follows from what is recorded of records of packs: the day that dates each, what it is called."""

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, select, update

from crmlite.customers.tags.rules import have_looked_at
from crmlite.extensions import database
from crmlite.objects.kinds import any_kinds, kind
from crmlite.objects.models import Object
from crmlite.work.records import chunks

OBJECTS = Object.__table__


def refresh(customer_ids: Sequence[int]) -> None:
    """Make it anew for all records of these customers: a change was taken back."""
    if not any_kinds():
        return
    for ids in chunks(sorted(set(customer_ids))):
        wanted = select(
            OBJECTS.c.id, OBJECTS.c.type_id, OBJECTS.c.extra, OBJECTS.c.day, OBJECTS.c.called
        ).where(OBJECTS.c.customer_id.in_(ids))
        changed = []
        for row in database.session.execute(wanted).mappings():
            found = {"day": row["day"], **kind(row["type_id"]).derived(row["extra"] or {})}
            if any(row[name] != value for name, value in found.items()):
                changed.append({"row": row["id"], **found})
        if changed:
            statement = update(OBJECTS).where(OBJECTS.c.id == bindparam("row"))
            given = {name: bindparam(name) for name in ("day", "called")}
            database.session.connection().execute(statement.values(given), changed)


def follow(customer_ids: Iterable[int]) -> None:
    """Have tags looked at that ask how many such records customers have. Belongs inside an
    operation."""
    have_looked_at(sorted(set(customer_ids)))
