"""Putting back: one earlier value of a field, or a whole record out of the recycle bin."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from crmlite.db.guarded_json import EXTRA, PREFIX, guard_of, opened_inside
from crmlite.db.keys import ring
from crmlite.db.sealing import open_sealed
from crmlite.extensions import database
from crmlite.history.queries.deletions import deletion_of
from crmlite.history.restoring import earlier
from crmlite.rules.amounts import same_figure
from crmlite.work import Actor, Gone, Refused, current, operation, records
from crmlite.work.currencies import amounts_in, currencies_of
from crmlite.work.ledger import ChangeRow
from crmlite.work.record_types import CURRENCY, RecordType, record_types
from crmlite.work.reversal import put_back, typed
from crmlite.work.undoing import changes_of


@operation("value_restored")
def restore_value(change_id: int, field: str, *, by: Actor, at: datetime) -> int:
    """Give a field the value again that it had before a change.

    An amount becomes the same figure in the currency of today, and amounts stay the same figures in
    a currency that comes back. Answers the id of the operation, 0 when the field has that value.
    Raises Gone when there is no such change or record, Refused (`value-taken`) when another record
    has the value by now.
    """
    change = _change(change_id)
    try:
        kind, old = record_types()[change["record_type"]], earlier(change["diff"], field)
    except KeyError as error:
        raise Gone(change["record_type"], change["record_id"]) from error
    try:
        with database.session.begin_nested():
            _write(kind, change, field, old)
    except IntegrityError as error:
        raise Refused("value-taken") from error
    if not current().changes:
        return 0
    _refresh(change["root_type"], change["root_id"])
    return current().id


@operation("record_restored")
def restore_record(record_type: str, record_id: int, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Bring a record back from the recycle bin, with all that went there with it.

    Answers `{"operation", "kept"}`: what changed since it was deleted stays as it is and is named.
    Raises Gone when it is not in the bin.
    """
    kind = record_types().get(record_type)
    if kind is None or _state(kind, record_id) != "deleted":
        raise Gone(record_type, record_id)
    kept: list[tuple[str, int]] = []
    deletion = deletion_of(record_type, record_id)
    if deletion is not None:
        whole = changes_of(deletion.whole_id, (deletion.root_type, deletion.root_id))
        kept = put_back(whole).kept
    if _state(kind, record_id) == "deleted":
        records.update(kind.model, record_id, {"state": "active"})
        _refresh(*_root(kind, record_id))
    return {"operation": current().id, "kept": kept}


def _write(kind: RecordType, change: Mapping[str, Any], field: str, old: Any) -> None:
    record_id = change["record_id"]
    if field in kind.restorers:
        kind.restorers[field]({record_id: old})
        return
    if field in kind.measured and isinstance(old, int):
        before, today = currencies_of([change])[change["id"]][0], _column(kind, record_id, CURRENCY)
        old = same_figure(old, before or today, today)
    if field.startswith(PREFIX):
        key = field.removeprefix(PREFIX)
        guard = guard_of(kind.table, field)
        if old and guard is not None and guard.sealed:
            old = opened_inside(ring(), kind.table, key, old, _column(kind, record_id, "uid"))
        records.update(kind.model, record_id, {EXTRA: {key: old}})
        return
    if old and records.is_sealed(kind.table, field):
        uid = _column(kind, record_id, "uid")
        old = open_sealed(ring(), old, (kind.table.name, field, uid))
    values = {field: typed(kind.table, field, old)}
    if field == CURRENCY and old:
        values |= amounts_in(kind, _row(kind, record_id), old)
    records.update(kind.model, record_id, values)


def _refresh(root_type: str, root_id: int) -> None:
    root = record_types().get(root_type)
    if root is not None and root.refresh is not None:
        root.refresh([root_id])


def _root(kind: RecordType, record_id: int) -> tuple[str, int]:
    name, column = kind.root
    return name, _column(kind, record_id, column)


def _state(kind: RecordType, record_id: int) -> str | None:
    return _column(kind, record_id, "state") if "state" in kind.table.c else None


def _row(kind: RecordType, record_id: int) -> Mapping[Any, Any]:
    table = kind.table
    wanted = select(table).where(table.c.id == record_id)
    row = database.session.execute(wanted).mappings().first()
    if row is None:
        raise Gone(kind.name, record_id)
    return row


def _column(kind: RecordType, record_id: int, name: str) -> Any:
    table = kind.table
    return database.session.execute(select(table.c[name]).where(table.c.id == record_id)).scalar()


def _change(change_id: int) -> Mapping[str, Any]:
    table = ChangeRow.__table__
    row = database.session.execute(select(table).where(table.c.id == change_id)).mappings().first()
    if row is None:
        raise Gone("change", change_id)
    return {**row}
