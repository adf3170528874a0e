"""Amounts and the currency that they are in: in another one they stay the same figures."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Text, and_, cast, or_, select

from crmlite.db.guarded_json import EXTRA, PREFIX
from crmlite.extensions import database
from crmlite.rules.amounts import same_figure
from crmlite.work.ledger import ChangeRow
from crmlite.work.record_types import CURRENCY, RecordType, record_types
from crmlite.work.records import UPDATED

Record = tuple[str, int]
Row = Mapping[Any, Any]


def amounts_in(
    kind: RecordType, row: Row, currency: str, given: Collection[str] = ()
) -> dict[str, Any]:
    """The amounts of a row in the smallest units of another currency, as an update takes them; those
    `given` are left out, further fields by their names in diffs."""
    columns: dict[str, Any] = {}
    further: dict[str, int] = {}
    for name in kind.measured:
        minor = value_in(row, name)
        if name in given or not isinstance(minor, int):
            continue
        into = further if name.startswith(PREFIX) else columns
        into[name.removeprefix(PREFIX)] = same_figure(minor, row[CURRENCY], currency)
    return columns | ({EXTRA: further} if further else {})


def money_of(kind: RecordType, diff: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What a change did to amounts and their currency, `{name: (before, after)}`."""
    measured = kind.measured
    if not measured:
        return {}
    was, became = ({name: pair[side] for name, pair in diff.items()} for side in (0, 1))
    pairs = {name: (value_in(was, name), value_in(became, name)) for name in (CURRENCY, *measured)}
    return {name: (old, new) for name, (old, new) in pairs.items() if old != new}


def value_in(row: Row, name: str) -> Any:
    """A value of a row, or of one side of a diff, by its name there."""
    if name.startswith(PREFIX):
        return (row.get(EXTRA) or {}).get(name.removeprefix(PREFIX))
    return row.get(name)


def currencies_of(changes: Iterable[Row]) -> dict[int, tuple[str | None, str | None]]:
    """In which currency amounts were before and after changes of them, by the ids of these; None for
    the one of today. One statement, if any of the changes is of amounts."""
    kinds = record_types()
    told = [
        one
        for one in changes
        if (kind := kinds.get(one["record_type"])) is not None
        and money_of(kind, one["diff"]).keys() - {CURRENCY}
    ]
    replaced = _replaced({(one["record_type"], one["record_id"]) for one in told})
    found: dict[int, tuple[str | None, str | None]] = {}
    for one in told:
        later = replaced.get((one["record_type"], one["record_id"]), ())
        after = next((old for change_id, old in later if change_id > one["id"]), None)
        found[one["id"]] = (one["diff"].get(CURRENCY, (after,))[0], after)
    return found


def _replaced(records: Collection[Record]) -> dict[Record, list[tuple[int, str]]]:
    """Which currencies of these records were replaced, and by which changes, in order."""
    found: dict[Record, list[tuple[int, str]]] = {}
    if not records:
        return found
    table = ChangeRow.__table__
    ids: dict[str, list[int]] = {}
    for name, record_id in records:
        ids.setdefault(name, []).append(record_id)
    theirs = (and_(table.c.record_type == name, table.c.record_id.in_(ids[name])) for name in ids)
    wanted = select(table.c.id, table.c.record_type, table.c.record_id, table.c.diff).where(
        or_(*theirs), table.c.verb == UPDATED, cast(table.c.diff, Text).contains(f'"{CURRENCY}"')
    )
    for row in database.session.execute(wanted.order_by(table.c.id)):
        if CURRENCY in row.diff:
            kept = found.setdefault((row.record_type, row.record_id), [])
            kept.append((row.id, row.diff[CURRENCY][0]))
    return found
