"""What becomes of each row: a new customer, a change of one that is known, held back, or lost."""

import hashlib
import secrets
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crmlite.access import Reader
from crmlite.customers.duplicates import Match, Probe, certainties, find_matches
from crmlite.customers.queries import in_sight
from crmlite.imports.drafting import FIXED, Draft, Drafter, Known, known_of
from crmlite.imports.models import CREATED, DUPLICATE, FAILED, UPDATED
from crmlite.imports.reading import Doubt, Incoming
from crmlite.rules.problems import Problem

HOLD, UPDATE, CREATE = "hold", "update", "create"
ON_DUPLICATE = (HOLD, UPDATE, CREATE)
NEEDED = ("customers:see", "customers:edit")  # nobody changes what they do not see
NUMBER = "number"
SHORT = 6  # bytes
SET_ASIDE = {"archived": "import_archived", "deleted": "import_deleted", "merged": "import_merged"}


@dataclass(slots=True)
class Verdict:
    """What is to become of a row. `customer_id` is whom it certainly is, or `earlier` the row of this
    file that it repeats, and `differs` whether it says otherwise; `likely` are customers that it may
    also be, of those that who imports sees.
    """

    told: Incoming
    fate: str
    draft: Draft | None = None
    customer_id: int | None = None
    earlier: int | None = None
    differs: bool = False
    likely: Sequence[int] = ()
    noted: list[Doubt] = field(default_factory=list)

    @property
    def order_id(self) -> None:
        """Rows of customers are about no order."""

    @property
    def title(self) -> str:
        """What the row is called in a report."""
        return str(self.told.values.get("name", ""))

    @property
    def doubts(self) -> Sequence[Doubt]:
        """What is to be said about the row. What was read stays as it was: a batch that others were in
        the way of is judged again."""
        drafted = self.draft.doubts if self.draft is not None else ()
        return [*self.told.doubts, *drafted, *self.noted]

    def hold_back(self, problem: str = "") -> None:
        """Change nothing, for this reason where there is one to be told."""
        self.fate, self.draft = DUPLICATE, None
        if problem:
            self.noted.append(Doubt("", Problem(problem)))


class Earlier:
    """The rows of a file so far, by what makes one certain to be another, and with what they said:
    kept on disk, for a file may have a million. What is kept are digests with a key that nobody has
    afterwards. Those of the batch at hand count once it is written: `keep` them then, `forget` them
    before it is tried again.
    """

    def __init__(self) -> None:
        self._fresh: dict[bytes, int] = {}
        self._said: dict[int, bytes] = {}
        self._key = secrets.token_bytes(16)
        self._kept = sqlite3.connect("")  # a file of its own, gone when it is closed
        self._kept.execute("CREATE TABLE seen (mark BLOB PRIMARY KEY, row INT) WITHOUT ROWID")
        self._kept.execute("CREATE TABLE said (row INTEGER PRIMARY KEY, told BLOB)")

    def marks(self, probe: Probe) -> list[bytes]:
        """What a row is known by."""
        return [self._digest(certain, 12) for certain in certainties(probe)]

    def said(self, values: Mapping[str, Any]) -> bytes:
        """What a row says, for `differing`: names and values in turn."""
        texts = (text for name, value in values.items() for text in (name, f"{name} {value}"))
        return b"".join(self._digest(text, SHORT) for text in texts)

    def differing(self, row: int, said: bytes) -> Collection[bytes]:
        """Of which names a row before said otherwise."""
        wanted = "SELECT told FROM said WHERE row = ?"
        found = self._said.get(row) or next(iter(self._kept.execute(wanted, (row,))), (b"",))[0]
        before, now = _pairs(found), _pairs(said)
        return {name for name in before.keys() & now.keys() if before[name] != now[name]}

    def name(self, name: str) -> bytes:
        """A name as `differing` answers it."""
        return self._digest(name, SHORT)

    def _digest(self, text: str, size: int) -> bytes:
        return hashlib.blake2b(text.encode(), digest_size=size, key=self._key).digest()

    def find(self, marks: Sequence[bytes]) -> int | None:
        """The row that one with these marks repeats."""
        if not marks:
            return None
        asked = f"SELECT min(row) FROM seen WHERE mark IN ({','.join('?' * len(marks))})"  # noqa: S608 - question marks only
        kept: int | None = self._kept.execute(asked, marks).fetchone()[0]
        fresh = (self._fresh[mark] for mark in marks if mark in self._fresh)
        return kept if kept is not None else min(fresh, default=None)

    def add(self, marks: Sequence[bytes], row: int, said: bytes = b"") -> None:
        """Remember a row that is in the book, or would be."""
        for mark in marks:
            self._fresh.setdefault(mark, row)
        if said and marks:
            self._said[row] = said

    def forget(self) -> None:
        """Forget the rows of the batch at hand."""
        self._fresh.clear()
        self._said.clear()

    def keep(self) -> None:
        """Remember them for good."""
        self._kept.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?)", self._fresh.items())
        self._kept.executemany("INSERT INTO said VALUES (?, ?)", self._said.items())
        self.forget()

    def close(self) -> None:
        """Forget all of them."""
        self._kept.close()


def _pairs(said: bytes) -> dict[bytes, bytes]:
    parts = [said[start : start + SHORT] for start in range(0, len(said), SHORT)]
    return dict(zip(parts[::2], parts[1::2], strict=True))


@dataclass(kw_only=True)
class Judge:
    """Judges the rows of one import. `reader` is who imports: what they may not change is held
    back, and so is a row that repeats an earlier one under another number."""

    drafter: Drafter
    reader: Reader
    on_duplicate: str = HOLD
    earlier: Earlier = field(default_factory=Earlier)
    _seen: Collection[int] = ()

    def judge(self, rows: Sequence[Incoming]) -> list[Verdict]:
        """What is to become of these rows, in order; as the book stands now."""
        self.earlier.forget()
        rows = [self.drafter.in_own_currency(told) for told in rows]
        sound = [told for told in rows if not told.failed]
        probes = {told.row: probe_of(told) for told in sound}
        found = dict(zip(probes, find_matches(list(probes.values())), strict=True))
        known = known_of({match.customer_id for some in found.values() for match in some})
        self._seen = in_sight(self.reader, known)
        return [
            Verdict(told, FAILED)
            if told.failed
            else self._judge(told, probes[told.row], found[told.row], known)
            for told in rows
        ]

    def _judge(
        self,
        told: Incoming,
        probe: Probe,
        matches: Sequence[Match],
        known: Mapping[int, Known],
    ) -> Verdict:
        sure = self._foremost([known[match.customer_id] for match in matches if match.certain])
        marks = self.earlier.marks(probe)
        is_update = self.on_duplicate == UPDATE
        earlier = self.earlier.find(marks) if sure is None or is_update else None
        said = self.earlier.said(_said(told)) if is_update else b""
        differing = self.earlier.differing(earlier, said) if earlier is not None else ()
        likely = [
            match.customer_id
            for match in matches
            if not match.certain and match.customer_id in self._seen
        ]
        whom = sure.id if sure else None
        verdict = Verdict(told, CREATED, None, whom, earlier, bool(differing), likely)
        if (sure is None and earlier is None) or self.on_duplicate == CREATE:
            verdict.draft = self.drafter.draft(told)
        elif self.on_duplicate == HOLD or self.earlier.name(NUMBER) in differing:
            verdict.hold_back()
        elif sure is not None and (problem := self.hindrance(sure)):
            verdict.hold_back(problem)
        else:
            verdict.fate, verdict.draft = UPDATED, self.drafter.draft(told, sure)
        if verdict.fate != DUPLICATE:
            self.earlier.add(marks, told.row, said)
        return verdict

    def _foremost(self, certain: Sequence[Known]) -> Known | None:
        """Whom of those that a row certainly is it is about: who may be changed comes first."""
        free = (known for known in certain if not self.hindrance(known))
        return next(free, certain[0] if certain else None)

    def hindrance(self, known: Known) -> str:
        """Why a known customer may not be changed, if it may not."""
        if not self.reaches(known.owner_id):
            return "import_not_yours"
        return SET_ASIDE.get(known.state, "")

    def reaches(self, owner_id: int | None) -> bool:
        """Whether who imports may change customers of this owner."""
        return all(self.reader.covers(right, owner_id) for right in NEEDED)


def _said(told: Incoming) -> dict[str, Any]:
    """What a row says of its customer. Of contacts, talks and remarks each row may have its own."""
    values = {name: value for name, value in told.values.items() if name not in FIXED}
    further = {NUMBER: told.number, "owner": told.owner, "dedicated": told.dedicated}
    return {**values, **told.extra, **{name: one for name, one in further.items() if one}}


def probe_of(told: Incoming) -> Probe:
    """What a row is compared by."""
    ways = told.contact
    return Probe(
        name=told.values["name"],
        kind=told.values.get("kind", "company"),
        number=told.number,
        phones=tuple(ways[way] for way in ("mobile", "phone") if ways.get(way)),
        emails=(ways["email"],) if ways.get("email") else (),
        ims=(ways["im"],) if ways.get("im") else (),
        birthday=told.values.get("birthday") or ways.get("birthday"),
        address=told.values.get("address") or "",
    )
