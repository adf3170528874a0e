"""What becomes of the records of a pack with it: what is refused, how many there are, all that they
hold, and how they are removed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import func, select

from crmlite import hooks
from crmlite.access import Reader
from crmlite.access.readers import whoever_asks
from crmlite.customers.models import Customer
from crmlite.declarations import PackPart
from crmlite.extensions import database
from crmlite.fields.fitness import refuse_too_many, refuse_unfit
from crmlite.fields.object_kinds import OBJECT, SUFFIXES, ObjectKind, refuse_twins
from crmlite.fields.showing import opened
from crmlite.objects.asked_fields import RIGHTS
from crmlite.objects.facts import follow
from crmlite.objects.models import Object, ObjectType
from crmlite.rules.fields import BadDeclaration
from crmlite.wording import label
from crmlite.work import records
from crmlite.work.operations import move_epoch

Row = Mapping[str, Any]
OBJECTS, TYPES, CUSTOMERS = Object.__table__, ObjectType.__table__, Customer.__table__
SEE = "customers:see"
AT_ONCE = 500
PARENTS = ("contact_id", "order_id", "case_id")


def part() -> PackPart:
    """Removed before the fields that say what the records hold."""
    return PackPart(
        name="objects", faults=faults, held=held, kept=kept, shed=shed, purge=purge, weight=20
    )


def faults(pack: str) -> Iterator[str]:
    """Why the kinds of a pack cannot be on."""
    kinds: Sequence[ObjectKind] = hooks.declared("register_object_kinds", pack)
    try:
        refuse_twins(kinds)
        for kind in kinds:
            refuse_unfit(kind.name, kind.fields)
        refuse_too_many(OBJECT, [field for kind in kinds for field in kind.fields], pack)
        _refuse_asked(pack, kinds)
    except BadDeclaration as wrong:
        yield str(wrong)


def _refuse_asked(pack: str, kinds: Sequence[ObjectKind]) -> None:
    """Raise BadDeclaration for a field of customers that is called as what they are asked of a kind."""
    asked = {kind.name + suffix: kind.name for kind in kinds for suffix in SUFFIXES.values()}
    for field in hooks.declared("register_customer_fields", pack):
        if field.name in asked:
            raise BadDeclaration(
                f"Field {field.name!r} of customers: that is what they are asked of "
                f"{asked[field.name]!r}."
            )


def held(pack: str) -> Mapping[str, int]:
    """How many records there are of each kind of a pack, also of those in the recycle bin."""
    found = {}
    for row in _kinds(pack):
        counted = select(func.count()).where(OBJECTS.c.type_id == row["id"])
        found[label(row["many"])] = int(database.session.execute(counted).scalar_one())
    return found


def kept(pack: str) -> Iterator[Row]:
    """Each kind of a pack, then its records with all that they hold, opened. What the reader may not
    see is left out, by name."""
    columns = (OBJECTS.c[n] for n in ("id", "uid", "state", "day", "extra", *PARENTS, "created_at"))
    reader = whoever_asks()
    for row in _kinds(pack):
        yield {name: row[name] for name in ("name", "label", "many", "parent", "title", "day")}
        wanted = (
            select(*columns, CUSTOMERS.c.number.label("customer"), CUSTOMERS.c.owner_id)
            .join(CUSTOMERS, CUSTOMERS.c.id == OBJECTS.c.customer_id)
            .where(OBJECTS.c.type_id == row["id"])
        )
        rights, unseen = (SEE, RIGHTS.get(row["parent"], SEE)), 0
        for one in database.session.execute(wanted.order_by(OBJECTS.c.id)).mappings():
            if all(reader.covers(right, one["owner_id"]) for right in rights):
                yield _told(row["name"], one, reader)
            else:
                unseen += 1
        if unseen:
            yield {"record": row["name"], "left_out": unseen}


def _told(name: str, row: Row, reader: Reader) -> dict[str, Any]:
    """A record as the file has it."""
    values, left_out = opened(reader, OBJECTS, row["extra"] or (), row, row["owner_id"])
    about = {column: row[column] for column in ("id", "state", "customer", *PARENTS)}
    days = {"day": records.plain(row["day"]), "created": records.plain(row["created_at"])}
    told = {"record": name, **about, **days, **values, "left_out": left_out or None}
    return {key: value for key, value in told.items() if value is not None}


def shed(pack: str) -> Iterator[Callable[[], int]]:
    """Remove the records of a pack, some at a time."""
    for row in _kinds(pack):
        wanted = select(OBJECTS.c.id, OBJECTS.c.customer_id).where(OBJECTS.c.type_id == row["id"])
        while owners := {
            one.id: one.customer_id
            for one in database.session.execute(wanted.order_by(OBJECTS.c.id).limit(AT_ONCE))
        }:
            yield partial(_remove, owners)


def _remove(owners: Mapping[int, int]) -> int:
    gone = records.delete_many(Object, owners)
    follow(sorted(set(owners.values())))
    return len(gone)


def purge(pack: str) -> int:
    """Remove the kinds of a pack with the records that are left; answers how many these were."""
    number = sum(work() for work in shed(pack))
    for row in _kinds(pack):
        records.delete(ObjectType, row["id"])
    move_epoch()
    return number


def _kinds(pack: str) -> Sequence[Row]:
    wanted = select(TYPES).where(TYPES.c.owner == pack).order_by(TYPES.c.position, TYPES.c.id)
    return database.session.execute(wanted).mappings().all()
