"""Forms: what every slice declares its own with, so that all read, refuse and complain alike.

A slice's form is a list of fields and the value it yields:

    class CustomerForm(RecordForm):
        name = Text(_l("Name"), most=200, required=True)
        stage = Choice(_l("Stage"), options=lambda: settings.choices("stage"))
        owner_id = Person(_l("Owner"), people=owners, none=_l("Nobody"))
        since = Day(_l("Customer since"))

        def value(self) -> CustomerChange:
            return self.taken(CustomerChange)      # the fields that have the dataclass's names

and its view finds, validates, does one thing, shows:

    form = CustomerForm(data=row)                  # from a mapping; `obj=` from an object
    if form.validate_on_submit():
        try:
            operations.update_customer(
                row["id"], form.value(), version=form.seen, form_key=form.key,
                by=reader.actor, at=clock.now(),
            )
            return saved(url, ...)
        except Refused as refusal:
            form.blame("name", _("..."))           # to a field, or to None for the whole form
        except Stale:
            form.conflict(fresh_row)               # then ui/form.html `conflict(form.differences, …)`
    return page("customers/edit.html", "customers/_edit.html", status=form.http_status, form=form)

Templates draw it with `form_for`, `field` and `form_end` of ui/form.html.

- Nothing a browser sends raises: NUL, control characters, half characters, endless text, numbers
  out of range and choices that were never offered become errors in the reader's language.
- What was typed is shown again as it was typed; a form that was not saved keeps its form key.
- `field.data` is the value fit to be kept: `""` for no text, None for no number, day, choice.
- A field that the request does not send keeps what the form was made with, so a page may leave out
  fields; but boxes to tick (Check, Choices) are off when they are not sent. Delete from the form
  what the page leaves out or the reader must not set: `del form.tier`.
- `field.doubts` are sentences that do not refuse: `{{ field(form.phone, warn=form.phone.doubt) }}`.
  A form that is also `Doubting` shows them before it is saved, `if not form.must_look(): save`.
"""

from crmlite.forms.choices import Choice, Choices, Option, Person, Segments
from crmlite.forms.conditions import Condition
from crmlite.forms.contact_details import Email, Messenger, Phone, Website
from crmlite.forms.doubts import Doubt, Doubting
from crmlite.forms.form import Difference, Form, RecordForm
from crmlite.forms.labels import Labelled
from crmlite.forms.numbers import Amount, Integer, Number
from crmlite.forms.texts import LongText, Password, Text
from crmlite.forms.ticks import Answer, Check
from crmlite.forms.times import Day, Moment, TimeOfDay
from crmlite.forms.wording import said

__all__ = [
    "Amount",
    "Answer",
    "Check",
    "Choice",
    "Choices",
    "Condition",
    "Day",
    "Difference",
    "Doubt",
    "Doubting",
    "Email",
    "Form",
    "Integer",
    "Labelled",
    "LongText",
    "Messenger",
    "Moment",
    "Number",
    "Option",
    "Password",
    "Person",
    "Phone",
    "RecordForm",
    "Segments",
    "Text",
    "TimeOfDay",
    "Website",
    "said",
]
