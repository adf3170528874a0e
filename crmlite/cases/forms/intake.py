"""The form that opens a case, for a customer of the book or one who is added in the same step."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import ValidationError

from crmlite import clock, settings
from crmlite.accounts.queries import owners
from crmlite.cases.operations import CaseDraft
from crmlite.cases.words import COMPLAINT, KINDS, LISTS
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.fields import KINDS as CUSTOMER_KINDS
from crmlite.forms import (
    Check,
    Choice,
    Email,
    Form,
    LongText,
    Moment,
    Option,
    Person,
    Phone,
    Segments,
    Text,
)
from crmlite.wording import N_

EARLY = timedelta(minutes=10)  # clocks differ a little
OLDEST = timedelta(days=3 * 366)
OF_CASE = ("kind", "subject", "channel", "category", "product", "order_number", "level", "mood",
           "demand", "contact_id", "assignee_id")  # fmt: skip
COMPANY, PERSON = "company", "person"
WHO = ((COMPANY, N_("a company")), (PERSON, N_("a person")))


def listed(name: str) -> Any:
    """What one of the lists of cases offers."""
    return lambda: settings.choices(LISTS[name])


class Numbered(Choice):
    """A choice of records, by their ids."""

    number = True


class CaseForm(Form):
    """A case to be opened."""

    customer = HiddenField()  # the number of one in the book
    who = Text(_l("Customer: name, phone or number"), most=200)
    new_kind = Segments(_l("The new customer is"), options=WHO)
    contact_name = Text(_l("Contact"), most=120)
    contact_phone = Phone(_l("Phone"))
    contact_email = Email(_l("E-mail"))
    contact_id = Numbered(_l("Whom it is talked about with"), options=())
    kind = Segments(_l("What it is"), options=tuple(KINDS.items()), required=True)
    subject = Text(_l("In one line"), most=200, required=True)
    said = LongText(_l("What the customer says"), most=10_000)
    channel = Choice(_l("Came by"), options=listed("channel"), required=True)
    opened_at = Moment(_l("When"))
    category = Choice(_l("About"), options=listed("category"))
    product = Text(_l("Product"), most=200)
    order_number = Text(_l("Order no."), most=80)
    level = Segments(_l("Level"), options=listed("level"))
    mood = Choice(_l("Mood"), options=listed("mood"))
    demand = LongText(_l("What they ask for"), most=4000)
    is_complex = Check(_l("Complex: a joint team works on it"))
    assignee_id = Person(_l("Assignee"), people=owners, none=_l("the team's queue"))

    def validate_opened_at(self, field: Any) -> None:
        """What came in has come in."""
        if field.data and field.data > clock.now() + EARLY:
            raise ValidationError(_("It cannot have come in later than now."))
        if field.data and field.data < clock.now() - OLDEST:
            raise ValidationError(_("This is too long ago."))

    def validate_who(self, field: Any) -> None:
        """A case is somebody's."""
        if not self.customer.data and not field.data:
            raise ValidationError(_("Whose case is it? Type a name or a phone number."))

    def validate(self, **more: Any) -> bool:
        """Whether it fits: a new customer is one or the other, and can be reached."""
        fits = bool(super().validate(**more))
        if self.customer.data or not self.who.data:
            return fits
        if not self.new_kind.data:
            self.blame(
                "new_kind", _("Nobody was picked from the book: say what the new customer is.")
            )
            return False
        if not (self.contact_phone.data or self.contact_email.data or self.errors):
            self.blame("contact_phone", _("How are they reached? Give a phone or an e-mail."))
            return False
        return fits

    def draft(self, customer_id: int | None, owner_id: int | None) -> CaseDraft:
        """The case, of this customer, or of a new one whom `owner_id` looks after."""
        values = {name: self[name].data for name in OF_CASE if name in self}
        values = {name: value or None for name, value in values.items()}
        is_complex = None
        if values["kind"] == COMPLAINT and self.is_complex.data:
            is_complex = True
        return CaseDraft(
            customer=self._newcomer(owner_id) if customer_id is None else customer_id,
            values={**values, "opened_at": self.opened_at.data or clock.now()},
            said=self.said.data,
            is_complex=is_complex,
        )

    def _newcomer(self, owner_id: int | None) -> CustomerDraft:
        ways = {
            "name": self.contact_name.data or (self.who.data if self._is_person else ""),
            "mobile": self.contact_phone.data or None,
            "email": self.contact_email.data or None,
            "is_self": self._is_person,
        }
        return CustomerDraft(
            values={
                "kind": PERSON if self._is_person else COMPANY,
                "name": self.who.data,
                "owner_id": owner_id,
                "source": None,
            },
            contacts=[ways],
        )

    @property
    def _is_person(self) -> bool:
        return bool(self.new_kind.data == PERSON)


assert {key for key, _words in WHO} == set(CUSTOMER_KINDS)


def case_form(contacts: Sequence[tuple[int, str]], *, may_assign: bool, **more: Any) -> CaseForm:
    """The form, with the contacts of the customer who was picked."""
    options = [Option(str(key), name) for key, name in contacts]
    fields = {
        "contact_id": Numbered(
            _l("Whom it is talked about with"), options=options, none=_l("nobody named")
        )
    }
    form: CaseForm = type("CaseFormOfCustomer", (CaseForm,), fields)(**more)
    if not contacts:
        del form.contact_id
    if not may_assign:
        del form.assignee_id
    return form
