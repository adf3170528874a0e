"""The form for a contact: what was said, what was promised, and what is to be done next."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import ValidationError

from crmlite import clock
from crmlite.accounts.queries import owners, person_name
from crmlite.followups.days import soon
from crmlite.followups.kinds import kinds
from crmlite.followups.operations import InteractionDraft, Promise, TaskDraft
from crmlite.forms import (
    Check,
    Choice,
    Choices,
    Day,
    Integer,
    LongText,
    Moment,
    Option,
    Person,
    RecordForm,
    Segments,
    Text,
    TimeOfDay,
)
from crmlite.forms.times import zone
from crmlite.rules.text import clean_int
from crmlite.wording import N_

EARLY = timedelta(minutes=10)  # clocks differ a little
MOST_ID = 2**31 - 1
DIRECTIONS = (("out", N_("We contacted them")), ("in", N_("They contacted us")))
PROMISES = (1, 2, 3)  # as many as there are lines for


def person_named(value: str) -> str:
    """What the person with this id is called."""
    return person_name(int(value)) if value.isdecimal() else value


class InteractionForm(RecordForm):
    """A contact with a customer, and the promises and the next step that follow from it."""

    kind = Segments(_l("Kind of follow-up"), options=kinds, required=True)
    content = LongText(_l("What was said"), most=10_000, required=True)
    occurred_at = Moment(_l("When"))  # nothing means now
    minutes = Integer(_l("Length in minutes"), least=0, most=6000)
    direction = Segments(_l("Direction"), options=DIRECTIONS, required=True)
    participants = Text(_l("Others who took part"), most=300)
    done_by_id = Person(_l("Done by"), people=owners, named=person_named, required=True)
    answered = Check(_l("They answered: counts as a real contact"))
    answered_at = Moment(_l("Answered at"))  # nothing means during the contact
    feedback = LongText(_l("Their feedback"), most=4000)
    result = Text(_l("Result"), most=200)
    quotation_sent = Check(_l("A quotation was sent"))
    next_what = Text(_l("Next step"), most=200)
    next_day = Segments(_l("Due"), options=lambda: day_options(clock.today(zone())))
    next_on = Day(_l("or on"))
    next_channel = Choice(_l("How"), options=kinds)
    preset = HiddenField()  # how the moment stood when the form was drawn
    start_id = HiddenField()  # the begun contact that this one is

    _kept: datetime | None = None
    _answered: datetime | None = None

    def preset_moment(self, kept: datetime | None, answered: datetime | None = None) -> None:
        """Note how the moment stands, which shows whole minutes only. Left so, it means `kept` to
        the second, or within the same minute the moment of saving: two contacts in one minute stay
        in their order. `answered` is when the customer answered, kept to the second likewise."""
        self._kept, self._answered = kept, answered
        if not self.is_submitted():
            self.preset.data = self.occurred_at.written(self.occurred_at.data)

    @property
    def moment(self) -> datetime:
        """When the contact took place."""
        typed: datetime | None = self.occurred_at.data
        written, now = self.occurred_at.written, clock.now()
        if self._kept is not None and (typed is None or written(typed) == self.preset.data):
            return self._kept
        return now if typed is None or written(typed) == written(now) else typed

    @property
    def answer(self) -> datetime | None:
        """When the customer answered; None when they did not."""
        if not self.answered.data:
            return None
        typed: datetime | None = self.answered_at.data
        written, kept = self.answered_at.written, self._answered
        if typed is not None and kept is not None and written(typed) == written(kept):
            typed = kept
        return self.moment if typed is None else max(typed, self.moment)

    def conflict(self, theirs: Mapping[str, Any]) -> None:
        """The moment is compared with theirs from now on: what was typed is not left as it was."""
        super().conflict({**theirs, "answered_at": later_answer(theirs)})
        self.preset.data = self.occurred_at.written(theirs["occurred_at"])

    def validate_occurred_at(self, field: Any) -> None:
        """A contact that is written down has taken place."""
        if field.data and field.data > clock.now() + EARLY:
            raise ValidationError(_("This is still ahead. Plan it as a next step instead."))

    def validate_answered_at(self, field: Any) -> None:
        """An answer comes during the contact or after it, and is no plan either."""
        if not self.answered.data or not field.data or self.occurred_at.errors:
            return
        if field.data < self.moment.replace(second=0, microsecond=0):
            raise ValidationError(_("The answer cannot come before the follow-up."))
        if field.data > clock.now() + EARLY:
            raise ValidationError(_("This is still ahead."))

    def validate_next_on(self, field: Any) -> None:
        """A next step has a day."""
        if self.next_what.data and self.day is None:
            raise ValidationError(_("Until when? Choose a day."))

    def validate_next_what(self, field: Any) -> None:
        """A day has a step."""
        if self.day is not None and not field.data:
            raise ValidationError(_("What is to be done then?"))

    def promise(self, place: int) -> tuple[Any, Any, Any]:
        """The fields of a line for a promise: what, on which day, at what time."""
        return (
            self[f"promise_what_{place}"],
            self[f"promise_on_{place}"],
            self[f"promise_at_{place}"],
        )

    def promise_lines(self) -> list[tuple[Any, Any, Any]]:
        """All lines for promises; none where a contact is corrected."""
        return [self.promise(place) for place in PROMISES if f"promise_what_{place}" in self]

    def without_follow_ups(self) -> None:
        """Leave out what follows from a contact: when it is corrected, that stands by itself."""
        names = ["next_what", "next_day", "next_on", "next_channel"]
        names += [field.name for line in self.promise_lines() for field in line]
        for name in names:
            del self[name]

    def validate(self, extra_validators: Any = None) -> bool:
        """A promise has words and a day."""
        fits = bool(super().validate(extra_validators))
        for what, on, at in self.promise_lines():
            if on.errors or at.errors:
                continue
            if what.data and on.data is None:
                self.blame(on.name, _("By when? Choose a day."))
                fits = False
            elif not what.data and (on.data is not None or at.data is not None):
                self.blame(what.name, _("What was promised?"))
                fits = False
        return fits

    def promised(self) -> Iterator[Promise]:
        """The promises that were entered."""
        for what, on, at in self.promise_lines():
            if what.data:
                due_at = moment_of(on.data, at.data)
                yield Promise(what=what.data, due_on=on.data, due_at=due_at)

    @property
    def day(self) -> date | None:
        """Until when the next step is to be done: the day picked, else one of those offered."""
        if self.next_on.data:
            return self.next_on.data  # type: ignore[no-any-return]
        return date.fromisoformat(self.next_day.data) if self.next_day.data else None

    def value(self) -> InteractionDraft:
        """The interaction, without its customer."""
        return self.draft(0)

    def draft(self, customer_id: int) -> InteractionDraft:
        """The interaction with this customer."""
        step = None
        if "next_what" in self and self.next_what.data and self.day:
            step = TaskDraft(
                what=self.next_what.data,
                due_on=self.day,
                channel=self.next_channel.data,
            )
        started = self.start_id.data or ""
        return InteractionDraft(
            customer_id=customer_id,
            kind=self.kind.data,
            content=self.content.data,
            occurred_at=self.moment,
            direction=self.direction.data,
            contact_id=self.contact_id.data,
            minutes=self.minutes.data,
            participants=self.participants.data or None,
            done_by_id=self.done_by_id.data,
            feedback=self.feedback.data or None,
            answered=bool(self.answered.data),
            answered_at=self.answer,
            result=self.result.data or None,
            quotation_sent=bool(self.quotation_sent.data),
            next_step=step,
            promises=tuple(self.promised()),
            closes=tuple(self.closes.data) if "closes" in self else (),
            start_id=clean_int(started, least=1, most=MOST_ID).value if started else None,
        )

    def changes(self) -> dict[str, Any]:
        """The columns of an interaction that is corrected. Who had it stays where nobody was chosen; a
        person who was stands in place of a name out of a file."""
        draft = self.draft(0)
        whose: dict[str, Any] = {}
        if draft.done_by_id is not None:
            whose = {"done_by_id": draft.done_by_id, "done_by_name": None}
        names = (
            "kind",
            "content",
            "occurred_at",
            "direction",
            "contact_id",
            "minutes",
            "participants",
            "feedback",
            "answered",
            "answered_at",
            "result",
            "quotation_sent",
        )
        return {name: getattr(draft, name) for name in names} | whose


class Numbered(Choice):
    """One record out of a list, by its id."""

    number = True


def interaction_form(
    contacts: list[Option],
    steps: list[Option],
    corrected: Mapping[str, Any] | None = None,
    **more: Any,
) -> InteractionForm:
    """The form for a customer with these contacts and these open tasks; `corrected` is a contact that was
    written down before. Whoever had that one need not be somebody with a login."""
    fields: dict[str, Any] = {
        "contact_id": Numbered(_l("With"), options=contacts, none=_l("Nobody in particular"))
    }
    if corrected is not None and corrected["done_by_id"] is None:
        name = corrected["done_by_name"] or "–"
        fields["done_by_id"] = Person(_l("Done by"), people=owners, named=person_named, none=name)
    if steps:
        fields["closes"] = Choices(_l("Done with this"), options=steps, numbers=True)
    for place in PROMISES:
        fields[f"promise_what_{place}"] = Text(_l("Promise"), most=200)
        fields[f"promise_on_{place}"] = Day(_l("By day"))
        fields[f"promise_at_{place}"] = TimeOfDay(_l("By time"))
    return type("ForCustomer", (InteractionForm,), fields)(**more)  # type: ignore[no-any-return]


def moment_of(day: date | None, at: time | None) -> datetime | None:
    """A day and a time of it as a moment; None without both."""
    if day is None or at is None:
        return None
    return datetime.combine(day, at, zone()).astimezone(UTC)


def day_options(today: date) -> list[Option]:
    """The same as options of a form."""
    return [Option(day.isoformat(), text) for day, text in soon(today)]


def later_answer(row: Mapping[str, Any]) -> datetime | None:
    """When the customer answered, if that was not during the contact itself."""
    answered: datetime | None = row["answered_at"]
    return None if answered == row["occurred_at"] else answered


def written_after(occurred_at: datetime, recorded_at: datetime) -> timedelta:
    """How long after the contact it was written down; never less than nothing."""
    return max(recorded_at - occurred_at, timedelta())
