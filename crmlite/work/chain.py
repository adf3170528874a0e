"""The chain over the ledger: each minute what was done is sealed; no later hand goes unnoticed.

Each seal covers the digests of some operations and the seal before it, under a key that is not in
the database. Whoever changes, removes or reorders what is sealed breaks it. Only the end could be
cut off: that is what the head in each backup is held against (see `proving.py`).
"""

import hmac
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select
from sqlalchemy.exc import IntegrityError

from crmlite.db.keys import ring
from crmlite.extensions import database
from crmlite.work import fences  # noqa: F401 - the fences come with the chain
from crmlite.work.actors import Actor
from crmlite.work.digests import digests, moment
from crmlite.work.ledger import OperationRow, SealedOperationRow, SealRow
from crmlite.work.operations import operation

BATCH = 500  # operations in one seal
LONGEST_TRANSACTION = timedelta(days=1)
FIRST = "0" * 64  # what stands before the first seal

_operation: Table = OperationRow.__table__
_sealed: Table = SealedOperationRow.__table__
_seal: Table = SealRow.__table__


@dataclass(frozen=True, slots=True)
class Head:
    """The newest seal: its number and its digest."""

    seal: int
    digest: str


START = Head(0, FIRST)


def secret() -> bytes:
    """The key of the chain."""
    return ring().secret("ledger")


def seal_ledger(
    *, by: Actor, at: datetime, whole: bool = False, between: Callable[[], object] = lambda: None
) -> int:
    """Seal all committed operations that are not sealed yet; answers how many.

    On PostgreSQL an operation may be committed after ones with higher ids, so all gaps of the last
    day are looked at, with `whole` all there ever were. `between` is called after each batch.
    """
    key, count = secret(), 0
    floor = 0 if whole else _floor(at)
    while ids := _unsealed(floor):
        found = list(digests(database.session.connection(), key, ids))
        try:
            count += _append(found, by=by, at=at)
        except IntegrityError:  # another process seals at this moment
            break
        between()
    return count


@operation("ledger_sealed", traced=False)
def _append(found: Sequence[tuple[int, str]], *, by: Actor, at: datetime) -> int:
    session = database.session
    last = head(session.connection()) or START
    row = {
        "id": last.seal + 1,  # not from a sequence: two that seal at once must collide
        "at": at,
        "operations": len(found),
        "previous": last.digest,
    }
    row["digest"] = seal_digest(secret(), row, [digest for _, digest in found])
    session.execute(insert(_seal).values(row))
    covered = [{"operation_id": id_, "seal_id": row["id"], "digest": text} for id_, text in found]
    session.execute(insert(_sealed), covered)
    return len(found)


def head(connection: Connection) -> Head | None:
    """The newest seal; None while nothing is sealed."""
    found = connection.execute(
        select(_seal.c.id, _seal.c.digest).order_by(_seal.c.id.desc()).limit(1)
    ).first()
    return Head(*found) if found else None


def waiting(connection: Connection) -> int:
    """How many operations are not sealed yet."""
    statement = select(func.count()).select_from(_operation).outerjoin(_sealed, _own())
    return int(connection.execute(statement.where(_sealed.c.digest.is_(None))).scalar_one())


def seal_digest(key: bytes, row: Mapping[Any, Any], covered: Iterable[str]) -> str:
    """The digest of a seal over its own row and the digests of its operations in their order."""
    try:
        at = moment(row["at"])
    except ValueError:
        at = str(row["at"])
    told = f"{row['id']} {at} {row['operations']} {row['previous']}"
    return hmac.digest(key, "\n".join((told, *covered)).encode(), "sha256").hex()


def _floor(at: datetime) -> int:
    """An id that every operation still to be committed is above.

    One below it would belong to a transaction that has been open for more than a day.
    """
    old = (
        select(_seal.c.id)
        .where(_seal.c.at < at - LONGEST_TRANSACTION)
        .order_by(_seal.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    covered = select(func.max(_sealed.c.operation_id)).where(_sealed.c.seal_id == old)
    return database.session.execute(covered).scalar() or 0


def _unsealed(floor: int) -> list[int]:
    statement = (
        select(_operation.c.id)
        .outerjoin(_sealed, _own())
        .where(_operation.c.id > floor, _sealed.c.operation_id.is_(None))
        .order_by(_operation.c.id)
        .limit(BATCH)
    )
    return list(database.session.execute(statement).scalars())


def _own() -> Any:
    return _sealed.c.operation_id == _operation.c.id
