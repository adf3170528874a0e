"""What becomes of the fields of a pack with it: what is refused, what follows, what records hold in
them, and how that is removed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Table, Text, cast, func, or_, select

from crmlite.access import Reader
from crmlite.access.readers import whoever_asks
from crmlite.db.guarded_json import EXTRA
from crmlite.declarations import Declared, PackPart
from crmlite.extensions import database
from crmlite.fields.fitness import MOST_INDEXED, indexed_in_all, refuse_unfit
from crmlite.fields.following import follow
from crmlite.fields.indexes import tables
from crmlite.fields.models import FieldRow
from crmlite.fields.record_kinds import LABELS
from crmlite.fields.sections import HOOKS
from crmlite.fields.showing import opened
from crmlite.wording import label
from crmlite.work import current, records
from crmlite.work.record_types import record_types

Row = Mapping[str, Any]
FIELDS = FieldRow.__table__
SEE = "customers:see"
OF_FIELD = ("name", "record_type", "kind", "label", "choices", "wordings", "state")
NAMED_BY = ("number", "name")
AT_ONCE = 500


def part() -> PackPart:
    """Removed after the records that a pack brings, whose fields these are, too."""
    return PackPart(
        name="fields",
        refuse=refuse,
        faults=faults,
        switched=lambda _pack: follow(),
        held=held,
        kept=kept,
        shed=shed,
        purge=purge,
        weight=10,
    )


def refuse(pack: str, declared: Declared) -> None:
    """Raise BadDeclaration for fields that cannot be kept."""
    for record_type, hook in HOOKS.items():
        refuse_unfit(record_type, declared.get(hook, ()))


def faults(pack: str) -> Iterator[str]:
    """Why the fields of a pack cannot be asked for beside those there are."""
    for record_type, words in LABELS.items():
        names = indexed_in_all(record_type)
        if len(names) > MOST_INDEXED and any(name.startswith(f"{pack}__") for name in names):
            yield str(
                _(
                    "%(records)s: at most %(most)s fields can be quick to filter and sort, and with "
                    "this pack there would be %(number)s. Make others slower first: %(fields)s.",
                    records=label(words),
                    most=MOST_INDEXED,
                    number=len(names),
                    fields=_(", ").join(_labels_of(record_type, pack, names)),
                )
            )


def _labels_of(record_type: str, pack: str, names: Sequence[str]) -> list[str]:
    """What those of some fields are called that are not the pack's."""
    others = [name for name in names if not name.startswith(f"{pack}__")]
    wanted = select(FIELDS.c.label).where(
        FIELDS.c.record_type == record_type, FIELDS.c.name.in_(others)
    )
    found = database.session.execute(wanted.order_by(FIELDS.c.position, FIELDS.c.id))
    return [label(words) for words in found.scalars()]


def held(pack: str) -> Mapping[str, int]:
    """How many records have values of a pack, also of those in the recycle bin, and how many fields
    there are of it."""
    counted = select(func.count()).select_from(FIELDS).where(_goes_with(pack))
    found = {_("Fields"): int(database.session.execute(counted).scalar_one())}
    for record_type, words in LABELS.items():
        table = tables()[record_type]
        counted = select(func.count()).select_from(table).where(_has_some(table, pack))
        number = int(database.session.execute(counted).scalar_one())
        found[_("%(records)s with values of it", records=label(words))] = number
    return found


def _goes_with(pack: str) -> ColumnElement[bool]:
    """Whether a field goes with a pack: it is the pack's, or a manager's own of its records."""
    its_records = FIELDS.c.record_type.startswith(f"{pack}__", autoescape=True)
    return or_(FIELDS.c.owner == pack, its_records)


def _has_some(table: Table, pack: str) -> ColumnElement[bool]:
    """Whether a record has values of a pack. A text that says so is taken for one."""
    return cast(table.c[EXTRA], Text).contains(f'"{pack}__', autoescape=True)


def _own(pack: str, extra: Row | None) -> dict[str, Any]:
    return {key: value for key, value in (extra or {}).items() if key.startswith(f"{pack}__")}


def kept(pack: str) -> Iterator[Row]:
    """The fields of a pack, then each record with its values. Those that the reader may not see are
    left out, by name."""
    wanted = select(*(FIELDS.c[name] for name in OF_FIELD)).where(_goes_with(pack))
    for row in database.session.execute(wanted.order_by(FIELDS.c.id)).mappings():
        yield {"field": row["name"], **{name: row[name] for name in OF_FIELD[1:]}}
    reader = whoever_asks()
    for record_type in LABELS:
        yield from _kept_of(pack, record_type, reader)


def _kept_of(pack: str, record_type: str, reader: Reader) -> Iterator[Row]:
    table, customers = tables()[record_type], tables()["customer"]
    names = [name for name in ("id", "uid", "state", *NAMED_BY, EXTRA) if name in table.c]
    source, columns = table, [table.c[name] for name in names]
    if table is not customers:
        _root, column = table.info["root"]
        source = table.join(customers, customers.c.id == table.c[column])
        columns.append(customers.c.number.label("customer"))
    columns.append(customers.c.owner_id.label("whose"))
    wanted = select(*columns).select_from(source).where(_has_some(table, pack))
    rights, unseen = (SEE, record_types()[record_type].see or SEE), 0
    found = database.session.execute(wanted.order_by(table.c.id)).mappings()
    for row in found.yield_per(records.CHUNK):
        if all(reader.covers(right, row["whose"]) for right in rights):
            yield {"record": record_type, **_told(table, row, pack, reader)}
        else:
            unseen += 1
    if unseen:
        yield {"record": record_type, "left_out": unseen}


def _told(table: Table, row: Row, pack: str, reader: Reader) -> dict[str, Any]:
    """A record as the file has it."""
    values, left_out = opened(reader, table, _own(pack, row[EXTRA]), row, row["whose"])
    about = {name: row[name] for name in (*NAMED_BY, "customer", "state") if name in row}
    told = {"id": row["id"], **about, "values": values}
    return {**told, "left_out": left_out} if left_out else told


def shed(pack: str) -> Iterator[Callable[[], int]]:
    """Take the values of a pack out of all records, some at a time."""
    for record_type, table in tables().items():
        model = record_types()[record_type].model
        wanted = select(table.c.id).where(_has_some(table, pack)).order_by(table.c.id)
        last = 0
        while ids := database.session.execute(
            wanted.where(table.c.id > last).limit(AT_ONCE)
        ).scalars().all():  # fmt: skip
            yield partial(_empty, model, table, ids, pack)
            last = ids[-1]


def purge(pack: str) -> int:
    """Take the values that are left out of all records, then the fields away; answers how many values
    these were."""
    number = sum(work() for work in shed(pack))
    wanted = select(FIELDS.c.id).where(_goes_with(pack))
    records.delete_many(FieldRow, database.session.execute(wanted).scalars())
    current().known.clear()
    follow()
    return number


def _empty(model: type[Any], table: Table, ids: Sequence[int], pack: str) -> int:
    found = database.session.execute(select(table.c.id, table.c[EXTRA]).where(table.c.id.in_(ids)))
    emptied = {row.id: dict.fromkeys(_own(pack, row.extra)) for row in found}
    records.update_many(model, {one: {EXTRA: keys} for one, keys in emptied.items() if keys})
    return sum(map(len, emptied.values()))
