"""What a pass over a file has met so far: its orders, whom and what they made new, and what can come
back. Kept on disk, for a file may have a million rows; names and numbers as digests with a key that
nobody has afterwards."""

import hashlib
import secrets
import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

SCHEMA = """
CREATE TABLE met (mark BLOB PRIMARY KEY, id INT, party INT, row INT) WITHOUT ROWID;
CREATE TABLE sold (party INT, ware INT, day TEXT, ord BLOB, quantity INT);
CREATE INDEX sold_by ON sold (party, ware);
CREATE TABLE back (line INTEGER PRIMARY KEY, quantity INT);
"""


class Met(NamedTuple):
    """Something that was met: its id, whose it is, the row where it was met first."""

    id: int | None
    party: int | None
    row: int


class Memory:
    """Remembers it. What the batch at hand met counts once that is written: `keep` it then, `forget`
    it before it is tried again. New customers and products that are not in the book have ids below
    zero."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(16)
        self._kept = sqlite3.connect("", isolation_level=None)  # a file of its own, gone at the end
        self._kept.executescript(SCHEMA)
        self._kept.execute("BEGIN")
        self._last = 0

    def _mark(self, kind: str, text: str) -> bytes:
        return hashlib.blake2b(f"{kind} {text}".encode(), digest_size=12, key=self._key).digest()

    def find(self, kind: str, text: str) -> Met | None:
        """What was met under a name or number of a kind."""
        asked = "SELECT id, party, row FROM met WHERE mark = ?"
        found = self._kept.execute(asked, (self._mark(kind, text),)).fetchone()
        return None if found is None else Met(*found)

    def add(
        self, kind: str, text: str, row: int, its: int | None = None, party: int | None = None
    ) -> None:
        """Remember something under a name or number; `its` is its id."""
        told = (self._mark(kind, text), its, party, row)
        self._kept.execute("INSERT OR REPLACE INTO met VALUES (?, ?, ?, ?)", told)

    def fresh(self) -> int:
        """An id for what is not in the book."""
        self._last -= 1
        return self._last

    def sell(self, party: int, ware: int, day: str, order: str, quantity: int) -> None:
        """Remember that something was sold, which can come back."""
        told = (party, ware, day, self._mark("order", order), quantity)
        self._kept.execute("INSERT INTO sold VALUES (?, ?, ?, ?, ?)", told)

    def sold(self, party: int, ware: int, until: str, order: str = "") -> Iterable[tuple[int, int]]:
        """What somebody was sold of something by a day, the latest first: a key, and how much of it
        has not come back; with an `order` only what was sold with that."""
        asked = (
            "SELECT rowid, quantity FROM sold WHERE party = ? AND ware = ? AND day <= ? "
            "AND quantity > 0 ORDER BY day DESC, rowid DESC"
        )
        told: tuple[object, ...] = (party, ware, until)
        if order:
            asked = asked.replace(" ORDER", " AND ord = ? ORDER")
            told = (*told, self._mark("order", order))
        return self._kept.execute(asked, told).fetchall()

    def take(self, key: int, quantity: int) -> None:
        """Remember that so much of what was sold came back."""
        self._kept.execute(
            "UPDATE sold SET quantity = quantity - ? WHERE rowid = ?", (quantity, key)
        )

    def came_back(self, line_id: int) -> int:
        """How much of a line of the book came back in this pass."""
        asked = "SELECT quantity FROM back WHERE line = ?"
        found = self._kept.execute(asked, (line_id,)).fetchone()
        return int(found[0]) if found else 0

    def take_line(self, line_id: int, quantity: int) -> None:
        """Remember that so much of a line of the book came back."""
        told = (line_id, self.came_back(line_id) + quantity)
        self._kept.execute("INSERT OR REPLACE INTO back VALUES (?, ?)", told)

    def leave_lines(self) -> None:
        """Forget what came back of lines of the book: it is written, and the book tells it."""
        self._kept.execute("DELETE FROM back")

    def forget(self) -> None:
        """Forget what the batch at hand met."""
        self._kept.execute("ROLLBACK")
        self._kept.execute("BEGIN")

    def keep(self) -> None:
        """Remember it for good."""
        self._kept.execute("COMMIT")
        self._kept.execute("BEGIN")

    def close(self) -> None:
        """Forget everything."""
        self._kept.close()
