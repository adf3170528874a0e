"""Columns: moments come back as the same moment, aware; JSON as it was; names of rows are new."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, String, Table, insert, select
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from crmlite.db.columns import Json, UTCDateTime, new_uid, sealed, uid
from tests.db.engines_in_use import safe_engine

__all__ = ["safe_engine"]

metadata = MetaData()
entry = Table(
    "entry",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UTCDateTime),
    Column("more", Json),
    Column("note", String),
)
zones = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
moments = st.datetimes(
    datetime.fromisoformat("1950-01-02"), datetime.fromisoformat("2100-01-01"), timezones=zones
)
on_both = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def stored(safe_engine):
    """Puts a row in and reads it again."""
    metadata.create_all(safe_engine)

    def there_and_back(**values):
        with safe_engine.begin() as connection:
            key = connection.execute(insert(entry).values(values)).inserted_primary_key[0]
            return connection.execute(select(entry).where(entry.c.id == key)).one()

    return there_and_back


@given(at=moments)
@on_both
def test_a_moment_comes_back_as_the_same_moment_in_utc(at, stored):
    found = stored(at=at).at
    assert found == at
    assert found.utcoffset() == timedelta(0)


@given(moments=st.lists(moments, min_size=2, max_size=8))
@on_both
def test_moments_of_different_zones_sort_by_when_they_were(moments, stored, safe_engine):
    with safe_engine.begin() as connection:
        connection.execute(entry.delete())
        connection.execute(insert(entry), [{"at": at} for at in moments])
        found = connection.execute(select(entry.c.at).order_by(entry.c.at)).scalars().all()
    assert found == sorted(moments)


def test_a_moment_without_a_zone_is_refused(stored):
    with pytest.raises(StatementError, match="needs a time zone"):
        stored(at=datetime.fromisoformat("2026-11-25T12:00"))


def test_no_moment_stays_none(stored):
    assert stored(at=None).at is None


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=10,
)


@given(more=values.filter(lambda value: value is not None))
@on_both
def test_json_comes_back_as_it_was(more, stored):
    assert stored(more=more).more == more


def test_json_none_is_the_databases_null(stored, safe_engine):
    stored(more=None)
    with safe_engine.connect() as connection:
        assert connection.execute(select(entry.c.id).where(entry.c.more.is_(None))).all()


def test_a_uid_is_short_and_never_comes_twice():
    made = {new_uid() for _ in range(20_000)}
    assert len(made) == 20_000
    assert {len(one) for one in made} == {16}


def test_a_sealed_column_says_what_it_holds_and_how_it_is_masked():
    class Base(DeclarativeBase):
        pass

    class Contact(Base):
        __tablename__ = "contact"
        id: Mapped[int] = mapped_column(primary_key=True)
        uid: Mapped[str] = uid()
        mobile: Mapped[str | None] = sealed("phone", masked="phone")
        note: Mapped[str | None] = sealed("remark")

    columns = Contact.__table__.c
    assert columns.mobile.info == {"sealed": "phone", "masked": "phone"}
    assert columns.note.info == {"sealed": "remark", "masked": ""}
    assert columns.uid.unique
    assert columns.mobile.nullable


def test_a_moment_is_stored_in_utc_whatever_the_zone(safe_engine, stored):
    stored(at=datetime(2026, 11, 25, 9, 0, tzinfo=timezone(timedelta(hours=8))))
    stored(at=datetime(2026, 11, 25, 1, 0, tzinfo=UTC))
    with safe_engine.connect() as connection:
        assert len(set(connection.execute(select(entry.c.at)).scalars())) == 1
