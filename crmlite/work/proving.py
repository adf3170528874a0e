"""Proving the ledger: is everything that was sealed still there, as it was?"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, Table, Text, cast, select

from crmlite.wording import N_
from crmlite.work.chain import START, Head, seal_digest
from crmlite.work.checks import Finding
from crmlite.work.digests import digests
from crmlite.work.ledger import SealedOperationRow, SealRow

MOST_PROBLEMS = 100

_sealed: Table = SealedOperationRow.__table__
_seal: Table = SealRow.__table__

ALTERED = N_("Operation %(id)s in the ledger was altered after it was sealed.")
REMOVED = N_("Operation %(id)s was removed from the ledger after it was sealed.")
BROKEN = N_("Seal %(id)s of the ledger is broken: it, or the list of what it covers, was altered.")
MISSING = N_("Seal %(id)s of the ledger is missing.")
CUT = N_("The ledger ends before seal %(id)s, which an earlier backup has: its end was cut off.")
REPLACED = N_("Seal %(id)s of the ledger is not the one that an earlier backup has.")


def verify(connection: Connection, key: bytes, expected: Head | None = None) -> list[Finding]:
    """What is wrong with the sealed part of the ledger, at most a hundred things.

    `expected` is a head known from elsewhere, such as a backup: the ledger must still contain it.
    """
    return list(islice(_problems(connection, key, expected), MOST_PROBLEMS))


def _problems(connection: Connection, key: bytes, expected: Head | None) -> Iterator[Finding]:
    if expected is not None:
        yield from _without(connection, expected)
    yield from _broken_seals(connection, key)
    yield from _altered_operations(connection, key)


def _without(connection: Connection, expected: Head) -> Iterator[Finding]:
    statement = select(_seal.c.digest).where(_seal.c.id == expected.seal)
    found = connection.execute(statement).scalar_one_or_none()
    if found is None:
        yield Finding(CUT, {"id": expected.seal})
    elif found != expected.digest:
        yield Finding(REPLACED, {"id": expected.seal})


def _broken_seals(connection: Connection, key: bytes) -> Iterator[Finding]:
    columns = [column for column in _seal.c if column.name != "at"]
    statement = select(*columns, cast(_seal.c.at, Text).label("at"))
    covered = _Covered(connection)
    before = START
    for seal in _stream(connection, statement.order_by(_seal.c.id)):
        for gone in range(before.seal + 1, seal["id"]):
            yield Finding(MISSING, {"id": gone})
        found = covered.by(seal["id"])
        follows = seal["id"] != before.seal + 1 or seal["previous"] == before.digest
        whole = seal["operations"] == len(found)
        if not (follows and whole and seal["digest"] == seal_digest(key, seal, found)):
            yield Finding(BROKEN, {"id": seal["id"]})
        before = Head(seal["id"], seal["digest"])
    if covered.rest():
        yield Finding(MISSING, {"id": before.seal + 1})


class _Covered:
    """The digests that each seal covers; asked in the order of seals."""

    def __init__(self, connection: Connection) -> None:
        statement = select(_sealed.c.seal_id, _sealed.c.digest)
        ordered = statement.order_by(_sealed.c.seal_id, _sealed.c.operation_id)
        self._rows = _stream(connection, ordered)
        self._next = next(self._rows, None)

    def by(self, seal_id: int) -> list[str]:
        found = []
        while self._next is not None and self._next["seal_id"] <= seal_id:
            if self._next["seal_id"] == seal_id:
                found.append(self._next["digest"])
            self._next = next(self._rows, None)
        return found

    def rest(self) -> bool:
        """Whether digests are left that belong to no seal there is."""
        return self._next is not None


def _altered_operations(connection: Connection, key: bytes) -> Iterator[Finding]:
    statement = select(_sealed.c.operation_id, _sealed.c.digest).order_by(_sealed.c.operation_id)
    there = digests(connection, key)
    operation_id, digest = next(there, (None, ""))
    for sealed in _stream(connection, statement):
        while operation_id is not None and operation_id < sealed["operation_id"]:
            operation_id, digest = next(there, (None, ""))
        if operation_id != sealed["operation_id"]:
            yield Finding(REMOVED, {"id": sealed["operation_id"]})
        elif digest != sealed["digest"]:
            yield Finding(ALTERED, {"id": operation_id})
    there.close()


def _stream(connection: Connection, statement: Select[Any]) -> Iterator[RowMapping]:
    with connection.execute(statement.execution_options(yield_per=1000)) as result:
        yield from result.mappings()
