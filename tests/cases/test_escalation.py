"""The escalation ladder: each step once, to whom it concerns, whatever workers do."""

import time
from collections import Counter
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from crmlite.accounts.queries import teams
from crmlite.cases.models import CaseEvent
from crmlite.cases.operations import Promise, Said, answer, change_level, move, take
from crmlite.cases.operations.escalation import KIND, escalate
from crmlite.extensions import database
from crmlite.notifications.models import Notification
from crmlite.testing import person_id
from crmlite.work import Actor
from tests.cases.conftest import Desk
from tests.faults.processes import nursery

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
JOB = Actor("job", KIND)


def told() -> list[tuple[str, str, int]]:
    """Who was told what of the clocks: kind, person, step."""
    table = Notification.__table__
    logins = {person_id(login): login for login in ("sales", "sales2", "support", "manager")}
    wanted = select(table.c.kind, table.c.user_id, table.c.params).where(
        table.c.kind.in_(("case-due", "case-overdue"))
    )
    rows = database.session.execute(wanted.order_by(table.c.id))
    return [(kind, logins[user], params["step"]) for kind, user, params in rows]


def test_each_step_is_told_once_to_whom_it_concerns(desk) -> None:
    case_id = desk.open(MONDAY)
    take(case_id, by=desk.support, at=MONDAY)
    assert escalate(by=JOB, at=MONDAY + 19 * MINUTE) == 0
    assert escalate(by=JOB, at=MONDAY + 20 * MINUTE) == 1
    assert escalate(by=JOB, at=MONDAY + 21 * MINUTE) == 0
    assert told() == [("case-due", "support", 1)]
    assert escalate(by=JOB, at=MONDAY + 30 * MINUTE) == 1
    assert escalate(by=JOB, at=MONDAY + 60 * MINUTE) == 1
    assert escalate(by=JOB, at=MONDAY + 99 * HOUR) == 0
    assert ("case-overdue", "support", 2) in told()
    assert ("case-overdue", "manager", 3) in told()
    assert desk.case(case_id)["step"] == 3


def test_after_a_long_sleep_the_furthest_step_is_taken_at_once(desk) -> None:
    case_id = desk.open(MONDAY)
    take(case_id, by=desk.support, at=MONDAY)
    assert escalate(by=JOB, at=MONDAY + 9 * HOUR) == 1
    table = CaseEvent.__table__
    steps = select(table.c.data).where(table.c.case_id == case_id, table.c.kind == "escalated")
    assert [data["step"] for data in database.session.execute(steps).scalars()] == [3]
    assert {who for _kind, who, _step in told()} >= {"support", "manager"}


def test_nobody_on_it_means_whoever_comes_next_is_told(desk) -> None:
    desk.open(MONDAY)
    escalate(by=JOB, at=MONDAY + 20 * MINUTE)
    leads = {team.lead_id for team in teams() if team.key == "support" and team.lead_id}
    assert [who for _kind, who, _step in told()] == ([] if leads else ["manager"])


def test_a_case_on_hold_is_not_escalated(desk) -> None:
    case_id = desk.open(MONDAY)
    promise = Promise(what="A call", by_when=MONDAY + 2 * HOUR)
    answer(case_id, Said(content="…"), promises=(promise,), by=desk.support, at=MONDAY)
    move(case_id, "waiting", by=desk.support, at=MONDAY)
    assert escalate(by=JOB, at=MONDAY + 99 * HOUR) == 0


def test_a_new_deadline_begins_the_ladder_anew(desk) -> None:
    case_id = desk.open(MONDAY, level="general")
    take(case_id, by=desk.support, at=MONDAY)
    promise = Promise(what="A call", by_when=MONDAY + 2 * HOUR)
    answer(case_id, Said(content="…"), promises=(promise,), by=desk.support, at=MONDAY)
    assert escalate(by=JOB, at=MONDAY + 31 * HOUR) == 1
    late = desk.case(case_id)["step"]
    change_level(case_id, "severe", by=desk.support, at=MONDAY + 31 * HOUR)
    after = desk.case(case_id)
    assert late == 1
    assert (after["clock"], after["step"]) == ("progress", 0)


def test_of_several_workers_each_step_is_taken_by_one(app, tmp_path) -> None:
    """By processes of their own that begin at one moment."""
    with app.app_context():
        desk = Desk()
        opened = [desk.open(MONDAY) for _ in range(60)]
        for case_id in opened:
            take(case_id, by=desk.support, at=MONDAY)
        database.session.remove()
    with nursery(app.extensions["crmlite.config"], tmp_path) as forked:
        later, begin = (MONDAY + 31 * MINUTE).isoformat(), time.time() + 1
        children = [forked("climb", at=later, begin=begin) for _ in range(3)]
        assert [forked.wait(child) for child in children] == [0] * 3
    taken = sum(line[0] for child in children for line in child.said())
    table = CaseEvent.__table__
    with app.app_context():
        steps = select(table.c.case_id).where(table.c.kind == "escalated")
        climbed = Counter(database.session.execute(steps).scalars())
        messages = Counter((who, step) for _kind, who, step in told())
        database.session.remove()
    assert climbed == dict.fromkeys(opened, 1)
    assert taken == len(opened)
    assert messages[("support", 2)] == len(opened)
