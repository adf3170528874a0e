"""The page of a case: everything that its templates show, read once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from flask import url_for

from crmlite import hooks
from crmlite.access import Reader
from crmlite.access.sensitive import Shown, shown
from crmlite.accounts.queries import person_name
from crmlite.calendars.wording import moment
from crmlite.cases.clocks import CaseClock, clocks_of, events_of, next_due
from crmlite.cases.explaining import Face, Goal, face, goal
from crmlite.cases.facts import calendar_for
from crmlite.cases.joint import Ask, ask_of
from crmlite.cases.levels import may_have
from crmlite.cases.models import Case
from crmlite.cases.operations.tasks import ASKED, CLOCKS, PLAN, PROMISED, TICKED
from crmlite.cases.queries import cases as reading
from crmlite.cases.sight import may
from crmlite.cases.targets import targets
from crmlite.cases.telling import Told, told
from crmlite.cases.words import COMPLAINT, NEEDS_CAUSE, kind_label, listed, status_label
from crmlite.customers.choices import choice_label, tier_shown
from crmlite.customers.further import Fact, filled_groups, resting_facts
from crmlite.customers.models import Contact
from crmlite.fields.entering import FurtherPart, part_for
from crmlite.panels import Panel
from crmlite.rules.casework import (
    AFTER_WORK,
    AT_WORK,
    MOVES,
    ClockName,
    Status,
    is_reopening,
)
from crmlite.rules.working_time import Calendar, NoWorkingTime

Row = Mapping[str, Any]
CASE = Case.__table__


class CaseRecord:
    """A case for one reader. `row` is what `queries.cases.case` answers."""

    def __init__(self, row: Row, reader: Reader, now: datetime) -> None:
        self.row, self.reader, self.now = row, reader, now

    @property
    def number(self) -> str:
        """By which it is called."""
        return str(self.row["number"])

    @property
    def is_complaint(self) -> bool:
        """Whether it is a complaint, and so has a level."""
        return bool(self.row["kind"] == COMPLAINT)

    @cached_property
    def events(self) -> list[Row]:
        """What happened."""
        return reading.events(self.row["id"])

    @cached_property
    def messages(self) -> list[Row]:
        """What was said."""
        return reading.messages(self.row["id"])

    @cached_property
    def members(self) -> list[Row]:
        """The joint team."""
        return reading.members(self.row["id"])

    @cached_property
    def ask(self) -> Ask | None:
        """What it asks of its joint team; None for nothing."""
        return ask_of(self.row, self.members)

    @cached_property
    def people(self) -> list[int | None]:
        """Whose case it is."""
        return [
            self.row["assignee_id"],
            self.row["customer_owner_id"],
            *(member["user_id"] for member in self.members),
        ]

    def may(self, permission: str) -> bool:
        """Whether the reader may do something with it."""
        return may(self.reader, permission, self.people)

    @property
    def editable(self) -> bool:
        """Whether the reader may work on it."""
        return self.may("cases:edit")

    @cached_property
    def calendar(self) -> Calendar:
        """By which its clocks go."""
        return calendar_for(self.row)

    @cached_property
    def clocks(self) -> Sequence[CaseClock]:
        """Its clocks; none where its calendar has no working time."""
        customer = {"tier": self.row["customer_tier"], "lifecycle": self.row["customer_lifecycle"]}
        try:
            return clocks_of(
                self.row,
                events_of(self.row, self.events),
                tier=tier_shown(customer),
                known=targets(),
                calendar=self.calendar,
                now=self.now,
            )
        except NoWorkingTime:
            return ()

    @cached_property
    def clock(self) -> CaseClock | None:
        """The one that is due next."""
        return None if self.row["status"] == Status.CONFIRMED else next_due(self.clocks)

    @cached_property
    def face(self) -> Face | None:
        """How that is drawn."""
        if self.clock is None:
            return None
        return face(
            self.clock,
            self.row,
            self.calendar,
            self._reasons,
            again=bool(self.row["reopened"]),
            act_by=self._act_by(self.clock),
        )

    def _act_by(self, clock: CaseClock) -> datetime | None:
        """Until when what a clock asks for is to be done; None where it has no task."""
        purpose = CLOCKS.get(clock.name)
        dated = (
            task["due_at"]
            for task in self._all_tasks
            if task["purpose"] == purpose and task["status"] == "open"
        )
        return next(dated, None)

    @cached_property
    def goals(self) -> list[Goal]:
        """All its clocks as small lines."""
        return [goal(clock, self.calendar) for clock in self.clocks]

    @property
    def _reasons(self) -> Mapping[datetime, str]:
        return {
            event["at"]: event["why"]
            for event in self.events
            if event["kind"] == "moved" and event["why"] and event["data"]["to"] == Status.WAITING
        }

    @cached_property
    def conversation(self) -> list[Told]:
        """What was said and what happened, in order."""
        return told(self.messages, self.events, self.contact)

    @cached_property
    def contact(self) -> Row | None:
        """Whom it is talked about with."""
        return reading.contact_of(self.row)

    def reach(self) -> list[Shown]:
        """How the contact is reached: whole for those whose case it is while it is open, each look
        written down; for all others as their rights have it."""
        if self.contact is None:
            return []
        owner = self.row["customer_owner_id"]
        reader = _Unmasked(self.reader) if self._is_mine and self.row["is_open"] else self.reader
        found = (
            shown(reader, column, self.contact, owner_id=owner)
            for column in (Contact.mobile, Contact.phone, Contact.email)
        )
        return [one for one in found if one]

    def further_part(self) -> FurtherPart:
        """The further fields of a form for it."""
        owner_id = self.row["customer_owner_id"]
        return part_for("case", self.reader, owner_id, of=(CASE, self.row))

    def further(self) -> list[tuple[str, list[Fact]]]:
        """What is recorded of it beside what crmlite asks for, under headings."""
        owner_id = self.row["customer_owner_id"]
        return filled_groups(self.reader, CASE, "case", self.row, owner_id)

    def resting(self) -> list[Fact]:
        """What is kept of fields that are asked for no more."""
        return resting_facts(self.reader, CASE, self.row, self.row["customer_owner_id"])

    @property
    def _is_mine(self) -> bool:
        mine = {self.row["assignee_id"], *(member["user_id"] for member in self.members)}
        return self.reader.user_id in mine

    @cached_property
    def _all_tasks(self) -> list[Row]:
        return reading.tasks(self.row["id"])

    @property
    def promises(self) -> list[Row]:
        """What the customer was promised."""
        return [task for task in self._all_tasks if task["purpose"] in (PROMISED, PLAN)]

    @property
    def tasks(self) -> list[Row]:
        """What people who work on it were asked for."""
        return [task for task in self._all_tasks if task["purpose"] == ASKED]

    @property
    def workers(self) -> list[int]:
        """Who works on it: whoever has it, and the joint team."""
        found = [self.row["assignee_id"], *(member["user_id"] for member in self.members)]
        return list(dict.fromkeys(one for one in found if one is not None))

    def may_finish(self, task: Row) -> bool:
        """Whether the reader may tick a task or a promise off; the plan that was agreed is done when
        the case is resolved."""
        is_own = task["assignee_id"] == self.reader.user_id
        may = task["status"] == "open" and task["purpose"] in (PROMISED, ASKED)
        return may and (self.editable or is_own)

    @property
    def unsettled(self) -> list[Row]:
        """What was promised or asked for, is open, and closes with the case if nobody says it is done."""
        return [
            task
            for task in self._all_tasks
            if task["purpose"] in TICKED and task["status"] == "open"
        ]

    def closed_with_case(self, task: Row) -> bool:
        """Whether a task was dropped in the moment in which the case was closed."""
        closings = (
            event["at"]
            for event in self.events
            if event["kind"] == "moved" and event["data"]["to"] == Status.CONFIRMED
        )
        return task["status"] == "dropped" and task["closed_at"] in closings

    def may_drop(self, task: Row) -> bool:
        """Whether the reader may decide that a task is not to be done."""
        return task["status"] == "open" and task["purpose"] == ASKED and self.editable

    @cached_property
    def others(self) -> list[Row]:
        """Further cases of the customer."""
        return reading.of_customer(self.reader, self.row["customer_id"], but=self.row["id"])

    @cached_property
    def similar(self) -> list[Row]:
        """Cases of other customers about the same."""
        return reading.similar(self.reader, self.row)

    @cached_property
    def linked(self) -> list[Row]:
        """Cases that belong together with it."""
        return reading.linked(self.reader, self.row["id"])

    @cached_property
    def improvements(self) -> list[Row]:
        """What it led to, for who may see improvements."""
        if not self.reader.may("improvements:see"):
            return []
        return reading.improvements_of(self.row["id"])

    def panels(self) -> list[Panel]:
        """What slices and packs put into the right column."""
        found = hooks.asked("case_panels", case=self.row, reader=self.reader)
        return sorted(found, key=lambda panel: panel.weight)

    @property
    def sees_customer(self) -> bool:
        """Whether the reader may open the customer's page."""
        return self.reader.covers("customers:see", self.row["customer_owner_id"])

    @property
    def tier(self) -> str:
        """The customer's tier."""
        customer = {"tier": self.row["customer_tier"], "lifecycle": self.row["customer_lifecycle"]}
        return choice_label("tier", tier_shown(customer))

    @property
    def assignee(self) -> str:
        """Who has it on the desk."""
        return person_name(self.row["assignee_id"])

    @property
    def dedicated(self) -> str:
        """To whom the customer's cases go first; empty for nobody, or where that person left."""
        user_id = self.row["customer_dedicated_id"]
        return person_name(user_id) if may_have(user_id) else ""

    def word(self, name: str) -> str:
        """A listed value in the reader's language."""
        return listed(name, self.row[name])

    @property
    def kind(self) -> str:
        """What kind of case it is."""
        return kind_label(self.row["kind"])

    @property
    def status(self) -> str:
        """Where it stands."""
        return status_label(self.row["status"])

    @property
    def asks_for_plan(self) -> bool:
        """Whether a plan is to be agreed."""
        return any(one.name == ClockName.PLAN and one.runs for one in self.clocks)

    @property
    def asks_for_response(self) -> bool:
        """Whether the first response is still due."""
        return any(one.name == ClockName.RESPONSE and one.runs for one in self.clocks)

    @property
    def needs_cause(self) -> bool:
        """Whether it may not be closed without root cause and corrective action."""
        return self.row["level"] in NEEDS_CAUSE

    @property
    def lacks_cause(self) -> bool:
        """Whether either of them is missing."""
        row = self.row
        return self.needs_cause and not (row["root_cause"] and row["corrective_action"])

    @property
    def newest(self) -> int:
        """The newest message; 0 for none."""
        return max((row["id"] for row in self.messages), default=0)

    @property
    def plan(self) -> Row | None:
        """The plan that was agreed with the customer since the case was opened or reopened last: an
        event with `why`, its text, and `data.until`."""
        found = None
        for event in self.events:
            if event["kind"] == "planned":
                found = event
            elif event["kind"] == "moved" and is_reopening(
                event["data"]["from"], event["data"]["to"]
            ):
                found = None
        return found

    @property
    def plan_until(self) -> str:
        """By when it is to be resolved as agreed, in words; empty without a plan."""
        return self.moment(datetime.fromisoformat(self.plan["data"]["until"])) if self.plan else ""

    def moment(self, at: datetime) -> str:
        """A day and a time as its clocks show them."""
        return moment(at, self.calendar.zone)

    def url(self, endpoint: str, **more: Any) -> str:
        """The address of something about it."""
        return url_for(f"cases.{endpoint}", number=self.number, **more)

    @property
    def primary(self) -> str:
        """The next step of its state, the only button that stands out: one of take, promise,
        acknowledge, begin, plan, resolve, resume, revisit, or nothing."""
        status = self.row["status"]
        if status == Status.NEW and self.row["assignee_id"] is None:
            return "take"
        if self.asks_for_response and status != Status.WAITING:
            return "promise"
        if status == Status.NEW:
            return "acknowledge"
        if status == Status.ACKNOWLEDGED:
            return "begin"
        if status == Status.RESOLVED:
            return "revisit"
        if status == Status.WAITING:
            return "resume"
        if status in AT_WORK:
            return "plan" if self.asks_for_plan else "resolve"
        return ""

    def allows(self, to: str) -> bool:
        """Whether it may go to a status from where it is."""
        return to in MOVES[Status(self.row["status"])]

    @property
    def is_closed(self) -> bool:
        """Whether it is confirmed."""
        return bool(self.row["status"] == Status.CONFIRMED)

    @property
    def is_done(self) -> bool:
        """Whether it is resolved or confirmed."""
        return self.row["status"] in AFTER_WORK


class _Unmasked:
    """A reader to whom the contact of their own case is shown whole."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)

    def covers(self, permission: str, owner_id: int | None) -> bool:
        """Everything about the contact at hand."""
        return True
