"""What becomes of rows with records of a pack: new ones, changes of known ones, or why they cannot be.

A record is known again by what it hangs on, what names it, and its day.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from crmlite.access import Reader
from crmlite.cases.models import Case
from crmlite.customers.models import Contact, Customer
from crmlite.db.guarded_json import guarded, opened_inside
from crmlite.db.keys import ring
from crmlite.extensions import database
from crmlite.fields import extra_column, extra_kept
from crmlite.imports.judging import CREATE, HOLD, UPDATE
from crmlite.imports.models import CREATED, DUPLICATE, FAILED, UPDATED
from crmlite.imports.objects.reading import ObjectRow
from crmlite.imports.objects.targets import kind_of
from crmlite.imports.orders.finding import customers_meant
from crmlite.imports.orders.met import Memory
from crmlite.imports.reading import Doubt
from crmlite.objects.kinds import Kind
from crmlite.objects.models import Object
from crmlite.objects.sight import may_add
from crmlite.rules.problems import Problem
from crmlite.sales.models import Order
from crmlite.work import Refused
from crmlite.work.records import chunks

Row = Mapping[str, Any]
OBJECTS, CUSTOMERS, CONTACTS = Object.__table__, Customer.__table__, Contact.__table__
NUMBERED = {"order": Order.__table__, "case": Case.__table__}
SEEN = {"order": "orders:see", "case": "cases:see"}
MET = "object"
AT_ONCE = 500


@dataclass(slots=True)
class Verdict:
    """What is to become of a row. `parent_id` is the contact, order or case; `extra` the values as
    they are kept."""

    told: ObjectRow
    fate: str = CREATED
    customer_id: int | None = None
    object_id: int | None = None
    parent_id: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    title: str = ""
    noted: list[Doubt] = field(default_factory=list)
    order_id: int | None = None
    earlier: int | None = None
    differs: bool = False
    likely: Sequence[int] = ()

    @property
    def doubts(self) -> Sequence[Doubt]:
        """What is to be said about the row."""
        return [*self.told.doubts, *self.noted]

    def fail(self, code: str, **params: object) -> None:
        """Write nothing of it, for this reason."""
        self.fate = FAILED
        self.noted.append(Doubt("", Problem(code, params)))

    def hold_back(self, code: str, **params: object) -> None:
        """Write nothing of it, since it is in the book."""
        self.fate = DUPLICATE
        self.noted.append(Doubt("", Problem(code, params)))


@dataclass(kw_only=True)
class ObjectJudge:
    """Judges the rows of one import. `reader` is who imports, `about` the kind; `headings` what stands
    above the column of each target."""

    reader: Reader
    about: str
    headings: Mapping[str, str]
    on_duplicate: str = HOLD
    earlier: Memory = field(default_factory=Memory)

    def judge(self, rows: Sequence[ObjectRow]) -> list[Verdict]:
        """What is to become of these rows, in order; as the book stands now. Raises Refused
        (`import-pack-off`)."""
        of = kind_of(self.about)
        if of is None:
            raise Refused("import-pack-off")
        self.earlier.forget()
        verdicts = [Verdict(told) for told in rows]
        _Court(self, of, verdicts).judge()
        return verdicts


class _Court:
    """A batch of rows with what the book says of them."""

    def __init__(self, judge: ObjectJudge, of: Kind, verdicts: Sequence[Verdict]) -> None:
        self.judging, self.kind, self.verdicts = judge, of, verdicts
        self.reader, self.guards = judge.reader, guarded(OBJECTS)
        rows = [one.told for one in verdicts]
        self.meant = customers_meant({row.whose for row in rows if any(row.whose)})
        self.numbered = self._numbered({row.parent for row in rows if row.parent})
        self.people: dict[int, list[Row]] = {}

    def judge(self) -> None:
        """Say of each row what becomes of it."""
        for one in self.verdicts:
            one.title = self._called(one.told)
            if one.told.failed:
                one.fate = FAILED
            elif self.kind.title not in one.told.values:
                one.fail("object_title_missing")
            else:
                self._place(one)
        placed = [one for one in self.verdicts if one.fate == CREATED]
        self._find_people(placed)
        for one in placed:
            self._hang(one)
        standing = [one for one in placed if one.fate == CREATED]
        known = self._known(standing)
        for one in standing:
            self._compare(one, known)

    def _called(self, told: ObjectRow) -> str:
        value = told.values.get(self.kind.title)
        whose = told.whose.name or told.whose.number or told.parent
        return " · ".join(filter(None, (self.kind.title_of(value) if value else "", whose)))

    def _place(self, one: Verdict) -> None:
        """Find whose it is, or why it cannot be theirs."""
        if self.kind.parent in NUMBERED:
            self._by_number(one)
            return
        candidates = self.meant.get(one.told.whose, ())
        mine = [row for row in candidates if self.reader.covers("customers:see", row["owner_id"])]
        if not any(one.told.whose):
            one.fail("order_customer_missing")
        elif not candidates:
            one.fail("order_customer_unknown")
        elif len(mine or candidates) > 1:
            one.fail("order_customer_several", name=one.told.whose.name)
        else:
            self._at(one, (mine or candidates)[0], seen=bool(mine))

    def _at(self, one: Verdict, row: Row, *, seen: bool) -> None:
        on = {"owner_id": row["owner_id"], "customer_state": row["state"]}
        if row["state"] == "archived":
            one.fail("import_archived")
        elif not seen or not may_add(self.reader, self.kind.parent, on):
            one.fail("import_not_yours")
        else:
            one.customer_id = row["id"]
            self._keep(one, row["owner_id"])

    def _by_number(self, one: Verdict) -> None:
        """Of an order or a case, which says whose it is."""
        parent = self.kind.parent
        row = self.numbered.get(one.told.parent)
        if row is None or not self._sees(row):
            one.fail(f"object_{parent}_unknown")
            return
        there = {found["id"] for found in self.meant.get(one.told.whose, ())}
        if there and row["customer_id"] not in there:
            one.fail("object_other_customer", number=one.told.parent)
            return
        on = {"owner_id": row["owner_id"], "customer_state": row["state"], "case_id": row["id"]}
        if not may_add(self.reader, parent, on):
            one.fail("object_not_yours")
            return
        one.customer_id, one.parent_id = row["customer_id"], row["id"]
        self._keep(one, row["owner_id"])

    def _sees(self, row: Row) -> bool:
        rights = (SEEN[self.kind.parent], "customers:see")
        return all(self.reader.covers(right, row["owner_id"]) for right in rights)

    def _numbered(self, numbers: Collection[str]) -> dict[str, Row]:
        """The orders or cases with these numbers, with their customer's owner and state."""
        table = NUMBERED.get(self.kind.parent)
        found: dict[str, Row] = {}
        for some in chunks(sorted(numbers), AT_ONCE) if table is not None else ():
            wanted = (
                select(table.c.id, table.c.number, table.c.customer_id, CUSTOMERS.c.owner_id,
                       CUSTOMERS.c.state)
                .join(CUSTOMERS, CUSTOMERS.c.id == table.c.customer_id)
                .where(table.c.number.in_(some), table.c.state == "active")
            )  # fmt: skip
            found |= {row["number"]: row for row in database.session.execute(wanted).mappings()}
        return found

    def _keep(self, one: Verdict, owner_id: int | None) -> None:
        """The values as they are kept, without amounts that who imports may not set."""
        values = dict(one.told.values)
        for name in one.told.values:
            guard = self.guards.get(name)
            if guard is None or guard.sealed or self.reader.covers(guard.right, owner_id):
                continue
            del values[name]
            heading = self.judging.headings.get(name, "")
            one.noted.append(Doubt(heading, Problem("import_not_allowed")))
        one.extra = extra_kept(values, self.kind.fields)

    def _find_people(self, placed: Iterable[Verdict]) -> None:
        if self.kind.parent != "contact":
            return
        ids = {one.customer_id for one in placed}
        for some in chunks(sorted(filter(None, ids)), AT_ONCE):
            wanted = select(CONTACTS.c.id, CONTACTS.c.name, CONTACTS.c.customer_id).where(
                CONTACTS.c.customer_id.in_(some), CONTACTS.c.state == "active"
            )
            for row in database.session.execute(wanted).mappings():
                self.people.setdefault(row["customer_id"], []).append(row)

    def _hang(self, one: Verdict) -> None:
        """Find the contact that it hangs on."""
        if self.kind.parent != "contact":
            return
        name = one.told.parent
        people = self.people.get(one.customer_id or 0, ())
        found = [row["id"] for row in people if row["name"].casefold() == name.casefold()]
        if not name:
            one.fail("object_contact_missing")
        elif not found:
            one.fail("object_contact_unknown", name=name)
        elif len(found) > 1:
            one.fail("object_contact_several", name=name)
        else:
            one.parent_id = found[0]

    def _known(self, standing: Sequence[Verdict]) -> dict[tuple[Any, ...], Row]:
        """The records of the book that rows may be, by what they are known by."""
        title = self.kind.field(self.kind.title)
        assert title is not None
        found: dict[tuple[Any, ...], Row] = {}
        for some in chunks(sorted({one.customer_id or 0 for one in standing}), AT_ONCE):
            titles = {one.extra.get(title.name) for one in standing if one.customer_id in some}
            wanted = select(OBJECTS).where(
                OBJECTS.c.customer_id.in_(some),
                OBJECTS.c.type_id == self.kind.id,
                OBJECTS.c.state == "active",
                extra_column(title, OBJECTS).in_(titles),
            )
            for row in database.session.execute(wanted.order_by(OBJECTS.c.id.desc())).mappings():
                found[self._key(row["customer_id"], _parent_of(row), row["extra"] or {})] = row
        return found

    def _key(self, customer_id: int | None, parent_id: int | None, extra: Row) -> tuple[Any, ...]:
        return customer_id, parent_id, extra.get(self.kind.title), extra.get(self.kind.day)

    def _compare(self, one: Verdict, known: Mapping[tuple[Any, ...], Row]) -> None:
        """Say whether it is in the book already, or stands in a row before."""
        key = self._key(one.customer_id, one.parent_id, one.extra)
        earlier, judging = self.judging.earlier, self.judging
        if judging.on_duplicate == CREATE:
            return
        if (met := earlier.find(MET, repr(key))) is not None:
            one.hold_back("object_earlier", row=met.row)
            return
        earlier.add(MET, repr(key), one.told.row)
        if (row := known.get(key)) is None:
            return
        one.object_id = row["id"]
        there = self._plain(row)
        one.differs = any(there.get(name) != value for name, value in one.extra.items())
        if one.differs and judging.on_duplicate == UPDATE:
            one.fate = UPDATED
        else:
            one.hold_back("object_known")

    def _plain(self, row: Row) -> dict[str, Any]:
        """What a record of the book holds, opened."""
        return {
            name: opened_inside(ring(), OBJECTS, name, value, row["uid"])
            if name in self.guards and self.guards[name].sealed
            else value
            for name, value in (row["extra"] or {}).items()
        }


def _parent_of(row: Row) -> int | None:
    found: int | None = row["contact_id"] or row["order_id"] or row["case_id"]
    return found
