"""How the change record speaks of customers and what hangs on them."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from crmlite.customers.conditions.catalogue import tag_choices
from crmlite.customers.fields import CONTACT, IN_ITS_CURRENCY, NEED, RECORDED, column_of
from crmlite.customers.following import refresh_all
from crmlite.customers.further import words_of
from crmlite.customers.models import (
    Alias,
    Confirmation,
    Contact,
    Customer,
    Dimension,
    Need,
    Remark,
    Tag,
)
from crmlite.customers.operations.tag_words import have_dimensions_found, have_found
from crmlite.customers.operations.tags import may_be_exclusive, restore_tags
from crmlite.customers.tags.rules import have_all_looked_at, rule_sentence
from crmlite.customers.words import in_words
from crmlite.fields import known_fields
from crmlite.rules.fields import Field
from crmlite.wording import N_, label
from crmlite.work.record_types import RecordType

STATES = {
    "active": N_("in use"),
    "archived": N_("archived"),
    "deleted": N_("in the recycle bin"),
    "merged": N_("merged into another"),
}


FIXED = ("customer_kind", "need_status")
OPERATIONS = {
    "customer_tagged": N_("Tags of a customer changed"),
    "customers_tagged": N_("Tags set by a rule"),
    "customer_moved": N_("Moved along"),
    "customer_archived": N_("Archived"),
    "customer_revived": N_("Brought back"),
    "customers_changed": N_("Changed together"),
    "contact_made_primary": N_("Main contact changed"),
}


def record_types() -> list[RecordType]:
    """The kinds of records of the customer book."""
    return [
        RecordType(
            name="customer",
            label=N_("Customer"),
            many=N_("Customers"),
            model=Customer,
            icon="users",
            labels={
                **_labels(RECORDED),
                "tags": N_("Tags"),
                "state": N_("State of the record"),
            },
            title="name",
            key="number",
            url=_address,
            edit="customers:edit",
            rights={
                "owner_id": "customers:assign",
                "dedicated_id": "customers:assign",
                "tier": "customers:tier",
                "currency": "customers:amounts",
                "signed_amount": "customers:amounts",
                "annual_amount": "customers:amounts",
            },
            fixed=("number", "kind", "state"),
            amounts=IN_ITS_CURRENCY,
            further_amounts=_further_amounts,
            operations=OPERATIONS,
            refresh=refresh_all,
            restorers={"tags": restore_tags},
            choices={**_choices(RECORDED), "status": "status"},
            wording=_wording("customer", RECORDED),
        ),
        RecordType(
            name="contact",
            title="name",
            edit="customers:edit",
            fixed=("state", "is_primary"),
            label=N_("Contact"),
            many=N_("Contacts"),
            model=Contact,
            icon="user",
            labels={**_labels(CONTACT), "state": N_("State of the record")},
            choices=_choices(CONTACT),
            wording=_wording("contact", CONTACT),
        ),
        RecordType(
            name="confirmation",
            edit="customers:edit",
            label=N_("Confirmation"),
            model=Confirmation,
            icon="check",
            labels={
                "record": N_("Kind of record"),
                "record_id": N_("Which record"),
                "part": N_("What was confirmed"),
                "confirmed_at": N_("Confirmed on"),
                "confirmed_by_id": N_("Confirmed by"),
            },
            operations={
                "customer_confirmed": N_("Details confirmed"),
                "confirmations_asked": N_("Asked to confirm details"),
            },
        ),
        RecordType(
            name="need",
            title="goal",
            edit="customers:edit",
            fixed=("state", "closed_on"),  # the closing day follows from the status
            label=N_("Need"),
            many=N_("Needs"),
            model=Need,
            icon="bulb",
            labels={
                **_labels(NEED),
                "state": N_("State of the record"),
                "opened_on": N_("Opened on"),
                "closed_on": N_("Closed on"),
            },
            choices=_choices(NEED),
            wording=_wording(
                "need",
                (
                    *NEED,
                    Field(name="opened_on", label="-", kind="date"),
                    Field(name="closed_on", label="-", kind="date"),
                ),
            ),
        ),
        RecordType(
            name="remark",
            title="text",
            edit="customers:edit",
            fixed=("state",),
            label=N_("Remark"),
            many=N_("Remarks"),
            model=Remark,
            icon="note",
            labels={
                "text": N_("Text"),
                "is_risk": N_("Risk note"),
                "state": N_("State of the record"),
            },
            wording=_wording("remark", (Field(name="is_risk", label="-", kind="boolean"),)),
        ),
        RecordType(
            name="alias",
            label=N_("Earlier number"),
            model=Alias,
            icon="hash",
            labels={"number": N_("No.")},
        ),
        RecordType(
            name="dimension",
            title="label",
            edit="tags:manage",
            fixed=("key", "position"),
            label=N_("Dimension"),
            model=Dimension,
            icon="tags",
            labels={
                "label": N_("Name"),
                "exclusive": N_("Only one of them at a time"),
                "position": N_("Position"),
                "key": N_("Key"),
            },
            url=lambda _dimension_id: url_for("customers.all_tags"),
            returnable=may_be_exclusive,
            withheld=N_(
                "Not undone: some customers have several tags of this dimension by now. Leave each of "
                "them one first."
            ),
            refresh=_refresh_dimensions,
        ),
        RecordType(
            name="tag",
            title="label",
            edit="tags:manage",
            fixed=("dimension_id", "key", "position"),
            label=N_("Tag"),
            model=Tag,
            icon="tag",
            labels={
                "label": N_("Name"),
                "retired": N_("No longer offered"),
                "rule": N_("Rule"),
                "rule_on": N_("Set by its rule"),
                "quiet": N_("Not shown in lists"),
                "position": N_("Position"),
                "key": N_("Key"),
                "dimension_id": N_("Dimension"),
            },
            url=lambda tag_id: url_for("customers.edit_tag", tag_id=tag_id),
            refresh=_refresh_tags,
            wording=_rule_words,
        ),
    ]


def _choices(fields: Iterable[Field]) -> dict[str, str]:
    """The columns that hold values of lists, of those lists that take further ones."""
    return {
        column_of(field.name): field.choices_from
        for field in fields
        if field.choices_from and field.choices_from not in FIXED
    }


def _further_amounts() -> Iterator[str]:
    """Further fields that hold amounts, also those that are asked for no more."""
    return (field.name for field in known_fields("customer").values() if field.kind == "amount")


def _refresh_dimensions(dimension_ids: list[int]) -> None:
    have_dimensions_found(dimension_ids)
    have_all_looked_at()


def _refresh_tags(tag_ids: list[int]) -> None:
    have_found(tag_ids)
    have_all_looked_at()


def _rule_words(column: str, value: Any) -> str | None:
    return rule_sentence(value) if column == "rule" and value else None


def _address(number: str) -> str:
    return url_for("customers.show", number=number)


def _labels(fields: Iterable[Field]) -> dict[str, Any]:
    return {column_of(field.name): field.label for field in fields}


def _tag_names(keys: Iterable[str]) -> str:
    """What tags are called; those that are gone by their keys."""
    names = {tag.key: label(tag.label) for tag in tag_choices()}
    return _(", ").join(names.get(key, key) for key in keys)


def _wording(record_type: str, fields: Iterable[Field]) -> Callable[[str, Any], str]:
    by_column = {column_of(field.name): field for field in fields}

    def words(column: str, value: Any) -> str:
        """A value of a column in the reader's language."""
        if value is None:
            return ""
        if column == "state":
            return label(STATES.get(str(value), str(value)))
        if column == "tags":
            return _tag_names(value)
        if (words := words_of(record_type, column, value)) is not None:
            return words
        if isinstance(value, list):
            return _(", ").join(map(str, value))
        field = by_column.get(column)
        return in_words(field, value) if field else str(value)

    return words
