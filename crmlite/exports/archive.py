"""Everything about a customer as JSON: with all contacts, needs, remarks, talks and next steps.

Choices stand by their keys, which mean the same in every language. `docs/exports.md` is its manual.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Table

from crmlite.accounts.roster import roster
from crmlite.customers.conditions.catalogue import tag_choices
from crmlite.customers.fields import CONTACT, NEED, column_of, customer_fields
from crmlite.customers.models import Contact, Customer
from crmlite.exports.book import READS, Row, Whole
from crmlite.exports.orders import Orders
from crmlite.exports.values import AMOUNTS, SEALED, WAYS, Values
from crmlite.fields import fields_of, known_fields, resting
from crmlite.objects.kinds import kind
from crmlite.objects.models import Object
from crmlite.rules.fields import Field

READ = frozenset(READS) - {"talk"}
TALK = ("kind", "direction", "occurred_at", "minutes", "participants", "content", "feedback",
        "answered", "answered_at", "result")  # fmt: skip
SEEN_WITH = {"order": "orders:see", "case": "cases:see"}
STEP = ("kind", "what", "channel", "due_on", "due_at", "status", "closed_at", "outcome")

Record = dict[str, Any]


class Archive:
    """Makes the records for one reader."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self.fields = (*customer_fields(), *resting("customer"))
        self.of_contacts = (*fields_of("contact"), *resting("contact"))
        self.logins = {person.id: person.login for person in roster().people.values()}
        self.orders = Orders(values.reader)
        self.teams = {team.id: team.key for team in roster().teams.values()}
        self.tags = {tag.id: tag for tag in tag_choices()}

    def record(self, whole: Whole) -> Record:
        """A customer with all that hangs on it. What there is not is left out."""
        row = whole.row
        people = {one["id"]: one["name"] for one in whole.contacts}
        told: Record = {one.name: self._value(one, row) for one in self.fields}
        told |= {
            "state": row["state"],
            "created": self.values.moment(row["created_at"]),
            "updated": self.values.moment(row["updated_at"]),
            "earlier_numbers": [one["number"] for one in whole.numbers],
            "tags": [self._tag(one) for one in whole.tags if one in self.tags],
            "contacts": [self._contact(one, row["owner_id"]) for one in whole.contacts],
            "needs": [self._need(one) for one in whole.needs],
            "remarks": [self._remark(one) for one in whole.remarks],
            "interactions": [self._talk(one, people) for one in whole.talks]
            if self.values.may_hear(whole)
            else [],
            "next_steps": [self._step(one) for one in whole.steps],
            "orders": [self.orders.record(one) for one in whole.orders]
            if self.values.reader.covers("orders:see", row["owner_id"])
            else [],
            "records": [
                self._object(one, row["owner_id"])
                for one in whole.objects
                if self._may_know(one, row["owner_id"])
            ],
        }
        return filled(told)

    def _value(self, asked: Field, row: Row) -> Any:
        if asked.name in AMOUNTS:
            return self.values.amount(asked.name, row)
        if asked.name in SEALED["customer"]:
            return self.values.text("customer", asked.name, row)
        if asked.pack:
            return self._further(Customer.__table__, asked, row, row["owner_id"])
        value = row[column_of(asked.name)]
        return self._login(value) if asked.kind == "person" else value

    def _further(self, table: Table, asked: Field, row: Row, owner_id: int | None) -> Any:
        """A further field, also one that is asked for no more: an archive leaves nothing out."""
        value = self.values.further(table, asked, row, owner_id)
        if not isinstance(value, int):
            return self.values.moment(value) if isinstance(value, datetime) else value
        match asked.kind:
            case "person":
                return self._login(value)
            case "team":
                return self.teams.get(value)
        return value

    def _login(self, user_id: int | None) -> str | None:
        return None if user_id is None else self.logins.get(user_id)

    def _tag(self, tag_id: int) -> Record:
        tag = self.tags[tag_id]
        return {"key": tag.key, "label": dict(tag.label)}

    def _contact(self, row: Row, owner_id: int | None) -> Record:
        told = {one.name: row[one.name] for one in CONTACT}
        told |= {name: self.values.way(name, row, owner_id) for name in WAYS}
        told |= {name: self.values.text("contact", name, row) for name in SEALED["contact"]}
        told |= {
            one.name: self._further(Contact.__table__, one, row, owner_id)
            for one in self.of_contacts
        }
        return filled({**told, "is_self": row["is_self"]})

    def _need(self, row: Row) -> Record:
        told = {one.name: row[one.name] for one in NEED}
        told |= {name: self.values.text("need", name, row) for name in SEALED["need"]}
        return filled({**told, "opened_on": row["opened_on"], "closed_on": row["closed_on"]})

    def _remark(self, row: Row) -> Record:
        return filled(
            {
                "text": self.values.text("remark", "text", row),
                "is_risk": row["is_risk"],
                "by": self._login(row["author_id"]),
                "created": self.values.moment(row["created_at"]),
            }
        )

    def _may_know(self, row: Row, owner_id: int | None) -> bool:
        """Whether the reader sees what a record of a pack hangs on."""
        right = SEEN_WITH.get(kind(row["type_id"]).parent)
        return right is None or self.values.reader.covers(right, owner_id)

    def _object(self, row: Row, owner_id: int | None) -> Record:
        """A record of a pack, with its kind; fields as they are called in packs."""
        of = kind(row["type_id"])
        known = known_fields(of.name)
        values = {
            name: self._further(Object.__table__, known[name], row, owner_id)
            for name in row["extra"] or {}
            if name in known
        }
        told: Record = {"type": {"key": of.name, "label": dict(of.label)}}
        if of.parent != "customer":
            told[of.parent] = row["parent_name"]
        return filled({**told, **values, "created": self.values.moment(row["created_at"])})

    def _talk(self, row: Row, people: Mapping[int, str]) -> Record:
        told = {name: row[name] for name in TALK}
        told |= {name: self.values.moment(row[name]) for name in TALK if name.endswith("_at")}
        done_by = row["done_by_name"] or self._login(row["done_by_id"])
        return filled({**told, "with": people.get(row["contact_id"]), "done_by": done_by})

    def _step(self, row: Row) -> Record:
        told = {name: row[name] for name in STEP}
        told |= {name: self.values.moment(row[name]) for name in ("due_at", "closed_at")}
        return filled({**told, "assignee": self._login(row["assignee_id"])})


def filled(record: Mapping[str, Any]) -> Record:
    """What a record says; false and 0 say something, empty texts and lists do not."""
    return {
        name: value
        for name, value in record.items()
        if name != "birthday_lunar" or record["birthday"]
        if value is not None and value not in ("", [], {})
    }
