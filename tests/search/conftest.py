"""A kind of record for the search's own tests, on both engines."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from crmlite import clock
from crmlite.access import Reader
from crmlite.search import index
from crmlite.search.entries import Entry
from crmlite.search.queries import find
from crmlite.search.searchables import Found, Searchable
from crmlite.work import Actor, operation
from crmlite.work.actors import command_line
from tests.declaring import declare

NOTE = "note"
CARD = "card"
RIGHT = "customers:see"


class Searchables:
    """Two kinds of records, shown by what `titles` says."""

    def __init__(self) -> None:
        self.titles: dict[int, str] = {}
        self.indexed: list[Sequence[int]] = []

    def register_searchables(self) -> list[Searchable]:
        return [
            Searchable(
                record_type=kind,
                label={"en": kind.title(), "zh": kind.title()},
                icon="user",
                permission=RIGHT,
                present=self.present,
                index=self.indexed.append,
                weight=weight,
            )
            for weight, kind in enumerate((NOTE, CARD))
        ]

    def present(self, reader: Reader, ids: Sequence[int]) -> Mapping[int, Found]:
        return {i: Found(f"/notes/{i}", self.titles[i], f"N{i}") for i in ids if i in self.titles}


@pytest.fixture
def notes(app: Flask) -> Searchables:
    """The two kinds, in place of those that slices bring."""
    made = Searchables()
    declare(app, "register_searchables", made.register_searchables())
    return made


def reader(scope: str = "all", user_id: int = 1, mates: Iterable[int] = ()) -> Reader:
    """Somebody who sees records as far as `scope` says."""
    return Reader(
        user_id=user_id,
        login="someone",
        name="Someone",
        grants={RIGHT: scope} if scope else {},
        mates=frozenset((user_id, *mates)),
    )


@operation("notes_written")
def written(entries: Iterable[Entry], *, by: Actor, at: datetime, kind: str = NOTE) -> None:
    """Index entries inside an operation, as slices do."""
    index.put_many(kind, entries)


@operation("notes_removed")
def removed(ids: Sequence[int], *, by: Actor, at: datetime) -> None:
    """Take notes out of the index."""
    index.remove(NOTE, ids)


def put(*entries: Entry | str, kind: str = NOTE) -> None:
    """Index entries, or titles with the ids 1, 2, 3 …"""
    made = [
        Entry(record_id=place, title=entry) if isinstance(entry, str) else entry
        for place, entry in enumerate(entries, 1)
    ]
    written(made, kind=kind, by=command_line(), at=clock.now())


def ids(text: str, **options: Any) -> list[int]:
    """The ids that a reader of everything finds, best first."""
    return [hit.record_id for hit in find(options.pop("by", None) or reader(), text, **options)]
