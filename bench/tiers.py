"""Tiers: what it takes to list who should have another one, in a process of its own.

python -m bench.tiers    seconds, megabytes and how many are proposed, in the book of CRMLITE_INSTANCE
"""

import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, cast

from sqlalchemy import func, select

from crmlite import clock
from crmlite.app import create_app
from crmlite.extensions import database
from crmlite.serving.character_tables import load_tables
from crmlite.tiers.models import TierProposal
from crmlite.tiers.operations.reviewing import KIND, propose
from crmlite.work.actors import job


def asked(book: Path) -> list[float]:
    """What a process of this module answers."""
    command = [sys.executable, "-m", "bench.tiers"]
    env = {**os.environ, "CRMLITE_INSTANCE": str(book)}
    done = subprocess.run(command, env=env, capture_output=True, check=True, text=True)
    return [float(figure) for figure in done.stdout.splitlines()[-1].split()]


class Held:
    """A lease that nobody takes away."""

    def renew(self) -> None:
        """Nothing runs out here."""


def main() -> None:
    """Measure, and print the figures on one line."""
    load_tables()
    app = create_app()
    with app.app_context():
        began = time.perf_counter()
        propose({}, by=job(KIND), at=clock.now(), lease=cast(Any, Held()))
        spent = time.perf_counter() - began
        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        number = database.session.execute(select(func.count()).select_from(TierProposal)).scalar()
        print(spent, used, number)


if __name__ == "__main__":
    main()
