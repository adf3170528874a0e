"""Fills a book with cases, or measures what goes on among them: run in a process of its own.

python -m bench.cases_made fill 100000 5 ada  that many cases, of which 5 in a hundred are open;
                                              ada has some of these, and a tenth of the others
python -m bench.cases_made clocks             milliseconds for the clocks of fifty cases
python -m bench.cases_made sweep              seconds until all steps that have come are taken
"""

import sys
import time
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select, update

from crmlite import clock
from crmlite.accounts.queries import people
from crmlite.app import create_app
from crmlite.cases.clocks import clocks_of, events_of
from crmlite.cases.facts import calendar_for, facts_of, read
from crmlite.cases.models import Case, CaseEvent, CaseFacts
from crmlite.cases.operations.escalation import AT_ONCE, KIND, escalate
from crmlite.cases.targets import targets
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.work import Actor
from crmlite.work.records import chunks

CASES, EVENTS, FACTS = Case.__table__, CaseEvent.__table__, CaseFacts.__table__
OPEN = ("opened", "moved", "responded")
CLOSED = (*OPEN, "moved", "revisited", "moved")
WAY = ("in_progress", "resolved", "confirmed")
PAGE = 50
DESK = 10
FEW = 1001
BATCH = 1000


def fill(count: int, share: int, login: str) -> None:
    """Add cases of the customers that are there, the newest last."""
    now = clock.now()
    assignee = next(one.id for one in people().values() if one.login == login)
    database.session.rollback()  # or it goes on reading the book as it was
    with database.engine.begin() as connection:
        customers = list(connection.execute(select(Customer.__table__.c.id)).scalars())
        first = (
            connection.execute(select(CASES.c.id).order_by(CASES.c.id.desc())).scalar() or 0
        ) + 1
        for numbers in chunks(range(first, first + count), BATCH):
            cases = [_case(number, customers, share, assignee, now) for number in numbers]
            connection.execute(insert(CASES), cases)
            events = [event for case in cases for event in _events(case)]
            connection.execute(insert(EVENTS), events)
    ids = range(first, first + count)
    for some in chunks(ids, BATCH):
        rows = [facts_of(case, events, now) for case, events in read(some)]
        with database.engine.begin() as connection:
            connection.execute(insert(FACTS), rows)
        database.session.rollback()


def _case(number: int, customers: list[int], share: int, assignee: int, now: Any) -> dict[str, Any]:
    is_open = number % 100 < share
    return {
        "id": number,
        "number": f"B{number:06d}",
        "customer_id": customers[number % len(customers)],
        "state": "active",
        "kind": "complaint",
        "level": "general",
        "subject": f"Spindle noise {number}",
        "category": ("quality", "delivery", "service", "price")[number % 4],
        "channel": "phone",
        "is_complex": False,
        "status": "in_progress" if is_open else "confirmed",
        "assignee_id": assignee if is_on_desk(number, is_open) else None,
        "opened_at": now - timedelta(minutes=10 * (number % 5000)),
        "created_at": now,
        "updated_at": now,
        "version": 1,
    }


def is_on_desk(number: int, is_open: bool) -> bool:
    """Whether a case is the seller's: of the open ones always as many, so that pages show as much."""
    return number < FEW if is_open else number // 100 % DESK == 0


def _events(case: dict[str, Any]) -> list[dict[str, Any]]:
    kinds = OPEN if case["status"] == "in_progress" else CLOSED
    way = iter(WAY)
    found = []
    for place, kind in enumerate(kinds):
        data = {"to": next(way), "from": "new"} if kind == "moved" else None
        data = {"satisfied": True} if kind == "revisited" else data
        at = case["opened_at"] + timedelta(minutes=5 * place)
        found.append(
            {
                "case_id": case["id"],
                "customer_id": case["customer_id"],
                "state": "active",
                "kind": kind,
                "at": at,
                "recorded_at": at,
                "data": data,
            }
        )
    return found


def clocks() -> float:
    """Milliseconds of processor time for reading the clocks of as many cases as a page of the queue has."""
    wanted = select(FACTS.c.case_id).where(FACTS.c.is_open.is_(True)).limit(PAGE)
    found = read(list(database.session.execute(wanted).scalars()))
    assert len(found) == PAGE
    now, known, taken = clock.now(), targets(), []
    for _ in range(20):
        began = time.process_time()
        for case, events in found:
            clocks_of(
                case,
                events_of(case, events),
                tier=None,
                known=known,
                calendar=calendar_for(case),
                now=now,
            )
        taken.append((time.process_time() - began) * 1000)
    return sorted(taken)[len(taken) // 2]


def sweep() -> float:
    """Seconds until all steps that have come are taken; every open case has one."""
    with database.engine.begin() as connection:
        due = clock.now() - timedelta(minutes=1)
        connection.execute(
            update(FACTS).where(FACTS.c.due_at.is_not(None)).values(step=0, step_at=due)
        )
    began = time.perf_counter()
    while escalate(by=Actor("job", KIND), at=clock.now()) == AT_ONCE:
        pass
    return time.perf_counter() - began


def main() -> None:
    """Do what is asked, and print the figure."""
    what, *numbers = sys.argv[1:]
    with create_app().app_context():
        match what:
            case "fill":
                fill(int(numbers[0]), int(numbers[1]), numbers[2])
            case "clocks":
                print(clocks())
            case "sweep":
                print(sweep())


if __name__ == "__main__":
    main()
