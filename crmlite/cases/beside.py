"""What stands beside a case that is being opened: whom it may be about, their history, what is alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from crmlite.access import Reader
from crmlite.accounts.queries import person_name
from crmlite.cases.queries import cases as reading
from crmlite.customers.choices import choice_label, tier_shown
from crmlite.customers.duplicates import Probe, likely_matches
from crmlite.customers.queries import in_sight
from crmlite.search.queries import find

Row = Mapping[str, Any]
MOST = 6
LEAST = 2  # characters, of which one may be Chinese


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """A customer of the book that may be meant."""

    number: str
    name: str
    about: str


def known(
    reader: Reader, text: str, kind: str, phone: str, email: str
) -> tuple[list[Match], list[str]]:
    """Customers that may be meant: by a part of the name, a contact, a phone or a number, or because
    a new one would be like them. Of those out of sight only whom to ask, in sentences."""
    hits = find(reader, text, {"customer"}, limit=MOST)
    rows = in_sight(reader, [hit.record_id for hit in hits])
    found = {hit.record_id: _match(rows[hit.record_id]) for hit in hits if hit.record_id in rows}
    unseen = []
    for one in likely_matches(reader, _probe(text, kind, phone, email)):
        if one.row is None:
            unseen.append(_whom_to_ask(one.owner_id))
        else:
            found.setdefault(one.row["id"], _match(one.row))
    return list(found.values()), list(dict.fromkeys(unseen))


def is_known(reader: Reader, text: str, kind: str, phone: str, email: str) -> bool:
    """Whether the book has somebody whom a new customer is like."""
    return bool(likely_matches(reader, _probe(text, kind, phone, email)))


def names_with_phone(reader: Reader, phone: str) -> str:
    """The customers in sight who are reached by a phone number; empty for none."""
    found = likely_matches(reader, _probe("", "company", phone, ""))
    names = [one.row["name"] for one in found if one.row is not None and "phone" in one.reasons]
    return _(", ").join(names)


def _probe(text: str, kind: str, phone: str, email: str) -> Probe:
    return Probe(
        name=text,
        kind=kind or "company",
        phones=(phone,) if phone else (),
        emails=(email,) if email else (),
    )


def _whom_to_ask(owner_id: int | None) -> str:
    if owner_id is None:
        return _("Somebody like this is in the book already. Ask a manager.")
    who = person_name(owner_id)
    return _("Somebody like this is in the book already. Ask %(who)s.", who=who)


def _match(row: Row) -> Match:
    parts = (
        row["number"],
        choice_label("tier", tier_shown(row)) or choice_label("lifecycle", row["lifecycle"]),
        person_name(row["owner_id"]),
    )
    return Match(
        number=row["number"],
        name=row["name"],
        about=" · ".join(part for part in parts if part),
    )


def history(reader: Reader, customer_id: int) -> Sequence[Row]:
    """The latest cases of a customer."""
    return reading.of_customer(reader, customer_id)


def alike(reader: Reader, category: str, product: str, customer_id: int | None) -> Sequence[Row]:
    """Cases of others about the same."""
    asked = {"category": category or None, "product": product or None, "customer_id": customer_id}
    return reading.similar(reader, asked)
