"""A worker in a process of its own, for tests that kill it.

python -m tests.jobs.working INSTANCE DATABASE_URL
"""

import sys
from datetime import timedelta
from pathlib import Path

from crmlite.app import create_app
from crmlite.jobs import JobKind
from crmlite.jobs.worker import Worker
from crmlite.testing import config_for
from tests.jobs.workshop import act, bring

LEASE = timedelta(seconds=2)


def main(folder: str, url: str) -> None:
    """Work until told to stop."""
    app = create_app(config_for(Path(folder), url))
    bring(app, *KINDS)
    Worker(app, pause=0.02).run()


KINDS = (
    JobKind(name="act", label="Act", run=act, lease=LEASE),
    JobKind(name="tick", label="Tick", run=act, every=timedelta(seconds=1), lease=LEASE),
)

if __name__ == "__main__":
    main(*sys.argv[1:])
