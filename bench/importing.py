"""Imports: how many rows in a second, against a floor that writes the same raw; what it does to memory
and to the pages of others."""

import csv
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.books import LOGIN, PASSWORD, copied
from bench.processes import Server, program
from bench.sheets import HEADINGS, made
from bench.visits import TOKEN, Visitor

ROWS = 10_000
WITHOUT_FOLLOW_UP = 11  # columns: number, customer, contact, deal
LIST = 40  # requests in a row
POLL = 0.1  # seconds


@dataclass(frozen=True)
class Rates:
    """Rows per second: ours, the floor's, and of plain csv into one table."""

    ours: float
    floor: float
    plain: float


def rates(book: Path, scratch: Path) -> dict[str, Rates]:
    """For sheets with all their columns and for those without follow-ups; each into a copy of the
    book, ours and the floor in turn."""
    whole = made(scratch / "whole.csv", ROWS, 11)
    short = shortened(whole, scratch / "short.csv")
    return {
        "customer, contact, last contact, next step, remark": Rates(
            imported(copied_to(book, scratch / "ours"), whole),
            raw(copied_to(book, scratch / "raw"), whole),
            plain(scratch / "plain.db", whole),
        ),
        "customer, contact": Rates(
            imported(copied_to(book, scratch / "ours"), short),
            raw(copied_to(book, scratch / "raw"), short),
            plain(scratch / "plain.db", short),
        ),
    }


def shortened(sheet: Path, to: Path) -> Path:
    """The same sheet without follow-ups and remarks."""
    with sheet.open(encoding="utf-8-sig", newline="") as source:
        rows = [row[:WITHOUT_FOLLOW_UP] for row in csv.reader(source)]
    with to.open("w", encoding="utf-8-sig", newline="") as target:
        csv.writer(target).writerows(rows)
    return to


def copied_to(book: Path, place: Path) -> Path:
    """A copy of a book in a folder of its own, whatever was there before."""
    if place.exists():
        subprocess.run(["/bin/rm", "-r", str(place)], check=True)
    place.mkdir()
    return copied(book, place)


def imported(book: Path, sheet: Path) -> float:
    """Rows per second of an import, by the moments that it notes itself."""
    command = [program("crmlite"), "import", "customers", str(sheet), "--json"]
    env = {**os.environ, "CRMLITE_INSTANCE": str(book), "CRMLITE_LOG_LEVEL": "ERROR"}
    done = subprocess.run(command, env=env, capture_output=True, check=False, text=True)
    said = json.loads(done.stdout)
    if said["created"] < 0.99 * said["rows"]:
        raise RuntimeError(f"the import took {said['created']} of {said['rows']} rows")
    return float(said["rows"]) / seconds_of(book, said["import"])


def seconds_of(book: Path, import_id: str) -> float:
    """How long an import took."""
    import sqlite3

    with sqlite3.connect(book / "crmlite.db") as opened:
        asked = "SELECT (julianday(finished_at) - julianday(started_at)) * 86400 FROM import WHERE id = ?"
        return float(opened.execute(asked, (import_id,)).fetchone()[0])


def raw(book: Path, sheet: Path) -> float:
    """Rows per second of the floor."""
    command = [sys.executable, "-m", "bench.raw_import", str(book), str(sheet)]
    return float(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def plain(database: Path, sheet: Path) -> float:
    """Rows per second of csv into one table with two indexes, and nothing else."""
    import sqlite3

    database.unlink(missing_ok=True)
    names = ",".join(f"c{place}" for place in range(len(HEADINGS)))
    with sqlite3.connect(database) as opened, sheet.open(encoding="utf-8-sig", newline="") as file:
        opened.execute("PRAGMA journal_mode=WAL")
        opened.execute(f"CREATE TABLE sheet ({names})")
        for place in (1, 4):
            opened.execute(f"CREATE INDEX on{place} ON sheet (c{place})")
        reader = csv.reader(file)
        width = len(next(reader))
        began = time.perf_counter()
        marks = ",".join("?" * width)
        columns = ",".join(f"c{place}" for place in range(width))
        opened.executemany(f"INSERT INTO sheet ({columns}) VALUES ({marks})", reader)
        opened.commit()
        return ROWS / (time.perf_counter() - began)


@dataclass(frozen=True)
class Beside:
    """An import through the page, seen from outside: the list's 95th hundredth before and during it
    in milliseconds, how much the memory of the tree grew at most in MB, when the first rows were
    shown, and the rows per second."""

    before_ms: float
    during_ms: float
    growth_mb: float
    first_progress: float
    rate: float


def beside(server: Server, sheet: Path, rows: int) -> Beside:
    """Import a sheet through the page while somebody else opens the list again and again."""
    owner, other = Visitor(server.port), Visitor(server.port)
    for visitor in (owner, other):
        visitor.sign_in(LOGIN, PASSWORD)
    before = waits(other)
    owner.reconnect()
    where = brought(owner, sheet)
    step(owner, where, "columns")
    await_state(owner, where, "/start")
    memory = server.memory_mb()
    began = time.perf_counter()
    step(owner, where, "start")
    found: list[float] = []
    first, most = 0.0, memory
    with looking(other, found):
        while (page := owner.get(where)) and "/reversal" not in page:
            if not first and re.search(r"<progress[^>]*value=\"[1-9]", page):
                first = time.perf_counter() - began
            most = max(most, server.memory_mb())
            time.sleep(POLL)
    took = time.perf_counter() - began
    return Beside(before, hundredth(found), most - memory, first or took, rows / took)


def brought(visitor: Visitor, sheet: Path) -> str:
    """Send a file through the page; answers where it is."""
    token = TOKEN.search(visitor.get("/imports"))
    assert token, "the page has no token"
    return visitor.send_file("/imports", {"csrf_token": token[1]}, "file", sheet)


def step(visitor: Visitor, where: str, action: str) -> None:
    """Press a button of the page of an import, its form as it stands."""
    visitor.post(f"{where}/{action}", fields_of(visitor.get(where), f"{where}/{action}"))


def fields_of(page: str, action: str) -> dict[str, str]:
    """What a form of a page would send, untouched."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page, re.DOTALL)
    assert form, f"no form leads to {action}"
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form[0]):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        is_off = re.search(r'type="(?:radio|checkbox)"', tag) and " checked" not in tag
        if name and not is_off:
            found[name[1]] = value[1] if value else ""
    for name, inside in re.findall(
        r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form[0], re.DOTALL
    ):
        chosen = re.search(
            r'<option[^>]*selected[^>]*value="([^"]*)"|<option[^>]*value="([^"]*)"[^>]*selected',
            inside,
        )
        found[name] = (chosen[1] or chosen[2] or "") if chosen else ""
    return found


def await_state(visitor: Visitor, where: str, mark: str) -> None:
    """Wait until a page offers something."""
    while mark not in visitor.get(where):
        time.sleep(POLL)


@contextmanager
def looking(visitor: Visitor, found: list[float]) -> Iterator[None]:
    """Somebody opens the list all the while."""
    over = threading.Event()

    def look() -> None:
        visitor.reconnect()
        while not over.is_set():
            began = time.perf_counter()
            visitor.get("/customers")
            found.append((time.perf_counter() - began) * 1000)
            time.sleep(0.02)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def waits(visitor: Visitor) -> float:
    """The 95th hundredth of the list's waiting times, nobody else being there."""
    found: list[float] = []
    with looking(visitor, found):
        while len(found) < LIST * 5:
            time.sleep(POLL)
    return hundredth(found)


def hundredth(found: list[float]) -> float:
    """The 95th hundredth of some times."""
    return sorted(found)[int(len(found) * 0.95)] if found else 0.0
