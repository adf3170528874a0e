"""What was said to be saved is there after the plug is pulled, whole, with its line in the ledger."""

import random
import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crmlite import clock
from crmlite.accounts.models import Team
from crmlite.backups import proof
from crmlite.db.keys import ring
from crmlite.extensions import database
from crmlite.files import checks, keeping, queries
from crmlite.files.models import Attachment
from crmlite.work import actors
from crmlite.work.chain import seal_ledger
from crmlite.work.ledger import ChangeRow, OperationRow
from tests.customers.records import add
from tests.faults.processes import nursery
from tests.figures import told
from tests.files.sending import lying

team = Team.__table__


def survived(app, tmp_path, kills: int, longest: float) -> int:
    """Kill a writing process again and again while another one writes; answers how many changes
    were acknowledged. All of them must be there."""
    rng = random.Random(kills)
    acknowledged: list[str] = []
    with nursery(app.extensions["crmlite.config"], tmp_path) as forked:
        steady = forked("write", name="steady")
        for number in range(kills):
            victim = forked("write", name=f"victim {number}")
            victim.await_lines(1)
            time.sleep(rng.uniform(0, longest))
            victim.kill()
            assert forked.wait(victim) == -9
            acknowledged += [key for (key,) in victim.said()]
        steady.kill()
        forked.wait(steady)
        acknowledged += [key for (key,) in steady.said()]
    lost = check(app, acknowledged)
    told("kill -9", f"kills {kills}, acknowledged {len(acknowledged)}, lost {len(lost)}")
    assert lost == set()
    return len(acknowledged)


def check(app, acknowledged: list[str]) -> set[str]:
    """Nothing is there by half, and the book is whole; answers what was acknowledged and is gone."""
    with app.app_context():
        there = set(database.session.execute(select(team.c.key)).scalars())
        halves = {key for key in there if key.startswith(("victim", "steady"))}
        assert {f"{key} twin" for key in halves if not key.endswith(" twin")} <= halves
        whole = len([key for key in halves if key.endswith(" twin")])
        assert len(halves) == 2 * whole
        by_team = select(team.c.position).where(team.c.key == "sales")
        changes, operations = ChangeRow.__table__, OperationRow.__table__
        made = (
            select(func.count())
            .select_from(changes)
            .join(operations, operations.c.id == changes.c.operation_id)
            .where(changes.c.record_type == "team", changes.c.verb == "create")
            .where(changes.c.record_id.in_(select(team.c.id).where(team.c.key.like("%twin"))))
        )
        assert database.session.execute(made).scalar() == whole
        assert database.session.execute(by_team).scalar() >= whole
        seal_ledger(by=actors.job("seal-ledger"), at=clock.now())
        assert proof.problems(database.session.connection(), ring()) == []
        database.session.remove()
    return set(acknowledged) - there


def test_ten_kills_lose_nothing_that_was_acknowledged(app, tmp_path):
    assert survived(app, tmp_path, 10, 0.3) > 20


def test_kills_while_files_are_attached_lose_none_and_leave_what_is_swept(app, tmp_path):
    add(app, "sales")
    said: list[str] = []
    rng = random.Random(5)
    with nursery(app.extensions["crmlite.config"], tmp_path) as forked:
        for _ in range(6):
            victim = forked("attach_files", customer_id=1, size=600_000)
            victim.await_lines(1)
            time.sleep(rng.uniform(0, 0.1))
            victim.kill()
            forked.wait(victim)
            said += [uid for (uid,) in victim.said()]
    with app.app_context():
        rows = set(database.session.execute(select(Attachment.__table__.c.uid)).scalars())
        assert set(said) <= rows and len(said) >= 6
        assert [finding.level for finding in checks.check().run(True)] == ["ok"]
        aged = clock.now() + timedelta(days=2)
        assert sum(keeping.sweep(queries.known, aged)) <= 6
        assert {path.name for path in lying(app)} == rows
        database.session.remove()


@pytest.mark.slow
@pytest.mark.long
def test_two_hundred_kills_lose_nothing_that_was_acknowledged(app, tmp_path):
    """G8, for operations: 200 kills, at least 2,000 acknowledged."""
    assert survived(app, tmp_path, 200, 0.5) > 2_000
