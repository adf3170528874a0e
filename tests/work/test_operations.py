"""Operations: whole or not at all, once per form, told to others only when they are done."""

import logging
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask, g
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from crmlite import hookimpl, hooks
from crmlite.extensions import database
from crmlite.settings.models import SettingRow
from crmlite.work import Actor, Busy, Refused, current, operation, records, tell, undo
from crmlite.work.epoch import epoch
from crmlite.work.ledger import ActorRow, ChangeRow, EpochRow, OperationRow
from crmlite.work.operations import NAMES, move_epoch
from tests.work.at_once import at_once, meeting_at

BY = Actor("command", "crmlite")
AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


@operation("setting_written")
def write(name: str, value: Any, *, by: Actor, at: datetime) -> int:
    """Something small to do."""
    return records.insert(SettingRow, {"name": name, "value": value})


@operation("setting_counted")
def count_up(name: str, *, by: Actor, at: datetime) -> int:
    """Read, add one, write: what loses updates where transactions are not right."""
    table = SettingRow.__table__
    row = database.session.execute(select(table).where(table.c.name == name)).one()
    records.update(SettingRow, row.id, {"value": row.value + 1})
    return int(row.value) + 1


@operation("setting_noted")
def outer(name: str, *, by: Actor, at: datetime, fail: bool = False) -> list[int]:
    """An operation that uses another one."""
    inner = write(f"{name}-inner", 1, by=Actor("job", "other"), at=at, form_key="ignored-inside")
    own = records.insert(SettingRow, {"name": name, "value": 2})
    if fail:
        raise Refused("no-luck")
    return [inner, own]


def values() -> dict[str, Any]:
    database.session.rollback()
    table = SettingRow.__table__
    found = database.session.execute(select(table.c.name, table.c.value))
    return {row.name: row.value for row in found}


def operations(*names: str) -> list[Any]:
    table = OperationRow.__table__
    wanted = select(table).where(table.c.name.in_(names)).order_by(table.c.id)
    return list(database.session.execute(wanted))


@pytest.mark.usefixtures("inside")
def test_the_ledger_says_who_when_and_from_where() -> None:
    write("a", 1, by=Actor("person", "Ann", 17), at=AT, source="web")
    write("b", 1, by=BY, at=AT)
    [one, other] = operations("setting_written")
    assert (one.at, one.source, other.source) == (AT, "web", "command")
    actor = database.session.get(ActorRow, one.actor_id)
    assert actor is not None
    assert (actor.kind, actor.name, actor.user_id) == ("person", "Ann", 17)


def test_the_ledger_says_in_which_request_something_was_done(app: Flask) -> None:
    with app.test_request_context("/healthz"):
        app.preprocess_request()
        write("a", 1, by=BY, at=AT)
        [row] = operations("setting_written")
        assert row.request_id == g.request_id != ""


@pytest.mark.usefixtures("inside")
def test_the_same_actor_has_one_row() -> None:
    for number in range(3):
        write(f"n{number}", 1, by=Actor("job", "nightly"), at=AT)
    table = ActorRow.__table__
    wanted = select(func.count()).where(table.c.name == "nightly")
    assert database.session.execute(wanted).scalar() == 1


@pytest.mark.usefixtures("inside")
def test_the_same_form_again_does_nothing_and_gets_the_same_answer() -> None:
    first = write("a", 1, by=BY, at=AT, form_key="form-1")
    again = write("a", 1, by=BY, at=AT, form_key="form-1")
    assert first == again
    assert len(operations("setting_written")) == 1
    assert values() == {"a": 1}


@pytest.mark.usefixtures("inside")
def test_a_form_key_counts_for_its_operation_and_its_sender_only() -> None:
    write("a", 1, by=BY, at=AT, form_key="form-1")
    write("b", 1, by=Actor("person", "Ann", 17), at=AT, form_key="form-1")
    outer("c", by=BY, at=AT, form_key="form-1")
    assert set(values()) == {"a", "b", "c", "c-inner"}


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize("key", ["x" * 5000, "nul\x00", "half \udc9f", "字" * 300])
def test_whatever_a_browser_sends_as_form_key_is_borne(key: str) -> None:
    assert write("a", 1, by=BY, at=AT, form_key=key) == write("a", 1, by=BY, at=AT, form_key=key)
    assert values() == {"a": 1}


@pytest.mark.usefixtures("inside")
def test_a_form_that_failed_may_be_sent_again() -> None:
    with pytest.raises(Refused):
        outer("a", by=BY, at=AT, form_key="form-1", fail=True)
    assert values() == {}
    outer("a", by=BY, at=AT, form_key="form-1")
    assert set(values()) == {"a", "a-inner"}


@pytest.mark.usefixtures("inside")
def test_an_operation_inside_another_joins_it() -> None:
    outer("a", by=BY, at=AT)
    [row] = operations("setting_noted", "setting_written")
    assert row.name == "setting_noted"
    table = ChangeRow.__table__
    filed = select(func.count()).where(table.c.operation_id == row.id)
    assert database.session.execute(filed).scalar() == 2


@pytest.mark.usefixtures("inside")
def test_what_the_inner_one_did_goes_when_the_outer_one_fails() -> None:
    with pytest.raises(Refused):
        outer("a", by=BY, at=AT, fail=True)
    assert values() == {}
    assert operations("setting_noted", "setting_written") == []


@pytest.mark.usefixtures("inside")
def test_batches_name_the_operation_they_belong_to() -> None:
    @operation("setting_written")
    def begin(*, by: Actor, at: datetime) -> int:
        return current().id

    whole = begin(by=BY, at=AT)
    write("a", 1, by=BY, at=AT, part_of=whole)
    assert [row.part_of_id for row in operations("setting_written")] == [None, whole]


@pytest.mark.usefixtures("inside")
def test_an_operation_that_changes_nothing_is_not_in_the_ledger() -> None:
    @operation("setting_read")
    def look(*, by: Actor, at: datetime) -> int:
        return 7

    assert look(by=BY, at=AT) == 7
    assert operations("setting_read") == []


class Listener:
    """A pack that listens, and one that breaks."""

    def __init__(self, *, fails: bool = False) -> None:
        self.heard: list[tuple[int, dict[str, Any]]] = []
        self.fails = fails

    @hookimpl
    def customer_changed(self, customer_id: int) -> None:
        self.heard.append((customer_id, values()))
        if self.fails:
            database.session.execute(text("SELECT no_such_column FROM nowhere"))


@operation("setting_told")
def tell_others(*, by: Actor, at: datetime, fail: bool = False) -> None:
    """Change something and have others told."""
    tell("customer_changed", customer_id=12)
    records.insert(SettingRow, {"name": "told", "value": 1})
    if fail:
        raise Refused("no-luck")


@pytest.mark.usefixtures("inside")
def test_others_are_told_once_it_is_committed() -> None:
    listener = Listener()
    hooks.manager().register(listener)
    tell_others(by=BY, at=AT)
    assert listener.heard == [(12, {"told": 1})]


@pytest.mark.usefixtures("inside")
def test_nobody_is_told_of_what_was_taken_back() -> None:
    listener = Listener()
    hooks.manager().register(listener)
    with pytest.raises(Refused):
        tell_others(by=BY, at=AT, fail=True)
    assert listener.heard == []


@pytest.mark.usefixtures("inside")
def test_nobody_is_told_twice_of_a_form_sent_twice() -> None:
    listener = Listener()
    hooks.manager().register(listener)
    tell_others(by=BY, at=AT, form_key="form-1")
    tell_others(by=BY, at=AT, form_key="form-1")
    assert len(listener.heard) == 1


def test_nobody_is_told_twice_of_twins(app: Flask) -> None:
    listener = Listener()
    with app.app_context():
        hooks.manager().register(listener)

    def send(_number: int) -> None:
        tell_others(by=BY, at=AT, form_key="form-1")

    with meeting_at(app, "SELECT operation.result"):
        assert at_once(app, send, 2) == []
    assert len(listener.heard) == 1


@pytest.mark.usefixtures("inside")
def test_what_one_writes_when_told_is_not_kept() -> None:
    class Writer:
        @hookimpl
        def customer_changed(self, customer_id: int) -> None:
            row = {"name": "smuggled", "value": customer_id}
            database.session.execute(insert(SettingRow.__table__).values(row))

    hooks.manager().register(Writer())
    tell_others(by=BY, at=AT)
    database.session.commit()
    assert values() == {"told": 1}


@pytest.mark.usefixtures("inside")
def test_one_that_fails_when_told_undoes_nothing_and_stops_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken, listener = Listener(fails=True), Listener()
    hooks.manager().register(listener)
    hooks.manager().register(broken)  # asked before those registered earlier
    logging.getLogger("crmlite.hooks").propagate = True
    with caplog.at_level(logging.ERROR, logger="crmlite.hooks"):
        tell_others(by=BY, at=AT)
    assert values() == {"told": 1}, "what was done stays, and the database can still be asked"
    assert [number for number, _ in listener.heard] == [12]
    assert "customer_changed" in caplog.text


@pytest.mark.usefixtures("inside")
def test_the_epoch_moves_with_what_it_stands_for() -> None:
    @operation("settings_changed")
    def arrange(*, by: Actor, at: datetime, fail: bool = False) -> None:
        move_epoch()
        move_epoch()
        records.insert(SettingRow, {"name": f"fails: {fail}", "value": 1})
        if fail:
            raise Refused("no-luck")

    before = epoch()
    arrange(by=BY, at=AT)
    assert epoch() == before + 1
    with pytest.raises(Refused):
        arrange(by=BY, at=AT, fail=True)
    number = database.session.execute(select(EpochRow.__table__.c.number)).scalar()
    assert number == before + 1


def test_what_an_operation_looked_up_is_kept_when_it_is_done(inside: Flask) -> None:
    """A worker does nothing outside of operations: it would read all settings for each."""

    @operation("settings_looked_up")
    def look_up(name: str, *, by: Actor, at: datetime, fail: bool = False) -> None:
        current().known[name] = object()
        if name == "moved":
            move_epoch()
            current().known[name] = object()
        if fail:
            raise Refused("no-luck")

    look_up("kept", by=BY, at=AT)
    look_up("moved", by=BY, at=AT)
    with pytest.raises(Refused):
        look_up("failed", by=BY, at=AT, fail=True)
    assert {"kept", "moved", "failed"} & set(inside.extensions) == {"kept"}


@pytest.mark.usefixtures("inside")
def test_every_operation_is_known_by_name() -> None:
    assert {"setting_written", "setting_noted", "operation_undone"} <= set(NAMES)


@pytest.mark.usefixtures("inside")
def test_the_read_of_before_does_not_linger() -> None:
    write("a", 1, by=BY, at=AT)
    values()  # opens a read transaction
    with database.engine.begin() as other:
        other.execute(update(SettingRow.__table__).values(value=41))
    assert count_up("a", by=BY, at=AT) == 42


def test_nobody_overwrites_what_somebody_else_just_wrote(app: Flask) -> None:
    with app.app_context():
        write("n", 0, by=BY, at=AT)

    def ten(_number: int) -> None:
        for _ in range(10):
            while True:
                try:
                    count_up("n", by=BY, at=AT)
                    break
                except Busy:
                    continue

    assert at_once(app, ten, 4) == []
    with app.app_context():
        assert values()["n"] == 40


def test_a_form_sent_twice_at_the_same_moment_counts_once(app: Flask) -> None:
    answers: list[int] = []

    def send(_number: int) -> None:
        answers.append(write("a", 1, by=BY, at=AT, form_key="form-1"))

    assert at_once(app, send, 4) == []
    assert (len(answers), len(set(answers))) == (4, 1)
    with app.app_context():
        assert len(operations("setting_written")) == 1


def test_two_who_undo_at_once_do_it_once(app: Flask) -> None:
    with app.app_context():
        write("a", 1, by=BY, at=AT)
        count_up("a", by=BY, at=AT)
        counted = operations("setting_counted")[0].id
    undone: list[int] = []

    def press(_number: int) -> None:
        undone.append(undo(counted, by=BY, at=AT).restored)

    failed = at_once(app, press, 3)
    assert undone == [1]
    assert [getattr(one, "code", one) for one in failed] == ["already-undone"] * 2
    with app.app_context():
        assert values()["a"] == 1


def test_somebody_may_act_for_the_first_time_twice_at_once(app: Flask) -> None:
    def act(number: int) -> None:
        write(f"n{number}", 1, by=Actor("person", "Ann", 17), at=AT)

    assert at_once(app, act, 4) == []
    with app.app_context():
        table = ActorRow.__table__
        wanted = select(func.count()).where(table.c.user_id == 17)
        assert database.session.execute(wanted).scalar() == 1


@pytest.mark.usefixtures("inside")
def test_a_key_that_stays_taken_is_an_error_after_a_few_tries() -> None:
    tries = []

    @operation("setting_written")
    def twice(*, by: Actor, at: datetime) -> None:
        tries.append(by)
        records.insert_many(SettingRow, [{"name": "a", "value": 1}, {"name": "a", "value": 2}])

    with pytest.raises(IntegrityError):
        twice(by=BY, at=AT)
    assert 1 < len(tries) < 6
    assert values() == {}


def test_who_waits_too_long_is_told_that_others_are_writing(app: Flask, engine: str) -> None:
    with app.app_context():
        write("n", 0, by=BY, at=AT)
        options = {"crmlite_write": True} if engine == "sqlite" else {}
        with database.engine.connect().execution_options(**options) as other:
            other.execute(update(SettingRow.__table__).values(value=1))
            with pytest.raises(Busy):
                count_up("n", by=BY, at=AT)
            other.rollback()
        assert values()["n"] == 0
        assert count_up("n", by=BY, at=AT) == 1
