"""Who in the book a record may be that is about to be written.

Whom to compare it with is asked of indexes alone, for many records in a handful of statements; only
of those found is anything read or opened.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select

from crmlite.access.sensitive import columns, opened
from crmlite.customers.duplicates.scoring import (
    HAN,
    LIKELY,
    Traits,
    compare,
    sound_of,
    words,
)
from crmlite.customers.models import Alias, ContactKey, Customer
from crmlite.db.keyring import KeyRing
from crmlite.db.keys import ring
from crmlite.db.sealing import keyed_hash
from crmlite.extensions import database
from crmlite.rules.contact_details import email_forms, im_form, phone_forms
from crmlite.rules.names import name_key
from crmlite.settings.places import calling_code
from crmlite.work.records import chunks

AT_ONCE = 500
MOST = 20  # candidates by one key: a name or a switchboard may stand in the book a thousand times
KNOWN = ("active", "archived")
GONE = ("deleted", "merged")
ADDRESS = 8  # points that the address can add
CUSTOMERS, KEYS, ALIASES = Customer.__table__, ContactKey.__table__, Alias.__table__


@dataclass(frozen=True, kw_only=True, slots=True)
class Probe:
    """What is about to be written: its name, and the ways to reach its people."""

    name: str
    kind: str = "company"
    number: str | None = None
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    ims: tuple[str, ...] = ()
    birthday: date | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A customer that a record may be, and why. It is certain with the same name once legal form
    and place are left out, and the number, a phone or an e-mail address in common."""

    customer_id: int
    certain: bool
    score: float
    reasons: tuple[str, ...]


def find_matches(probes: Sequence[Probe], *, besides: Collection[int] = ()) -> list[list[Match]]:
    """Of the whole book, whoever sees it: whom each of these may be, the best match first; for
    operations and imports. `besides` are customers left out."""
    home, keys = calling_code(), ring()
    found: list[list[Match]] = []
    for places in chunks(range(len(probes)), AT_ONCE):
        wanted = [Wanted(probes[place], home, keys) for place in places]
        found += _matched(wanted, besides)
    return found


def certainties(probe: Probe) -> Iterator[str]:
    """What two records have in common that certainly are one, as texts that are equal then: as `_match`
    says it of the book, for records that are not in it."""
    key, home = name_key(probe.name), calling_code()
    if probe.number:
        yield f"number {probe.number} {key}"
    for phone in probe.phones:
        if whole := phone_forms(phone, home=home).whole:
            yield f"phone {whole} {key}"
    for email in probe.emails:
        if address := email_forms(email).address:
            yield f"email {address} {key}"


class Wanted:
    """A probe with what it is looked up by."""

    def __init__(self, probe: Probe, home: str, keys: KeyRing) -> None:
        self.probe = probe
        ways = {
            "phone": {phone_forms(one, home=home).whole for one in probe.phones},
            "email": {email_forms(one).address for one in probe.emails},
            "im": {im_form(one) for one in probe.ims},
        }
        self.ways = {
            keyed_hash(keys, purpose, form): (purpose, form)
            for purpose, forms in ways.items()
            for form in forms
            if form
        }
        self.traits = Traits(
            name=probe.name,
            kind=probe.kind,
            number=probe.number or None,
            phones=frozenset(ways["phone"] - {""}),
            emails=frozenset(ways["email"] - {""}),
            ims=frozenset(ways["im"] - {""}),
            birthday=probe.birthday,
            key=name_key(probe.name) if probe.name else "",
        )
        self.found: dict[int, Common] = {}

    @property
    def numbers(self) -> list[str]:
        """The number, if it has one."""
        return [self.traits.number] if self.traits.number else []

    @property
    def names(self) -> list[str]:
        """The keys of the name; of a person's in Latin letters in either order."""
        if not self.traits.key:
            return []
        said = words(self.probe.name) if self.probe.kind == "person" else []
        turned = [name_key(" ".join([*said[1:], said[0]]))] if len(said) > 1 else []
        return list({self.traits.key, *turned})

    @property
    def sounds(self) -> list[str]:
        """How the name sounds, where others that sound so may be written otherwise."""
        return [sound_of(self.traits)] if HAN.search(self.probe.name) else []

    @property
    def birthdays(self) -> list[date]:
        """The birthday of a person."""
        born = self.probe.birthday
        return [born] if born and self.probe.kind == "person" else []


@dataclass(slots=True)
class Common:
    """What a candidate has in common by the keys that it was found by."""

    number: bool = False
    ways: dict[str, set[str]] = field(default_factory=dict)


def _newest(key: Any, customer_id: Any, *conditions: Any) -> Any:
    """The newest customers by each of many keys."""
    place = func.row_number().over(partition_by=key, order_by=customer_id.desc())
    wanted = key.in_(bindparam("keys", expanding=True))
    listed = (
        select(key.label("key"), customer_id.label("id"), place.label("place"))
        .where(wanted, *conditions)
        .subquery()
    )
    return select(listed.c.key, listed.c.id).where(listed.c.place <= MOST)


BY_NAME = _newest(CUSTOMERS.c.name_key, CUSTOMERS.c.id, CUSTOMERS.c.state.not_in(GONE))
# Here the state is part of the index, so it is named as the index has it.
BY_SOUND = _newest(CUSTOMERS.c.name_sort, CUSTOMERS.c.id, CUSTOMERS.c.state.in_(KNOWN))
BY_BIRTHDAY = _newest(
    CUSTOMERS.c.birthday,
    CUSTOMERS.c.id,
    CUSTOMERS.c.state.not_in(GONE),
    CUSTOMERS.c.kind == "person",
)
BY_NUMBER = _newest(CUSTOMERS.c.number, CUSTOMERS.c.id)
BY_ALIAS = _newest(
    ALIASES.c.number,
    ALIASES.c.customer_id,
    ALIASES.c.customer_id == CUSTOMERS.c.id,
    CUSTOMERS.c.state.not_in(GONE),
)
BY_WAY = _newest(
    KEYS.c.hash,
    KEYS.c.customer_id,
    KEYS.c.customer_id == CUSTOMERS.c.id,
    CUSTOMERS.c.state.not_in(GONE),
)
_ALIKE = (
    select(
        KEYS.c.hash,
        CUSTOMERS.c.name_key,
        KEYS.c.customer_id,
        func.row_number()
        .over(partition_by=(KEYS.c.hash, CUSTOMERS.c.name_key), order_by=KEYS.c.customer_id.desc())
        .label("place"),
    )
    .where(
        KEYS.c.hash.in_(bindparam("keys", expanding=True)),
        KEYS.c.customer_id == CUSTOMERS.c.id,
        CUSTOMERS.c.name_key.in_(bindparam("names", expanding=True)),
        CUSTOMERS.c.state.not_in(GONE),
    )
    .subquery()
)
BY_WAY_AND_NAME = select(_ALIKE.c.hash, _ALIKE.c.name_key, _ALIKE.c.customer_id).where(
    _ALIKE.c.place <= MOST
)
CANDIDATES = select(
    CUSTOMERS.c.id,
    CUSTOMERS.c.kind,
    CUSTOMERS.c.name,
    CUSTOMERS.c.name_key,
    CUSTOMERS.c.name_sort,
    CUSTOMERS.c.birthday,
    *columns(Customer.address),
).where(CUSTOMERS.c.id.in_(bindparam("ids", expanding=True)), CUSTOMERS.c.state.not_in(GONE))


def _matched(wanted: Sequence[Wanted], besides: Collection[int]) -> list[list[Match]]:
    _look_up(wanted)
    ids = {customer_id for one in wanted for customer_id in one.found}.difference(besides)
    rows: dict[int, Mapping[Any, Any]] = {}
    for some in chunks(sorted(ids), AT_ONCE):
        found = database.session.execute(CANDIDATES, {"ids": some}).mappings()
        rows |= {row["id"]: row for row in found}
    return [
        sorted(
            (
                match
                for customer_id, common in one.found.items()
                if customer_id in rows
                and (match := _match(one, rows[customer_id], common)) is not None
            ),
            key=lambda match: (not match.certain, -match.score, -match.customer_id),
        )
        for one in wanted
    ]


def _look_up(wanted: Sequence[Wanted]) -> None:
    """Note with each what has a key in common with it."""
    numbers = _by_key((one, key) for one in wanted for key in one.numbers)
    for statement in (BY_NUMBER, BY_ALIAS):
        for _number, one, customer_id in _holders(statement, numbers):
            _common(one, customer_id).number = True
    for statement, keys in (
        (BY_NAME, _by_key((one, key) for one in wanted for key in one.names)),
        (BY_SOUND, _by_key((one, key) for one in wanted for key in one.sounds)),
        (BY_BIRTHDAY, _by_key((one, key) for one in wanted for key in one.birthdays)),
    ):
        for _key, one, customer_id in _holders(statement, keys):
            _common(one, customer_id)
    hashes = _by_key((one, key) for one in wanted for key in one.ways)
    held = Counter[str]()
    for key, one, customer_id in _holders(BY_WAY, hashes):
        held[key] += 1
        _share(one, key, customer_id)
    _look_up_crowded({key: hashes[key] for key in held if held[key] >= MOST * len(hashes[key])})


def _look_up_crowded(hashes: Mapping[str, Sequence[Wanted]]) -> None:
    """Of the ways to reach somebody that more customers have than are compared: who has them and the
    same name as well is certain, and so never left out."""
    names = {one.traits.key for wanted in hashes.values() for one in wanted} - {""}
    if not names:
        return
    asked = {"keys": list(hashes), "names": list(names)}
    for key, name, customer_id in database.session.execute(BY_WAY_AND_NAME, asked):
        for one in hashes[key]:
            if one.traits.key == name:
                _share(one, key, customer_id)


def _share(one: Wanted, key: str, customer_id: int) -> None:
    """Note a way to reach somebody that a customer has as well."""
    purpose, form = one.ways[key]
    _common(one, customer_id).ways.setdefault(purpose, set()).add(form)


def _by_key(pairs: Iterable[tuple[Wanted, Any]]) -> dict[Any, list[Wanted]]:
    found: dict[Any, list[Wanted]] = {}
    for one, key in pairs:
        found.setdefault(key, []).append(one)
    return found


def _holders(
    statement: Any, keys: Mapping[Any, Sequence[Wanted]]
) -> Iterable[tuple[Any, Wanted, int]]:
    """Each key that customers have, with who asks for it and the customer."""
    if not keys:
        return
    for key, customer_id in database.session.execute(statement, {"keys": list(keys)}):
        for one in keys[key]:
            yield key, one, customer_id


def _common(one: Wanted, customer_id: int) -> Common:
    return one.found.setdefault(customer_id, Common())


def _match(one: Wanted, row: Mapping[Any, Any], common: Common) -> Match | None:
    """A candidate as a match, if it is one."""
    same_name = bool(one.traits.key) and one.traits.key == row["name_key"]
    certain = same_name and bool(common.number or {"phone", "email"}.intersection(common.ways))
    theirs = Traits(
        name=row["name"],
        kind=row["kind"],
        number=one.traits.number if common.number else None,
        phones=frozenset(common.ways.get("phone", ())),
        emails=frozenset(common.ways.get("email", ())),
        ims=frozenset(common.ways.get("im", ())),
        birthday=row["birthday"],
        key=row["name_key"],
        sound=row["name_sort"],
    )
    verdict = compare(one.traits, theirs)
    if one.probe.address and row["address"] and verdict.score >= LIKELY - ADDRESS:
        mine = replace(one.traits, address=one.probe.address)
        verdict = compare(mine, replace(theirs, address=opened(Customer.address, row)))
    if not certain and not verdict.likely:
        return None
    return Match(row["id"], certain, verdict.score, verdict.reasons)
