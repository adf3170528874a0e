"""Amounts and the currency that they are in: in another one they stay the same figures."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select

from crmlite.db.guarded_json import EXTRA, PREFIX
from crmlite.extensions import database
from crmlite.rules.amounts import same_figure
from crmlite.work.ledger import ChangeRow
from crmlite.work.record_types import CURRENCY, RecordType

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


def currency_before(change: Row) -> str | None:
    """The currency of a record before a change of it; None where it is the same ever since."""
    table = ChangeRow.__table__
    since = select(table.c.diff).where(
        table.c.record_type == change["record_type"],
        table.c.record_id == change["record_id"],
        table.c.id >= change["id"],
    )
    diffs = database.session.execute(since.order_by(table.c.id)).scalars()
    return next((diff[CURRENCY][0] for diff in diffs if CURRENCY in diff), None)
