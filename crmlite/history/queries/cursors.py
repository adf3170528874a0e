"""Paging through what only ever grows at one end: by id, newest first."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select

from crmlite.db.keyset import ID_BITS, BadCursor

MARK = re.compile(r"([ab])([1-9][0-9]{0,9})")


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: after (below) or before (above) an id, or at the newest."""

    backwards: bool = False
    id: int | None = None

    @classmethod
    def read(cls, text: str) -> "Cursor":
        """The marker of a page; empty for the first. Raises BadCursor."""
        if not text:
            return cls()
        found = MARK.fullmatch(text)
        if found is None or int(found[2]) >= 2**ID_BITS:
            raise BadCursor(text[:20])
        return cls(found[1] == "b", int(found[2]))

    def apply(self, statement: Select[Any], column: ColumnElement[int]) -> Select[Any]:
        """The statement from here on, nearest rows first."""
        if self.id is not None:
            statement = statement.where(column > self.id if self.backwards else column < self.id)
        return statement.order_by(column.asc() if self.backwards else column.desc())

    def beyond(self, row_id: int) -> "Cursor":
        """The same way, further on."""
        return Cursor(self.backwards, row_id)


@dataclass(frozen=True, slots=True)
class Slice:
    """Rows of a page, newest first, with the markers of its neighbours (empty: there is none)."""

    rows: Sequence[Mapping[str, Any]]
    before: str = ""
    after: str = ""


def cut(rows: Sequence[Mapping[str, Any]], cursor: Cursor, size: int) -> Slice:
    """The page out of rows found in the cursor's order, of which one more than `size` was asked
    for. Every row has an `id`."""
    more = len(rows) > size
    kept = list(rows[:size])
    if cursor.backwards:
        kept.reverse()
    if not kept:
        return Slice([])
    has_before = more if cursor.backwards else cursor.id is not None
    has_after = True if cursor.backwards else more
    return Slice(
        kept,
        f"b{kept[0]['id']}" if has_before else "",
        f"a{kept[-1]['id']}" if has_after else "",
    )
