"""The form that opens a case, for a customer of the book or one who is added in the same step."""

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import ValidationError

from crmlite import clock, settings
from crmlite.accounts.queries import owners
from crmlite.cases.categories import level_of, offered
from crmlite.cases.levels import is_raised
from crmlite.cases.operations import CaseDraft
from crmlite.cases.words import COMPLAINT, GENERAL, KINDS, LISTS
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.fields import KINDS as CUSTOMER_KINDS
from crmlite.fields.entering import Further, FurtherPart
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
PHONE = re.compile(r"[+＋]?[\d０-９ ()（）-]{7,24}")
WHO = ((COMPANY, N_("a company")), (PERSON, N_("a person")))


def listed(name: str) -> Any:
    """What one of the lists of cases offers."""
    return lambda: settings.choices(LISTS[name])


def named(name: str) -> Callable[[str], str]:
    """What the values of one of these lists are called, also those that are not offered any more."""
    return partial(settings.choice_label, LISTS[name])


class Numbered(Choice):
    """A choice of records, by their ids."""

    number = True


class CaseForm(Further, Form):
    """A case to be opened."""

    further = "case"
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
    category = Choice(_l("About"), options=offered)
    product = Text(_l("Product"), most=200)
    order_number = Text(_l("Order no."), most=80)
    level = Segments(_l("Level"), options=listed("level"))
    level_of = HiddenField()  # the category by which the level was suggested
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

    def suggest_level(self) -> bool:
        """Show the level with which complaints of the category begin, where that is graver than what
        was chosen before one knew; answers whether it is another one now."""
        category = self.category.data or ""
        level = level_of(category)
        if level is None or self.level_of.data == category:
            return False
        self.level_of.data = category
        if not is_raised(self.level.data, level):
            return False
        self.level.data = level
        return True

    def follow_category(self) -> None:
        """The same while somebody fills in the form: the level that was suggested goes with its
        category."""
        before = level_of(self.level_of.data) or GENERAL
        self.level_of.data = category = self.category.data or ""
        if self.level.data in (None, GENERAL, before):
            self.level.data = level_of(category) or GENERAL

    @property
    def phone_typed(self) -> str:
        """The phone number that was typed where the customer is asked for; empty for none."""
        text = str(self.who.data or "")
        if not PHONE.fullmatch(text.strip()):
            return ""
        read = self.contact_phone.read(text)
        return (read.value or "") if read.ok else ""

    def carry_phone(self) -> str:
        """Put a phone number that was typed for the customer where it belongs; answers it."""
        phone = "" if self.customer.data else self.phone_typed
        if phone and not self.contact_phone.data:
            self.contact_phone.data = phone
        return phone

    def validate(self, **more: Any) -> bool:
        """Whether it fits: a new customer is one or the other, and can be reached."""
        self.carry_phone()
        fits = bool(super().validate(**more))
        if self.customer.data:
            return fits and self._caller_fits()
        if not self.who.data:
            return fits
        if self.phone_typed:
            self.blame("who", _("What is the customer called? The number is kept under Phone."))
            return False
        if not self.new_kind.data:
            self.blame(
                "new_kind", _("Nobody was picked from the book: say what the new customer is.")
            )
            return False
        if not (self.contact_phone.data or self.contact_email.data or self.errors):
            self.blame("contact_phone", _("How are they reached? Give a phone or an e-mail."))
            return False
        return fits

    def _caller_fits(self) -> bool:
        """Whether a caller whom a customer of the book gets has a name."""
        if "contact_name" not in self or self.contact_name.data:
            return True
        if self.contact_phone.data or self.contact_email.data:
            self.blame("contact_name", _("Whose number or address is it? Give a name."))
            return False
        return True

    def draft(self, customer_id: int | None, owner_id: int | None) -> CaseDraft:
        """The case, of this customer, or of a new one whom `owner_id` looks after."""
        values = {name: self[name].data for name in OF_CASE if name in self}
        values = {name: value or None for name, value in values.items()}
        is_complex = None
        if values["kind"] == COMPLAINT and self.is_complex.data:
            is_complex = True
        caller = None
        if customer_id is not None and "contact_name" in self and self.contact_name.data:
            known = self._known_contact(self.contact_name.data)
            if known is None:
                caller = self._ways(self.contact_name.data)
            else:
                values["contact_id"] = known
        return CaseDraft(
            customer=self._newcomer(owner_id) if customer_id is None else customer_id,
            caller=caller,
            values={**values, "opened_at": self.opened_at.data or clock.now()},
            said=self.said.data,
            is_complex=is_complex,
            extra=self.further_values(),
        )

    def _newcomer(self, owner_id: int | None) -> CustomerDraft:
        ways = self._ways(self.contact_name.data or (self.who.data if self._is_person else ""))
        ways["is_self"] = self._is_person
        return CustomerDraft(
            values={
                "kind": PERSON if self._is_person else COMPANY,
                "name": self.who.data,
                "owner_id": owner_id,
                "source": None,
            },
            contacts=[ways],
        )

    def _ways(self, name: str) -> dict[str, Any]:
        """A contact, and how they are reached."""
        return {
            "name": name,
            "mobile": self.contact_phone.data or None,
            "email": self.contact_email.data or None,
        }

    def _known_contact(self, name: str) -> int | None:
        """The contact of the customer who has this name; None for a new one, or where a phone or an
        address is given that is to be kept."""
        if "contact_id" not in self or self.contact_phone.data or self.contact_email.data:
            return None
        same = (key for key, text in self.contact_id.values().items() if text == name)
        return next((int(key) for key in same if key), None)

    @property
    def _is_person(self) -> bool:
        return bool(self.new_kind.data == PERSON)


assert {key for key, _words in WHO} == set(CUSTOMER_KINDS)


def case_form(
    contacts: Sequence[tuple[int, str]],
    further: FurtherPart,
    *,
    may_assign: bool,
    may_add: bool,
    **more: Any,
) -> CaseForm:
    """The form, with the contacts of the customer who was picked, who may get another one."""
    options = [Option(str(key), name) for key, name in contacts]
    fields = {
        "contact_id": Numbered(
            _l("Whom it is talked about with"), options=options, none=_l("nobody named")
        )
    }
    form: CaseForm = type("CaseFormOfCustomer", (CaseForm,), {**fields, **further.fields})(**more)
    if not contacts:
        del form.contact_id
    if not may_add:
        del form.contact_name, form.contact_phone, form.contact_email
    if not may_assign:
        del form.assignee_id
    return form
