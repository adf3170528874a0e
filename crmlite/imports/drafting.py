"""From what a row says to what is written: the firm's people and tags found by name, and what has no
field of its own kept as a remark."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select

from crmlite import settings
from crmlite.access import Reader
from crmlite.accounts.queries import owners, people, person_name
from crmlite.accounts.roster import Person
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.models import Customer
from crmlite.customers.operations.tags import automatic_tags, tags_at_rest
from crmlite.customers.queries import dimensions_with_tags
from crmlite.extensions import database
from crmlite.fields import extra_kept, fields_of, guards_of
from crmlite.followups.operations import PastContact, PlannedStep
from crmlite.followups.operations.histories import LONGEST_STEP
from crmlite.imports.reading import Doubt, Incoming
from crmlite.rules.amounts import parse_amount, written_currency
from crmlite.rules.lifecycle import DORMANT
from crmlite.rules.problems import Problem
from crmlite.rules.text import folded
from crmlite.settings.places import currencies
from crmlite.work.record_types import record_types

KIND = "other"  # of a contact that a file tells of: it does not say how it was made
LONGEST_BY = 120
LONGEST_TAG = 40
AMOUNTS = ("signed_amount", "annual_amount")
OTHER_CURRENCY = "amount_currency"  # the problem of an amount that names another one
FIXED = frozenset({"name", "kind"})  # a known customer is called, and is, what it is in the book
MOST_TAGS = 100  # new ones in a file


class KnownTag(NamedTuple):
    """A tag, and the exclusive dimension that it is of."""

    id: int
    family: int | None


class Known(NamedTuple):
    """A customer of the book that a row is about, as far as it decides what the row may change."""

    id: int
    owner_id: int | None
    kind: str
    currency: str
    state: str


def known_of(customer_ids: Collection[int]) -> dict[int, Known]:
    """These customers."""
    table = Customer.__table__
    wanted = select(*(table.c[name] for name in Known._fields)).where(table.c.id.in_(customer_ids))
    rows = database.session.execute(wanted) if customer_ids else ()
    return {row.id: Known(*row) for row in rows}


@dataclass(slots=True)
class Draft:
    """A customer to be added or changed, with its last contact and its next step. The customer's id
    is put in when it is known.

    `given` is what changes where the customer is known: what the row says, and nothing that is only
    assumed of new ones. `new_tags` are names of tags that there are not yet; `doubts` what of the row
    cannot be kept.
    """

    customer: CustomerDraft
    given: Mapping[str, Any] = field(default_factory=dict)
    new_tags: Sequence[str] = ()
    doubts: list[Doubt] = field(default_factory=list)
    contact: PastContact | None = None
    step: PlannedStep | None = None
    is_day_assumed: bool = False


@dataclass(kw_only=True)
class Drafter:
    """Makes drafts for one import. `reader` is who imports; `owner_id` whose the customers become
    whose row names nobody; `headings` what stands above the column of each target."""

    reader: Reader
    headings: Mapping[str, str]
    owner_id: int | None = None
    today: date
    _people: Mapping[str, int | None] = field(default_factory=dict)
    _owners: Mapping[str, int | None] = field(default_factory=dict)
    _able: Collection[int] = ()  # to own customers
    _tags: dict[str, KnownTag] = field(default_factory=dict)
    _retired: set[str] = field(default_factory=set)
    _automatic: Mapping[int, Any] = field(default_factory=dict)
    _resting: Mapping[int, Any] = field(default_factory=dict)
    _new: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        able = owners()
        self._people = people_by_name()
        self._owners, self._able = _by_name(able), {person.id for person in able}
        self._automatic, self._resting = automatic_tags(), tags_at_rest()
        for dimension, tags in dimensions_with_tags():
            for tag in tags:
                known = KnownTag(tag["id"], dimension["id"] if dimension["exclusive"] else None)
                keys = () if tag["id"] in self._automatic else (tag["key"],)
                names = {folded(n).casefold() for n in (*keys, *tag["label"].values())}
                if tag["retired"]:
                    self._retired |= names
                for name in () if tag["retired"] else names:
                    self._tags.setdefault(name, known)

    def draft(self, told: Incoming, known: Known | None = None) -> Draft:
        """What to write for a row that has a name; `known` is the customer of the book that it is
        about."""
        doubts: list[Doubt] = []
        remarks = [*told.remarks]
        by = self._by(told, known, remarks, doubts)
        values, given, owner = self._values(told, known, by, doubts)
        new_tags: list[str] = []
        tags = self._tag_ids(told, new_tags, doubts)
        whose = known.owner_id if known else owner
        currency = known.currency if known else values.get("currency") or settings.get("currency")
        contact = self._contact(told, by, whose, doubts)
        step = self._step(told, whose, self._assignee(by, owner), remarks, doubts)
        return Draft(
            CustomerDraft(
                values=values,
                contacts=[self._contact_kept(told, doubts)] if told.contact else (),
                needs=[told.need] if told.need else (),
                remarks=[{"text": text} for text in remarks],
                tags=tags,
                number=told.number,
                extra=self._further(told, known, whose, currency, doubts),
                named=told.named,
            ),
            given,
            new_tags,
            doubts,
            contact,
            step,
            self._is_day_assumed(told),
        )

    def in_own_currency(self, told: Incoming) -> Incoming:
        """A row as the customer sheet has customers abroad: amounts that name another currency than
        the firm's are in that one. Each has to say its unit, too: whether that of its column is meant
        nobody knows."""
        wrong = [doubt for doubt in told.doubts if doubt.problem.code == OTHER_CURRENCY]
        if not wrong:
            return told
        said = {self.headings.get(name): name for name in AMOUNTS if name in told.texts}
        texts = {said[one.heading]: one.text for one in wrong if one.heading in said}
        meant = {written_currency(text) for text in texts.values()}
        code = meant.pop() if len(meant) == 1 else None
        if code not in currencies() or not told.values.keys().isdisjoint(("currency", *AMOUNTS)):
            return told
        if not _amounts_of("customer").isdisjoint(told.extra):
            return told
        read = {name: parse_amount(text, currency=code) for name, text in texts.items()}
        if any(parse_amount(texts[name], currency=code, unit=2) != read[name] for name in read):
            return told
        doubts = [one for one in told.doubts if one not in wrong or one.heading not in said]
        for name, checked in read.items():
            lost = texts[name] if checked.value is None else ""
            doubts += [Doubt(self.headings[name], one, lost) for one in checked.problems]
        amounts = {name: one.value for name, one in read.items() if one.value is not None}
        return replace(told, values={**told.values, "currency": code, **amounts}, doubts=doubts)

    def _is_day_assumed(self, told: Incoming) -> bool:
        """Whether the day of the step is no more than what its words are taken to mean."""
        step = told.step
        unsaid = "next.on" not in self.headings
        return step is not None and (step.due_on is None or step.counted or unsaid)

    def _values(
        self, told: Incoming, known: Known | None, by: int | None, doubts: list[Doubt]
    ) -> tuple[dict[str, Any], dict[str, Any], int | None]:
        """The values of a new customer, what of them changes a known one, and whose it is then."""
        values = dict(told.values)
        if values.get("tier") == DORMANT:
            # It only shows the life-cycle: the tier that was set stays.
            del values["tier"]
            values["lifecycle"] = DORMANT
        named = self._named("owner", told.owner, doubts)
        if known is None:
            owner = self._owner(told, named, by, doubts)
        else:
            owner = self._next_owner(told, named, known, doubts)
            self._fit_currency(told, values, known, doubts)
        whose = known.owner_id if known else owner
        self._drop_forbidden(told, values, whose, doubts)
        dedicated = self._dedicated(told, whose, doubts)
        if dedicated is not None:
            values["dedicated_id"] = dedicated
        given = {name: value for name, value in values.items() if name not in FIXED}
        if known is not None and owner != known.owner_id:
            given["owner_id"] = owner
        first = told.talk.at.date() if told.talk else None
        return {"first_contact_on": first, **values, "owner_id": owner}, given, owner

    def _named(self, target: str, text: str, doubts: list[Doubt]) -> int | None:
        """Whom a row names as owner or dedicated person, found by name among those who may own
        customers."""
        name = text.casefold()
        found = self._owners.get(name) if name else None
        if name and found is None:
            is_known = self._people.get(name) is not None
            code = "import_owner_unable" if is_known else "import_owner_unknown"
            doubts.append(Doubt(self.headings[target], Problem(code, {"name": text}), text))
        return found

    def _dedicated(self, told: Incoming, owner_id: int | None, doubts: list[Doubt]) -> int | None:
        """The dedicated person that a row names, where who imports may set them for customers of
        this owner."""
        named = self._named("dedicated", told.dedicated, doubts)
        if named is None or self.reader.covers("customers:assign", owner_id):
            return named
        self._refuse("dedicated", told.dedicated, doubts)
        return None

    def _owner(
        self, told: Incoming, named: int | None, by: int | None, doubts: list[Doubt]
    ) -> int | None:
        """Whose a new customer is: the owner that the row names; else whose the import says all are;
        else who follows up. Who may not give customers to others keeps them."""
        wanted = next((one for one in (named, self.owner_id, by) if one in self._able), None)
        if self.reader.covers("customers:assign", wanted):
            return wanted
        own = self.reader.user_id if self.reader.user_id in self._able else None
        if named not in (None, own):
            self._refuse("owner", told.owner, doubts)
        return own

    def _next_owner(
        self, told: Incoming, named: int | None, known: Known, doubts: list[Doubt]
    ) -> int | None:
        """Whose a known customer is afterwards: another's where the row names them, and where who
        imports may take it from the one and give it to the other."""
        if named is None or named == known.owner_id:
            return known.owner_id
        if all(self.reader.covers("customers:assign", one) for one in (known.owner_id, named)):
            return named
        self._refuse("owner", told.owner, doubts)
        return known.owner_id

    def _fit_currency(
        self, told: Incoming, values: dict[str, Any], known: Known, doubts: list[Doubt]
    ) -> None:
        """Leave amounts of another currency than the customer's out: they would become others."""
        if _currency_of(told) == known.currency:
            return
        for name in ("currency", *AMOUNTS):
            if values.pop(name, None) is not None and name in self.headings:
                problem = Problem("import_other_currency", {"currency": known.currency})
                text = told.texts.get(name, "")
                doubts.append(Doubt(self.headings[name], problem, text))

    def _drop_forbidden(
        self,
        told: Incoming,
        values: dict[str, Any],
        owner_id: int | None,
        doubts: list[Doubt],
    ) -> None:
        """Leave out what who imports may not set of a customer of this owner."""
        for name, right in record_types()["customer"].rights.items():
            if name in values and not self.reader.covers(right, owner_id):
                del values[name]
                self._refuse(name, told.texts.get(name, ""), doubts)

    def _further(
        self,
        told: Incoming,
        known: Known | None,
        owner_id: int | None,
        currency: str,
        doubts: list[Doubt],
    ) -> dict[str, Any]:
        """The further fields of a row without those that who imports may not set: amounts of a
        customer of this owner, and of a known one what is masked for them; and without amounts of
        another currency than the customer has."""
        guards = guards_of("customer")
        problem = Problem("import_other_currency", {"currency": currency})
        extra = self._in_currency(told, told.extra, currency, problem, doubts)
        for name in list(extra):
            guard = guards.get(name)
            if guard is None or not (known or not guard.sealed):
                continue
            if not self.reader.covers(guard.right, owner_id):
                del extra[name]
                self._refuse(name, "", doubts)
        return extra_kept(extra, fields_of("customer"))

    def _contact_kept(self, told: Incoming, doubts: list[Doubt]) -> dict[str, Any]:
        """The contact of a row with its further fields as they are kept: their amounts are in the
        firm's currency, whatever the customer's is."""
        contact = dict(told.contact)
        if "extra" in contact:
            firms, written = settings.get("currency"), _currency_of(told)
            problem = Problem(OTHER_CURRENCY, {"currency": firms, "written": written})
            kept = self._in_currency(told, contact["extra"], firms, problem, doubts, "contact")
            contact["extra"] = extra_kept(kept, fields_of("contact")) or None
        return contact

    def _in_currency(
        self,
        told: Incoming,
        extra: Mapping[str, Any],
        currency: str,
        problem: Problem,
        doubts: list[Doubt],
        kind: str = "customer",
    ) -> dict[str, Any]:
        """Further fields without amounts of another currency than their record has: they would
        become others."""
        if _currency_of(told) == currency:
            return dict(extra)
        amounts = _amounts_of(kind)
        for name in extra:
            if name in amounts:
                target = name if kind == "customer" else f"{kind}.{name}"
                text = told.texts.get(target, "")
                doubts.append(Doubt(self.headings.get(target, ""), problem, text))
        return {name: value for name, value in extra.items() if name not in amounts}

    def _refuse(self, target: str, text: str, doubts: list[Doubt]) -> None:
        """Say that something is left out because who imports may not set it."""
        heading = self.headings.get(target, "")
        doubts.append(Doubt(heading, Problem("import_not_allowed"), text))

    def _by(
        self, told: Incoming, known: Known | None, remarks: list[str], doubts: list[Doubt]
    ) -> int | None:
        """Who follows up, by id. A name that nobody signs in with stays with the contact they made;
        where the row tells of none, it is kept as a remark, unless it is the owner's, who left."""
        if not told.by:
            return None
        found = self._people.get(told.by.casefold())
        owner = folded(person_name(known.owner_id)).casefold() if known else ""
        if found is None and told.talk is None and told.by.casefold() != owner:
            column = self.headings["talk.by"]
            remarks.append(f"{column}: {told.by}")
            doubts.append(Doubt(column, Problem("import_by_kept", level="warning")))
        return found

    def _assignee(self, by: int | None, owner: int | None) -> int | None:
        """Who is to do the next step: who follows up, where they may be given the customer."""
        if by in self._able and (by == owner or self.reader.covers("customers:assign", by)):
            return by
        return owner

    def _contact(
        self, told: Incoming, by: int | None, owner_id: int | None, doubts: list[Doubt]
    ) -> PastContact | None:
        """The contact of a row, where who imports may write down contacts with customers of this
        owner."""
        if told.talk is None:
            return None
        if not self.reader.covers("interactions:create", owner_id):
            target = "talk.content" if told.talk.content else "talk.on"
            text = told.talk.content or told.talk.at.date().isoformat()
            self._refuse(target, text, doubts)
            return None
        return PastContact(
            customer_id=0,
            kind=KIND,
            content=told.talk.content,
            occurred_at=told.talk.at,
            done_by_id=by,
            done_by_name=told.by[:LONGEST_BY] if by is None and told.by else None,
        )

    def _may_be_added(self, name: str) -> bool:
        """Whether a tag that there is not is to be made: of names, a file has few. Many different ones
        are something else under a heading that says tags."""
        typed = folded(name)
        if len(typed) > LONGEST_TAG or typed.casefold() in self._retired:
            return False
        if not self.reader.may("tags:manage"):
            return False
        if len(self._new) < MOST_TAGS:
            self._new.add(typed.casefold())
        return typed.casefold() in self._new

    def _tag_ids(self, told: Incoming, new: list[str], doubts: list[Doubt]) -> list[int]:
        kept: dict[int, int | None] = {}  # tag: its dimension where that is exclusive
        for name in told.tags:
            tag = self._tags.get(folded(name).casefold())
            if tag is None and self._may_be_added(name):
                new.append(folded(name))
                continue
            if tag is None:
                code = "import_tag_unknown"
            elif tag.id in self._automatic:
                code = "import_tag_automatic"
            elif tag.id in self._resting:
                code = "import_tag_resting"
            elif tag.family is not None and tag.family in kept.values():
                code = "import_tag_exclusive"
            else:
                kept[tag.id] = tag.family
                continue
            problem = Problem(code, {"tag": name.strip()})
            doubts.append(Doubt(self.headings["tags"], problem, name.strip()))
        return list(kept)

    def _step(
        self,
        told: Incoming,
        owner_id: int | None,
        assignee: int | None,
        remarks: list[str],
        doubts: list[Doubt],
    ) -> PlannedStep | None:
        """The step of a row, where who imports may plan for customers of this owner."""
        step = told.step
        if step is None:
            return None
        if not self.reader.covers("tasks:edit", owner_id):
            target = "next.what" if step.what else "next.on"
            self._refuse(target, step.what or str(step.due_on), doubts)
            return None
        what = step.what
        if len(what) > LONGEST_STEP:
            remarks.append(what)
            warning = Problem("import_step_long", level="warning")
            doubts.append(Doubt(self.headings["next.what"], warning))
            what = f"{what[: LONGEST_STEP - 1]}…"
        due_on = step.due_on or self.today
        return PlannedStep(customer_id=0, what=what, due_on=due_on, assignee_id=assignee)


def people_by_name() -> Mapping[str, int | None]:
    """The ids of those who sign in, by their logins and names; None where several are called so."""
    return _by_name(person for person in people().values() if person.active)


def _currency_of(told: Incoming) -> str:
    """In which currency the amounts of a row are."""
    return str(told.values.get("currency") or settings.get("currency"))


def _amounts_of(kind: str) -> set[str]:
    """The names of the further fields that hold amounts."""
    return {field.name for field in fields_of(kind) if field.kind == "amount"}


def _by_name(some: Iterable[Person]) -> dict[str, int | None]:
    """The ids of people by their logins and names; None where several are called so."""
    found: dict[str, int | None] = {}
    for person in some:
        for name in {folded(person.login).casefold(), folded(person.name).casefold()}:
            found[name] = None if name in found else person.id
    return found
