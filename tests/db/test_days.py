"""What the database says of two moments is what the rule says, on both engines."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, delete, insert, select

from crmlite.db.columns import UTCDateTime
from crmlite.db.days import LaterThan
from crmlite.rules.promptness import IN_TIME, is_late
from tests.db.engines_in_use import safe_engine

__all__ = ["safe_engine"]

FIRST = datetime(2026, 11, 27, 9, tzinfo=UTC)
talk = Table(
    "talk",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("happened_at", UTCDateTime),
    Column("written_at", UTCDateTime),
)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    after=st.timedeltas(timedelta(days=-9000), timedelta(days=9000)),
    second=st.sampled_from([-1, 0, 1]),
)
def test_the_database_knows_it_to_the_second(safe_engine, after, second):
    happened_at = FIRST + after
    written_at = happened_at + IN_TIME + timedelta(seconds=second)
    with safe_engine.begin() as connection:
        talk.create(connection, checkfirst=True)
        connection.execute(delete(talk))
        connection.execute(insert(talk).values(happened_at=happened_at, written_at=written_at))
        late = LaterThan(talk.c.happened_at, talk.c.written_at, IN_TIME)
        found = connection.execute(select(late)).scalar_one()
    assert bool(found) is is_late(happened_at, written_at)
