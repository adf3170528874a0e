"""`crmlite check` finds what is wrong, one line each, and nothing where all is well."""

import pytest
from sqlalchemy import text

from crmlite import clock, hooks
from crmlite.backups import checks, operations, places, queries
from crmlite.backups.commands import check
from crmlite.db.engines import sqlite_module
from crmlite.db.keys import KEY
from crmlite.extensions import database
from crmlite.work import actors
from crmlite.work.checks import DOUBT, GOOD, WRONG, Check, Finding
from tests.backups.books import book, code, config, new_place

__all__ = ["book", "code", "config", "new_place"]


@pytest.fixture
def inside_book(app, book):
    """The application with a filled book, in its context."""
    with app.app_context():
        yield app
        database.session.remove()


def checked(app, *arguments: str) -> tuple[int, list[str]]:
    """The exit code and the lines of the command."""
    database.session.rollback()
    result = app.test_cli_runner().invoke(check, arguments)
    return result.exit_code, result.output.splitlines()


def change(*statements: str) -> None:
    """Do something to the database that crmlite would not do."""
    database.session.rollback()
    with database.engine.connect() as raw:
        if database.engine.dialect.name == "sqlite":
            raw.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        with raw.begin():
            for statement in statements:
                raw.execute(text(statement))


def drop(trigger: str, table: str) -> str:
    """The statement that removes a fence."""
    lite = database.engine.dialect.name == "sqlite"
    return f'DROP TRIGGER "{trigger}"' + ("" if lite else f' ON "{table}"')


def test_a_book_in_good_order_has_nothing_wrong(inside_book):
    code, lines = checked(inside_book)
    assert code == 0
    assert not [line for line in lines if line.startswith(WRONG)]
    assert [line for line in lines if line == f"{DOUBT:8} Backups: There is no backup yet."]


def test_with_a_backup_there_is_nothing_to_doubt_but_that_it_was_never_tried(inside_book, engine):
    operations.make(by=actors.command_line(), at=clock.now())
    _code, lines = checked(inside_book, "--all")
    doubts = [line.split(": ")[1] for line in lines if line.startswith(DOUBT)]
    if engine == "postgresql":  # the tests' server is quick instead of safe, and is told so
        assert len([line for line in doubts if line.startswith("PostgreSQL runs with")]) >= 1
        doubts = [line for line in doubts if not line.startswith("PostgreSQL runs with")]
    assert doubts == ["No backup was ever restored on trial."]


def test_an_altered_ledger_is_wrong(inside_book):
    change(drop("keep_change_update", "change"), "UPDATE change SET verb = 'x' WHERE id = 3")
    code, lines = checked(inside_book)
    assert code == 1
    assert [line for line in lines if line.startswith(WRONG) and "altered after" in line]
    assert [line for line in lines if line.startswith(WRONG) and "keep_change_update" in line]


def test_a_cut_ledger_is_wrong_because_the_newest_backup_knows_its_end(inside_book):
    operations.make(by=actors.command_line(), at=clock.now())
    change(
        drop("keep_seal_delete", "seal"),
        drop("keep_sealed_operation_delete", "sealed_operation"),
        "DELETE FROM sealed_operation WHERE seal_id = (SELECT max(id) FROM seal)",
        "DELETE FROM seal WHERE id = (SELECT max(id) FROM seal)",
    )
    code, lines = checked(inside_book)
    assert code == 1
    assert [line for line in lines if "its end was cut off" in line]


def test_a_schema_that_is_not_the_newest_is_wrong_and_the_rest_is_not_guessed(inside_book):
    change("UPDATE alembic_version SET version_num = 'older'")
    code, lines = checked(inside_book)
    assert code == 1
    assert [line for line in lines if "run crmlite upgrade" in line]
    assert not [line for line in lines if "Ledger" in line]


def test_a_missing_search_index_or_trigger_is_wrong(inside_book):
    change(drop("keep_operation_delete", "operation"))
    code, lines = checked(inside_book)
    assert code == 1
    assert [line for line in lines if "keep_operation_delete is missing" in line]


def test_values_that_do_not_open_are_wrong(inside_book):
    change(
        "UPDATE customer SET address = (SELECT address FROM customer WHERE id = 2) WHERE id = 1",
        "UPDATE customer SET address = 'never sealed' WHERE id = 3",
    )
    code, lines = checked(inside_book)
    assert code == 1
    assert [line for line in lines if "2 values of customer.address cannot be opened" in line]
    assert [line for line in lines if "1 values are not sealed with any key" in line]


def test_figures_that_counting_does_not_give_are_wrong_and_left_as_they_are(inside_book):
    change(
        "UPDATE customer_facts SET contacts = 7, next_step = 'call' WHERE customer_id = 1",
        "DELETE FROM customer_facts WHERE customer_id = 2",
    )
    for arguments in ((), ("--all",)):
        code, lines = checked(inside_book, *arguments)
        assert code == 1
        wrong = [line.partition(": ")[2] for line in lines if line.startswith(WRONG)]
        assert sorted(wrong) == [
            "Customer 2 has no row of figures.",
            "contacts of customer 1 is 7 and should be 0.",
            "next_step of customer 1 is call and should be None.",
        ]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_rows_that_point_nowhere_are_wrong(inside_book):
    change("UPDATE customer SET owner_id = 999 WHERE id = 1")
    code, lines = checked(inside_book)
    assert code == 1
    assert [line for line in lines if "points to one of user that is not there" in line]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_sqlite_that_damages_books_is_wrong(inside_book, monkeypatch):
    monkeypatch.setattr(sqlite_module(), "sqlite_version_info", (3, 40, 1))
    code, lines = checked(inside_book)
    assert code == 1
    assert [line for line in lines if "can damage a book in journal mode WAL" in line]


def test_missing_keys_are_told_and_the_other_checks_are_made(inside_book, config):
    config.keys_file.unlink()
    inside_book.extensions.pop(KEY, None)  # as in a new process
    code, lines = checked(inside_book)
    assert code == 1
    assert [line for line in lines if "KeysMissing" in line]
    assert [line for line in lines if line.startswith(GOOD) and "Integrity" in line]


def test_a_damaged_newest_backup_is_wrong(inside_book, config):
    operations.make(by=actors.command_line(), at=clock.now())
    newest = places.files(config.backups_folder)[0]
    newest.write_bytes(newest.read_bytes()[:-1])
    code, lines = checked(inside_book)
    assert code == 1
    assert [line for line in lines if "The newest backup cannot be used" in line]


def test_an_old_backup_is_doubtful(inside_book):
    operations.make(by=actors.command_line(), at=clock.now() - queries.OLD * 2)
    _code, lines = checked(inside_book)
    assert [line for line in lines if line.startswith(DOUBT) and "hours old" in line]


def test_slices_and_packs_bring_checks_of_their_own(inside_book, monkeypatch):
    mine = Check(
        name="facts",
        label="Facts",
        run=lambda _thorough: [Finding("%(number)s facts differ.", {"number": 3})],
        weight=5,
    )
    known = {"crmlite.hooks.gathered": {"register_checks": (*checks.checks(), mine)}}
    monkeypatch.setattr(hooks, "gathered", lambda hook: known["crmlite.hooks.gathered"][hook])
    code, lines = checked(inside_book)
    assert code == 1
    assert f"{WRONG:8} Facts: 3 facts differ." in lines
    labels = [line[9:].split(":")[0] for line in lines]
    assert labels.index("Database") < labels.index("Facts") < labels.index("Integrity")


def test_a_check_that_breaks_is_wrong_and_stops_no_other(inside_book, monkeypatch):
    def broken(_thorough):
        raise ZeroDivisionError

    several = (Check(name="x", label="X", run=broken), *checks.checks())
    monkeypatch.setattr(hooks, "gathered", lambda _hook: several)
    code, lines = checked(inside_book)
    assert code == 1
    assert [line for line in lines if line.startswith(f"{WRONG:8} X: cannot be checked")]
    assert len(lines) > 5


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_cannot_be_looked_at_while_others_write_is_doubtful(inside_book, monkeypatch):
    several = [one for one in hooks.gathered("register_checks") if one.name == "search"]
    monkeypatch.setattr(hooks, "gathered", lambda _hook: several)
    with database.engine.connect() as connection:
        connection.connection.driver_connection.execute("BEGIN IMMEDIATE")
        code, lines = checked(inside_book, "--all")
    assert (code, [line[:8].strip() for line in lines]) == (0, [DOUBT])


def test_monitoring_reads_how_old_the_newest_backup_is(app, book):
    client = app.test_client()
    assert client.get("/readyz").json["checks"]["backup"] == {"ok": True}, "none is wanted here"
    with app.app_context():
        now = clock.now()
        operations.make(by=actors.command_line(), at=now - queries.OLD * 2)
        assert queries.freshness().ok is False
        operations.make(by=actors.command_line(), at=now - queries.OLD / 2)
        assert queries.freshness().facts == {"hours_ago": 25}
        assert queries.freshness().ok is True
        database.session.remove()
