"""Single cases, and all that hangs on them."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import abort
from sqlalchemy import func, or_, select

from crmlite.access import Reader
from crmlite.access.sensitive import columns
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
from crmlite.cases.sight import seen_cases
from crmlite.customers.models import Contact, Customer
from crmlite.extensions import database
from crmlite.followups.models import Task
from crmlite.rules.numbering import LONGEST, NUMBER
from crmlite.search.queries import find

Row = Mapping[str, Any]
CASES, FACTS, CUSTOMERS = Case.__table__, CaseFacts.__table__, Customer.__table__
EVENTS, MESSAGES, MEMBERS = CaseEvent.__table__, CaseMessage.__table__, CaseMember.__table__
LINKS, TASKS, TIES = CaseLink.__table__, Task.__table__, CaseTask.__table__
LATEST, MOST_FOUND = 5, 12
IN_SHORT = (CASES.c.id, CASES.c.number, CASES.c.subject, CASES.c.kind, CASES.c.level,
            CASES.c.status, CASES.c.category, CASES.c.root_cause, CASES.c.opened_at)  # fmt: skip
OF_CUSTOMER = ("number", "name", "owner_id", "dedicated_id", "tier", "lifecycle", "state",
               "kind")  # fmt: skip


def case(number: str, *, seen_by: Reader, permission: str = "cases:see") -> Row:
    """A case with its facts and its customer (`customer_name`, `customer_number` …), by its number;
    404 when it is out of the reader's sight. `permission` asks for another right besides."""
    row = by_number(number, seen_by=seen_by, permission=permission)
    if row is None:
        abort(404)
    return row


def by_number(number: str, *, seen_by: Reader, permission: str = "cases:see") -> Row | None:
    """The same; None in place of a 404."""
    if len(number) > LONGEST or not NUMBER.fullmatch(number):
        return None
    facts = (c for c in FACTS.c if c.name not in CASES.c and c.name not in ("case_id", "owner_id"))
    customer = (CUSTOMERS.c[name].label(f"customer_{name}") for name in OF_CUSTOMER)
    statement = (
        select(CASES, *facts, *customer)
        .select_from(
            FACTS.join(CASES, CASES.c.id == FACTS.c.case_id).join(
                CUSTOMERS, CUSTOMERS.c.id == CASES.c.customer_id
            )
        )
        .where(CASES.c.number == number)
    )
    found = database.session.execute(seen_cases(seen_by, statement, permission=permission))
    return found.mappings().first()


def seen_numbers(reader: Reader, case_ids: Sequence[int]) -> set[str]:
    """The numbers of those of these cases that a reader sees."""
    statement = _in_short().where(CASES.c.id.in_(case_ids))
    return {row["number"] for row in _seen(reader, statement)}


def events(case_id: int) -> list[Row]:
    """What happened to a case, in order."""
    wanted = select(EVENTS).where(EVENTS.c.case_id == case_id, EVENTS.c.state == "active")
    found = database.session.execute(wanted.order_by(EVENTS.c.at, EVENTS.c.id))
    return list(found.mappings())


def was_complaint(events: Sequence[Row]) -> dict[str, Any]:
    """Level, mood and demand that a case had when it was a complaint last, out of its events; nothing
    for one that never was."""
    told = [one["data"] for one in events if one["kind"] == "kind" and one["data"].get("level")]
    return {name: told[-1][name] for name in ("level", "mood", "demand")} if told else {}


def messages(case_id: int) -> list[Row]:
    """What was said about a case, in order."""
    wanted = select(MESSAGES).where(MESSAGES.c.case_id == case_id, MESSAGES.c.state == "active")
    found = database.session.execute(wanted.order_by(MESSAGES.c.at, MESSAGES.c.id))
    return list(found.mappings())


def answered_since(case_id: int, seen: int, user_id: int | None) -> Row | None:
    """The newest answer that somebody but this person gave after the message `seen`; None for none."""
    wanted = select(MESSAGES).where(
        MESSAGES.c.case_id == case_id,
        MESSAGES.c.state == "active",
        MESSAGES.c.direction == "out",
        MESSAGES.c.id > seen,
        MESSAGES.c.author_id.is_distinct_from(user_id),
    )
    found = database.session.execute(wanted.order_by(MESSAGES.c.id.desc()).limit(1))
    return found.mappings().first()


def assignee_of(case_id: int) -> int | None:
    """Who has a case on the desk now."""
    wanted = select(CASES.c.assignee_id).where(CASES.c.id == case_id)
    return database.session.execute(wanted).scalar()


def members(case_id: int) -> list[Row]:
    """The joint team: `user_id` and `duty`, who leads first."""
    wanted = select(MEMBERS.c.user_id, MEMBERS.c.duty).where(MEMBERS.c.case_id == case_id)
    order = (MEMBERS.c.duty != "lead", MEMBERS.c.id)
    return list(database.session.execute(wanted.order_by(*order)).mappings())


def contact_of(case: Row) -> Row | None:
    """Whom a case is talked about with, ways to reach them as they are stored."""
    if case["contact_id"] is None:
        return None
    table = Contact.__table__
    wanted = select(
        table.c.id,
        table.c.name,
        table.c.title,
        *columns(Contact.mobile, Contact.phone, Contact.email),
    ).where(table.c.id == case["contact_id"], table.c.state == "active")
    return database.session.execute(wanted).mappings().first()


def tasks(case_id: int) -> list[Row]:
    """The tasks of a case with what they are for (`purpose`), in the order in which they are due."""
    wanted = (
        select(TASKS, TIES.c.purpose)
        .join(TIES, TIES.c.task_id == TASKS.c.id)
        .where(TIES.c.case_id == case_id, TASKS.c.state == "active")
        .order_by(TASKS.c.due_on, TASKS.c.id)
    )
    return list(database.session.execute(wanted).mappings())


def linked(reader: Reader, case_id: int) -> list[Row]:
    """Cases that belong together with one, as far as the reader sees them."""
    other = select(LINKS.c.other_id).where(LINKS.c.case_id == case_id)
    back = select(LINKS.c.case_id).where(LINKS.c.other_id == case_id)
    statement = _in_short().where(or_(CASES.c.id.in_(other), CASES.c.id.in_(back)))
    return _seen(reader, statement.order_by(CASES.c.id))


def of_customer(
    reader: Reader, customer_id: int, *, but: int | None = None, limit: int = LATEST
) -> list[Row]:
    """The latest cases of a customer that the reader sees."""
    statement = _in_short().where(CASES.c.customer_id == customer_id)
    if but is not None:
        statement = statement.where(CASES.c.id != but)
    order = (CASES.c.opened_at.desc(), CASES.c.id.desc())
    return _seen(reader, statement.order_by(*order).limit(limit))


def number_of(reader: Reader, customer_id: int) -> int:
    """How many cases of a customer the reader sees."""
    statement = _in_short().where(CASES.c.customer_id == customer_id)
    found = seen_cases(reader, statement).subquery()
    return int(database.session.execute(select(func.count()).select_from(found)).scalar_one())


def similar(reader: Reader, case: Row, limit: int = LATEST) -> list[Row]:
    """The latest cases of other customers about the same: category, and product where one is named."""
    if case["category"] is None:
        return []
    statement = _in_short().where(
        CASES.c.category == case["category"],
        CASES.c.customer_id != (case["customer_id"] or 0),
        CASES.c.state == "active",
    )
    order = [CASES.c.opened_at.desc(), CASES.c.id.desc()]
    if case["product"]:
        same = statement.where(CASES.c.product == case["product"])
        if found := _seen(reader, same.order_by(*order).limit(limit)):
            return found
    return _seen(reader, statement.order_by(*order).limit(limit))


def find_cases(reader: Reader, text: str, limit: int = MOST_FOUND) -> list[Row]:
    """Cases that the reader sees and that fit a text, the best first: by number, subject, customer,
    order, product, or what was said."""
    ids = [hit.record_id for hit in find(reader, text, {"case"}, limit=limit)]
    order = {case_id: place for place, case_id in enumerate(ids)}
    rows = _seen(reader, _in_short().where(CASES.c.id.in_(ids)))
    return sorted(rows, key=lambda row: order[row["id"]])


def improvements_of(case_id: int) -> list[Row]:
    """The improvements that a case led to."""
    table, parts = Improvement.__table__, ImprovementCase.__table__
    wanted = (
        select(table)
        .join(parts, parts.c.improvement_id == table.c.id)
        .where(parts.c.case_id == case_id, table.c.state == "active")
        .order_by(table.c.id)
    )
    return list(database.session.execute(wanted).mappings())


def _in_short() -> Any:
    return select(*IN_SHORT).select_from(FACTS.join(CASES, CASES.c.id == FACTS.c.case_id))


def _seen(reader: Reader, statement: Any) -> Sequence[Row]:
    return list(database.session.execute(seen_cases(reader, statement)).mappings())
