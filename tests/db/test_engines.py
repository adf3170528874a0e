"""Connections are safe for several processes: writers wait for each other, and say when in vain."""

import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from crmlite.db.engines import (
    engine_options,
    has_wal_bug,
    is_busy,
    is_full,
    journal_mode,
    prepare,
    sqlite_module,
    write_options,
)
from tests.db.engines_in_use import BUSY_SECONDS, connected, safe_engine

__all__ = ["safe_engine"]


def writing(engine: Engine):
    """A connection that is about to write."""
    return engine.connect().execution_options(**write_options(engine))


@pytest.fixture
def counter(safe_engine: Engine) -> Engine:
    """A table with one number in it."""
    with safe_engine.begin() as connection:
        connection.execute(text("CREATE TABLE counter (number integer)"))
        connection.execute(text("INSERT INTO counter VALUES (0)"))
    return safe_engine


@pytest.mark.parametrize(
    ("version", "bug"),
    [
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 0), True),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 4), False),
        ((4, 0, 0), False),
    ],
)
def test_versions_of_sqlite_that_damage_books_are_known(version, bug):
    assert has_wal_bug(version) is bug


def test_write_ahead_logging_is_used_where_it_is_safe(monkeypatch):
    module = sqlite_module()
    monkeypatch.setattr(module, "sqlite_version_info", (3, 53, 4))
    assert journal_mode() == "WAL"
    monkeypatch.setattr(module, "sqlite_version_info", (3, 40, 1))
    assert journal_mode() == "TRUNCATE"


def test_the_sqlite_at_hand_is_the_newer_one():
    assert sqlite_module().sqlite_version_info >= sqlite3.sqlite_version_info


@pytest.mark.parametrize("engine", ["sqlite"])
def test_every_connection_to_sqlite_is_made_safe(safe_engine):
    wanted = {
        "journal_mode": journal_mode().lower(),
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "mmap_size": 0,
        "busy_timeout": int(BUSY_SECONDS * 1000),
    }
    for _ in range(2):
        with safe_engine.connect() as connection:
            found = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in wanted}
        assert found == wanted
        safe_engine.dispose()


@pytest.mark.parametrize("engine", ["sqlite"])
def test_replacing_a_row_does_not_get_past_a_trigger(safe_engine):
    with safe_engine.begin() as connection:
        for statement in (
            "CREATE TABLE kept (id integer primary key, word text)",
            "INSERT INTO kept VALUES (1, 'old')",
            "CREATE TRIGGER keep BEFORE DELETE ON kept BEGIN SELECT RAISE(ABORT, 'kept'); END",
        ):
            connection.execute(text(statement))
    with pytest.raises(DBAPIError, match="kept"), safe_engine.begin() as connection:
        connection.execute(text("INSERT OR REPLACE INTO kept VALUES (1, 'new')"))


@pytest.mark.parametrize("engine", ["postgresql"])
def test_postgresql_speaks_utc_and_waits_for_locks_as_long_as_told(safe_engine):
    with safe_engine.connect() as connection:
        assert connection.execute(text("SHOW timezone")).scalar() == "UTC"
        assert connection.execute(text("SHOW lock_timeout")).scalar() == "1s"


def test_a_writer_sees_what_the_writer_before_it_wrote(counter: Engine):
    """Four threads add one, fifty times each, after reading: nothing may be lost."""

    def add(_) -> None:
        for _try in range(1000):
            try:
                with writing(counter) as connection, connection.begin():
                    number = connection.execute(text("SELECT number FROM counter")).scalar()
                    connection.execute(text(f"UPDATE counter SET number = {number + 1}"))
                return
            except DBAPIError as error:
                if not is_busy(error):
                    raise
        raise TimeoutError

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(add, range(200))) == [None] * 200
    with counter.connect() as connection:
        assert connection.execute(text("SELECT number FROM counter")).scalar() == 200


def test_a_reader_reads_while_somebody_writes(counter: Engine):
    with writing(counter) as writer, writer.begin():
        writer.execute(text("UPDATE counter SET number = 7"))
        with counter.connect() as reader:
            assert reader.execute(text("SELECT number FROM counter")).scalar() == 0


def test_a_writer_in_the_way_for_too_long_is_called_busy(counter: Engine):
    with writing(counter) as first, first.begin():
        first.execute(text("UPDATE counter SET number = 7"))
        started = time.monotonic()
        with pytest.raises(DBAPIError) as caught, writing(counter) as second, second.begin():
            second.execute(text("UPDATE counter SET number = 8"))
        assert BUSY_SECONDS * 0.8 < time.monotonic() - started < BUSY_SECONDS + 2
    assert is_busy(caught.value)
    assert not is_full(caught.value)


@pytest.mark.parametrize("engine", ["postgresql"])
def test_a_row_changed_since_it_was_read_is_called_busy(counter: Engine):
    with writing(counter) as first, first.begin():
        first.execute(text("SELECT number FROM counter"))
        with writing(counter) as second, second.begin():
            second.execute(text("UPDATE counter SET number = 8"))
        with pytest.raises(DBAPIError) as caught:
            first.execute(text("UPDATE counter SET number = 7"))
    assert is_busy(caught.value)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_full_disk_is_called_full(counter: Engine):
    with writing(counter) as connection:
        connection.execute(text("PRAGMA max_page_count=3"))
        with pytest.raises(DBAPIError) as caught:
            connection.execute(text("CREATE TABLE more AS SELECT randomblob(100000) AS blob"))
        assert is_full(caught.value)
        assert not is_busy(caught.value)
        connection.execute(text("PRAGMA max_page_count=1000000"))


@pytest.mark.parametrize("error", [ValueError("database is locked"), OSError(28, "No space left")])
def test_errors_of_others_are_neither_busy_nor_full(error):
    assert not is_busy(error)
    assert not is_full(error)


def test_a_misspelt_statement_is_neither_busy_nor_full(safe_engine: Engine):
    with pytest.raises(DBAPIError) as caught, safe_engine.connect() as connection:
        connection.execute(text("SELEC 1"))
    assert not is_busy(caught.value)
    assert not is_full(caught.value)


def test_options_follow_from_the_address():
    assert engine_options("sqlite:////tmp/x.db", 3.0)["connect_args"] == {"timeout": 3.0}
    options = engine_options("postgresql+psycopg://localhost/x", 3.0)
    assert "lock_timeout=3000" in options["connect_args"]["options"]


def test_a_new_file_is_opened_by_many_at_once(tmp_path):
    """SQLite does not wait for others when the journal mode is set: here one of them holds it."""
    path = tmp_path / "book.db"
    holder = sqlite_module().connect(path, isolation_level=None, check_same_thread=False)
    holder.execute("PRAGMA journal_mode=DELETE")
    holder.execute("CREATE TABLE page (id INTEGER)")
    holder.execute("BEGIN IMMEDIATE")
    url = f"sqlite:///{path}"
    opened = create_engine(url, **engine_options(url, 20))
    prepare(opened, 20)
    freed = threading.Timer(0.3, holder.rollback)
    freed.start()
    with opened.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM page")).scalar() == 0
    freed.join()
    opened.dispose()
    holder.close()


def test_two_engines_on_one_file_share_what_is_committed(tmp_path):
    first, second = (connected(f"sqlite:///{tmp_path}/book.db") for _ in range(2))
    with first.begin() as connection:
        connection.execute(text("CREATE TABLE word (text text)"))
        connection.execute(text("INSERT INTO word VALUES ('kept')"))
    with second.connect() as connection:
        assert connection.execute(text("SELECT text FROM word")).scalar() == "kept"
    first.dispose()
    second.dispose()


def test_every_letter_is_folded_and_nothing_else(safe_engine: Engine):
    asked = text("SELECT lower(:text), lower(:nothing)")
    with safe_engine.connect() as connection:
        found = connection.execute(asked, {"text": "ÉÄŁ Ж AZ 恒泰", "nothing": None}).one()
    assert tuple(found) == ("éäł ж az 恒泰", None)
