"""A backup made while people write is the book as of one moment: nothing half, nothing missing."""

import hashlib
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import select

from crmlite import clock
from crmlite.accounts.models import Team
from crmlite.backups.making import make
from crmlite.backups.restoring import restore
from crmlite.db import migrate
from crmlite.work.ledger import ChangeRow, OperationRow
from tests.backups.books import book, code, config, new_place
from tests.faults.processes import nursery
from tests.figures import told

__all__ = ["book", "code", "config", "new_place"]

team = Team.__table__
change = ChangeRow.__table__
operation = OperationRow.__table__
KEPT = ("key", "label", "lead_id", "position")


def read(config) -> tuple[dict[int, dict[str, Any]], set[int], list[Mapping[str, Any]]]:
    """The teams of a book, its operations, and what the ledger says about teams."""
    with migrate.passing_engine(config.url, 15) as engine, engine.connect() as connection:
        rows = connection.execute(select(team)).mappings()
        teams = {row["id"]: {name: row[name] for name in KEPT} for row in rows}
        operations = set(connection.execute(select(operation.c.id)).scalars())
        changes = select(change).where(change.c.record_type == "team").order_by(change.c.id)
        return teams, operations, list(connection.execute(changes).mappings())


def replayed(changes: list[Mapping[str, Any]], operations: set[int]) -> dict[int, dict[str, Any]]:
    """The teams as they must be after these operations and no others, from the ledger alone."""
    teams: dict[int, dict[str, Any]] = {}
    for one in changes:
        if one["operation_id"] in operations:
            row = teams.setdefault(one["record_id"], dict.fromkeys(KEPT))
            row.update({name: new for name, (_old, new) in one["diff"].items() if name in KEPT})
    return teams


def row_hash(teams: dict[int, dict[str, Any]]) -> str:
    """One hash over all rows."""
    lines = (f"{key} {sorted(row.items())}" for key, row in sorted(teams.items()))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def backed_up_under_load(config, code, new_place, tmp_path, backups: int) -> None:
    """Make backups while two processes write as fast as they can; each one restored must be equal
    to what the ledger of the living book says of its moment."""
    found = []
    with nursery(config, tmp_path) as forked:
        writers = [forked("write", name=f"writer {n}") for n in range(2)]
        for writer in writers:
            writer.await_lines(5)
        for number in range(backups):
            before = sum(len(writer.said()) for writer in writers)
            path = make(config, tmp_path / f"{number}.zip", at=clock.now()).path
            assert sum(len(writer.said()) for writer in writers) >= before
            place = new_place(f"place {number}")
            restore(place, path, lambda: code, at=clock.now())
            found.append((before, *read(place)[:2]))
        for writer in writers:
            writer.kill()
            forked.wait(writer)
        acknowledged = sum(len(writer.said()) for writer in writers)
    _teams, operations, changes = read(config)
    seen: set[int] = set()
    unequal = [
        number
        for number, (_before, teams, contained) in enumerate(found)
        if row_hash(teams) != row_hash(replayed(changes, contained))
    ]
    told(
        "backups under load",
        f"backups {backups}, acknowledged {acknowledged}, unequal {len(unequal)}",
    )
    assert unequal == []
    for before, teams, contained in found:
        assert contained <= operations
        assert seen < contained, "each holds all that the one before held, and more"
        seen = contained
        twins = sum(row["key"].endswith(" twin") for row in teams.values())
        assert twins >= before, "what was acknowledged before it began is in it"
        assert twins <= acknowledged + 2
    assert len(found) == backups


def test_three_backups_under_load_restore_equal(book, code, new_place, tmp_path):
    backed_up_under_load(book, code, new_place, tmp_path, 3)


@pytest.mark.slow
def test_twenty_backups_under_load_restore_equal(book, code, new_place, tmp_path):
    backed_up_under_load(book, code, new_place, tmp_path, 20)
