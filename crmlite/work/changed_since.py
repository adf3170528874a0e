"""What people did to records after certain operations, so that an undo does not run over it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, select

from crmlite.extensions import database
from crmlite.work.actors import JOB, PACK
from crmlite.work.currencies import money_of
from crmlite.work.ledger import ActorRow, ChangeRow, OperationRow
from crmlite.work.record_types import RecordType, record_types
from crmlite.work.records import CREATED, chunks
from crmlite.work.standing import standing

MACHINES = (JOB, PACK)  # what they add by themselves does not hold a record back


class Later:
    """Later changes of the records in hand, read some records at a time."""

    def __init__(self, operations: Collection[int]) -> None:
        self.operations = operations
        self.fields: dict[tuple[str, int, str], int] = {}
        self.money: dict[tuple[str, int, str], int] = {}  # what was not taken back of it
        self.records: dict[tuple[str, int], int] = {}
        self.wholes: dict[tuple[str, int], tuple[str, int]] = {}  # what records are parts of

    def read(self, changes: Sequence[Mapping[str, Any]], kinds: Mapping[str, RecordType]) -> None:
        """Look up what came after these changes, for additions, for what is kept elsewhere than in
        the row, and for amounts with their currency. One or two statements per kind of record."""
        wanted: dict[str, set[int]] = {}
        first = min(change["id"] for change in changes)
        for change in changes:
            kind = kinds.get(change["record_type"])
            if kind is not None and (
                change["verb"] == CREATED
                or kind.restorers.keys() & change["diff"].keys()
                or money_of(kind, change["diff"])
            ):
                wanted.setdefault(kind.name, set()).add(change["record_id"])
        self._note_wholes(changes, kinds)
        table = ChangeRow.__table__
        for name, ids in wanted.items():
            self._read(table.c.record_type == name, table.c.record_id.in_(ids), after=first)
            if kinds[name].root[0] == name:
                self._read(table.c.root_type == name, table.c.root_id.in_(ids), after=first)
        self._read_parts(changes, kinds, first)

    def _note_wholes(
        self, changes: Sequence[Mapping[str, Any]], kinds: Mapping[str, RecordType]
    ) -> None:
        for change in changes:
            kind = kinds.get(change["record_type"])
            if kind is not None and kind.part_of and change["verb"] == CREATED:
                name, column = kind.part_of
                whole = change["diff"].get(column, (None, None))[1]
                self.wholes[kind.name, change["record_id"]] = (name, whole)

    def _read_parts(
        self, changes: Sequence[Mapping[str, Any]], kinds: Mapping[str, RecordType], first: int
    ) -> None:
        """Look up what was added since to what these changes added."""
        parts = {kind.name: kind.part_of for kind in kinds.values() if kind.part_of}
        wholes = {name for name, _column in parts.values()}
        roots: dict[str, set[int]] = {}
        for change in changes:
            if change["verb"] == CREATED and change["record_type"] in wholes:
                roots.setdefault(change["root_type"], set()).add(change["root_id"])
        table = ChangeRow.__table__
        for name, ids in roots.items():
            among = table.c.record_type.in_(parts)
            here = (table.c.root_type == name) & table.c.root_id.in_(ids)
            self._read(among, here, table.c.verb == CREATED, after=first, parts=parts)

    def touched(self, change: Mapping[str, Any], name: str) -> bool:
        """Whether a field was changed again after a change of it."""
        key = (change["record_type"], change["record_id"], name)
        return bool(self.fields.get(key, 0) > change["id"])

    def touched_money(self, change: Mapping[str, Any], names: Iterable[str]) -> bool:
        """Whether one of these amounts, or their currency, was changed again and stayed so."""
        keys = ((change["record_type"], change["record_id"], name) for name in names)
        return any(self.money.get(key, 0) > change["id"] for key in keys)

    def worked_on(self, change: Mapping[str, Any]) -> bool:
        """Whether people changed the record, or what hangs on it, after a change of it."""
        key = (change["record_type"], change["record_id"])
        return bool(self.records.get(key, 0) > change["id"])

    def _read(
        self,
        *where: ColumnElement[bool],
        after: int,
        parts: Mapping[str, tuple[str, str]] = MappingProxyType({}),
    ) -> None:
        changes, operations, actors = (
            ChangeRow.__table__,
            OperationRow.__table__,
            ActorRow.__table__,
        )
        found = database.session.execute(
            select(
                changes.c.id,
                changes.c.operation_id,
                changes.c.record_type,
                changes.c.record_id,
                changes.c.root_type,
                changes.c.root_id,
                changes.c.diff,
                actors.c.kind,
                operations.c.undoes_id,
            )
            .join(operations, operations.c.id == changes.c.operation_id)
            .join(actors, actors.c.id == operations.c.actor_id)
            .where(changes.c.id > after, *where)
            .where(changes.c.operation_id.not_in(self.operations))
            .order_by(changes.c.id)
        ).all()
        gone, kinds = _taken_back({row.operation_id for row in found}), record_types()
        self._note_fields(found, gone)
        for row in found:
            # Of work that was undone nothing is left to be run over, nor of its undo.
            if row.undoes_id or row.operation_id in gone:
                continue
            if (kind := kinds.get(row.record_type)) is not None:
                for name in money_of(kind, row.diff):
                    self.money[row.record_type, row.record_id, name] = row.id
            if row.kind not in MACHINES:
                self.records[row.record_type, row.record_id] = row.id
                self.records[row.root_type, row.root_id] = row.id
                if whole := self._whole(row, parts):
                    self.records[whole] = row.id

    def _note_fields(self, found: Sequence[Any], gone: Collection[int]) -> None:
        """Note the changes that stand: neither what an undo has put back, nor that undo."""
        there = {row.operation_id for row in found}
        back = {
            (row.undoes_id, row.record_type, row.record_id, name)
            for row in found
            if row.operation_id not in gone
            for name in row.diff
        }
        for row in found:
            for name in row.diff if row.undoes_id not in there else ():
                key = (row.record_type, row.record_id, name)
                if (row.operation_id, *key) not in back:
                    self.fields[key] = row.id

    def _whole(self, row: Any, parts: Mapping[str, tuple[str, str]]) -> tuple[str, int] | None:
        """What a record that was changed is a part of, as far as it matters."""
        if row.record_type not in parts:
            return self.wholes.get((row.record_type, row.record_id))
        name, column = parts[row.record_type]
        return name, row.diff.get(column, (None, 0))[1]


def _taken_back(operations: Collection[int]) -> set[int]:
    """Those of these operations that are undone."""
    table = OperationRow.__table__
    found: set[int] = set()
    for some in chunks(sorted(operations)):
        undone = select(table.c.undoes_id).where(table.c.undoes_id.in_(some))
        found.update(database.session.execute(undone).scalars())
    return {one for one in found if standing(one) is None}
