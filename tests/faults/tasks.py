"""What the processes of `nursery.py` do."""

import json
import mmap
import os
import sys
import time
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import IO

from flask import current_app
from sqlalchemy import select, text

from crmlite import clock
from crmlite.accounts.models import Team
from crmlite.accounts.operations import TeamChange, create_team
from crmlite.backups import restoring
from crmlite.cases.operations.escalation import KIND, escalate
from crmlite.db.engines import write_options
from crmlite.extensions import database
from crmlite.files import keeping
from crmlite.files.attachables import Target
from crmlite.files.operations import Kept, attach
from crmlite.work import Actor, Busy, StorageFull, actors, operation, records

BY = Actor("person", "Grace Shen", 1)


def say(out: IO[str], *words: object) -> None:
    """A line that is in the file before anything else happens."""
    out.write(json.dumps(words) + "\n")
    out.flush()


@operation("team_updated")
def add_one(team_id: int, *, by: Actor, at) -> int:
    """Read, modify, write: what two people who press the same button at once do."""
    table = Team.__table__
    found = database.session.execute(select(table.c.position).where(table.c.id == team_id))
    position = found.scalar_one() + 1
    records.update(Team, team_id, {"position": position})
    return position


def count(out: IO[str], team_id: int, times: int) -> None:
    """Add one, many times; a busy book is asked again."""
    done = 0
    while done < times:
        try:
            say(out, add_one(team_id, by=BY, at=clock.now()))
            done += 1
        except Busy:
            say(out, "busy")


@operation("team_created")
def add_row(key: str, *, by: Actor, at) -> int:
    """Two records that belong together, written down as one operation."""
    table = Team.__table__
    first = records.insert(Team, {"key": key, "label": {"en": key}, "position": 1})
    records.insert(Team, {"key": f"{key} twin", "label": {"en": key}, "position": 2})
    last = database.session.execute(select(table.c.position).where(table.c.key == "sales"))
    records.update(Team, team_id("sales"), {"position": last.scalar_one() + 1})
    return first


def team_id(key: str) -> int:
    """The id of a team."""
    table = Team.__table__
    found = database.session.execute(select(table.c.id).where(table.c.key == key)).scalar_one()
    return int(found)


def write(out: IO[str], name: str, times: int = 1_000_000) -> None:
    """Add records and say of each that it is saved, until somebody puts an end to it."""
    for number in range(times):
        key = f"{name} {number}"
        try:
            add_row(key, by=BY, at=clock.now())
        except Busy:
            continue
        say(out, key)


def submit(out: IO[str], pairs: int, beside: str, me: int) -> None:
    """Send the same forms as another process does, each at the same moment."""
    with Path(beside).open("r+b") as file, mmap.mmap(file.fileno(), 16) as both:
        for number in range(pairs):
            _rendezvous(both, me, number + 1)
            label = {"en": f"Pair {number}", "zh": f"第 {number} 对"}
            form = {"form_key": f"pair {number}", "by": BY, "at": clock.now()}
            say(out, create_team(TeamChange(label=label), **form))


def _rendezvous(both: mmap.mmap, me: int, number: int) -> None:
    """Wait until the other one is as far."""
    both[me * 8 : me * 8 + 8] = number.to_bytes(8)
    other = 1 - me
    while int.from_bytes(both[other * 8 : other * 8 + 8]) < number:
        time.sleep(0)


def climb(out: IO[str], at: str, begin: float) -> None:
    """Take the steps of the escalation ladder that have come, a few cases at a time."""
    while time.time() < begin:
        time.sleep(0.001)
    taken = -1
    while taken:
        try:
            taken = escalate(by=Actor("job", KIND), at=datetime.fromisoformat(at), limit=7)
        except Busy:
            continue
        say(out, taken)


def hold(out: IO[str], seconds: float) -> None:
    """Keep everybody else from writing for a while."""
    with database.engine.connect() as connection:
        held = connection.execution_options(**write_options(database.engine))
        with held.begin():
            if database.engine.dialect.name == "postgresql":
                held.execute(text("LOCK TABLE team, job, operation, viewing IN EXCLUSIVE MODE"))
            say(out, "held")
            time.sleep(seconds)


def fill(out: IO[str], name: str, times: int) -> None:
    """Write until there is no room; say what was saved and what was refused."""
    for number in range(times):
        key = f"{name} {number}"
        try:
            add_row(key, by=actors.command_line(), at=clock.now())
        except StorageFull:
            say(out, "full", key)
            return
        say(out, "saved", key)


def restore(_out: IO[str], path: str, code: str, steps: int) -> None:
    """Restore a backup, and end as by `kill -9` just before the n-th renaming of a file."""
    left = iter(range(steps))

    def die(event: str, _arguments: tuple[object, ...]) -> None:
        if event == "os.rename" and next(left, None) is None:
            os._exit(9)

    sys.addaudithook(die)
    config = current_app.extensions["crmlite.config"]
    restoring.restore(config, Path(path), lambda: code, at=clock.now())


def attach_files(out: IO[str], customer_id: int, size: int) -> None:
    """Attach a file to a customer again and again; each that was attached is said by its uid."""
    target = Target(customer_id=customer_id, owner_id=None, url="/")
    while True:
        uid, length, digest = keeping.keep(BytesIO(os.urandom(size)))
        kept = Kept(uid=uid, name="a", size=length, sha256=digest, media_type="any/thing")
        attach("customer", customer_id, target, [kept], most=2**40, by=BY, at=clock.now())
        say(out, uid)
