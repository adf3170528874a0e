"""Making the search rows anew from the book, in short batches that let others write between them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from crmlite import hooks
from crmlite.extensions import database
from crmlite.search import index
from crmlite.search.models import SearchDoc
from crmlite.search.searchables import Searchable
from crmlite.work import Actor, operation
from crmlite.work.record_types import record_types

BATCH = 500
DOC = SearchDoc.__table__
Told = Callable[[str, int], None]


def rebuild(told: Told, *, by: Actor, at: datetime) -> int:
    """Have everything found as it is now; answers how many records there are.

    For after an upgrade that cuts words differently, and when `crmlite check` finds the search at
    fault. `told` hears the kind of records and how many of them are done, after each batch.
    """
    total = 0
    for searchable in hooks.gathered("register_searchables"):
        done = 0
        for ids in _batches(record_types()[searchable.record_type].table.c.id):
            _index(searchable, ids, by=by, at=at)
            done += len(ids)
            told(searchable.record_type, done)
        for ids in _batches(DOC.c.record_id, DOC.c.record_type == searchable.record_type):
            _take_out_strays(searchable, ids, by=by, at=at)
        total += done
    if not index.is_whole():
        _remake(by=by, at=at)
    return total


@operation("search_rows_made", traced=False)
def _index(searchable: Searchable, ids: Sequence[int], *, by: Actor, at: datetime) -> None:
    searchable.index(ids)


@operation("search_rows_removed", traced=False)
def _take_out_strays(
    searchable: Searchable, ids: Sequence[int], *, by: Actor, at: datetime
) -> None:
    """Let those be found no more that are not there."""
    table = record_types()[searchable.record_type].table
    there = set(database.session.execute(select(table.c.id).where(table.c.id.in_(ids))).scalars())
    index.remove(searchable.record_type, [one for one in ids if one not in there])


@operation("search_index_made", traced=False)
def _remake(*, by: Actor, at: datetime) -> None:
    index.rebuild()


def _batches(column: ColumnElement[int], *conditions: Any) -> Iterator[list[int]]:
    """Ids in order, so many at a time; each batch is read when the one before is done with."""
    last = None
    while True:
        wanted = select(column).where(*conditions).order_by(column).limit(BATCH)
        if last is not None:
            wanted = wanted.where(column > last)
        ids = list(database.session.execute(wanted).scalars())
        if not ids:
            return
        yield ids
        last = ids[-1]
