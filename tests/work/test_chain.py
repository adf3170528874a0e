"""The chain over the ledger: nothing that was sealed can be changed, removed or cut off unseen."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Connection,
    Engine,
    Table,
    create_engine,
    delete,
    event,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError

from crmlite import clock
from crmlite.access.sensitive import ViewingRow
from crmlite.accounts.operations import TeamChange, create_team, update_team
from crmlite.db.engines import sqlite_module
from crmlite.extensions import database
from crmlite.work import Actor, actors, chain
from crmlite.work.chain import Head, head, seal_ledger, secret, waiting
from crmlite.work.ledger import ActorRow, ChangeRow, OperationRow, SealedOperationRow, SealRow
from crmlite.work.proving import ALTERED, BROKEN, CUT, MISSING, REMOVED, REPLACED, verify
from tests.figures import told

actor: Table = ActorRow.__table__
operation: Table = OperationRow.__table__
change: Table = ChangeRow.__table__
seal: Table = SealRow.__table__
sealed: Table = SealedOperationRow.__table__
viewing: Table = ViewingRow.__table__
BY = Actor("person", "Grace Shen", 1)


def do_things(count: int) -> int:
    """Work worth sealing, as many operations as said; answers the id of the team it is about."""
    first = TeamChange(label={"en": "Crew", "zh": "小组"})
    team_id = create_team(first, by=BY, at=clock.now(), form_key=f"form {clock.now()}")
    for number in range(1, count):
        value = TeamChange(label={"en": f"Crew {number}", "zh": f"{number} 组"})
        update_team(team_id, value, by=BY, at=clock.now(), source="web")
    return team_id


def do_seal(**more: Any) -> int:
    at = more.pop("at", None) or clock.now()
    return seal_ledger(by=actors.job("seal-ledger"), at=at, **more)


def problems(connection: Connection | None = None, expected: Head | None = None) -> list[str]:
    """The texts of what is wrong, as somebody who looks at the database sees it."""
    if connection is not None:
        return [finding.text for finding in verify(connection, secret(), expected)]
    database.session.rollback()
    try:
        return problems(database.session.connection(), expected)
    finally:
        database.session.rollback()


def newest() -> Head:
    database.session.rollback()
    found = head(database.session.connection())
    database.session.rollback()
    assert found is not None
    return found


@pytest.fixture
def intruder(inside) -> Iterator[Engine]:
    """A way into the database past its fences, for somebody who has its files or its password."""
    lite = database.engine.dialect.name == "sqlite"
    engine = create_engine(database.engine.url, **({"module": sqlite_module()} if lite else {}))

    @event.listens_for(engine, "connect")
    def connected(connection, _record):
        if lite:
            connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def begun(connection):
        if lite:
            connection.exec_driver_sql("BEGIN")
            triggers = connection.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'keep_%'"
            )
            for (name,) in triggers.all():
                connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        else:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")

    yield engine
    engine.dispose()


def noticed(intruder: Engine, *statements: Any, expected: Head | None = None) -> list[str]:
    """What is wrong after somebody did this; it is taken back again."""
    with intruder.connect() as connection:
        for statement in statements:
            assert connection.execute(statement).rowcount, statement
        found = problems(connection, expected)
        connection.rollback()
    return found


def test_what_was_done_is_sealed_once_and_found_whole(inside):
    do_things(5)
    count = waiting(database.session.connection())
    assert count >= 5
    assert do_seal() == count
    assert do_seal() == 0
    assert waiting(database.session.connection()) == 0
    assert problems() == []
    do_things(3)
    assert do_seal() == 3
    assert newest().seal == 2
    assert problems(expected=newest()) == []


def test_sealing_leaves_no_trace_in_the_ledger_itself(inside):
    do_things(2)
    do_seal()
    before = database.session.execute(select(func.count()).select_from(operation)).scalar()
    assert do_seal() == 0
    assert database.session.execute(select(func.count()).select_from(operation)).scalar() == before


def test_many_operations_are_sealed_in_several_links(inside, monkeypatch):
    monkeypatch.setattr(chain, "BATCH", 4)
    do_things(11)
    renewed = []
    count = do_seal(between=lambda: renewed.append(1))
    assert count >= 11
    assert newest().seal == -(-count // 4) == len(renewed)
    assert problems() == []


def other(column: Any, value: Any, number: int) -> Any:
    """Another value that the column takes; `number` keeps unique ones apart."""
    match value:
        case _ if column.name == "actor_id":
            return value + 1 if value == 1 else value - 1
        case int():
            return value + 1_000_000
        case datetime():
            return value + timedelta(microseconds=1)
        case dict():
            return value | {"added": [1, 2]}
        case str() if len(value) == 64:
            return ("0" if value[0] != "0" else "1") + value[1:]
        case str():
            return value[:-1] + ("x" if value[-1] != "x" else "y")
    if isinstance(column.type, JSON):
        return {"value": number}
    return {int: number, str: f"x{number}"}[column.type.python_type]


def newest_rows(table: Table, count: int) -> list[dict[str, Any]]:
    """Rows to tamper with, of operations that are sealed."""
    key = next(iter(table.primary_key))
    statement = select(table).order_by(key.desc()).limit(count)
    found = [dict(row) for row in database.session.execute(statement).mappings()]
    database.session.rollback()
    assert len(found) == count
    return found


def altered(table: Table, column: Any, row: dict[str, Any]) -> Any:
    """A statement that changes one column of one row."""
    key = next(iter(table.primary_key))
    value = other(column, row[column.name], row[key.name])
    return update(table).where(key == row[key.name]).values({column.name: value})


@pytest.mark.parametrize(("table", "of"), [(operation, "id"), (change, "operation_id")])
def test_each_column_of_fifty_rows_altered_names_each_of_the_fifty(table, of, intruder):
    do_things(60)
    do_seal()
    rows = newest_rows(table, 50)
    wanted = {row[of] for row in rows}
    tampers = unnoticed = 0
    for column in table.columns:
        with intruder.connect() as connection:
            for row in rows:
                connection.execute(altered(table, column, row))
            found = verify(connection, secret())
            connection.rollback()
        named = {finding.params["id"] for finding in found}
        tampers, unnoticed = tampers + len(rows), unnoticed + len(wanted - named)
        assert named == wanted, column
        assert {finding.text for finding in found} <= {ALTERED, REMOVED}, column
    told("change record", f"{table.name}: tampers {tampers}, unnoticed {unnoticed}")
    assert problems() == []


@pytest.mark.parametrize(("table", "count"), [(sealed, 20), (seal, 2), (actor, 1)])
def test_each_altered_column_of_seals_and_actors_is_noticed(table, count, intruder):
    do_things(20)
    do_seal()
    do_things(10)
    do_seal()
    for row in newest_rows(table, count):
        for column in table.columns:
            assert noticed(intruder, altered(table, column, row)), column
    assert problems() == []


UNREADABLE = {
    "sqlite": (
        "UPDATE operation SET at = 'yesterday' WHERE id = 2",
        "UPDATE operation SET result = x'ff00' WHERE id = 2",
        "UPDATE change SET diff = 'not json' WHERE id = 2",
        "UPDATE change SET record_id = 'x' WHERE id = 2",
    ),
    "postgresql": (
        "UPDATE operation SET at = 'infinity' WHERE id = 2",
        "UPDATE operation SET result = '3' WHERE id = 2",
        "UPDATE change SET diff = '3' WHERE id = 2",
    ),
}


def test_what_cannot_even_be_read_is_a_problem_and_no_crash(intruder, engine):
    do_things(3)
    do_seal()
    for statement in UNREADABLE[engine]:
        assert noticed(intruder, text(statement)) == [ALTERED], statement


def test_what_is_removed_is_noticed(intruder):
    do_things(10)
    do_seal()
    database.session.rollback()
    last = database.session.execute(select(func.max(operation.c.id))).scalar()
    database.session.rollback()
    one = operation.c.id == last - 3
    assert noticed(intruder, delete(operation).where(one)) == [REMOVED]
    assert noticed(intruder, delete(change).where(change.c.operation_id == last)) == [ALTERED]
    assert noticed(intruder, delete(sealed).where(sealed.c.operation_id == last)) == [BROKEN]
    assert noticed(
        intruder,
        delete(sealed).where(sealed.c.operation_id == last - 3),
        delete(change).where(change.c.operation_id == last - 3),
        delete(operation).where(one),
    ) == [BROKEN]


def test_a_removed_seal_is_noticed(intruder, monkeypatch):
    monkeypatch.setattr(chain, "BATCH", 4)
    do_things(12)
    do_seal()
    assert MISSING in noticed(intruder, delete(seal).where(seal.c.id == 2))
    assert MISSING in noticed(intruder, delete(seal).where(seal.c.id == newest().seal))
    assert noticed(
        intruder,
        delete(sealed).where(sealed.c.seal_id == 2),
        delete(seal).where(seal.c.id == 2),
        expected=None,
    ) == [MISSING]


def swapped(table: Table, first: int, second: int) -> list[Any]:
    """Statements that give two rows each other's id."""
    return [
        update(table).where(table.c.id == old).values(id=new)
        for old, new in ((first, 999_999), (second, first), (999_999, second))
    ]


def test_what_is_reordered_is_noticed(intruder, monkeypatch):
    monkeypatch.setattr(chain, "BATCH", 4)
    do_things(12)
    do_seal()
    database.session.rollback()
    last = database.session.execute(select(func.max(operation.c.id))).scalar()
    changes = database.session.execute(select(func.max(change.c.id))).scalar()
    database.session.rollback()
    assert noticed(intruder, *swapped(operation, last, last - 1)) == [ALTERED, ALTERED]
    assert noticed(intruder, *swapped(change, changes, changes - 1)) == [ALTERED, ALTERED]
    assert BROKEN in noticed(intruder, *swapped(seal, 2, 3))
    assert BROKEN in noticed(
        intruder, update(sealed).where(sealed.c.seal_id == 2).values(seal_id=3)
    )


def test_an_operation_replaced_by_another_is_noticed(intruder):
    do_things(6)
    do_seal()
    database.session.rollback()
    last = database.session.execute(select(func.max(operation.c.id))).scalar()
    columns = [column.name for column in operation.c if column.name != "id"]
    twin = select(*(operation.c[name] for name in columns)).where(operation.c.id == last - 1)
    row = dict(database.session.execute(twin).mappings().one())
    database.session.rollback()
    assert noticed(intruder, update(operation).where(operation.c.id == last).values(row)) == [
        ALTERED
    ]


def test_a_change_slipped_under_a_sealed_operation_is_noticed(intruder):
    do_things(3)
    do_seal()
    slipped = insert(change).values(
        id=999_999,
        operation_id=2,
        record_type="team",
        record_id=1,
        root_type="team",
        root_id=1,
        verb="update",
        diff={"lead_id": [1, 2]},
    )
    assert noticed(intruder, slipped) == [ALTERED]


def test_a_cut_tail_is_noticed_by_the_head_that_a_backup_has(intruder):
    do_things(5)
    do_seal()
    start = newest()
    do_things(5)
    do_seal()
    kept = newest()
    first = select(func.min(sealed.c.operation_id)).where(sealed.c.seal_id == kept.seal)
    cut = database.session.execute(first).scalar()
    database.session.rollback()
    with intruder.connect() as connection:
        connection.execute(delete(sealed).where(sealed.c.seal_id == kept.seal))
        connection.execute(delete(seal).where(seal.c.id == kept.seal))
        connection.execute(delete(change).where(change.c.operation_id >= cut))
        connection.execute(delete(operation).where(operation.c.id >= cut))
        connection.commit()
    assert problems() == [], "the chain alone cannot know"
    assert problems(expected=start) == []
    assert problems(expected=kept) == [CUT]
    do_things(5)
    do_seal()
    assert problems(expected=kept) == [REPLACED]


def test_nobody_without_the_key_can_seal_a_forged_ledger(inside):
    do_things(3)
    do_seal()
    database.session.rollback()
    found = verify(database.session.connection(), b"another key")
    assert {finding.text for finding in found} == {ALTERED, BROKEN}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE operation SET name = 'x' WHERE id = 1",
        "UPDATE operation SET result = '{}' WHERE form_key IS NOT NULL",
        "DELETE FROM operation",
        "UPDATE change SET verb = 'x'",
        "DELETE FROM change",
        "UPDATE seal SET operations = 0",
        "DELETE FROM seal",
        "UPDATE sealed_operation SET digest = 'x'",
        "DELETE FROM sealed_operation",
        "UPDATE actor SET name = 'Nobody'",
        "UPDATE viewing SET user_id = 2",
        "DELETE FROM viewing",
    ],
)
def test_the_database_refuses_to_rewrite_the_ledger(statement, inside):
    do_things(2)
    do_seal()
    database.session.rollback()
    seen = {"at": clock.now(), "user_id": 1, "place": "x", "record_type": "contact"}
    with database.engine.begin() as connection:
        connection.execute(
            insert(viewing).values(seen | {"record_ids": [1], "columns": ["mobile"]})
        )
    with pytest.raises(DBAPIError, match="append-only"), database.engine.begin() as connection:
        connection.execute(text(statement))


def test_a_form_answered_in_the_middle_of_its_operation_keeps_its_answer(inside):
    """Asking for the operation's id writes its row before the answer is known."""
    value = TeamChange(label={"en": "Night", "zh": "夜"}, member_ids=[1])
    first = create_team(value, by=BY, at=clock.now(), form_key="the same form")
    assert create_team(value, by=BY, at=clock.now(), form_key="the same form") == first
    do_seal()
    assert problems() == []


def late_operation(connection: Connection) -> int:
    """An operation as a slow transaction writes it: its id is taken before it is committed."""
    row = {"name": "team_updated", "actor_id": 1, "at": clock.now(), "source": "web"}
    return int(connection.execute(insert(operation).values(row)).inserted_primary_key[0])


@pytest.mark.parametrize("engine", ["postgresql"])
def test_an_operation_that_is_committed_late_is_sealed_all_the_same(inside):
    do_things(2)
    with database.engine.connect() as slow:
        late = late_operation(slow)
        do_things(3)
        do_seal()
        assert newest().seal == 1
        do_things(1)
        do_seal()
        slow.commit()
    assert waiting(database.session.connection()) == 1
    assert do_seal() == 1
    where = select(sealed.c.seal_id).where(sealed.c.operation_id == late)
    assert database.session.execute(where).scalar() == 3
    assert problems() == []


@pytest.mark.parametrize("engine", ["postgresql"])
@pytest.mark.parametrize(("hours", "found"), [(23, 1), (25, 0)])
def test_gaps_of_the_last_day_are_looked_at_each_time_and_older_ones_with_whole(
    hours, found, inside
):
    do_things(1)
    now = clock.now()
    with database.engine.connect() as slow:
        late_operation(slow)
        do_things(3)
        do_seal(at=now - timedelta(hours=hours))
        slow.commit()
    assert do_seal(at=now) == found
    assert do_seal(at=now, whole=True) == 1 - found
    assert problems() == []


def test_two_that_seal_at_once_make_one_chain(inside, monkeypatch):
    monkeypatch.setattr(chain, "BATCH", 3)
    do_things(24)
    start = threading.Barrier(4)

    def run(_number: int) -> int:
        with inside.app_context():
            start.wait()
            count = do_seal()
            database.session.remove()
            return count

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(run, range(4))) > 0
    do_seal()
    assert waiting(database.session.connection()) == 0
    assert problems() == []


def test_proving_stops_after_a_hundred_problems(inside):
    do_things(150)
    do_seal()
    assert problems() == []
    assert len(verify(database.session.connection(), b"another key")) == 100
