"""What is confirmed about a customer and what is not, as its page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from crmlite.accounts.queries import person_name
from crmlite.customers.confirming.lapsing import confirmations, lasts, unconfirmed
from crmlite.rules.freshness import COLUMNS, CONTACT, Item, holds
from crmlite.wording import to_the_minute


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that is confirmed, and by whom (`said`), or that is to be confirmed: `what`, and as it
    is `seen`."""

    said: str = ""
    what: str = ""
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Fresh:
    """All of a customer: what is known of confirmations, and the versions of what is `open`."""

    known: Mapping[Item, Any]
    open: Mapping[Item, int]
    days: int | None
    now: datetime

    def mark(self, record: str, record_id: int, part: str) -> Mark | None:
        """What is said of a part; None where there is nothing to confirm."""
        item = Item(record, record_id, part)
        if (version := self.open.get(item)) is not None:
            return Mark(what=f"{record}:{record_id}:{part}", seen=_seen(item, version))
        row = self.known.get(item)
        if row is None or not holds(row["confirmed_at"], self.now, self.days):
            return None
        who, when = person_name(row["confirmed_by_id"]), to_the_minute(row["confirmed_at"])
        said = _("Confirmed by %(who)s, %(when)s", who=who, when=when) if who else when
        return Mark(said=str(said))

    @property
    def seen(self) -> str:
        """All that is to be confirmed, as it is seen."""
        return " ".join(_seen(item, version) for item, version in self.open.items())


def _seen(item: Item, version: int) -> str:
    return f"{item.record}:{item.record_id}:{item.part}:{version}"


def fresh_of(customer_id: int, tier: str | None, now: datetime) -> Fresh:
    """What is confirmed about a customer, and what is not."""
    found = unconfirmed([customer_id], now)[customer_id]
    versions = {item: item.version for item in found}
    return Fresh(confirmations([customer_id]), versions, lasts(tier), now)


def fresh_of_contact(contact: Mapping[str, Any], tier: str | None, now: datetime) -> Fresh:
    """The same of one contact, as `queries.contacts_of` answers it."""
    known, days = {}, lasts(tier)
    for part, names in COLUMNS[CONTACT].items():
        if any(contact[name] is not None for name in names):
            known[Item(CONTACT, contact["id"], part, contact["version"])] = {
                name: contact[f"{part}_{name}"] for name in ("confirmed_at", "confirmed_by_id")
            }
    found = (item for item, row in known.items() if not holds(row["confirmed_at"], now, days))
    return Fresh(known, {item: item.version for item in found}, days, now)


def item_of(text: str) -> Item | None:
    """What a form says is confirmed, which may say of which version; None for what is nothing to
    confirm."""
    record, _colon, rest = text.partition(":")
    number, _colon, rest = rest.partition(":")
    part, _colon, version = rest.partition(":")
    numbers = (number, version or "0")
    if part not in COLUMNS.get(record, {}) or not all(
        one.isdecimal() and len(one) <= 10 for one in numbers
    ):
        return None
    return Item(record, int(numbers[0]), part, int(numbers[1]))
