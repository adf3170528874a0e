"""Forms for a new customer, for all fields of one, and for a single field in its place."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, TypeVar

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Boolean
from wtforms import HiddenField

from crmlite import settings
from crmlite.access import Reader, Shown
from crmlite.customers.choices import choices as list_choices
from crmlite.customers.choices import offers_dedicated
from crmlite.customers.completeness import WAYS, always_demanded, missing, required
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.fields import CONTACT, KINDS, column_of, heading, pack_fields
from crmlite.customers.forms.controls import control
from crmlite.customers.forms.likeness import Likened
from crmlite.customers.models import Customer
from crmlite.customers.record import Record, fields_for, right_to_set
from crmlite.fields import extra_kept
from crmlite.fields.entering import NothingLost
from crmlite.fields.entering import kept as kept_further
from crmlite.forms import Form, RecordForm, Segments
from crmlite.rules.fields import Field
from crmlite.settings.places import currencies
from crmlite.wording import N_

F = TypeVar("F", bound=Form)
LEFT_OUT = (
    "number",
    "kind",
    "lifecycle",
    "lost_reason",
    "stage",
    "status",
)  # they move, or never change
CONTACT_FIELDS = {field.name: field for field in CONTACT}
OF_THE_PERSON = ("mobile", "phone", "email", "im", "channel", "no_marketing")
OF_THE_FIRST = ("name", "title", "role", *OF_THE_PERSON)
PREFIX = "contact_"
ASKED_AT = {"contact": "contact_name", "reach": "contact_mobile", "mobile": "contact_mobile"}
LACKS = {
    "contact": N_("Please name somebody to talk to."),
    "reach": N_("One of mobile, phone, e-mail or WeChat is needed."),
}
FOLDED = (
    "region",
    "founded_on",
    "capital",
    "address",
    "business",
    "cooperation_on",
    "contract_ends_on",
    "signed_amount",
    "annual_amount",
    "currency",
)


class Valued:
    """A form whose fields bear the names of columns, and `pack__field` those of packs."""

    def values(self) -> dict[str, Any]:
        """What was entered, by column; pack fields together under `extra`."""
        values: dict[str, Any] = {}
        extra: dict[str, Any] = {}
        for field in self:  # type: ignore[attr-defined]
            if field.name in Customer.__table__.c and field.name != "version":
                values[field.name] = kept(field.data)
            elif "__" in field.name:
                extra[field.name] = kept_further(field)
        return {**values, "extra": extra_kept(extra, pack_fields())} if extra else values

    def pack_groups(self) -> list[tuple[str, list[str]]]:
        """The names of the fields of packs, under their headings."""
        groups: dict[str, list[str]] = {}
        for field in pack_fields():
            if field.name in self:  # type: ignore[operator]
                groups.setdefault(heading(field), []).append(field.name)
        return list(groups.items())


class CustomerForm(NothingLost, Valued, Likened, RecordForm):
    """All fields of a customer."""


class FactForm(NothingLost, Valued, Likened, RecordForm):
    """One field of a customer, in its place."""


class NewCustomerForm(NothingLost, Valued, Likened, Form):
    """A new customer with its first contact."""

    kind = Segments(_l("Kind"), options=list(KINDS.items()), default="company")
    drawn = HiddenField()
    made_for: str
    """Whether it asks about a company or a person; what is sent as `kind` may be neither."""

    def draft(self, reader: Reader) -> CustomerDraft:
        """The customer to be added; whoever sees only their own owns what they add."""
        values = {"owner_id": own_id(reader), **self.values(), "kind": self.made_for}
        extra = values.pop("extra", {})
        contact = self.contact()
        return CustomerDraft(
            values={name: value for name, value in values.items() if value is not None},
            contacts=[contact] if contact else [],
            extra={name: value for name, value in extra.items() if value is not None},
        )

    def contact(self) -> dict[str, Any] | None:
        """The first contact; a person is their own. None when nothing was entered."""
        own = {
            field.name.removeprefix(PREFIX): kept(field.data)
            for field in self
            if field.name.startswith(PREFIX)
        }
        if self.made_for == "person":
            return {**own, "name": self["name"].data, "is_self": True}
        if not any(value for name, value in own.items() if name != "no_marketing"):
            return None
        return {**own, "name": own["name"] or self["name"].data}

    def more_is_wrong(self) -> bool:
        """Whether a field that is folded away must be looked at."""
        folded = [field for field in self if field.name in FOLDED]
        return any(field.errors or getattr(field, "doubts", ()) for field in folded)

    def blame_missing(self) -> bool:
        """Say of each field that a complete record needs and that is empty; whether any is."""
        values = {**self.values(), "kind": self.made_for}
        contact = self.contact()
        found = missing(values, [contact] if contact else [])
        blamed = False
        for name in found:
            at = ASKED_AT.get(name, name)
            if at not in self:
                continue
            blamed = True
            ways = [PREFIX + way for way in WAYS] if name == "reach" else [at]
            if not any(self[one].errors for one in ways):  # what is wrong comes first
                self.blame(at, str(_(LACKS.get(name, N_("Please fill this in.")))))
        return blamed

    def mark_needed(self) -> None:
        """Mark what a complete record needs; it can be left out all the same."""
        for name in (*required(self.made_for), *always_demanded(self.made_for)):
            at = ASKED_AT.get(name, name)
            if at in self and name != "reach":
                self[at].flags.needed = True

    @property
    def needs_reach(self) -> bool:
        """Whether a complete record needs a way to reach somebody."""
        return "reach" in required(self.made_for)


def kept(value: Any) -> Any:
    """A value as it is stored: nothing entered is nothing."""
    return None if value in ("", []) else value


def own_id(reader: Reader) -> int | None:
    """Who owns what a reader adds: themselves where they work with their own customers."""
    works = reader.scope("customers:edit")
    return reader.user_id if works in ("own", "team") else None


def new_form(kind: str, reader: Reader, defaults: Mapping[str, Any]) -> NewCustomerForm:
    """The form for a new company or person, with the fields that the reader may set."""
    controls = _controls(
        (field for field in fields_for(kind) if _may_give(reader, field)),
        company=kind == "company",
        currency=sent_currency(),
    )
    wanted = OF_THE_FIRST if kind == "company" else OF_THE_PERSON
    for name in wanted:
        controls[PREFIX + name] = control(CONTACT_FIELDS[name], company=kind == "company")
    for field in fields_for(kind):
        if field.name in ("stage", "status"):
            controls[field.name] = control(field)
    made = type("NewCustomer", (NewCustomerForm,), {**controls, "made_for": kind})
    form: NewCustomerForm = made(data={"stage": _first_stage(), **defaults, "kind": kind})
    _offer_dedicated(form, {"tier": None, "dedicated_id": None})
    form["name"].label.text = _name_of(kind)
    if kind == "company":
        form[f"{PREFIX}name"].label.text = _("Contact")
    form.mark_needed()
    return _demanding(form)


def _name_of(kind: str) -> str:
    """What the name of a company or of a person is called."""
    return str(_("Full registered name") if kind == "company" else _("Full name"))


def _first_stage() -> str | None:
    found = list_choices("stage")
    return found[0].key if found else None


def _may_give(reader: Reader, field: Field) -> bool:
    """Whether a reader may set a field of a customer that they add."""
    if field.pack and field.sealed:  # who gets a customer to know writes down what they tell
        return True
    right = right_to_set(field)
    return right is None or reader.may(right)


def edit_form(record: Record) -> CustomerForm:
    """The form for all fields of a customer that the reader may change."""
    fields = [field for field in record.fields() if record.may_set(field)]
    currency = record.row["currency"]
    if any(field.name == "currency" for field in fields):
        currency = sent_currency(currency)
    made = type("Customer", (CustomerForm,), _controls(fields, currency))
    form = made(data=stored(record, fields))
    _offer_dedicated(form, record.row)
    if "name" in form:
        form["name"].label.text = _name_of(record.row["kind"])
    return _demanding(_telling(form, record))


def _offer_dedicated(form: Form, row: Mapping[str, Any]) -> None:
    """Ask for the dedicated person where the tier may still become one that has them."""
    if "dedicated_id" in form and "tier" not in form and not offers_dedicated(row):
        del form["dedicated_id"]


def fact_form(record: Record, name: str) -> FactForm | None:
    """The form for one field, by its column's name; None when the reader may not set it."""
    field = next((one for one in record.fields() if column_of(one.name) == name), None)
    if field is None or field.name in (*LEFT_OUT, "owner", "tier") or not record.may_set(field):
        return None
    fields = [field]
    if name == "birthday":
        fields += [one for one in record.fields() if one.name == "birthday_lunar"]
    made = type("Fact", (FactForm,), _controls(fields, record.row["currency"]))
    return _demanding(_telling(made(data=stored(record, fields)), record))


def stored(record: Record, fields: Iterable[Field]) -> dict[str, Any]:
    """The values of fields as a form takes them, with the version they were read at."""
    values: dict[str, Any] = {"version": record.row["version"]}
    for field in fields:
        name = column_of(field.name)
        value = record.value(name)
        values[name] = value.value if isinstance(value, Shown) else value
    return values


def sent_currency(standing: str = "") -> Callable[[], str]:
    """The currency that amounts of the same form are read in: the one chosen with them, else the
    one that stands, else the firm's."""

    def code() -> str:
        sent = request.form.get("currency", "")
        return sent if sent in currencies() else standing or str(settings.get("currency"))

    return code


def _controls(
    fields: Iterable[Field], currency: str | Callable[[], str] = "", *, company: bool = False
) -> dict[str, Any]:
    made = partial(control, currency=currency, company=company)
    return {column_of(field.name): made(field) for field in fields if field.name not in LEFT_OUT}


def _telling(form: F, record: Record) -> F:
    """The form, saying which of its values were guessed."""
    for name in record.inferred:
        if name in form and form[name].object_data not in (None, ""):
            form[name].inferred = True
    return form


def _demanding(form: F) -> F:
    """The form, asking for what no customer is kept without."""
    columns = Customer.__table__.c
    for field in form:
        column = columns.get(field.name)
        if column is None or column.nullable or field.name == "version":
            continue
        if not isinstance(column.type, Boolean):  # an empty box is an answer too
            field.flags.required = True
    return form
