"""Plans: what it takes to make everybody's, to make them again when nothing changed, and one
customer's. Run in a process of its own, as a worker is.

python -m bench.plans nothing      takes all plans away
python -m bench.plans everybody    seconds and megabytes for all plans, made in the book of CRMLITE_INSTANCE
python -m bench.plans levelled     seconds to level what everybody has to do, megabytes, tasks put off
python -m bench.plans preview      seconds for the preview of a strategy that takes others, the worst of 3
python -m bench.plans one          milliseconds for the plan of one customer, the middle of 200
python -m bench.plans dealt        deals the customers to people, 1,000 each; answers to how many
"""

import os
import re
import resource
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

from sqlalchemy import delete, select, update

from bench.books import LOGIN
from bench.visits import Visitor
from crmlite import clock
from crmlite.access.readers import everything
from crmlite.accounts.models import User
from crmlite.accounts.operations import NewUser, create_user
from crmlite.accounts.passwords import hashed
from crmlite.app import create_app
from crmlite.customers.models import Customer, Facts
from crmlite.extensions import database
from crmlite.followups.models import Interaction, Task
from crmlite.followups.operations.planning import TOUCH
from crmlite.rules.conditions import where
from crmlite.serving.character_tables import load_tables
from crmlite.settings.queries import local_day
from crmlite.strategies.models import Followed, PlannedTouch
from crmlite.strategies.planner.jobs import BATCH, SOON
from crmlite.strategies.planner.levelling import level
from crmlite.strategies.planner.writing import make_plans
from crmlite.strategies.preview import preview_of
from crmlite.strategies.queries import declared_of, strategies
from crmlite.work.actors import command_line, job
from crmlite.work.records import chunks

ONE_BY_ONE = 200
PREVIEWS = 3
EACH = 1_000  # customers of a person
OPENED = 100
NUMBER = re.compile(r'class="name" href="(/customers/\w*\d\w*)"')


def asked(book: Path, what: str) -> list[float]:
    """What a process of this module answers."""
    command = [sys.executable, "-m", "bench.plans", what]
    env = {**os.environ, "CRMLITE_INSTANCE": str(book)}
    done = subprocess.run(command, env=env, capture_output=True, check=True, text=True)
    return [float(figure) for figure in done.stdout.splitlines()[-1].split()]


def pages_meanwhile(visitor: Visitor, book: Path) -> tuple[dict[str, float], dict[str, float]]:
    """The slow waiting (p95, milliseconds) for pages, at rest and while everybody's plan is made from
    nothing."""
    one = NUMBER.search(visitor.get("/customers"))
    assert one, "the list names no customer"
    seen = {"the list": "/customers", "a customer": one[1], "Today": "/today"}
    before = {name: _slow(visitor, page) for name, page in seen.items()}
    asked(book, "nothing")
    command = [sys.executable, "-m", "bench.plans", "everybody"]
    env = {**os.environ, "CRMLITE_INSTANCE": str(book)}
    waits: dict[str, list[float]] = {name: [] for name in seen}
    visitor.reconnect()
    worker = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
    try:
        while worker.poll() is None:
            for name, page in seen.items():
                waits[name].append(_waited(visitor, page))
    finally:
        worker.kill()
        worker.wait()
    return before, {name: _p95(found) for name, found in waits.items()}


def _slow(visitor: Visitor, page: str) -> float:
    return _p95([_waited(visitor, page) for _ in range(OPENED)])


def _waited(visitor: Visitor, page: str) -> float:
    began = time.perf_counter()
    visitor.get(page)
    return (time.perf_counter() - began) * 1000


def _p95(waits: list[float]) -> float:
    return sorted(waits)[int(len(waits) * 0.95)]


def main(what: str) -> None:
    """Measure, and print the figures on one line."""
    load_tables()
    app = create_app()
    with app.app_context():
        table = Customer.__table__
        ids = list(database.session.execute(select(table.c.id).order_by(table.c.id)).scalars())
        database.session.rollback()
        if what == "everybody":
            began, steps = time.perf_counter(), 0
            for start in range(0, len(ids), BATCH):
                done = make_plans(ids[start : start + BATCH], by=job(SOON), at=clock.now())
                steps += sum(done.values())
                database.session.remove()
            spent = time.perf_counter() - began
            used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(spent, used, steps)
            return
        if what == "nothing":
            _take_away()
            print(0)
            return
        if what == "levelled":
            print(*_levelled())
            return
        if what == "dealt":
            print(_deal(ids))
            return
        if what == "preview":
            print(max(_preview() for _ in range(PREVIEWS)))
            return
        some = ids[:: max(1, len(ids) // ONE_BY_ONE)][:ONE_BY_ONE]
        took = []
        for one in some:
            began = time.perf_counter()
            make_plans([one], by=job(SOON), at=clock.now())
            took.append((time.perf_counter() - began) * 1000)
            database.session.remove()
        print(median(took))


def _take_away() -> None:
    """As if nobody had been planned yet."""
    touches, tasks = PlannedTouch.__table__, Task.__table__
    for statement in (
        delete(touches),
        delete(tasks).where(tasks.c.kind == TOUCH),
        delete(Followed.__table__),
        update(Facts.__table__).values(plan_due=False),
    ):
        database.session.execute(statement)
    database.session.commit()


def _deal(customer_ids: list[int]) -> int:
    """Deal the customers of the one person who has them all to as many people as a firm would have, with
    their tasks and talks. It is no change of a book's, but another book to measure."""
    people = [_first_person(), *(_hired(n) for n in range(1, len(customer_ids) // EACH))]
    customers, tasks, talks = (one.__table__ for one in (Customer, Task, Interaction))
    for place, user_id in enumerate(people):
        for some in chunks(customer_ids[place :: len(people)]):
            for table, of, column in (
                (customers, customers.c.id, "owner_id"),
                (tasks, tasks.c.customer_id, "assignee_id"),
                (talks, talks.c.customer_id, "done_by_id"),
            ):
                statement = update(table).where(of.in_(some)).values({column: user_id})
                database.session.execute(statement)
    database.session.commit()
    return len(people)


def _first_person() -> int:
    found = database.session.execute(select(User.id).where(User.login == LOGIN))
    return int(found.scalar_one())


def _hired(number: int) -> int:
    login = f"bench{number}"
    new = NewUser(login=login, name=login, role="sales", lang="en", password_hash=hashed(login))
    return create_user(new, by=command_line(), at=clock.now())


def _levelled() -> tuple[float, float, int]:
    wanted = select(Task.assignee_id).where(Task.assignee_id.is_not(None)).distinct()
    people = list(database.session.execute(wanted).scalars())
    database.session.remove()
    began, moved = time.perf_counter(), 0
    for user_id in people:
        moved += level(user_id, by=job(SOON), at=clock.now())
        database.session.remove()
    spent = time.perf_counter() - began
    return spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, moved


def _preview() -> float:
    """A main strategy that takes those of another one, too, and goes first."""
    row = next(row for row in strategies() if row["key"] == "core")
    stands = declared_of(row)
    assert stands is not None
    draft = replace(stands, serves=where("tier", "is", "core", "normal"), priority=95)
    began = time.perf_counter()
    preview_of(draft, row["id"], reader=everything(), today=local_day(clock.now()))
    spent = time.perf_counter() - began
    database.session.remove()
    return spent


if __name__ == "__main__":
    main(sys.argv[1])
