"""Forms for tasks: planned, changed, put on another day, finished."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from crmlite import clock, settings
from crmlite.accounts.queries import owners, seeing
from crmlite.followups.forms.interactions import moment_of, person_named
from crmlite.followups.kinds import kinds
from crmlite.followups.operations import TaskDraft
from crmlite.forms import (
    Choice,
    Day,
    Form,
    Integer,
    Moment,
    Person,
    RecordForm,
    Text,
    TimeOfDay,
)
from crmlite.forms.times import zone
from crmlite.rules.repeating import MOST, Repeat
from crmlite.wording import N_, label

EARLY = timedelta(minutes=10)  # clocks differ a little
UNITS = (("days", N_("days")), ("weeks", N_("weeks")), ("months", N_("months")))


class StepForm(Form):
    """A task that is planned by itself."""

    what = Text(_l("Next step"), most=200, required=True)
    due_on = Day(_l("Due"), required=True)
    due_time = TimeOfDay(_l("At time"))
    channel = Choice(_l("How"), options=kinds)
    assignee_id = Person(_l("Assigned to"), people=owners, named=person_named, required=True)
    remind_at = Moment(_l("Remind at"))
    repeat_every = Integer(_l("Comes again every"), least=1, most=366)
    repeat_unit = Choice(_l("Days, weeks or months"), options=UNITS, none=_l("Once only"))

    def validate_remind_at(self, field: Any) -> None:
        """A reminder is still to come, unless it was set before."""
        before = field.object_data
        if field.data and field.data < clock.now() - EARLY and field.data != before:
            raise ValidationError(_("This moment is over. Choose one that is still to come."))

    def validate_repeat_unit(self, field: Any) -> None:
        """How often has a number and a unit."""
        every = self.repeat_every.data
        if field.data and every is not None and every > MOST[field.data]:
            most = MOST[field.data]
            raise ValidationError(
                _("At most every %(most)s %(unit)s.", most=most, unit=_unit(field))
            )
        if field.data is None and every is not None:
            raise ValidationError(_("Days, weeks or months?"))

    @property
    def due_at(self) -> datetime | None:
        """The moment by which it is to be done, if it has one."""
        return moment_of(self.due_on.data, self.due_time.data)

    def value(self) -> TaskDraft:
        """The task."""
        return TaskDraft(
            what=self.what.data,
            due_on=self.due_on.data,
            due_at=self.due_at,
            channel=self.channel.data,
            assignee_id=self.assignee_id.data,
            remind_at=self.remind_at.data,
            repeat=self.repeat(),
        )

    def repeat(self) -> dict[str, Any] | None:
        """How it comes again, from its day on."""
        unit, day = self.repeat_unit.data, self.due_on.data
        if unit is None or day is None:
            return None
        return Repeat(self.repeat_every.data or 1, unit, day).stored()


def step_form(owner_id: int | None, **more: Any) -> StepForm:
    """The form for a customer of this owner (None: nobody's): its tasks are for those who see it."""
    return _for(StepForm, owner_id)(**more)  # type: ignore[no-any-return]


def step_change_form(row: Mapping[str, Any]) -> "StepChangeForm":
    """The same for a task that is there; whoever has it may keep it."""
    form: StepChangeForm = _for(StepChangeForm, row["owner_id"])(data=as_form(row))
    form.of(row)
    return form


def _for(form: type[StepForm], owner_id: int | None) -> Any:
    field = Person(
        _l("Assigned to"), people=lambda: seeing(owner_id), named=person_named, required=True
    )
    return type("ForCustomer", (form,), {"assignee_id": field})


def _unit(field: Any) -> str:
    return label(dict(UNITS)[field.data])


class StepChangeForm(StepForm, RecordForm):
    """A task that is worded anew, moved or given to somebody else."""

    _was: Mapping[str, Any] | None = None

    def of(self, row: Mapping[str, Any]) -> None:
        """The task as it is kept: what is not said anew of how it comes again stays so."""
        self._was = row

    def changes(self) -> dict[str, Any]:
        """The columns of the task."""
        return {
            "what": self.what.data,
            "due_on": self.due_on.data,
            "due_at": self.due_at,
            "channel": self.channel.data,
            "assignee_id": self.assignee_id.data,
            "remind_at": self.remind_at.data,
            "repeat": self._same() or self.repeat(),
        }

    def _same(self) -> dict[str, Any] | None:
        """The series that it is in, when that was left alone: a day put off does not begin a new one."""
        before = (self._was or {}).get("repeat")
        same = before and (before["every"], before["unit"]) == (
            self.repeat_every.data or 1,
            self.repeat_unit.data,
        )
        return dict(before) if before and same else None


def as_form(row: Mapping[str, Any]) -> dict[str, Any]:
    """A task as its form shows it."""
    repeat = row["repeat"] or {}
    at = row["due_at"]
    return {
        **row,
        "due_time": at.astimezone(zone()).time() if at is not None else None,
        "repeat_every": repeat.get("every"),
        "repeat_unit": repeat.get("unit"),
    }


class DayForm(Form):
    """Another day for a task, perhaps with a time."""

    due_on = Day(_l("New day"), required=True)
    due_time = TimeOfDay(_l("At time"))


class FinishForm(RecordForm):
    """What came of a task, and what it makes of the customer; its version is the customer's."""

    outcome = Text(_l("What came of it"), most=300)
    stage = Choice(
        _l("Stage"),
        options=lambda: list(settings.choices("stage")),
        named=lambda key: settings.choice_label("stage", key),
    )
    status_line = Choice(
        _l("Status"),
        options=lambda: list(settings.choices("status")),
        named=lambda key: settings.choice_label("status", key),
    )
    words = Text(_l("Or in your own words"), most=200)

    def of_customer(self) -> dict[str, Any]:
        """The columns of the customer, as far as the form has them."""
        if "stage" not in self:
            return {}
        return {"stage": self.stage.data, "status": self._status()}

    def _status(self) -> str | None:
        """The key of the chosen line, or the words; a listed text is kept as its key."""
        typed: str = self.words.data.strip()
        if not typed:
            return self.status_line.data  # type: ignore[no-any-return]
        for choice in settings.choices("status"):
            if typed in choice.label.values():
                return choice.key
        return typed

    def without_customer(self) -> None:
        """Leave the customer out, for who may not change it."""
        for name in ("stage", "status_line", "words"):
            del self[name]
