"""Telling people something: whom, once, and as part of what was done."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from crmlite import clock
from crmlite.accounts.models import Team
from crmlite.accounts.operations import disable_user
from crmlite.extensions import database
from crmlite.jobs import queue
from crmlite.jobs.running import do
from crmlite.notifications import Notice, NotificationKind, UnknownKind
from crmlite.notifications.models import Notification
from crmlite.notifications.operations import mark_read, mute, notify
from crmlite.notifications.queries import counting, unread_count
from crmlite.testing import person_id
from crmlite.work import Actor, Refused, current, operation, records, undo
from crmlite.work.actors import command_line
from tests.notifications.loaves import BREAD, FIRE, bake, bring
from tests.work.at_once import at_once, meeting_at

TABLE = Notification.__table__


@pytest.fixture(autouse=True)
def bakery(app: Flask) -> None:
    bring(app, BREAD, FIRE)


def told() -> list[tuple[int, str]]:
    """Who was told what, in order."""
    found = database.session.execute(select(TABLE.c.user_id, TABLE.c.key).order_by(TABLE.c.id))
    return [(user_id, key) for user_id, key in found]


@operation("team_created")
def found_team(key: str, notices: list[Notice], *, by: Actor, at: datetime) -> int:
    """Something that is done, and of which people are told."""
    records.insert(Team, {"key": key, "label": {"en": key}})
    notify(notices, by=by, at=at)
    if key == "forbidden":
        raise Refused("forbidden")
    return current().id


def test_who_is_told(inside: Flask) -> None:
    sales, sales2, support, manager = map(person_id, ("sales", "sales2", "support", "manager"))
    by, at = Actor("person", "Grace Shen", manager), clock.now()
    disable_user(sales2, by=by, at=at)
    mute(support, ["bread-baked", "oven-on-fire", "never-heard-of"], by=by, at=at)
    everybody = [
        Notice(user_id, kind, {"loaves": 3}, f"{kind}:1", kind == "oven-on-fire")
        for kind in ("bread-baked", "oven-on-fire")
        for user_id in (sales, sales2, support, manager, sales)
    ]
    assert notify(everybody, by=by, at=at) == 4
    assert told() == [
        (sales, "bread-baked:1"),
        (sales, "oven-on-fire:1"),
        (support, "oven-on-fire:1"),
        (manager, "oven-on-fire:1"),
    ]
    assert notify(everybody, by=by, at=at) == 0
    assert notify([], by=by, at=at) == 0
    mute(support, [], by=by, at=at)
    assert notify(everybody, by=by, at=at) == 1


@pytest.mark.parametrize("key", ["", "k" * 161])
def test_a_notice_has_a_key(key: str) -> None:
    with pytest.raises(ValueError, match="key"):
        Notice(1, "bread-baked", {}, key)


def test_kinds_have_names_and_are_declared(inside: Flask) -> None:
    with pytest.raises(ValueError, match="called like"):
        NotificationKind(name="Bread", label="", icon="", words=BREAD.words, url=BREAD.url)
    with pytest.raises(UnknownKind):
        notify([Notice(1, "bread-bakd", {}, "x")], by=command_line(), at=clock.now())


def test_what_was_not_done_is_not_told(inside: Flask) -> None:
    by, at, sales = command_line(), clock.now(), person_id("sales")
    notices = [Notice(sales, "bread-baked", {"loaves": 1}, "bread:1")]
    with pytest.raises(Refused):
        found_team("forbidden", notices, by=by, at=at)
    assert told() == []
    done = found_team("bakers", notices, by=by, at=at)
    assert told() == [(sales, "bread:1")] and unread_count(sales) == 1
    undone = undo(done, by=by, at=at)
    assert told() == [] and undone.kept == []
    undo(undone.operation, by=by, at=at)
    assert told() == [(sales, "bread:1")]


def test_two_who_tell_the_same_at_once_both_go_through(app: Flask) -> None:
    with app.app_context():
        notices = [Notice(person_id("sales"), "bread-baked", {"loaves": 1}, "bread:1")]
    with meeting_at(app, "INSERT INTO notification"):
        failed = at_once(
            app,
            lambda n: found_team(f"bakers-{n}", notices, by=command_line(), at=clock.now()),
            threads=2,
        )
    assert failed == []
    with app.app_context():
        teams = select(Team.__table__.c.key).where(Team.__table__.c.key.like("bakers-%"))
        assert set(database.session.execute(teams).scalars()) == {"bakers-0", "bakers-1"}
        assert len(told()) == 1


MANY_READ = """
    INSERT INTO notification (user_id, kind, params, key, at, read_at)
    SELECT :user_id, 'bread-baked', '{}', n::text, now(), CASE WHEN n > 20 THEN now() END
    FROM generate_series(1, 5000) AS n"""


def test_the_index_alone_counts_the_unread(inside: Flask) -> None:
    sales, connection = person_id("sales"), database.session.connection()
    asked = counting(sales).compile(connection, compile_kwargs={"literal_binds": True})
    if connection.dialect.name == "sqlite":
        plan = connection.execute(text(f"EXPLAIN QUERY PLAN {asked}")).all()
        assert "COVERING INDEX ix_notification_unread (user_id=? AND read_at=?)" in str(plan)
    else:
        connection.execute(text(MANY_READ), {"user_id": sales})
        connection.execute(text("ANALYZE notification"))
        plan = connection.execute(text(f"EXPLAIN {asked}")).all()
        assert "Index Only Scan using ix_notification_unread" in str(plan)


def test_what_was_read_long_ago_goes(inside: Flask) -> None:
    by, now, sales = command_line(), clock.now(), person_id("sales")
    for loaves, days in ((1, 200), (2, 100), (3, 1)):
        bake("sales", loaves, at=now - timedelta(days=days))
    ids = list(database.session.execute(select(TABLE.c.id).order_by(TABLE.c.id)).scalars())
    for place, days in ((1, 91), (2, 89)):
        at = now - timedelta(days=days)
        assert mark_read(sales, only=ids[place], by=by, at=at) == 1
    have_done("tidy-notifications")
    assert told() == [(sales, "bread:1"), (sales, "bread:3")]


def have_done(kind: str) -> None:
    """Have a job done now."""
    request(kind, by=command_line(), at=clock.now())
    claimed = queue.claim("me", clock.now())
    assert claimed is not None and claimed.kind.name == kind
    assert do(claimed)


@operation("job_requested")
def request(kind: str, *, by: Actor, at: datetime) -> None:
    queue.enqueue(kind, {"slot": at.isoformat()})
