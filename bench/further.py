"""Further fields: what filtering and sorting by quick ones costs in a small and in a large book."""

import os
import subprocess
import sys
from pathlib import Path

from bench.books import copied
from bench.processes import Server
from bench.visits import Cost, Visitor, opened

COLUMNS = "columns=number,name,custom__points,custom__level"
JOURNEYS = {
    "list sorted by a further field": f"/customers?sort=-custom__points&{COLUMNS}",
    "list asked for a number, in its order": (
        f"/customers?w=custom__points~at_least~500000&sort=custom__points&{COLUMNS}"
    ),
    "list asked for a choice, in the order of a number": (
        f"/customers?w=custom__level~is~silver&sort=-custom__points&{COLUMNS}"
    ),
}


def with_fields(book: Path, scratch: Path) -> Path:
    """A copy of a book with further fields, two of them quick, and values of all customers."""
    made = copied(book, scratch)
    asked(made, "fill")
    return made


def asked(book: Path, *what: str) -> float:
    """What a process of `bench.fields_made` answers."""
    command = [sys.executable, "-m", "bench.fields_made", *what]
    env = {**os.environ, "CRMLITE_INSTANCE": str(book)}
    done = subprocess.run(command, env=env, stdout=subprocess.PIPE, check=True, text=True)
    return float(done.stdout) if done.stdout.strip() else 0.0


def visits(server: Server, visitor: Visitor, name: str, count: int) -> Cost:
    """So many visits of one of these lists."""
    return opened(server, visitor, [JOURNEYS[name]] * count)
