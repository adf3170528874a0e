"""The schema's history: up, down, by several at once, never half, and the same as the models."""

import threading
from contextlib import contextmanager

import pytest
from alembic import command
from flask import Flask
from sqlalchemy import inspect, text

from crmlite import hooks
from crmlite.db import migrate
from crmlite.db.derived import REGISTERED, missing
from crmlite.db.migrate import Standing
from crmlite.extensions import database


@pytest.fixture(scope="module", autouse=True)
def _models():
    """Every model, as an application imports them."""
    hooks.load(Flask("crmlite"))


@pytest.fixture
def url(engine, tmp_path, request):
    """The address of an empty database."""
    if engine == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    return request.getfixturevalue("fresh_postgresql")()


@pytest.fixture
def open_engine(url):
    with migrate.passing_engine(url, 5.0) as opened:
        yield opened


@contextmanager
def looking(engine):
    with engine.connect() as connection:
        yield connection


def stands(engine):
    with looking(engine) as connection:
        return migrate.standing(connection)


def test_the_migrations_make_exactly_what_the_models_say(open_engine):
    migrate.upgrade(open_engine)
    with looking(open_engine) as connection:
        assert migrate.differences(connection, database.metadata) == []
        assert missing(connection) == []


def test_a_difference_would_be_seen(open_engine):
    migrate.upgrade(open_engine)
    with open_engine.begin() as connection:
        connection.execute(text("ALTER TABLE job ADD COLUMN stray INTEGER"))
    with looking(open_engine) as connection:
        assert len(migrate.differences(connection, database.metadata)) == 1


def test_down_takes_away_what_up_made_and_up_again_works(open_engine):
    for _ in range(2):
        assert migrate.upgrade(open_engine)
        migrate.downgrade(open_engine)
        with looking(open_engine) as connection:
            ours = set(database.metadata.tables)
            assert not ours & set(inspect(connection).get_table_names())
    assert migrate.upgrade(open_engine)
    with looking(open_engine) as connection:
        assert migrate.differences(connection, database.metadata) == []


def test_an_upgrade_of_what_is_current_does_nothing_but_mends_derived_things(open_engine):
    migrate.upgrade(open_engine)
    trigger = next(thing for thing in REGISTERED.values() if thing.kind == "trigger")
    with open_engine.begin() as connection:
        on = f' ON "{trigger.on}"' if connection.dialect.name == "postgresql" else ""
        connection.execute(text(f'DROP TRIGGER "{trigger.name}"{on}'))
    assert not migrate.upgrade(open_engine)
    with looking(open_engine) as connection:
        assert missing(connection) == []


def test_several_at_once_upgrade_once(url):
    results = []

    def one():
        with migrate.passing_engine(url, 30.0) as engine:
            results.append(migrate.upgrade(engine))

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False, False, False, True]


def test_where_a_database_stands(open_engine):
    assert stands(open_engine) is Standing.EMPTY
    migrate.upgrade(open_engine)
    assert stands(open_engine) is Standing.CURRENT
    put(open_engine, "UPDATE alembic_version SET version_num = 'zzzz'")
    assert stands(open_engine) is Standing.AHEAD
    put(open_engine, "DROP TABLE alembic_version")
    assert stands(open_engine) is Standing.FOREIGN


def put(engine, statement):
    with engine.begin() as connection:
        connection.execute(text(statement))


def test_the_newest_revision_is_what_alembic_says_too():
    from alembic.script import ScriptDirectory

    with migrate.passing_engine("sqlite://", 1.0) as engine, engine.connect() as connection:
        scripts = ScriptDirectory.from_config(migrate.config(connection))
    assert migrate.head() == scripts.get_current_head()
    assert set(migrate.history()) == {script.revision for script in scripts.walk_revisions()}


NEXT = '''"""A migration of this test."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"


def upgrade():
    with op.batch_alter_table("operation") as table:
        table.alter_column("name", type_=sa.String(80))
    {more}


def downgrade():
    pass
'''


@pytest.fixture
def following(tmp_path, monkeypatch):
    """Adds a migration that rebuilds a table others point to; `following("…")` adds to it."""

    def write(more="pass"):
        import shutil

        folder = tmp_path / "migrations"
        shutil.copytree(migrate.folder(), folder)
        source = NEXT.format(head=migrate.head(), more=more)
        (folder / "versions" / "9999_next.py").write_text(source)
        monkeypatch.setattr(migrate, "folder", lambda: folder)

    return write


def fill(engine):
    """One operation with a change that points to it."""
    put(engine, "INSERT INTO actor (id, kind, name) VALUES (1, 'command', 'x')")
    put(
        engine,
        "INSERT INTO operation (id, name, actor_id, at, source) "
        "VALUES (1, 'x', 1, '2026-11-25 00:00:00', 'command')",
    )
    put(
        engine,
        "INSERT INTO change (operation_id, record_type, record_id, root_type, root_id, verb, diff) "
        "VALUES (1, 'team', 1, 'team', 1, 'create', '{}')",
    )


def count(engine, table):
    with looking(engine) as connection:
        return connection.execute(text(f"SELECT count(*) FROM {table}")).scalar()


def test_rebuilding_a_table_keeps_what_points_to_it_and_its_triggers(open_engine, following):
    migrate.upgrade(open_engine)
    fill(open_engine)
    following()
    assert stands(open_engine) is Standing.BEHIND
    assert migrate.upgrade(open_engine)
    assert stands(open_engine) is Standing.CURRENT
    assert count(open_engine, "operation") == count(open_engine, "change") == 1
    with looking(open_engine) as connection:
        assert missing(connection) == []


def test_a_migration_that_fails_leaves_everything_as_it_was(open_engine, following):
    migrate.upgrade(open_engine)
    fill(open_engine)
    following('op.execute("DELETE FROM change"); op.execute("SELECT nonsense")')
    with pytest.raises(Exception, match="nonsense"):
        migrate.upgrade(open_engine)
    assert stands(open_engine) is Standing.BEHIND
    assert count(open_engine, "change") == 1
    with looking(open_engine) as connection:
        assert missing(connection) == []


def test_a_migration_that_leaves_rows_pointing_to_nothing_is_taken_back(
    open_engine, following, engine
):
    migrate.upgrade(open_engine)
    fill(open_engine)
    following('op.execute("DELETE FROM actor")')
    with pytest.raises(Exception, match=r"actor"):
        migrate.upgrade(open_engine)
    assert count(open_engine, "actor") == 1
    assert stands(open_engine) is Standing.BEHIND


def test_running_processes_notice_that_the_schema_moved_on(open_engine, following):
    migrate.upgrade(open_engine)
    put(open_engine, "INSERT INTO epoch (id, number) VALUES (1, 5)")
    following()
    migrate.upgrade(open_engine)
    with looking(open_engine) as connection:
        assert connection.execute(text("SELECT number FROM epoch")).scalar() == 6


def test_alembic_sees_nothing_to_do(open_engine):
    migrate.upgrade(open_engine)
    with open_engine.connect() as connection:
        command.check(migrate.config(connection))
