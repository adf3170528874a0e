"""How a customer moves from potential to active and beyond, and what each move asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from crmlite.rules.problems import Problem, warning
from crmlite.rules.wording import N_, Label

MESSAGES = {
    "move_not_allowed": N_("A customer cannot move from %(before)s to %(after)s."),
    "need_missing": N_("Please add what the customer needs, and how urgent it is."),
    "urgency_missing": N_("Please say how urgent the open need is."),
    "stage_missing": N_("Please choose the stage that begins now."),
    "reason_missing": N_("Please say why the customer was lost."),
    "archive_too_early": N_("Only dormant or lost customers can be archived."),
    "contract_end_before_start": N_("The contract ends before the cooperation starts."),
    "cooperation_before_contact": N_("The cooperation starts before the first contact."),
    "date_in_future": N_("%(field)s lies in the future."),
}

POTENTIAL, INTERESTED, ACTIVE = "potential", "interested", "active"
LOST, DORMANT = "lost", "dormant"
LIFECYCLE = (POTENTIAL, INTERESTED, ACTIVE, LOST, DORMANT)
ARCHIVED = "archived"
"""Not a life-cycle state: a mark on dormant and lost customers, checked like a move."""

FIRST_CONTACT, DISCOVERY, PROPOSAL = "first-contact", "discovery", "proposal"
NEGOTIATION, COOPERATING, PAUSED = "negotiation", "cooperating", "paused"
STAGES = (FIRST_CONTACT, DISCOVERY, PROPOSAL, NEGOTIATION, COOPERATING, PAUSED)

MOVES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        POTENTIAL: (INTERESTED, ACTIVE, DORMANT, LOST),
        INTERESTED: (POTENTIAL, ACTIVE, DORMANT, LOST),
        ACTIVE: (DORMANT, LOST),
        LOST: (POTENTIAL, INTERESTED, ACTIVE, DORMANT),
        DORMANT: (POTENTIAL, INTERESTED, ACTIVE, LOST),
    }
)
"""Where a customer may go from each state. Who once bought is never merely potential again."""

LIKELY_STAGES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        POTENTIAL: (FIRST_CONTACT, DISCOVERY),
        INTERESTED: (FIRST_CONTACT, DISCOVERY, PROPOSAL, NEGOTIATION, PAUSED),
        ACTIVE: (PROPOSAL, NEGOTIATION, COOPERATING),
        LOST: (FIRST_CONTACT, DISCOVERY, PROPOSAL, NEGOTIATION, PAUSED),
        DORMANT: (FIRST_CONTACT, DISCOVERY, PROPOSAL, NEGOTIATION, PAUSED),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveFacts:
    """What a move is judged by.

    `urgencies` has one entry per open need, None where nobody said how urgent it is. `stage` and
    `reason` are what the same step brings along. `customer` is what is recorded, by the name of the
    field, as far as it is neither masked nor encrypted; a field that is not asked for is not in it.
    """

    lifecycle: str
    urgencies: tuple[str | None, ...] = ()
    stage: str | None = None
    reason: str | None = None
    customer: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that keeps a customer from moving: a code of MESSAGES and its params.

    `asks_for` names what a form must show: need, urgency, stage, reason; empty when none of them
    helps. `text` says what then does, where the code is not one of ours.
    """

    code: str
    asks_for: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    text: Label = ""

    @property
    def problem(self) -> Problem:
        """The same as an error of a form."""
        return Problem(self.code, self.params)


def check_move(facts: MoveFacts, to: str) -> list[Missing]:
    """What a customer lacks to become `to`, all at once; empty when the move may be made.

    Moving to where one is asks for nothing. States that a manager added are free of rules.
    """
    if to == facts.lifecycle:
        return []
    if to == ARCHIVED:
        may_rest = facts.lifecycle in (DORMANT, LOST)
        return [] if may_rest else [Missing("archive_too_early")]
    if to in LIFECYCLE and to not in MOVES.get(facts.lifecycle, LIFECYCLE):
        return [Missing("move_not_allowed", "", {"before": facts.lifecycle, "after": to})]
    missing = []
    if (facts.lifecycle, to) == (POTENTIAL, INTERESTED):
        if not facts.urgencies:
            missing.append(Missing("need_missing", "need"))
        elif not any(facts.urgencies):
            missing.append(Missing("urgency_missing", "urgency"))
        if not facts.stage:
            missing.append(Missing("stage_missing", "stage"))
    if to == LOST and not (facts.reason or "").strip():
        missing.append(Missing("reason_missing", "reason"))
    return missing


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFacts:
    """The values of a customer that must make sense together; None where nothing is known."""

    first_contact_on: date | None = None
    cooperation_start: date | None = None
    contract_end: date | None = None
    founded_on: date | None = None
    birthday: date | None = None


PAST_ONLY = ("first_contact_on", "founded_on", "birthday")


def doubts(facts: CustomerFacts, today: date) -> list[Problem]:
    """What does not fit together about a customer, as warnings; nothing is refused for it."""
    found = []
    start, end = facts.cooperation_start, facts.contract_end
    if start and end and end < start:
        found.append(warning("contract_end_before_start"))
    if start and facts.first_contact_on and start < facts.first_contact_on:
        found.append(warning("cooperation_before_contact"))
    for name in PAST_ONLY:
        day: date | None = getattr(facts, name)
        if day and day > today:
            found.append(warning("date_in_future", field=name))
    return found


def stage_fits(lifecycle: str | None, stage: str | None) -> bool:
    """Whether a stage is likely for a life-cycle state; always so for those a manager added."""
    if lifecycle is None or lifecycle not in LIKELY_STAGES or stage not in STAGES:
        return True
    return stage in LIKELY_STAGES[lifecycle]
