"""Cases: what a hundred times as many of them cost, how long their clocks take to read, and a sweep of
all that are escalated at once, with the pages of others beside it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.books import LOGIN, PASSWORD, SELLER, copied, employed
from bench.importing import hundredth, looking, waits
from bench.processes import Server
from bench.visits import Cost, Visitor, opened

OPEN = 5  # of a hundred
JOURNEYS = {"queue": "/complaints?view=open", "case page": "", "Today": "/today"}


def with_cases(book: Path, scratch: Path, count: int, share: int = OPEN) -> Path:
    """A copy of a book with so many cases, of which a share is open."""
    made = copied(book, scratch)
    employed(made, SELLER, "sales")
    asked(made, "fill", str(count), str(share), SELLER)
    return made


def asked(book: Path, *what: str) -> float:
    """What a process of `bench.cases_made` answers."""
    command = [sys.executable, "-m", "bench.cases_made", *what]
    env = {**os.environ, "CRMLITE_INSTANCE": str(book)}
    done = subprocess.run(command, env=env, capture_output=True, check=True, text=True)
    return float(done.stdout) if done.stdout.strip() else 0.0


def visits(server: Server, visitor: Visitor, name: str, count: int) -> Cost:
    """So many visits of the queue, of the pages of cases, or of Today."""
    path = JOURNEYS[name]
    if path:
        return opened(server, visitor, [path] * count)
    visitor.reconnect()
    numbers = sorted(set(_numbers(visitor.get(JOURNEYS["queue"]))))
    return opened(server, visitor, [f"/cases/{numbers[n % len(numbers)]}" for n in range(count)])


def _numbers(page: str) -> Iterator[str]:
    for part in page.split('href="/cases/')[1:]:
        number = part.partition('"')[0]
        if number.startswith("B"):
            yield number


def swept(server: Server, book: Path) -> tuple[float, float, float]:
    """Seconds of a sweep in a process beside the server, and the list's 95th hundredth before and
    during it in milliseconds."""
    visitor = Visitor(server.port)
    visitor.sign_in(LOGIN, PASSWORD)
    before = waits(visitor)
    found: list[float] = []
    with looking(visitor, found):
        taken = asked(book, "sweep")
    return taken, before, hundredth(found)
