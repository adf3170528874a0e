"""What packs show in a demo book: the customers in their `demo.toml`, with what the pack records of them.

A day is a number of days from the day on which it is put in, an amount is in whole units of money, names
of the pack's own things are the short ones.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import Text, cast, select

from crmlite import hooks
from crmlite.accounts.models import User
from crmlite.cases.models import Case
from crmlite.cases.operations import CaseDraft, open_case
from crmlite.customers.conditions.catalogue import offering
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.models import Contact, Customer
from crmlite.customers.operations import (
    create_customer,
    update_contact,
    update_customer,
)
from crmlite.declarations import full_name, of_kind, only
from crmlite.extensions import database
from crmlite.fields.queries import fields_of
from crmlite.fields.values import extra_kept
from crmlite.followups.deadlines import firm_zone
from crmlite.objects.kinds import Kind, kind_called
from crmlite.objects.operations import ObjectDraft, add_object
from crmlite.packs.loading import known
from crmlite.rules.fields import BadDeclaration, Field
from crmlite.sales.models import Order
from crmlite.work import Actor, Refused, operation
from crmlite.work.operations import move_epoch

Raw = Mapping[str, Any]
FILE = "demo.toml"
MINOR = 100
NEW = ("kind", "owner", "lifecycle", "stage", "tier", "source", "region", "industry")
CUSTOMER = ("name", *NEW, "contacts", "fields", "records", "cases")
CONTACT = ("name", "mobile", "title", "relation", "fields")
CASE = ("subject", "said", "category", "kind", "level", "channel", "ago", "fields")
PARENTS = {"contact": Contact.__table__, "order": Order.__table__, "case": Case.__table__}
CUSTOMERS, CONTACTS, USERS = Customer.__table__, Contact.__table__, User.__table__


def shows(pack: str) -> bool:
    """Whether a pack brings something to show."""
    found = known(current_app).get(pack)
    return found is not None and found.sound and found.folder.joinpath(FILE).is_file()


def load_trade(pack: str, *, by: Actor, at: datetime) -> int:
    """Put in what a pack that is on shows; answers how many customers that are.

    A customer of a name that the book has gets what the pack records; others are added. Raises Refused:
    `pack-off`, `demo-none` where the pack shows nothing, `demo-there` where customers have data of it,
    `demo-unfit` with the `fault`.
    """
    if pack not in hooks.enabled():
        raise Refused("pack-off", {"pack": pack})
    if not shows(pack):
        raise Refused("demo-none", {"pack": pack})
    try:
        customers = _read(pack)
        _load(pack, customers, by=by, at=at)
    except (BadDeclaration, UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        raise Refused("demo-unfit", {"fault": f"{FILE}: {wrong}"}) from None
    return len(customers)


def _read(pack: str) -> list[Any]:
    text = known(current_app)[pack].folder.joinpath(FILE).read_text("utf-8")
    table = only(tomllib.loads(text), ("customer",), FILE)
    found: list[Any] = of_kind(table, "customer", list, [], FILE)
    return found


@operation("demo_loaded")
def _load(pack: str, customers: Sequence[Any], *, by: Actor, at: datetime) -> int:
    if _is_there(pack):
        raise Refused("demo-there", {"pack": pack})
    shop = _Trade(pack, by, at)
    for raw in customers:
        shop.add(raw)
    move_epoch()  # which customers are shown ones is kept in memory
    return len(customers)


def _is_there(pack: str) -> bool:
    told = cast(CUSTOMERS.c.extra, Text).contains(f'"{full_name(pack, "")}', autoescape=True)
    return database.session.execute(select(CUSTOMERS.c.id).where(told).limit(1)).first() is not None


class _Trade:
    """One pack at work on a demo book."""

    def __init__(self, pack: str, by: Actor, at: datetime) -> None:
        self.pack, self.by, self.at = pack, by, at
        self.today = at.astimezone(firm_zone()).date()
        self.people = dict(database.session.execute(select(USERS.c.login, USERS.c.id)).all())

    def add(self, raw: Any) -> None:
        """A customer, with everything that is told of it."""
        where = (
            f"[[customer]] {raw.get('name', '')}" if isinstance(raw, Mapping) else "[[customer]]"
        )
        only(raw, CUSTOMER, where)
        name = of_kind(raw, "name", str, "", where)
        extra = self._extra("customer", of_kind(raw, "fields", dict, {}, where), where)
        people = [only(one, CONTACT, where) for one in of_kind(raw, "contacts", list, [], where)]
        customer_id = self._customer(name)
        if customer_id is None:
            customer_id = self._new(raw, people, extra, where)
        elif extra:
            update_customer(customer_id, {"extra": extra}, by=self.by, at=self.at)
        self._add_to_contacts(customer_id, people, where)
        for case in of_kind(raw, "cases", list, [], where):
            self._open(customer_id, only(case, CASE, where), where)
        for record in of_kind(raw, "records", list, [], where):
            self._record(customer_id, record, where)

    def _customer(self, name: str) -> int | None:
        wanted = select(CUSTOMERS.c.id).where(
            CUSTOMERS.c.name == name, CUSTOMERS.c.state == "active"
        )
        return database.session.execute(wanted.order_by(CUSTOMERS.c.id).limit(1)).scalar()

    def _new(self, raw: Raw, people: Sequence[Raw], extra: Raw, where: str) -> int:
        values = {name: raw[name] for name in NEW if name in raw}
        owner = values.pop("owner", None)
        contacts = [
            {name: one[name] for name in ("name", "mobile", "title", "relation") if name in one}
            for one in people
        ]
        if values.setdefault("kind", "person") == "person":
            contacts.insert(0, {"name": raw["name"], "is_self": True, "is_primary": True})
        values |= {
            "name": raw["name"],
            "owner_id": self._person(owner, where) if owner else None,
            "first_contact_on": self.today - timedelta(days=90),
        }
        draft = CustomerDraft(values=values, contacts=contacts, extra=extra)
        return int(create_customer(draft, by=self.by, at=self.at)["id"])

    def _add_to_contacts(self, customer_id: int, people: Iterable[Raw], where: str) -> None:
        for raw in people:
            extra = self._extra("contact", of_kind(raw, "fields", dict, {}, where), where)
            wanted = select(CONTACTS.c.id).where(
                CONTACTS.c.customer_id == customer_id, CONTACTS.c.name == raw.get("name")
            )
            contact_id = database.session.execute(wanted).scalar()
            if contact_id is None:
                raise BadDeclaration(f"{where}: there is no contact {raw.get('name')!r}")
            if extra:
                update_contact(contact_id, {"extra": extra}, by=self.by, at=self.at)

    def _open(self, customer_id: int, raw: Raw, where: str) -> None:
        values = {name: raw[name] for name in ("subject", "level") if name in raw}
        values |= {"kind": raw.get("kind", "complaint"), "channel": raw.get("channel", "phone")}
        if "category" in raw:
            values["category"] = full_name(self.pack, raw["category"])
        opened = self.at - timedelta(minutes=of_kind(raw, "ago", int, 30, where))
        extra = self._extra("case", of_kind(raw, "fields", dict, {}, where), where)
        draft = CaseDraft(
            customer=customer_id,
            values=values | {"opened_at": opened},
            said=of_kind(raw, "said", str, "", where),
            extra=extra,
        )
        open_case(draft, by=self.by, at=self.at)

    def _record(self, customer_id: int, raw: Any, where: str) -> None:
        """A record of the pack's own; one of a contact, an order or a case hangs on the latest one."""
        short = raw.get("of") if isinstance(raw, Mapping) else None
        of = kind_called(full_name(self.pack, str(short)))
        if of is None:
            raise BadDeclaration(f"{where}: there are no records {short!r}")
        given = {name: value for name, value in raw.items() if name != "of"}
        draft = ObjectDraft(
            type_id=of.id,
            customer_id=customer_id,
            extra=self._extra(of.name, given, where),
            parent_id=self._parent(of, customer_id, where),
        )
        add_object(draft, by=self.by, at=self.at)

    def _parent(self, of: Kind, customer_id: int, where: str) -> int | None:
        table = PARENTS.get(of.parent)
        if table is None:
            return None
        latest = select(table.c.id).where(table.c.customer_id == customer_id)
        found = database.session.execute(latest.order_by(table.c.id.desc()).limit(1)).scalar()
        if found is None:
            raise BadDeclaration(f"{where}: {of.name} hangs on its {of.parent}, and there is none")
        return int(found)

    def _extra(self, record_type: str, raw: Raw, where: str) -> dict[str, Any]:
        fields = {one.name: one for one in fields_of(record_type) if one.pack == self.pack}
        prefix = f"{record_type}_" if "__" in record_type else full_name(self.pack, "")
        short = {name.removeprefix(prefix): one for name, one in fields.items()}
        only(raw, short, f"{where}: {record_type}")
        values = {short[name].name: self._value(short[name], raw[name], where) for name in raw}
        try:
            return extra_kept(values, fields.values())
        except TypeError as wrong:
            raise BadDeclaration(f"{where}: {wrong}") from None

    def _value(self, field: Field, raw: Any, where: str) -> Any:
        match field.kind:
            case "date" if isinstance(raw, int):
                return self.today + timedelta(days=raw)
            case "moment" if isinstance(raw, int):
                return self.at + timedelta(days=raw)
            case "amount" if isinstance(raw, int | float):
                return round(raw * MINOR)
            case "number" if isinstance(raw, int):
                return float(raw)
            case "person":
                return self._person(raw, where)
            case "choice":
                return self._choice(field, raw, where)
            case "choices" if isinstance(raw, list):
                return [self._choice(field, one, where) for one in raw]
        return raw

    def _choice(self, field: Field, raw: Any, where: str) -> str:
        keys = [choice.key for choice in offering(field).choices]
        for key in (raw, full_name(self.pack, str(raw))):
            if key in keys:
                return str(key)
        raise BadDeclaration(f"{where}: {field.name} has no choice {raw!r}")

    def _person(self, login: Any, where: str) -> int:
        if login not in self.people:
            raise BadDeclaration(f"{where}: nobody signs in as {login!r}")
        return int(self.people[login])
