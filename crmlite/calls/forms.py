"""The form of a telephone revisit: key points under each question, and what follows."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import ValidationError

from crmlite import clock
from crmlite.calls.outline import PHONE, Outline
from crmlite.followups.days import soon
from crmlite.followups.operations import InteractionDraft, Promise, TaskDraft
from crmlite.forms import (
    Check,
    Choice,
    Choices,
    Day,
    Form,
    Integer,
    LongText,
    Moment,
    Option,
    Segments,
    Text,
)
from crmlite.forms.times import zone
from crmlite.rules.text import SURROGATES

EARLY = timedelta(minutes=10)  # clocks differ a little


class CallForm(Form):
    """A telephone revisit."""

    notes = LongText(_l("Further key points"), most=4000)
    occurred_at = Moment(_l("Began at"))  # nothing means now, less its length
    minutes = Integer(_l("Length in minutes"), least=0, most=600)
    answered = Check(_l("They answered: counts as a real contact"))
    result = Text(_l("Result"), most=200)
    promise_what = Text(_l("Promise"), most=200)
    promise_on = Day(_l("By day"))
    next_what = Text(_l("Next step"), most=200)
    next_day = Segments(_l("Due"), options=lambda: day_options(clock.today(zone())))
    next_on = Day(_l("or on"))
    asked = HiddenField()  # along which outline

    outline: Outline

    def validate(self, extra_validators: Any = None) -> bool:
        """The questions are still those that were shown."""
        is_asked = self.asked.data == self.outline.mark
        if not is_asked:
            self._keep_answers()
        fits = bool(super().validate(extra_validators))
        if is_asked:
            return fits
        self.asked.data = self.outline.mark
        self.blame(None, _("The outline changed meanwhile. Look at the questions again."))
        return False

    def _keep_answers(self) -> None:
        """What was answered where no question stands any more goes on among the further key points."""
        typed = self.notes.raw_data[:1] if self.notes.raw_data else []
        typed += [
            text
            for name, text in request.form.items()
            if name.startswith("answer_") and name not in self
        ]
        kept = "\n\n".join(SURROGATES.sub("\ufffd", text).strip() for text in typed if text.strip())
        self.notes.data, self.notes.raw_data = kept, [kept]

    def validate_occurred_at(self, field: Any) -> None:
        """A call that is written down has begun."""
        if field.data and field.data > clock.now() + EARLY:
            raise ValidationError(_("This is still ahead."))

    def validate_notes(self, field: Any) -> None:
        """Who talked with somebody writes down at least one point."""
        if self.answered.data and not any(self._said()):
            raise ValidationError(_("What was said? Write down at least one key point."))

    def validate_promise_on(self, field: Any) -> None:
        """A promise has a day."""
        if self.promise_what.data and field.data is None:
            raise ValidationError(_("By when? Choose a day."))

    def validate_promise_what(self, field: Any) -> None:
        """A day has a promise."""
        if self.promise_on.data is not None and not field.data:
            raise ValidationError(_("What was promised?"))

    def validate_next_on(self, field: Any) -> None:
        """A next step has a day."""
        if self.next_what.data and self.day is None:
            raise ValidationError(_("Until when? Choose a day."))

    def validate_next_what(self, field: Any) -> None:
        """A day has a step."""
        if self.day is not None and not field.data:
            raise ValidationError(_("What is to be done then?"))

    def answers(self) -> list[Any]:
        """The fields under the questions, in their order."""
        return [self[f"answer_{place}"] for place in range(1, len(self.outline.questions) + 1)]

    @property
    def day(self) -> date | None:
        """Until when the next step is to be done: the day picked, else one of those offered."""
        if self.next_on.data:
            return self.next_on.data  # type: ignore[no-any-return]
        return date.fromisoformat(self.next_day.data) if self.next_day.data else None

    def draft(self, customer_id: int, user_id: int) -> InteractionDraft:
        """The call as one contact: what was asked and answered as a text that reads by itself."""
        answered, minutes = bool(self.answered.data), self.minutes.data
        began = self._began(minutes)
        return InteractionDraft(
            customer_id=customer_id,
            kind=PHONE,
            content=self.text(),
            occurred_at=began,
            contact_id=self.contact_id.data,
            minutes=minutes,
            answered=answered,
            answered_at=began if answered else None,
            result=self.result.data or None,
            next_step=self._next_step(user_id),
            promises=tuple(self._promised()),
            closes=tuple(self.closes.data) if answered and "closes" in self else (),
        )

    def text(self) -> str:
        """What was said."""
        said = list(self._said())
        return "\n\n".join(said) if said else _("Nobody was reached.")

    def _said(self) -> Iterator[str]:
        for place, (question, field) in enumerate(
            zip(self.outline.questions, self.answers(), strict=True), 1
        ):
            if field.data:
                yield f"{place}. {question}\n{field.data}"
        if "told" in self and self.told.data:
            points = [self.outline.points[int(place) - 1] for place in self.told.data]
            yield _("Told: %(points)s", points=_("; ").join(points))
        if self.notes.data:
            yield self.notes.data

    def _began(self, minutes: int | None) -> datetime:
        now = clock.now()
        typed: datetime | None = self.occurred_at.data
        return min(typed, now) if typed else now - timedelta(minutes=minutes or 0)

    def _promised(self) -> Iterator[Promise]:
        if self.promise_what.data:
            yield Promise(what=self.promise_what.data, due_on=self.promise_on.data)

    def _next_step(self, user_id: int) -> TaskDraft | None:
        if not self.next_what.data or self.day is None:
            return None
        return TaskDraft(what=self.next_what.data, due_on=self.day, assignee_id=user_id)


class Numbered(Choice):
    """One record out of a list, by its id."""

    number = True


def call_form(
    outline: Outline, contacts: Sequence[Option], steps: Sequence[Option], **more: Any
) -> CallForm:
    """The form for a call along an outline, at a customer with these contacts and open tasks."""
    fields: dict[str, Any] = {
        "outline": outline,
        "contact_id": Numbered(_l("With"), options=list(contacts), none=_l("Nobody in particular")),
    }
    for place, question in enumerate(outline.questions, 1):
        fields[f"answer_{place}"] = LongText(question, most=2000)
    if outline.points:
        points = [Option(str(place), text) for place, text in enumerate(outline.points, 1)]
        fields["told"] = Choices(_l("Worth telling"), options=points)
    if steps:
        fields["closes"] = Choices(_l("Done with this"), options=list(steps), numbers=True)
    return type("OfCall", (CallForm,), fields)(**more)  # type: ignore[no-any-return]


def day_options(today: date) -> list[Option]:
    """The days that people mean most, as options."""
    return [Option(day.isoformat(), text) for day, text in soon(today)]
