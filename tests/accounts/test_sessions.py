"""A session is a row: it runs out, it can be ended, and it shows its person as they stand now."""

import hashlib
import re
import sqlite3
from datetime import timedelta

from sqlalchemy import event, select

from crmlite import clock
from crmlite.accounts import operations, queries, sessions
from crmlite.accounts.models import Session
from crmlite.extensions import database
from crmlite.testing import person_id
from crmlite.work import undo
from crmlite.work.actors import command_line
from crmlite.work.ledger import OperationRow

HTMX, TIMED = {"HX-Request": "true"}, {"X-Timed": "1"}


def start(login="sales"):
    """A token of somebody who signed in now."""
    found = queries.credentials(login)
    return sessions.start_session(
        found.id, "Firefox, Linux", password_set_at=found.password_set_at, at=clock.now()
    )


def test_a_token_opens_its_person(inside):
    reader = sessions.load_reader(start("sales"))
    assert (reader.login, reader.name, reader.role) == ("sales", "林知夏", "sales")
    assert reader.is_authenticated
    assert reader.get_id() == reader.session_token
    assert reader.user_id in reader.mates
    assert person_id("sales2") in reader.mates
    assert person_id("support") not in reader.mates
    assert reader.grants["customers:see"] == "own"


def test_only_the_digest_is_kept(inside):
    token = start()
    kept = database.session.execute(Session.__table__.select()).mappings().one()
    assert token not in repr(dict(kept))
    assert kept["token_digest"] == hashlib.sha256(token.encode()).hexdigest()


def test_no_other_token_opens_anything(inside):
    start()
    for token in ("", "x", "\x00", "\ud800", "a" * 100_000, "' OR 1=1 --"):
        assert sessions.load_reader(token) is None


def test_a_session_ends_after_eight_idle_hours(inside, later):
    token = start()
    later(timedelta(hours=7, minutes=59))
    assert sessions.load_reader(token) is not None
    later(timedelta(hours=15, minutes=58))
    assert sessions.load_reader(token) is not None
    later(timedelta(hours=23, minutes=59))
    assert sessions.load_reader(token) is None


def test_a_page_that_renews_itself_keeps_nobody_signed_in(app, sign_in, later):
    client = sign_in("support")
    for hours, asked, status in (
        (7, HTMX, 200),
        (14, HTMX | TIMED, 200),
        (15.5, HTMX | TIMED, 401),
    ):
        later(timedelta(hours=hours))
        assert client.get("/complaints", headers=asked).status_code == status


def test_the_queue_says_when_it_renews_itself(sign_in):
    page = sign_in("support").get("/complaints").text
    assert re.search(r"<i hidden [^>]*every 60s[^>]* hx-headers='{\"X-Timed\": \"1\"}'>", page)


def test_a_session_from_the_future_opens_nothing(inside, later):
    later(timedelta(days=3))
    ahead = start()
    later(timedelta())
    assert sessions.load_reader(ahead) is None
    assert sessions.sessions_of(person_id("sales")) == []
    start()
    later(timedelta(days=3, minutes=1))
    assert sessions.load_reader(ahead) is None


def test_a_session_ends_after_seven_days_however_busy(inside, later):
    token = start()
    for hours in range(1, 7 * 24):
        later(timedelta(hours=hours))
        assert sessions.load_reader(token) is not None
    later(timedelta(days=7, seconds=1))
    assert sessions.load_reader(token) is None


def test_that_a_session_is_in_use_is_written_every_five_minutes_at_most(inside, later):
    token = start()
    written = []
    event.listen(
        database.engine,
        "before_cursor_execute",
        lambda _c, _cur, statement, *_: (
            written.append(statement) if statement.startswith("UPDATE") else None
        ),
    )
    for minutes in range(1, 31):
        later(timedelta(minutes=minutes))
        sessions.load_reader(token)
    assert len(written) == 6


def test_a_page_does_not_wait_for_a_writer_to_note_that_a_session_is_in_use(inside, later, engine):
    if engine != "sqlite":
        return  # PostgreSQL locks rows, and nobody else writes this one
    token = start()
    other = sqlite3.connect(database.engine.url.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        later(timedelta(hours=1))
        began = clock.now()
        assert sessions.load_reader(token) is not None
        assert clock.now() - began < timedelta(seconds=1)
    finally:
        other.rollback()
        other.close()
    (timeout,) = database.session.execute(database.text("PRAGMA busy_timeout")).one()
    assert timeout == 2000


def test_signing_in_costs_two_statements_when_nothing_changed(inside):
    token = start()
    sessions.load_reader(token)
    database.session.rollback()
    from flask import g

    g.pop("epoch")
    seen = []
    event.listen(
        database.engine,
        "before_cursor_execute",
        lambda _c, _cur, statement, *_: seen.append(statement),
    )
    assert sessions.load_reader(token) is not None
    assert len([statement for statement in seen if statement != "BEGIN"]) == 2


def test_a_disabled_person_has_no_session_at_once(inside):
    token = start("sales")
    operations.disable_user(person_id("sales"), by=command_line(), at=clock.now())
    assert sessions.load_reader(token) is None
    operations.enable_user(person_id("sales"), by=command_line(), at=clock.now())
    assert sessions.load_reader(token) is None


def test_who_is_let_in_by_mistake_keeps_no_session(inside):
    """Undoing it shuts them out for good, also when they are let in again later."""
    who, by, at = person_id("sales"), command_line(), clock.now()
    operations.disable_user(who, by=by, at=at)
    operations.enable_user(who, by=by, at=at)
    token = start("sales")
    let_in = database.session.execute(
        select(OperationRow.id).where(OperationRow.name == "user_enabled")
    ).scalar_one()
    undo(let_in, by=by, at=at)
    assert sessions.load_reader(token) is None
    operations.enable_user(who, by=by, at=at)
    assert sessions.load_reader(token) is None
    assert sessions.load_reader(start("sales")) is not None


def test_a_session_opened_with_an_older_password_opens_nothing(inside):
    """Also when signing in and changing the password happen in the same moment."""
    asked = queries.credentials("sales")
    mine = start("sales")
    operations.change_own_password(
        asked.id, "new hash", spare=mine, by=command_line(), at=clock.now()
    )
    late = sessions.start_session(
        asked.id, "", password_set_at=asked.password_set_at, at=clock.now()
    )
    assert sessions.load_reader(late) is None
    assert sessions.load_reader(mine) is not None
    assert sessions.load_reader(start("sales")) is not None


def test_sessions_are_listed_and_ended_one_by_one(inside):
    mine, phone, theirs = start("sales"), start("sales"), start("support")
    listed = sessions.sessions_of(person_id("sales"), mine)
    assert [one.current for one in listed].count(True) == 1
    assert len(listed) == 2
    other = next(one for one in listed if not one.current)
    assert not sessions.end_one(other.id, person_id("support"))
    assert sessions.load_reader(phone) is not None
    assert sessions.end_one(other.id, person_id("sales"))
    assert sessions.load_reader(phone) is None
    assert sessions.load_reader(mine) is not None
    assert sessions.load_reader(theirs) is not None


def test_ending_the_others_spares_this_one(inside):
    mine, phone, tablet = start(), start(), start()
    sessions.end_others(person_id("sales"), mine)
    assert sessions.load_reader(mine) is not None
    assert sessions.load_reader(phone) is None
    assert sessions.load_reader(tablet) is None


def test_sessions_that_ran_out_are_taken_away(inside, later):
    start()
    later(timedelta(days=8))
    start()
    assert len(database.session.execute(Session.__table__.select()).all()) == 1


def test_a_hash_is_renewed_unless_the_password_was_changed_meanwhile(inside):
    user_id, before = person_id("sales"), queries.credentials("sales").password_hash
    sessions.renew_hash(user_id, "hash of an earlier password", "renewed")
    assert queries.credentials("sales").password_hash == before
    sessions.renew_hash(user_id, before, "renewed")
    assert queries.credentials("sales").password_hash == "renewed"
