"""What is said about a case: answers to the customer, what they say, notes for colleagues."""

from dataclasses import dataclass
from datetime import datetime

from crmlite.cases.models import CaseMessage
from crmlite.cases.operations.events import (
    Row,
    has_happened,
    load,
    move_to,
    refuse,
    settled,
    write_down,
)
from crmlite.cases.operations.moves import begin
from crmlite.cases.operations.tasks import PLAN, PROGRESS, close_tasks, plan_promise
from crmlite.cases.queries.cases import answered_since
from crmlite.cases.sight import unable
from crmlite.followups.operations.planning import DROPPED
from crmlite.notifications.notices import Notice
from crmlite.notifications.operations import notify
from crmlite.rules.casework import AFTER_WORK, AT_WORK, Status, over_problem
from crmlite.rules.problems import Problem
from crmlite.work import Actor, Stale, operation, records

LONGEST_TASK = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise:
    """What the customer is told will be done by when."""

    what: str
    by_when: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A message: its text, by which channel it goes or came, to or from whom, and when (None: now)."""

    content: str
    channel: str | None = None
    contact_id: int | None = None
    at: datetime | None = None


@operation("case_answered")
def answer(
    case_id: int,
    said: Said,
    *,
    by: Actor,
    at: datetime,
    promises: tuple[Promise, ...] = (),
    is_report: bool = False,
    seen: int | None = None,
) -> int:
    """Answer the customer; answers the operation's id.

    Who answers a case that nobody has begun to work on has begun. The first answer that names the next
    step and its date, a promise, is the first response; one that is a progress report starts the
    clock of those anew. `seen` is the newest message that the writer knows of. Raises Gone; Refused
    where the case is confirmed; Stale where a colleague has answered since.
    """
    case = _open(case_id)
    if seen is not None and (newer := answered_since(case_id, seen, by.user_id)):
        raise Stale("case_message", newer["id"])
    happened = said.at or at
    case = begin(case, by=by, at=at) if case["status"] not in AFTER_WORK else case
    _add(case, "out", said, by=by, at=at)
    for promise in promises:
        plan_promise(case, promise.what, promise.by_when, by=by, at=at)
    if promises:
        _first_response(case, by, at, happened)
    if is_report:
        close_tasks(case, (PROGRESS,), by=by, at=at)
        write_down(case, "reported", by=by, at=at, happened_at=happened)
    return settled(case)


@operation("case_plan_agreed")
def agree_plan(case_id: int, plan_text: str, until: datetime, *, by: Actor, at: datetime) -> int:
    """Write down the plan that was agreed with the customer; its date is a promise, and the deadline
    of the resolution. Raises Gone; Refused where the case is not at work."""
    case = begin(_open(case_id), by=by, at=at)
    if case["status"] not in AT_WORK:
        refuse(over_problem(case["status"]))
    what = plan_text.splitlines()[0][:LONGEST_TASK]
    close_tasks(case, (PLAN,), by=by, at=at, status=DROPPED)
    close_tasks(case, (PROGRESS,), by=by, at=at)
    plan_promise(case, what, until, by=by, at=at, purpose=PLAN)
    write_down(case, "planned", by=by, at=at, data={"until": until.isoformat()}, why=plan_text)
    _first_response(case, by, at, at)
    return settled(case)


def _first_response(case: Row, by: Actor, at: datetime, happened: datetime) -> None:
    if not has_happened(case["id"], "responded"):
        write_down(case, "responded", by=by, at=at, happened_at=happened)


@operation("case_heard")
def hear(case_id: int, said: Said, *, by: Actor, at: datetime) -> int:
    """Write down what the customer said; a case that waited for them goes on. Raises Gone; Refused
    where the case is confirmed."""
    case = _open(case_id)
    _add(case, "in", said, by=by, at=at)
    if case["status"] == Status.WAITING:
        case = move_to(case, Status.IN_PROGRESS, by=by, at=at)
    return settled(case)


@operation("case_noted")
def note(
    case_id: int, content: str, *, by: Actor, at: datetime, mentions: tuple[int, ...] = ()
) -> int:
    """Write a note that the customer never sees; whoever it mentions and can open the case is notified.
    Raises Gone."""
    case = load(case_id)
    message = _add(case, "note", Said(content=content), by=by, at=at, mentions=mentions)
    params, blind = {"case": case_id, "number": case["number"]}, unable(mentions, case_id)
    told = [one for one in mentions if one not in blind]
    notices = [Notice(one, "case-mentioned", params, f"mention:{message}") for one in told]
    notify(notices, by=by, at=at)
    return settled(case)


def _open(case_id: int) -> Row:
    case = load(case_id)
    if case["status"] == Status.CONFIRMED:
        refuse(Problem("case_is_closed"))
    return case


def _add(
    case: Row,
    direction: str,
    said: Said,
    *,
    by: Actor,
    at: datetime,
    mentions: tuple[int, ...] = (),
) -> int:
    return records.insert(
        CaseMessage,
        {
            "case_id": case["id"],
            "customer_id": case["customer_id"],
            "state": "active",
            "direction": direction,
            "channel": said.channel,
            "contact_id": said.contact_id,
            "author_id": None if direction == "in" else by.user_id,
            "content": said.content,
            "mentions": list(mentions) or None,
            "at": said.at or at,
        },
    )
