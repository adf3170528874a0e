"""The ladder down which a customer goes of whom nobody hears: warned of, dormant, archived.

Beside it stands the end of a cooperation: a contract is over and nothing came after it.
The whole book is asked the same in SQL, by `crmlite/dormancy/ladder_sql.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from crmlite.rules.lifecycle import ACTIVE, DORMANT, INTERESTED, LOST, POTENTIAL

WARN, REST, ASK, ARCHIVE = "warn", "rest", "ask", "archive"
STEPS = (WARN, REST, ASK, ARCHIVE)

AWAKE = (POTENTIAL, INTERESTED, ACTIVE)
"""Who may become dormant by itself. States that a manager added are left alone."""
RESTING = (DORMANT, LOST)

ASKED_FOR = 90
"""Days for which the end of a cooperation is news; what is older, the ladder finds by itself."""
BETWEEN = 30
"""Days that lie at least between becoming dormant and being archived, so that somebody can act."""


@dataclass(frozen=True, slots=True)
class Terms:
    """After how many days each step comes; None for never. `ask` is counted from the end of the
    contract, `archive` from the last dealing, the others from the last real contact."""

    warn: int | None = 60
    rest: int | None = 183
    ask: int | None = 30
    archive: int | None = 365

    def of(self, step: str) -> int | None:
        """The days of a step."""
        given = {WARN: self.warn, REST: self.rest, ASK: self.ask, ARCHIVE: self.archive}
        return given[step]


SHIPPED = Terms()


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What the ladder looks at.

    `talked_on` is the day of the last real contact. Without any it counts from the day `known_on` on
    which the record was made, or of the first contact where that is later: nobody is dormant for having
    been imported. `warned` says that somebody was warned since then. `case_on` is the day of the newest
    case. `rested_on` and `kept_on` are the days on which the ladder made the customer dormant, and
    archived it or saw it come back: from there on it counts anew. `asked_for` is the end of the contract
    that was asked about.
    """

    lifecycle: str
    known_on: date
    talked_on: date | None = None
    owned: bool = True
    warned: bool = False
    ordered_on: date | None = None
    case_on: date | None = None
    open_case: bool = False
    open_needs: bool = False
    ends_on: date | None = None
    asked_for: date | None = None
    rested_on: date | None = None
    kept_on: date | None = None

    @property
    def heard_on(self) -> date:
        """The day from which silence is counted."""
        return self.talked_on or self.known_on


def steps(known: Known, terms: Terms, today: date) -> frozenset[str]:
    """The steps that are due for a customer."""
    due = {WARN: _warn, REST: _rest, ASK: _ask, ARCHIVE: _archive}
    return frozenset(
        step
        for step, is_due in due.items()
        if (days := terms.of(step)) is not None and is_due(known, days, today)
    )


def _warn(known: Known, days: int, today: date) -> bool:
    """Once for each time of silence, to the owner."""
    silent = known.heard_on <= today - timedelta(days=days)
    return known.lifecycle in AWAKE and known.owned and silent and not known.warned


def _rest(known: Known, days: int, today: date) -> bool:
    """Who buys, or has a case with us, is not dormant, though nobody talked with them."""
    last = _latest(known.heard_on, known.ordered_on, known.case_on, known.rested_on)
    return known.lifecycle in AWAKE and not known.open_case and last <= today - timedelta(days=days)


def _ask(known: Known, days: int, today: date) -> bool:
    """The contract of somebody who bought is over, and neither an order nor a contact came after."""
    end = known.ends_on
    if known.lifecycle != ACTIVE or end is None or end == known.asked_for or not known.owned:
        return False
    since = today - timedelta(days=days)
    after = any(day is not None and day > end for day in (known.talked_on, known.ordered_on))
    return since - timedelta(days=ASKED_FOR) < end <= since and not after


def _archive(known: Known, days: int, today: date) -> bool:
    """Who rests, wants nothing, and has not been dealt with for as long."""
    last = _latest(known.heard_on, known.ordered_on, known.case_on, known.ends_on, known.kept_on)
    rested = known.rested_on is None or known.rested_on <= today - timedelta(days=BETWEEN)
    busy = known.open_needs or known.open_case
    quiet = last <= today - timedelta(days=days)
    return known.lifecycle in RESTING and rested and not busy and quiet


def _latest(first: date, *others: date | None) -> date:
    return max([first, *(day for day in others if day is not None)])


def terms_of(tier: str | None, by_tier: Mapping[str, Terms]) -> Terms:
    """The terms of a tier; those under the empty key hold for all others."""
    return by_tier.get(tier or "") or by_tier.get("") or SHIPPED
