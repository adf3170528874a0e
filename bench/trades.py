"""Packs: what having ours on costs, and how soon every process knows that one was switched."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from bench.books import at_rest, copied
from bench.processes import Server, program
from bench.visits import TOKEN, Cost, Visitor, opened

NOTHING_OF_THEIRS, SHOWS_THEIRS = 1.05, 1.40
PAGES = {
    "profile": ("/profile", NOTHING_OF_THEIRS),
    "notifications": ("/notifications", NOTHING_OF_THEIRS),
    "list": ("/customers", SHOWS_THEIRS),
    "customer page": ("/customers/{}", SHOWS_THEIRS),
    "customer form": ("/customers/{}/edit", SHOWS_THEIRS),
}
"""Pages, and how much dearer each may be with three packs on."""
ASKING, WATCHED = 8, 3.0
THEIR_WORD = "Member no."


def with_packs(book: Path, scratch: Path) -> Path:
    """A copy of a book with our three packs on, customers with values of theirs, and what follows from
    that done."""
    made = copied(book, scratch)
    command = [sys.executable, "-m", "bench.trades_made"]
    env = {**os.environ, "CRMLITE_INSTANCE": str(made)}
    subprocess.run(command, env=env, check=True)
    subprocess.run([program("crmlite"), "jobs", "run", "tag-by-rules"], env=env, check=True)
    return at_rest(made, 0)


def visits(server: Server, visitor: Visitor, path: str, count: int) -> Cost:
    """So many visits of a page, of one customer after the other."""
    numbers = [f"C{place:03d}" for place in range(1, 101)]
    return opened(server, visitor, [path.format(numbers[n % 100]) for n in range(count)])


def noticed(server: Server, visitors: list[Visitor], manager: Visitor, to: str) -> float:
    """Seconds from the moment when a switch was acknowledged to the last request that was begun and
    still answered as before, of many people asking all the time."""
    stale: list[float] = []
    over = threading.Event()

    def ask(visitor: Visitor) -> None:
        while not over.is_set():
            began = time.perf_counter()
            is_on = THEIR_WORD in visitor.get("/customers/new")
            if is_on != (to == "on"):
                stale.append(began)

    threads = [threading.Thread(target=ask, args=(visitor,)) for visitor in visitors]
    manager.reconnect()
    token = TOKEN.search(manager.get("/packs/retail"))
    assert token, "the page of the pack lacks its token"
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    if not stale:
        raise RuntimeError(f"the pack was switched {to} already")
    manager.post("/packs/retail/state", {"to": to, "csrf_token": token[1]})
    done = time.perf_counter()
    time.sleep(WATCHED)
    over.set()
    for thread in threads:
        thread.join()
    return max(0.0, max(stale) - done)
