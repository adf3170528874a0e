"""The demo firm's cases, each from the call on, by the same operations as people use."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, exists, select

from crmlite.cases import operations
from crmlite.cases.models import (
    Case,
    CaseEvent,
    CaseFacts,
    CaseLink,
    CaseMember,
    CaseMessage,
    CaseTask,
    Improvement,
    ImprovementCase,
)
from crmlite.cases.operations import CaseDraft, Promise, Revisit, Said, Solution
from crmlite.cases.operations.tasks import PROMISED
from crmlite.cases.queries.cases import tasks
from crmlite.customers.models import Contact, Customer
from crmlite.extensions import database
from crmlite.search.index import remove
from crmlite.work import Actor

Raw = Mapping[str, Any]
KNOWN = ("subject", "kind", "level", "category", "channel", "product", "mood", "demand")
SATURDAY, OPENS, CLOSES = 5, time(9), time(18)
CUSTOMERS, CONTACTS, CASES = Customer.__table__, Contact.__table__, Case.__table__


def add_cases(people: Mapping[str, int], zone: ZoneInfo, at: datetime) -> int:
    """Add the cases; answers how many. Belongs inside an operation. `people` are ids by login."""
    text = resources.files(__package__).joinpath("content/cases.toml").read_text("utf-8")
    raw = tomllib.loads(text)
    for case in sorted(raw["case"], key=lambda one: _opened(one, zone, at)):
        _add_case(case, people, _opened(case, zone, at), at, zone)
    for improvement in raw["improvement"]:
        _add_improvement(improvement, people, at, zone)
    return len(raw["case"])


def clear_cases(customer_ids: Sequence[int]) -> None:
    """Take away all cases of these customers. Belongs inside an operation."""
    wanted = select(CASES.c.id).where(CASES.c.customer_id.in_(customer_ids))
    ids = list(database.session.execute(wanted).scalars())
    parts, improvements = ImprovementCase.__table__, Improvement.__table__
    tied = select(parts.c.improvement_id).where(parts.c.case_id.in_(ids))
    about = list(database.session.execute(tied).scalars())
    for model in (
        CaseTask,
        CaseMessage,
        CaseEvent,
        CaseMember,
        CaseFacts,
        ImprovementCase,
        CaseLink,
    ):
        table = model.__table__
        database.session.execute(delete(table).where(table.c.case_id.in_(ids)))
    links = CaseLink.__table__
    database.session.execute(delete(links).where(links.c.other_id.in_(ids)))
    database.session.execute(delete(CASES).where(CASES.c.id.in_(ids)))
    remove("case", ids)
    alone = ~exists().where(parts.c.improvement_id == improvements.c.id)
    database.session.execute(delete(improvements).where(improvements.c.id.in_(about), alone))


def _opened(raw: Raw, zone: ZoneInfo, at: datetime) -> datetime:
    when = raw["opened"]
    if "ago" in when:
        return at - timedelta(minutes=when["ago"])
    day = _working_day(at.astimezone(zone).date(), when["days"])
    return datetime.combine(day, time.fromisoformat(when["at"]), zone)


def _working_day(day: date, before: int) -> date:
    """So many weekdays before a day."""
    while before:
        day -= timedelta(days=1)
        before -= day.weekday() < 5
    return day


def _add_case(
    raw: Raw, people: Mapping[str, int], opened: datetime, now: datetime, zone: ZoneInfo
) -> None:
    customer_id, contact_id = _customer(raw["customer"])
    values = {name: raw.get(name) for name in KNOWN} | {
        "order_number": raw.get("order"),
        "opened_at": opened,
        "contact_id": contact_id,
        "assignee_id": people.get(raw.get("assignee", "")),
    }
    by = _actor("support", people)
    draft = CaseDraft(customer=customer_id, values=values, said=raw["said"])
    case_id = operations.open_case(draft, by=by, at=opened)["id"]
    for step in raw.get("steps", ()):
        moment = opened + timedelta(minutes=step["after"])
        if moment <= now:
            _take(step, case_id, contact_id, people, moment.astimezone(zone))


def _customer(name: str) -> tuple[int, int | None]:
    found = select(CUSTOMERS.c.id, CONTACTS.c.id.label("contact")).select_from(
        CUSTOMERS.outerjoin(CONTACTS, CONTACTS.c.customer_id == CUSTOMERS.c.id)
    )
    row = database.session.execute(
        found.where(CUSTOMERS.c.name == name).order_by(CONTACTS.c.is_primary.desc(), CONTACTS.c.id)
    ).first()
    assert row is not None, name
    return row.id, row.contact


def _take(
    step: Raw, case_id: int, contact_id: int | None, people: Mapping[str, int], at: datetime
) -> None:
    """One step on the way of a case, at a moment of the firm's time zone."""
    by, text = _actor(step.get("by", "support"), people), step.get("text", "")
    said = Said(content=text, channel="phone", contact_id=contact_id)
    until = _at_work(at + timedelta(minutes=step.get("within", 0)))
    match step["do"]:
        case "answer" | "report":
            promises = (Promise(what=step["promise"], by_when=until),) if "promise" in step else ()
            is_report = step["do"] == "report"
            operations.answer(case_id, said, promises=promises, is_report=is_report, by=by, at=at)
        case "hear":
            operations.hear(case_id, said, by=by, at=at)
        case "note":
            operations.note(case_id, text, by=by, at=at, mentions=(people["support"],))
        case "wait":
            operations.move(case_id, "waiting", why=text, by=by, at=at)
        case "join":
            operations.join(case_id, people[step["who"]], step["duty"], by=by, at=at)
        case "plan":
            operations.agree_plan(case_id, text, until, by=by, at=at)
        case "resolve":
            solution = Solution(
                resolution=text,
                root_cause=step.get("cause"),
                corrective_action=step.get("action"),
            )
            _keep_promises(case_id, by, at)
            operations.resolve(case_id, solution, by=by, at=at)
        case "revisit":
            told = Revisit(satisfied=step["satisfied"], content=text, contact_id=contact_id)
            operations.revisit(case_id, told, by=by, at=at)


def _keep_promises(case_id: int, by: Actor, at: datetime) -> None:
    """Have what was promised done in time."""
    for task in tasks(case_id):
        if task["purpose"] == PROMISED and task["status"] == "open":
            operations.close_task(case_id, task["id"], by=by, at=min(at, task["due_at"]))


def _at_work(at: datetime) -> datetime:
    """A moment as people name it: the next half hour of a working day, ten o'clock where nobody works."""
    late = at.minute % 30 or 30
    at = at.replace(second=0, microsecond=0) + timedelta(minutes=30 - late)
    if at.weekday() < SATURDAY and OPENS <= at.time() <= CLOSES:
        return at
    day = at.date() + timedelta(days=at.time() > CLOSES)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return datetime.combine(day, time(10), at.tzinfo)


def _add_improvement(raw: Raw, people: Mapping[str, int], at: datetime, zone: ZoneInfo) -> None:
    by = _actor("manager", people)
    due = at.astimezone(zone).date() + timedelta(days=raw["due"])
    values = {"title": raw["title"], "detail": raw["detail"], "owner_id": people[raw["owner"]]}
    made = operations.add_improvement({**values, "due_on": due}, by=by, at=at)
    for subject in raw["cases"]:
        wanted = select(CASES.c.id).where(CASES.c.subject == subject)
        case_id = database.session.execute(wanted).scalar_one()
        operations.tie(made["id"], case_id, by=by, at=at)


def _actor(login: str, people: Mapping[str, int]) -> Actor:
    return Actor("person", login, people[login])
