"""How many cases each view of the queue holds: counted by index, whatever there is besides."""

import pytest
from sqlalchemy import event, text

from crmlite import clock
from crmlite.accounts.queries import reader_of
from crmlite.cases.operations import (
    Revisit,
    Solution,
    delete_case,
    join,
    move,
    resolve,
    revisit,
    take,
)
from crmlite.cases.queries.queue import Wanted, counted, counts
from crmlite.extensions import database
from crmlite.testing import person_id

VIEWS = {"mine", "unassigned", "team", "open", "waiting", "revisit"}
INDEXES = {
    "mine": "assignee",
    "unassigned": "assignee",
    "team": "team",
    "open": "due",
    "waiting": "status",
    "revisit": "status",
}


@pytest.fixture
def cases(desk) -> list[int]:
    """Cases that are new, waiting, resolved and confirmed; all but the first on the desk of support."""
    by, now = desk.support, clock.now()
    found = [desk.open() for _ in range(4)]
    for case_id in found[1:]:
        take(case_id, by=by, at=now)
        move(case_id, "in_progress", by=by, at=now)
    move(found[1], "waiting", why="photos", by=by, at=now)
    for case_id in found[2:]:
        resolve(case_id, Solution(resolution="Done"), by=by, at=now)
    revisit(found[3], Revisit(satisfied=True, content="Fine."), by=by, at=now)
    return found


def reader(login: str):
    found = reader_of(person_id(login))
    assert found is not None
    return found


def test_each_view_counts_what_it_shows(desk, cases):
    found = counts(reader("support"))
    assert found == {"mine": 2, "unassigned": 1, "team": 3, "open": 3, "waiting": 1, "revisit": 1}
    assert counted(reader("support"), Wanted(view="closed")) == 1
    assert counted(reader("support"), Wanted(view="open", filters={"level": "severe"})) == 0


def test_only_what_is_in_sight_is_counted(desk, cases):
    nothing = dict.fromkeys(VIEWS, 0)
    assert counts(reader("sales2")) == nothing
    join(cases[1], person_id("sales2"), "technology", by=desk.support, at=clock.now())
    assert counts(reader("sales2")) == nothing | {"open": 1, "waiting": 1}
    assert counts(reader("sales"))["open"] == 3  # the owner of their customer


def test_what_was_deleted_is_not_counted(desk, cases):
    delete_case(cases[1], by=desk.manager, at=clock.now())
    assert counts(reader("support"))["waiting"] == 0


@pytest.mark.parametrize("view", sorted(VIEWS))
def test_counting_goes_by_an_index_of_the_view(desk, cases, engine, view):
    asked = []

    def keep(_connection, _cursor, statement, parameters, _context, _many):
        asked.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", keep)
    try:
        counted(reader("manager"), Wanted(view=view))
    finally:
        event.remove(database.engine, "before_cursor_execute", keep)
    statement, parameters = next(one for one in asked if "case_facts" in one[0])
    how = "EXPLAIN QUERY PLAN" if engine == "sqlite" else "EXPLAIN"
    if engine == "postgresql":  # in a table of a page it would read the page
        for way in ("seqscan", "bitmapscan"):
            database.session.execute(text(f"SET LOCAL enable_{way} = off"))
    connection = database.session.connection()
    plan = " ".join(
        str(part)
        for row in connection.exec_driver_sql(f"{how} {statement}", parameters)
        for part in row
    )
    assert f"ix_case_facts_{INDEXES[view]}" in plan
    assert "SCAN case_facts" not in plan and "Seq Scan" not in plan
