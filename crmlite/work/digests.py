"""The digest of an operation: one short text that changes when anything about it is changed."""

import hmac
import json
from collections.abc import Generator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, Text, cast, select, type_coerce

from crmlite.work.ledger import ActorRow, ChangeRow, OperationRow

ROWS_AT_A_TIME = 500

_operation: Table = OperationRow.__table__
_actor: Table = ActorRow.__table__
_change: Table = ChangeRow.__table__

# In this order for ever: a digest made years ago must come out the same.
OPERATION = (
    *("id", "name", "at", "source", "request_id", "form_key", "result", "undoes_id", "part_of_id"),
    *("actor_kind", "actor_name", "actor_user_id"),
)
CHANGE = ("id", "record_type", "record_id", "root_type", "root_id", "verb", "diff")


def digests(
    connection: Connection, key: bytes, ids: Sequence[int] | None = None
) -> Generator[tuple[int, str], None, None]:
    """Operations with their digests in the order of their ids: those in `ids`, or all.

    A digest covers the operation's row, who did it, and its changes in order.
    """
    changes = _rows(connection, _changes(ids))
    change = next(changes, None)
    for operation in _rows(connection, _operations(ids)):
        digest = hmac.new(key, _line(OPERATION, operation), "sha256")
        while change is not None and change.operation_id <= operation.id:
            if change.operation_id == operation.id:
                digest.update(_line(CHANGE, change))
            change = next(changes, None)
        yield operation.id, digest.hexdigest()
    changes.close()


def _operations(ids: Sequence[int] | None) -> Select[Any]:
    actor = [_actor.c[name].label(f"actor_{name}") for name in ("kind", "name", "user_id")]
    own = [_raw(_operation.c[name]) for name in OPERATION if name in _operation.c]
    statement = (
        select(*own, *actor)
        .outerjoin(_actor, _actor.c.id == _operation.c.actor_id)
        .order_by(_operation.c.id)
    )
    return statement if ids is None else statement.where(_operation.c.id.in_(ids))


def _changes(ids: Sequence[int] | None) -> Select[Any]:
    statement = select(
        *(_raw(_change.c[name]) for name in CHANGE), _change.c.operation_id
    ).order_by(_change.c.operation_id, _change.c.id)
    return statement if ids is None else statement.where(_change.c.operation_id.in_(ids))


def _raw(column: Any) -> Any:
    """A column as it is stored, so that what was made unreadable is noticed and raises nothing."""
    if column.name == "at":
        return cast(column, Text).label("at")
    if column.name in ("result", "diff"):
        return type_coerce(column, Text).label(column.name)
    return column


def _rows(connection: Connection, statement: Select[Any]) -> Generator[Row[Any], None, None]:
    streaming = statement.execution_options(yield_per=ROWS_AT_A_TIME)
    with connection.execute(streaming) as result:
        yield from result


def _line(names: Sequence[str], row: Row[Any]) -> bytes:
    """A row as one line of JSON, the same from either engine."""
    values = [_value(name, getattr(row, name)) for name in names]
    line = json.dumps(values, sort_keys=True, separators=(",", ":"), default=repr)
    return line.encode() + b"\n"


def _value(name: str, stored: Any) -> Any:
    if isinstance(stored, str):
        try:
            if name == "at":
                return moment(stored)
            if name in ("result", "diff"):  # PostgreSQL's driver has read them already
                return json.loads(stored)
        except ValueError:
            pass  # whatever it is, it was not like that when it was sealed
    return stored


def moment(stored: str | datetime) -> str:
    """A moment in one spelling, from however an engine writes it. Raises ValueError."""
    at = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="microseconds")
