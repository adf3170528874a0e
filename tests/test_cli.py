"""The command line: starting a book, refusing in one sentence, and harming nothing on the way."""

import os
import re
import shutil
import socket
import sqlite3
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from crmlite import __version__
from crmlite.db import migrate
from crmlite.db.instance_lock import alone, serving
from crmlite.testing import config_for
from tests import postgresql
from tests.commands import command
from tests.serving import house

__all__ = ["command"]

CODE = re.compile(r"^Recovery code: ([0-9A-Z-]{41})$", re.MULTILINE)


@pytest.fixture
def fresh(engine, tmp_path, request):
    """Settings of an instance that is not there yet."""
    url = request.getfixturevalue("fresh_postgresql")() if engine == "postgresql" else ""
    return config_for(tmp_path / "instance", url)


@pytest.fixture
def there(app):
    """Settings of an instance with a book."""
    return app.extensions["crmlite.config"]


def refused(done, *words):
    """That a command was refused with one sentence, which says this."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    for word in words:
        assert word in done.stderr


def put(config, statement):
    with migrate.passing_engine(config.url, 1.0) as opened, opened.begin() as connection:
        connection.execute(text(statement))


def test_init_starts_a_book_and_tells_its_code_once(command, fresh):
    done = command(fresh, "init")
    assert done.returncode == 0, done.stderr
    assert CODE.search(done.stdout)
    assert fresh.instance.stat().st_mode & 0o777 == 0o700
    assert all(not path.stat().st_mode & 0o077 for path in fresh.instance.iterdir())
    assert command(fresh, "jobs", "list").returncode == 0


def test_the_program_itself_says_one_sentence_and_fails(command, fresh):
    assert house.command(fresh, "init").returncode == 0
    refused(house.command(fresh, "init"), "already")


def test_init_leaves_a_book_alone(command, fresh):
    command(fresh, "init")
    before = {path.name: path.read_bytes() for path in fresh.instance.glob("*.key*")}
    refused(command(fresh, "init"), "already")
    assert {path.name: path.read_bytes() for path in fresh.instance.glob("*.key*")} == before


def test_the_first_person_on_a_fresh_folder_starts_the_book(command, fresh):
    arguments = ("user", "create", "grace", "--role", "manager", "--password-stdin")
    done = command(fresh, *arguments, given="many small green apples\n")
    assert done.returncode == 0, done.stderr
    assert CODE.search(done.stdout)
    again = command(
        fresh,
        "user",
        "create",
        "li",
        "--role",
        "sales",
        "--password-stdin",
        given="many small red apples\n",
    )
    assert again.returncode == 0, again.stderr
    assert not CODE.search(again.stdout)


@pytest.mark.parametrize("arguments", [("worker",), ("jobs", "list"), ("upgrade",), ("backup",)])
@pytest.mark.parametrize("engine", ["sqlite"])
def test_without_a_book_it_says_how_to_start_one_and_makes_nothing(command, fresh, arguments):
    refused(command(fresh, *arguments), "crmlite init")
    assert not fresh.instance.exists()


@pytest.mark.parametrize("arguments", [("serve",), ("worker",), ("upgrade",), ("jobs", "list")])
def test_a_book_of_a_newer_crmlite_is_refused(command, there, arguments):
    put(there, "UPDATE alembic_version SET version_num = 'zzzz'")
    refused(command(there, *arguments), "newer")


@pytest.mark.parametrize("engine", ["postgresql"])
def test_an_empty_database_is_no_book(command, fresh):
    refused(command(fresh, "worker"), "crmlite init")


@pytest.mark.parametrize("engine", ["postgresql"])
class TestOfPostgresql:
    def test_check_finds_no_book_in_an_empty_database(self, command, fresh):
        refused(command(fresh, "check"), "no book")

    def test_a_user_without_rights_is_said(self, command, fresh):
        name = postgresql.name_in(fresh.database_url)
        put(fresh, f"ALTER DATABASE {name} SET role = 'pg_read_all_data'")
        refused(command(fresh, "init"), "permission denied")

    def test_a_database_that_cannot_hold_every_letter_is_refused(self, command, fresh):
        narrow = f"{postgresql.name_in(fresh.database_url)}narrow"
        url = fresh.database_url.replace("+psycopg", "")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                f"CREATE DATABASE {narrow} TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'"
            )
        there = replace(fresh, database_url=postgresql.address(narrow))
        try:
            refused(command(there, "init"), "SQL_ASCII", "--encoding UTF8")
            refused(command(there, "serve"), "SQL_ASCII")
        finally:
            postgresql.drop_database(there.database_url)

    def test_a_server_that_does_not_answer_is_said_once(self, command, fresh, tmp_path):
        gone = replace(fresh, database_url=f"postgresql:///crm?host={tmp_path}")
        for arguments in (("serve",), ("check",), ("init",)):
            done = command(gone, *arguments)
            refused(done, "database")
            assert "restore" not in done.stderr


def test_a_database_of_something_else_is_left_alone(command, fresh):
    fresh.instance.mkdir()
    put(fresh, "CREATE TABLE recipes (id INTEGER)")
    refused(command(fresh, "init"), "not crmlite's")
    assert not fresh.keys_file.exists()


def test_keys_without_their_book_are_not_given_to_another(
    command, there, tmp_path, fresh_postgresql, engine
):
    if engine == "sqlite":
        there.database_file.unlink()
        lost = there
    else:
        lost = replace(there, database_url=fresh_postgresql())
    keys = lost.keys_file.read_bytes()
    refused(command(lost, "init"), "crmlite restore")
    assert lost.keys_file.read_bytes() == keys


@pytest.mark.parametrize("engine", ["sqlite"])
class TestOfOneEngine:
    def test_a_wrong_setting_is_named(self, command, there):
        refused(command(there, "serve", CRMLITE_PROXIES="many"), "proxies", "number")

    def test_an_instance_of_another_account_is_left_alone(self, command, there):
        theirs = there
        if os.geteuid():
            theirs = replace(there, instance=Path("~root").expanduser())
        else:
            os.chown(there.instance, 12345, -1)
        for arguments in (("backup",), ("serve",), ("init",), ("user", "list")):
            refused(command(theirs, *arguments), "sudo -u")

    def test_a_folder_that_cannot_be_made_is_named(self, command, there, tmp_path):
        (tmp_path / "file").touch()
        for instance in ("/proc/crmlite", tmp_path / "file"):
            refused(command(replace(there, instance=Path(instance)), "init"), str(instance))

    def test_damage_that_is_found_on_the_way_is_said(self, command, there):
        with sqlite3.connect(there.database_file) as book:
            size = book.execute("PRAGMA page_size").fetchone()[0]
            (page,) = book.execute(
                "SELECT rootpage FROM sqlite_schema WHERE name = 'user'"
            ).fetchone()
        with there.database_file.open("r+b") as file:
            file.seek((page - 1) * size)
            file.write(b"\xff" * size)
        refused(command(there, "user", "list"), "damaged", "crmlite restore")

    def test_a_port_that_is_taken_is_named(self, command, there):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
            refused(command(there, "serve", "--port", port), port, "taken")

    def test_an_address_of_another_machine_is_refused(self, command, there):
        refused(command(there, "serve", "--host", "192.0.2.1"), "192.0.2.1")

    def test_a_book_that_is_being_restored_is_not_served(self, command, there):
        with alone(there):
            refused(command(there, "serve"), "restored")

    def test_a_missing_key_ring_is_said_before_anything_is_served(self, command, there):
        there.keys_file.unlink()
        refused(command(there, "serve"), "key ring")

    def test_a_locked_database_is_said(self, command, there):
        locked = migrate.passing_engine(there.url, 1.0)
        with locked as opened, opened.connect() as connection:
            connection.connection.driver_connection.execute("BEGIN IMMEDIATE")
            refused(command(there, "jobs", "run", "tidy-jobs"), "busy")

    def test_a_damaged_database_is_said(self, command, there):
        shutil.copyfile(__file__, there.database_file)
        refused(command(there, "serve"), "database")

    def test_unknown_work_is_named_with_what_there_is(self, command, there):
        refused(command(there, "jobs", "run", "make-coffee"), "make-coffee", "tidy-jobs")

    def test_work_can_be_done_by_hand(self, command, there):
        done = command(there, "jobs", "run", "tidy-jobs")
        assert done.returncode == 0, done.stderr
        assert re.search(r"tidy-jobs +last \d{4}-", command(there, "jobs", "list").stdout)

    def test_an_upgrade_with_nothing_to_do_says_so(self, command, there):
        done = command(there, "upgrade")
        assert done.returncode == 0, done.stderr
        assert "up to date" in done.stdout

    def test_help_and_version_need_no_instance(self, command, fresh):
        listed = command(fresh, "--help").stdout
        for name in ("init", "serve", "worker", "upgrade", "jobs", "user", "backup", "demo"):
            assert f"\n  {name} " in listed
        assert command(fresh, "jobs", "run", "--help").returncode == 0
        for asked in ("version", "--version"):
            assert command(fresh, asked).stdout.strip() == __version__
        assert not fresh.instance.exists()

    def test_serving_may_be_shared_and_replacing_not(self, command, there):
        with serving(there), serving(there):
            refused(command(there, "restore", __file__, "--code-stdin"), "stop crmlite")
