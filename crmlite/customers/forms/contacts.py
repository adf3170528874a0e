"""The form for a contact."""

from typing import Any

from flask_babel import lazy_gettext as _l

from crmlite.customers.fields import CONTACT
from crmlite.customers.forms.controls import control
from crmlite.customers.forms.customers import kept
from crmlite.customers.forms.learning import learnt_field
from crmlite.customers.forms.likeness import Likened
from crmlite.customers.record import Person, Record
from crmlite.fields.entering import Further
from crmlite.forms import RecordForm, Text

NAME = 200


class ContactForm(Further, Likened, RecordForm):
    """Somebody at a customer. What the reader sees masked is kept while its field stays empty."""

    further = "contact"
    name = Text(_l("Full name"), most=NAME, required=True)
    learnt_at = learnt_field()

    def __init__(self, person: Person | None = None, **more: Any) -> None:
        self.masks: dict[str, str] = {}
        data = dict(more.pop("data", {}))
        if person is not None:
            data |= {**person.row, "note": person.note}
            for way, shown in person.ways.items():
                data[way] = shown.value
                if shown.masked:
                    self.masks[way] = shown.text
        super().__init__(data=data, **more)

    def values(self) -> dict[str, Any]:
        """What was entered, by column."""
        own = {
            field.name: kept(field.data)
            for field in self
            if field.name in NAMES and not (field.name in self.masks and not field.data)
        }
        extra = self.further_values()
        return {**own, "extra": extra} if extra else own

    def changed(self, *ways: str) -> tuple[str, ...]:
        """What was newly entered of these ways to reach somebody."""
        fields = (self[way] for way in ways if way in self)
        return tuple(one.data for one in fields if one.data and one.data != one.object_data)


NAMES = frozenset(field.name for field in CONTACT)


def contact_form(
    record: Record, person: Person | None = None, *, is_self: bool = False
) -> ContactForm:
    """The form for a contact of a company or of a person customer."""
    company = record.row["kind"] == "company"
    left_out = {"name"} | ({"relation"} if company else set())
    if is_self:
        left_out |= {"title", "role", "relation", "birthday", "birthday_lunar", "is_primary"}
    elif person is not None and person.row["is_primary"]:
        left_out.add("is_primary")
    controls = {
        field.name: control(field, company=company)
        for field in CONTACT
        if field.name not in left_out
    }
    part = record.further_part(person)
    form: ContactForm = type("Contact", (ContactForm,), {**controls, **part.fields})(
        person, data=part.values
    )
    return form
