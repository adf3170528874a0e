"""Several workers, killed without warning and started again: every job has its effect once."""

import random
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest
from sqlalchemy import text

from tests.architecture.project import ROOT
from tests.figures import told
from tests.jobs.working import KINDS
from tests.jobs.workshop import bring, effects, make_room, outside, rows, wanted

PATIENCE = 120


class Crew:
    """Worker processes of one book."""

    def __init__(self, app, size):
        config = app.extensions["crmlite.config"]
        self.command = [sys.executable, "-m", "tests.jobs.working", config.instance, config.url]
        self.members = [self.hire() for _ in range(size)]

    def hire(self):
        return subprocess.Popen(self.command, cwd=ROOT, stderr=subprocess.DEVNULL)

    def lose_one(self):
        """Kill one without warning and start another."""
        place = random.randrange(len(self.members))
        self.members[place].kill()
        self.members[place].wait()
        self.members[place] = self.hire()

    def go_home(self):
        """Stop all in order; their exit codes."""
        for member in self.members:
            member.send_signal(signal.SIGTERM)
        return [member.wait(PATIENCE) for member in self.members]


@pytest.fixture
def crew_of(app):
    """Hires workers; whoever is left at the end is dismissed."""
    crews = []
    bring(app, *KINDS)
    make_room(app)

    def hire(size):
        crews.append(Crew(app, size))
        return crews[-1]

    yield hire
    for crew in crews:
        for member in crew.members:
            member.kill()
            member.wait()


def open_jobs(app):
    left = text("SELECT count(*) FROM job WHERE kind = 'act' AND state <> 'done'")
    with outside(app) as connection:
        return connection.execute(left).scalar()


def work_through(app, crew, jobs, kills):
    """Have all jobs done while workers die at random moments."""
    until = time.monotonic() + PATIENCE * max(1, jobs / 300)
    step = jobs / (kills + 1)
    killed = 0
    while left := open_jobs(app):
        assert time.monotonic() < until, f"{left} jobs are left"
        if killed < kills and jobs - left >= step * (killed + 1):
            crew.lose_one()
            killed += 1
        time.sleep(0.05)
    return killed


def check(app, crew_of, *, jobs, workers, kills):
    names = [str(number) for number in range(jobs)]
    wanted(app, "act", *names)
    crew = crew_of(workers)
    assert work_through(app, crew, jobs, kills) == kills
    assert set(crew.go_home()) <= {0, -signal.SIGTERM}  # one that was still starting just ends
    counted = Counter(name for name in effects(app) if name.isdigit())
    told(
        "jobs",
        f"jobs {jobs}, effects {counted.total()}, distinct {len(counted)},"
        f" workers {workers}, kills {kills}",
    )
    assert counted == Counter(names)


def test_every_job_has_its_effect_once_whatever_dies(app, crew_of):
    check(app, crew_of, jobs=300, workers=3, kills=5)


@pytest.mark.slow
def test_every_job_of_many_has_its_effect_once_whatever_dies(app, crew_of):
    check(app, crew_of, jobs=1500, workers=4, kills=12)


def test_a_slot_is_run_by_one_of_several_workers_and_none_is_left_out(app, crew_of):
    crew = crew_of(3)
    until = time.monotonic() + PATIENCE
    while len([name for name in effects(app) if "T" in name]) < 4:
        assert time.monotonic() < until
        time.sleep(0.1)
    assert crew.go_home() == [0, 0, 0]
    ticks = [name for name in effects(app) if "T" in name]
    assert len(ticks) == len(set(ticks))


def test_a_worker_that_is_asked_to_stop_finishes_its_job(app, crew_of):
    wanted(app, "act", *[str(number) for number in range(40)])
    crew = crew_of(1)
    while not effects(app):
        time.sleep(0.01)
    assert crew.go_home() == [0]
    states = Counter(row["state"] for row in rows(app) if row["kind"] == "act")
    assert states["running"] == 0
    assert states["done"] == len([name for name in effects(app) if name.isdigit()])
