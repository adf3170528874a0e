"""The form for a record of a pack: its fields, and for one of a contact whose it is."""

from typing import Any

from flask_babel import lazy_gettext as _l

from crmlite.fields.entering import Further, FurtherPart
from crmlite.fields.queries import group_label
from crmlite.forms import Choice, RecordForm
from crmlite.objects.kinds import Kind
from crmlite.objects.queries import contacts_of
from crmlite.rules.conditions import ALWAYS
from crmlite.rules.fields import Field


class Whose(Choice):
    """One of the contacts of a customer. Yields its id, or None."""

    number = True


class ObjectForm(Further, RecordForm):
    """A record of a pack. `further` is its kind."""

    def further_heading(self, field: Field) -> str:
        """What is under no heading of its own is all there is, not something further."""
        return group_label(str(field.group))

    @property
    def whose(self) -> int | None:
        """The contact that it hangs on; None where it is not a contact's."""
        return self["contact_id"].data if "contact_id" in self else None


def object_form(
    of: Kind, part: FurtherPart, customer_id: int, data: dict[str, Any] | None = None
) -> ObjectForm:
    """The form for a record of a kind, of this customer. It is not saved without what it must have:
    nothing marks a record that is still to be completed."""
    controls = dict(part.fields)
    for field in of.fields:
        asked = field.name in part.controls and field.name not in part.masked
        if asked and (field.name == of.title or field.required_when == ALWAYS):
            part.controls[field.name].kwargs["required"] = True
    if of.parent == "contact":
        contacts = [(str(one["id"]), one["name"]) for one in contacts_of(customer_id)]
        whose = Whose(_l("Contact"), options=contacts, required=True)
        controls = {"contact_id": whose, **controls}
    kind = type("ObjectForm", (ObjectForm,), {**controls, "further": of.name})
    made: ObjectForm = kind(data={**part.values, **(data or {})})
    return made
