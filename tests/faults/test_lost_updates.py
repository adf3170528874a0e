"""Nobody's change is lost when several write at once, and a form sent twice is done once."""

import pytest
from sqlalchemy import func, select

from crmlite.accounts.models import Team
from crmlite.extensions import database
from crmlite.work.ledger import ChangeRow, OperationRow
from tests.faults.processes import nursery
from tests.figures import told

team = Team.__table__
change = ChangeRow.__table__
operation = OperationRow.__table__


def sales(app) -> tuple[int, int]:
    """Id and position of a team."""
    with app.app_context():
        found = database.session.execute(
            select(team.c.id, team.c.position).where(team.c.key == "sales")
        ).one()
        database.session.remove()
    return found.id, found.position


def counted(app, tmp_path, processes: int, times: int) -> None:
    """Let processes add one to the same record; all of it must arrive, each with its diff."""
    team_id, before = sales(app)
    with nursery(app.extensions["crmlite.config"], tmp_path) as forked:
        children = [forked("count", team_id=team_id, times=times) for _ in range(processes)]
        assert [forked.wait(child) for child in children] == [0] * processes
    answers = [line[0] for child in children for line in child.said() if line[0] != "busy"]
    wanted = list(range(before + 1, before + 1 + processes * times))
    lost = before + processes * times - sales(app)[1]
    told("lost updates", f"processes {processes}, acknowledged {len(answers)}, lost {lost}")
    assert sorted(answers) == wanted, "every answer is a number of its own"
    assert lost == 0
    with app.app_context():
        where = change.c.record_type == "team", change.c.record_id == team_id
        diffs = database.session.execute(select(change.c.diff).where(*where)).scalars().all()
        database.session.remove()
    moved = [diff["position"] for diff in diffs if "position" in diff]
    pairs = [[number - 1, number] for number in wanted]
    assert sorted(pair for pair in moved if pair[0] is not None) == pairs


def test_four_processes_that_change_one_record_lose_nothing(app, tmp_path):
    counted(app, tmp_path, 4, 50)


@pytest.mark.slow
def test_eight_processes_that_change_one_record_lose_nothing(app, tmp_path):
    counted(app, tmp_path, 8, 500)


def test_a_form_sent_twice_at_once_is_done_once(app, tmp_path):
    """G11: 200 pairs from two processes, 0 doubles, and both are told the same."""
    pairs = 200
    beside = tmp_path / "rendezvous"
    beside.write_bytes(bytes(16))
    with nursery(app.extensions["crmlite.config"], tmp_path) as forked:
        children = [forked("submit", pairs=pairs, beside=str(beside), me=me) for me in (0, 1)]
        assert [forked.wait(child) for child in children] == [0, 0]
    first, second = (child.said() for child in children)
    assert first == second
    assert len({answer for (answer,) in first}) == pairs
    with app.app_context():
        made = select(func.count()).where(team.c.key.like("team\\_%", escape="\\"))
        done = database.session.execute(made.select_from(team)).scalar_one()
        told("sent twice", f"pairs {pairs}, doubles {done - pairs}")
        assert done == pairs
        created = select(func.count()).where(
            operation.c.name == "team_created", operation.c.form_key.is_not(None)
        )
        assert database.session.execute(created).scalar() == pairs
        database.session.remove()
