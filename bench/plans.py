"""Plans: what it takes to make everybody's, to make them again when nothing changed, and one
customer's. Run in a process of its own, as a worker is.

python -m bench.plans everybody    seconds and megabytes for all plans, made in the book of CRMLITE_INSTANCE
python -m bench.plans one          milliseconds for the plan of one customer, the middle of 200
"""

import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from sqlalchemy import select

from crmlite import clock
from crmlite.app import create_app
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.serving.tables import load_tables
from crmlite.strategies.planner.jobs import BATCH, SOON
from crmlite.strategies.planner.writing import make_plans
from crmlite.work.actors import job

ONE_BY_ONE = 200


def asked(book: Path, what: str) -> list[float]:
    """What a process of this module answers."""
    command = [sys.executable, "-m", "bench.plans", what]
    env = {**os.environ, "CRMLITE_INSTANCE": str(book)}
    done = subprocess.run(command, env=env, capture_output=True, check=True, text=True)
    return [float(figure) for figure in done.stdout.splitlines()[-1].split()]


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
        some = ids[:: max(1, len(ids) // ONE_BY_ONE)][:ONE_BY_ONE]
        took = []
        for one in some:
            began = time.perf_counter()
            make_plans([one], by=job(SOON), at=clock.now())
            took.append((time.perf_counter() - began) * 1000)
            database.session.remove()
        print(median(took))


if __name__ == "__main__":
    main(sys.argv[1])
