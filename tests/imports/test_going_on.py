"""Imports that are cut short, gone on with, taken back in pieces."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from crmlite import clock
from crmlite.access.readers import everything
from crmlite.customers import operations as do
from crmlite.customers.models import Contact, Remark
from crmlite.extensions import database
from crmlite.imports import opening, queries, working
from crmlite.imports.models import BROKEN, CHECKED, IMPORTED, UNDOING, UNDONE, ImportRow
from crmlite.imports.operations import runs, undoing
from crmlite.imports.report import left_over_rows
from crmlite.jobs import queue, signs
from crmlite.jobs.models import Job
from crmlite.jobs.queue import LeaseLost
from crmlite.jobs.running import do as do_job
from crmlite.testing import person_id
from crmlite.work import Actor, Busy, standing, undo
from crmlite.work import undoing as in_work
from crmlite.work.actors import command_line
from crmlite.work.ledger import ActorRow
from tests.imports.bringing import begun, counts, customers, finished, imported, said, taken_back
from tests.imports.bringing import text as lines

HEAD = "客户编号,客户名称,电话"
ROWS = [f"K{place},第{place}号客户有限公司,1380000{place:04d}" for place in range(10)]


@pytest.fixture
def in_threes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of three rows."""
    monkeypatch.setattr(working, "BATCH", 3)


class Dying:
    """The hold of a worker that is killed after so many renewals."""

    is_last = False

    def __init__(self, renewals: int) -> None:
        self.left = renewals

    def renew(self) -> None:
        """Once more, unless it is dead."""
        self.left -= 1
        if self.left < 0:
            raise LeaseLost("gone")


def killed(work: Any, import_id: int, renewals: int, **more: Any) -> Mapping[str, Any]:
    """An import as it stands after its worker was killed."""
    payload = {"import": import_id, **more}
    with pytest.raises(LeaseLost):
        work(payload, by=command_line(), at=clock.now(), lease=Dying(renewals))
    return queries.load(import_id)


@contextmanager
def busy_after(monkeypatch: pytest.MonkeyPatch, batches: int) -> Iterator[None]:
    """Others write for too long after so many batches are put back."""
    put_back, done = in_work._undo, []

    def hindered(*given: Any, **more: Any) -> Any:
        if len(done) == batches:
            raise Busy
        done.append(given)
        return put_back(*given, **more)

    with monkeypatch.context() as patched:
        patched.setattr(in_work, "_undo", hindered)
        yield


def fails(import_id: int) -> None:
    """Do what an import waits for, and see it fail."""
    job_id = queries.load(import_id)["job_id"]
    claimed = queue.claim(signs.Identity.new(clock.now()).owner, clock.now(), only=job_id)
    assert claimed is not None
    assert not do_job(claimed)
    at_once = update(Job.__table__).where(Job.id == job_id).values(run_at=clock.now())
    database.session.execute(at_once)
    database.session.commit()


def test_a_taking_back_that_others_interrupt_goes_on(
    inside: Flask, in_threes: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = imported(lines(HEAD, *ROWS))
    undoing.take_back(run["id"], by=command_line(), at=clock.now())
    with busy_after(monkeypatch, 2):
        fails(run["id"])
    assert queries.load(run["id"])["state"] == UNDOING
    assert 0 < len(customers()) < 10
    run = finished(run["id"])
    assert (run["state"], run["kept"]) == (UNDONE, None)
    assert customers() == {}


def test_who_was_kept_before_an_interruption_is_listed(inside: Flask, in_threes: None) -> None:
    imported(lines(HEAD, *ROWS[:8]))
    placed = lines(f"{HEAD},地区", *(f"{row},苏州" for row in ROWS[:8]))
    run = imported(placed, on_duplicate="update")
    assert run["updated"] == 8
    held = customers()["K7"]["id"]  # with K6 in the batch that is put back first
    by, at = command_line(), clock.now()
    do.update_customer(held, {"region": "广州"}, by=by, at=at)
    undoing.take_back(run["id"], by=by, at=at)
    actor = database.session.execute(select(ActorRow.id)).scalars().first()
    database.session.rollback()
    killed(undoing.carry_out_undo, run["id"], 1, by=actor)
    run = finished(run["id"])
    assert (run["state"], run["kept"]) == (UNDONE, [held])


def test_imports_are_taken_back_in_turn_without_a_rest(inside: Flask) -> None:
    first = imported(lines(HEAD, *ROWS))
    placed = lines(f"{HEAD},地区", *(f"{row},苏州" for row in ROWS))
    second = imported(placed, on_duplicate="update")
    for run in (second, first):
        assert taken_back(run["id"])["kept"] is None
    assert customers() == {}


def test_who_was_worked_on_since_keeps_contact_and_remark(inside: Flask) -> None:
    run = imported(lines(f"{HEAD},联系人,备注", *(f"{row},王芳,要发票" for row in ROWS[:2])))
    held = customers()["K0"]["id"]
    do.update_customer(held, {"region": "广州"}, by=command_line(), at=clock.now())
    assert taken_back(run["id"])["kept"] == [held]
    for model in (Contact, Remark):
        there = select(model.customer_id).where(model.state == "active")
        assert database.session.execute(there).scalars().all() == [held]


def test_what_was_done_again_can_be_taken_back_again(inside: Flask, in_threes: None) -> None:
    run = imported(lines(HEAD, *ROWS))
    undone = undo(run["operation_id"], by=command_line(), at=clock.now())
    assert standing(run["operation_id"]) is None
    assert queries.load(run["id"])["state"] == UNDONE
    undo(undone.operation, by=command_line(), at=clock.now())
    assert len(customers()) == 10
    assert queries.load(run["id"])["state"] == IMPORTED
    run = taken_back(run["id"])
    assert (run["state"], run["kept"]) == (UNDONE, None)
    assert customers() == {}


def test_a_check_that_was_killed_foretells_as_if_it_was_not(inside: Flask, in_threes: None) -> None:
    import_id = begun(lines(HEAD, *ROWS, ROWS[0]))
    runs.check(import_id, by=command_line(), at=clock.now())
    assert killed(working.check, import_id, 3)["position"] > 1
    run = finished(import_id)
    assert (run["state"], counts(run)) == (CHECKED, (10, 0, 1, 0))


def test_what_the_check_noted_gives_way_batch_by_batch(inside: Flask, in_threes: None) -> None:
    import_id = begun(lines(HEAD, *ROWS, "K8,,"))
    runs.check(import_id, by=command_line(), at=clock.now())
    finished(import_id)
    assert len(said(queries.load(import_id))) == 1
    runs.start(import_id, by=command_line(), at=clock.now())
    killed(working.carry_out, import_id, 3)
    fates = select(ImportRow.number, ImportRow.customer_id).order_by(ImportRow.number)
    found = database.session.execute(fates).all()
    database.session.rollback()
    assert [row.number for row in found] == [*range(2, 13)]
    assert [row.customer_id is None for row in found[:6]] == [False] * 6
    run = finished(import_id)
    assert counts(run) == (10, 0, 0, 1)
    assert len(said(run)) == 1


def test_notes_of_rows_that_there_are_no_more_go(inside: Flask) -> None:
    import_id = begun(lines(HEAD, *ROWS, "K8,,"))
    runs.check(import_id, by=command_line(), at=clock.now())
    run = finished(import_id)
    layout, first = opening.look(opening.uploads.opener(run["uid"]), heading_row=12)
    by, at = command_line(), clock.now()
    runs.read_otherwise(import_id, layout, 0, first, by=by, at=at)
    runs.check(import_id, by=by, at=at)
    finished(import_id)
    assert queries.rows_of(import_id, limit=99) == []


def test_a_file_that_breaks_off_gives_back_the_rows_before(inside: Flask, in_threes: None) -> None:
    nameless = [f"N{place},," for place in range(30)]
    run = imported(lines(HEAD, *ROWS, *nameless, f",{'长' * 200_000},"))
    assert (run["state"], run["created"]) == (BROKEN, 10)
    left = [row[0] for row in left_over_rows(run)]
    assert left == ["客户编号", *(f"N{place}" for place in range(30))]


def test_an_import_that_failed_for_a_time_can_be_gone_on_with(
    inside: Flask, in_threes: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = begun(lines(HEAD, *ROWS))
    runs.start(import_id, by=command_line(), at=clock.now())
    with monkeypatch.context() as patched:
        patched.setattr(Dying, "is_last", True)
        patched.setattr(working.time, "sleep", failing_after(2))
        by, at, lease = command_line(), clock.now(), Dying(99)
        with pytest.raises(OSError, match="full"):
            working.carry_out({"import": import_id}, by=by, at=at, lease=lease)
    run = queries.load(import_id)
    assert (run["state"], run["problem"]["code"]) == (BROKEN, "import_failed")
    settled(run["job_id"])
    runs.go_on(import_id, by=command_line(), at=clock.now())
    run = finished(import_id)
    assert (run["state"], run["problem"], counts(run)) == (IMPORTED, None, (10, 0, 0, 0))
    assert len(customers()) == 10


def test_going_on_with_a_taking_back_that_broke_off_takes_back(
    inside: Flask, in_threes: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = imported(lines(HEAD, *ROWS))
    by, at, lease = command_line(), clock.now(), Dying(99)
    job_id = undoing.take_back(run["id"], by=by, at=at)
    actor = database.session.execute(select(ActorRow.id)).scalars().first()
    database.session.rollback()
    with monkeypatch.context() as patched, busy_after(patched, 2):
        patched.setattr(Dying, "is_last", True)
        payload = {"import": run["id"], "by": actor}
        with pytest.raises(working.Interrupted):
            undoing.carry_out_undo(payload, by=by, at=at, lease=lease)
    run = queries.load(run["id"])
    assert (run["state"], run["problem"]["code"]) == (BROKEN, "import_failed")
    assert 0 < len(customers()) < 10
    settled(job_id)
    runs.go_on(run["id"], by=by, at=at)
    run = finished(run["id"])
    assert (run["state"], run["problem"]) == (UNDONE, None)
    assert customers() == {}


def failing_after(times: int) -> Any:
    """Something that goes well so many times."""
    left = [times]

    def fail(_seconds: float) -> None:
        left[0] -= 1
        if not left[0]:
            raise OSError("the disk is full")

    return fail


def settled(job_id: int) -> None:
    """Say of a job that nobody will do it."""
    database.session.execute(update(Job.__table__).where(Job.id == job_id).values(state="parked"))
    database.session.commit()


def test_rights_that_are_taken_away_end_an_import_in_the_middle(
    inside: Flask, in_threes: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = Actor("person", "manager", person_id("manager"))
    import_id = begun(lines(HEAD, *ROWS), by=by)
    runs.start(import_id, by=by, at=clock.now())
    readers = [everything()]

    def reader_now(_user_id: int) -> Any:
        return readers.pop() if readers else None

    monkeypatch.setattr(working, "reader_of", reader_now)
    monkeypatch.setattr(working, "look_again", lambda: len(customers()) >= 3)
    run = finished(import_id)
    assert (run["state"], run["problem"]["code"]) == (BROKEN, "import-nobody")
    assert 3 <= len(customers()) < 10
