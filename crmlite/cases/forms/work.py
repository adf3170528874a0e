"""The forms with which people work on a case."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from crmlite import clock
from crmlite.accounts.queries import owners, person_name, teams
from crmlite.cases.categories import offered
from crmlite.cases.forms.intake import EARLY, OLDEST, Numbered, listed, named
from crmlite.cases.operations import Promise, Revisit, Solution
from crmlite.cases.words import COMPLAINT, KINDS
from crmlite.fields.entering import Further, FurtherPart
from crmlite.followups.kinds import kinds as contact_kinds
from crmlite.forms import (
    Check,
    Choice,
    Choices,
    Form,
    LongText,
    Moment,
    Option,
    Person,
    RecordForm,
    Segments,
    Text,
)
from crmlite.wording import N_, label

TO_CUSTOMER, FROM_CUSTOMER, INTERNAL = "out", "in", "note"
DIRECTIONS = (
    (TO_CUSTOMER, N_("Reply to the customer")),
    (FROM_CUSTOMER, N_("The customer said")),
    (INTERNAL, N_("Internal note")),
)
LONGEST = 10_000
FURTHEST = timedelta(days=3 * 366)
F = TypeVar("F", bound=Form)


def _must_be_ahead(moment: datetime | None) -> None:
    """A promise is for a time that is ahead, and that people live to see."""
    if moment is None:
        return
    if moment <= clock.now():
        raise ValidationError(_("A promise is for a time that is still ahead."))
    if moment > clock.now() + FURTHEST:
        raise ValidationError(_("This is too far ahead."))


class MessageForm(RecordForm):
    """The box below the conversation; its version is the newest message that the writer has seen."""

    direction = Segments(_l("Kind of message"), options=DIRECTIONS, required=True)
    content = LongText(_l("Text"), most=LONGEST, required=True)
    channel = Choice(_l("Channel"), options=listed("channel"))
    is_report = Check(_l("Progress report"))
    promise_what = Text(_l("We promise"), most=200)
    promise_at = Moment(_l("by"))

    def validate_promise_at(self, field: Any) -> None:
        """A promise has a date that is still ahead."""
        if self.promise_what.data and field.data is None:
            raise ValidationError(_("Until when? Choose a day and a time."))
        _must_be_ahead(field.data)

    def validate_promise_what(self, field: Any) -> None:
        """A date promises something."""
        if self.promise_at.data is not None and not field.data:
            raise ValidationError(_("What is promised by then?"))

    def promises(self) -> tuple[Promise, ...]:
        """What is promised to the customer."""
        if not self.promise_what.data or self.promise_at.data is None:
            return ()
        return (Promise(what=self.promise_what.data, by_when=self.promise_at.data),)

    def answered_meanwhile(self, newest: int, sentence: str) -> None:
        """Somebody else answered while this was written: saved again, having seen that, it is taken."""
        self.conflict({"version": newest})
        self.blame(None, sentence)


def message_form(record: Any, content: str = "") -> MessageForm:
    """The box as a page shows it at first."""
    given = {
        "direction": INTERNAL if record.is_closed else TO_CUSTOMER,
        "channel": record.row["channel"],
        "content": content,
        "version": record.newest,
    }
    return MessageForm(formdata=None, data=given)


class PlanForm(Form):
    """The plan that was agreed with the customer."""

    plan = LongText(_l("What was agreed"), most=LONGEST, required=True)
    until = Moment(_l("Resolved by"), required=True)

    def validate_until(self, field: Any) -> None:
        """A plan is for a time that is still ahead."""
        _must_be_ahead(field.data)

    @property
    def moment(self) -> datetime:
        """By when it is to be resolved."""
        assert self.until.data is not None
        return self.until.data


class WhyForm(Form):
    """A reason, asked for where somebody will wonder later."""

    why = LongText(_l("Why"), most=2000, required=True)


class WaitForm(Form):
    """What one waits for."""

    why = Text(_l("What do we wait for?"), most=300, required=True)


def _done(options: Sequence[Option]) -> Choices:
    """Which of the open tasks of a case are done by now."""
    return Choices(_l("Still open: tick what is done"), options=options, numbers=True)


def _open_task(task: Any, record: Any) -> Option:
    who, due = person_name(task["assignee_id"]), record.moment(task["due_at"])
    words = _("%(what)s (%(who)s, by %(when)s)", what=task["what"], who=who, when=due)
    return Option(str(task["id"]), words)


def _asking(kind: type[F], record: Any, data: Any) -> F:
    """A form that asks which of the open tasks of a case are done; without any it does not ask."""
    tasks = record.unsettled
    field = _done([_open_task(one, record) for one in tasks])
    field.creation_counter = kind.done.creation_counter  # type: ignore[attr-defined]
    form: F = type(f"{kind.__name__}OfCase", (kind,), {"done": field})(data=data)
    if not tasks:
        del form.done
    return form


class SolutionForm(RecordForm):
    """How a case was resolved."""

    resolution = LongText(_l("How it was resolved"), most=LONGEST, required=True)
    root_cause = Choice(_l("Root cause"), options=listed("root_cause"), named=named("root_cause"))
    cause_note = Text(_l("More on the cause"), most=2000)
    corrective_action = LongText(_l("What is done so that it does not happen again"), most=4000)
    done = _done(())

    def value(self) -> Solution:
        """The solution."""
        return Solution(
            resolution=self.resolution.data,
            root_cause=self.root_cause.data or None,
            cause_note=self.cause_note.data or None,
            corrective_action=self.corrective_action.data or None,
        )

    @property
    def ticked(self) -> list[int]:
        """The tasks that are done."""
        return self.done.data if "done" in self else []


def solution_form(record: Any) -> SolutionForm:
    """The form for a case."""
    return _asking(SolutionForm, record, record.row)


class RevisitForm(Form):
    """What the customer says when asked whether it is settled."""

    satisfied = Segments(
        _l("Is the customer satisfied?"),
        options=(("yes", N_("Yes: confirm the case")), ("no", N_("No: reopen it"))),
        required=True,
    )
    channel = Choice(_l("Channel"), options=contact_kinds, required=True)
    content = LongText(_l("What they said"), most=LONGEST, required=True)
    root_cause = Choice(_l("Root cause"), options=listed("root_cause"), named=named("root_cause"))
    corrective_action = LongText(_l("What is done so that it does not happen again"), most=4000)
    done = _done(())

    def validate(self, extra_validators: Any = None) -> bool:
        """Nobody confirms a case that lacks what it has to have."""
        found = bool(super().validate(extra_validators))
        if self.satisfied.data != "yes":
            return found
        for name in ("root_cause", "corrective_action"):
            if name in self and not self[name].data:
                self.blame(name, _("Needed before the case can be closed."))
                found = False
        return found

    @property
    def ticked(self) -> list[int]:
        """The tasks that are done."""
        return self.done.data if "done" in self else []

    def value(self, contact_id: int | None) -> Revisit:
        """The revisit."""
        asks = "root_cause" in self
        return Revisit(
            satisfied=self.satisfied.data == "yes",
            content=self.content.data,
            channel=self.channel.data,
            contact_id=contact_id,
            root_cause=(self.root_cause.data or None) if asks else None,
            corrective_action=(self.corrective_action.data or None) if asks else None,
        )


def revisit_form(record: Any) -> RevisitForm:
    """The form for a case; cause and action are asked for where it may not be closed without them."""
    form = _asking(RevisitForm, record, {**record.row, "channel": "phone", "content": ""})
    if not record.lacks_cause:
        del form.root_cause, form.corrective_action
    return form


class FactsForm(Further, RecordForm):
    """What is known about a case."""

    further = "case"
    subject = Text(_l("In one line"), most=200, required=True)
    kind = Choice(_l("Kind of case"), options=tuple(KINDS.items()), required=True)
    contact_id = Numbered(_l("Whom it is talked about with"), options=())
    opened_at = Moment(_l("Opened"), required=True)
    category = Choice(_l("About"), options=offered, named=named("category"))
    product = Text(_l("Product"), most=200)
    order_number = Text(_l("Order no."), most=80)
    channel = Choice(
        _l("Came by"), options=listed("channel"), named=named("channel"), required=True
    )
    mood = Choice(_l("Mood"), options=listed("mood"), named=named("mood"))
    demand = LongText(_l("What they ask for"), most=4000)
    is_complex = Check(_l("Complex: a joint team works on it"))
    root_cause = Choice(_l("Root cause"), options=listed("root_cause"), named=named("root_cause"))
    corrective_action = LongText(_l("What is done so that it does not happen again"), most=4000)

    def validate_opened_at(self, field: Any) -> None:
        """What came in has come in."""
        if field.data and field.data > clock.now() + EARLY:
            raise ValidationError(_("It cannot have come in later than now."))
        if field.data and field.data < clock.now() - OLDEST:
            raise ValidationError(_("This is too long ago."))

    def changes(self, case: Any) -> dict[str, Any]:
        """The columns of a case as they are to be. It was opened when it was as long as the minute
        that the form shows is the same."""
        found = {
            name: self[name].data
            for name in ("subject", "kind", "contact_id", "opened_at", "category", "product",
                         "order_number", "channel", "mood", "demand", "is_complex", "root_cause",
                         "corrective_action")
            if name in self
        }  # fmt: skip
        if found["opened_at"] == case["opened_at"].replace(second=0, microsecond=0):
            del found["opened_at"]
        values = {name: None if value == "" else value for name, value in found.items()}
        extra = self.further_values()
        return {**values, "extra": extra} if extra else values


def facts_form(
    case: Any, contacts: Sequence[tuple[int, str]] | None, further: FurtherPart
) -> FactsForm:
    """The form for a case; mood and demand are asked of complaints alone, which any other case becomes
    in a step of its own. `contacts` None: the reader may not know those of its customer."""
    kinds = [one for one in KINDS.items() if case["kind"] == COMPLAINT or one[0] != COMPLAINT]
    fields = {
        "kind": Choice(_l("Kind of case"), options=kinds, required=True),
        "contact_id": Numbered(
            _l("Whom it is talked about with"),
            options=[Option(str(key), name) for key, name in contacts or ()],
            named=lambda _key: _("a former contact"),
            none=_l("nobody named"),
        ),
    }
    for name, field in fields.items():
        field.creation_counter = getattr(FactsForm, name).creation_counter  # they keep their place
    made = type("FactsFormOfCase", (FactsForm,), {**fields, **further.fields})
    form: FactsForm = made(data={**case, **further.values})
    if case["kind"] != COMPLAINT:
        del form.mood, form.demand
    if contacts is None:
        del form.contact_id
    return form


class LevelForm(Form):
    """Another level, or what a case becomes a complaint with."""

    level = Segments(_l("Level"), options=listed("level"), required=True)
    why = Text(_l("Why"), most=300)


class ComplaintForm(Form):
    """What makes a case a complaint."""

    level = Segments(_l("Level"), options=listed("level"), required=True)
    mood = Choice(_l("Mood"), options=listed("mood"))
    demand = LongText(_l("What they ask for"), most=4000)


class AssignForm(RecordForm):
    """Whose desk a case is on."""

    assignee_id = Person(_l("Assignee"), people=owners, none=_l("back into the queue"))
    team_id = Numbered(
        _l("Team"),
        options=lambda: [Option(str(one.id), label(one.label)) for one in teams()],
        named=lambda _key: _("a team that is gone"),
        none=_l("as it is"),
    )


class MemberForm(Form):
    """Somebody for the joint team."""

    user_id = Person(_l("Colleague"), people=owners, required=True)
    duty = Choice(_l("Does"), options=listed("duty"), required=True)


class TaskForm(Form):
    """What somebody who works on a case is asked for."""

    what = Text(_l("What is to be done"), most=200, required=True)
    user_id = Person(_l("Who does it"), people=owners, required=True)
    due_at = Moment(_l("Due at"), required=True)

    def validate_due_at(self, field: Any) -> None:
        """It is to be done by a time that people live to see."""
        if field.data and field.data <= clock.now():
            raise ValidationError(_("A task is for a time that is still ahead."))
        if field.data and field.data > clock.now() + FURTHEST:
            raise ValidationError(_("This is too far ahead."))

    @property
    def moment(self) -> datetime:
        """By when it is to be done."""
        assert self.due_at.data is not None
        return self.due_at.data


def task_form(workers: Sequence[Any]) -> TaskForm:
    """The form, with those who work on the case; where it is one person, they are meant."""
    field = Person(_l("Who does it"), people=lambda: workers, required=True)
    field.creation_counter = TaskForm.user_id.creation_counter
    kind = type("TaskFormOfCase", (TaskForm,), {"user_id": field})
    form: TaskForm = kind(data={"user_id": workers[0].id} if len(workers) == 1 else {})
    return form


class SplitForm(Form):
    """Another matter that gets a case of its own."""

    subject = Text(_l("The other matter, in one line"), most=200, required=True)
    said = LongText(_l("What the customer says about it"), most=LONGEST)


class LinkForm(Form):
    """Another case that is about the same."""

    number = Text(_l("Number of the other case"), most=40, required=True)
