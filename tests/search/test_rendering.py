"""Whatever is typed or named becomes a query and a row that each engine takes."""

from collections.abc import Iterator

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlite.db.engines import sqlite_module
from crmlite.search.derived_schema import MAKE_INDEX
from crmlite.search.entries import Entry
from crmlite.search.rendering import (
    MOST_BYTES,
    MOST_CHARACTERS,
    fts5_match,
    fts5_text,
    fts5_tokens,
    tsquery,
    tsvector,
)
from crmlite.search.scope import everything
from crmlite.search.tokens import Tokens
from crmlite.search.typed import Either, Every, Exact, Except, Phrase, Prefix, query
from tests.search.test_tokens import holds

TEXTS = st.text(max_size=300) | st.text(
    alphabet="\"'\\*^:()&|!<>-+{}~=#.$%_ \x00ab上海\ud800", max_size=40
)


@pytest.fixture(scope="module")
def sqlite() -> Iterator:
    """A SQLite database in memory with the full-text table."""
    connection = sqlite_module().connect(":memory:")
    connection.execute("CREATE TABLE search_doc (id INTEGER PRIMARY KEY, body TEXT, scope TEXT)")
    connection.execute(MAKE_INDEX)
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def postgresql(postgresql_url: str) -> Iterator[psycopg.Connection]:
    """A connection to PostgreSQL."""
    with psycopg.connect(postgresql_url.replace("+psycopg", ""), autocommit=True) as connection:
        yield connection


def entry(text: str) -> Entry:
    return Entry(
        record_id=1, title=text, names=[text], numbers=[text], labels=[text], texts=[text, text]
    )


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_sqlite_takes_any_text_and_finds_what_the_tokens_say(sqlite, named, typed):
    made = entry(named).tokens()
    sqlite.execute("DELETE FROM search_doc")
    sqlite.execute("INSERT INTO search_doc VALUES (1, ?, '~note')", (fts5_text(made),))
    sqlite.execute("INSERT INTO search_index (search_index) VALUES ('rebuild')")
    for text in (typed, named):
        question = query(text)
        for condition in (
            (question.exactly, question.beginning, question.anywhere) if question else ()
        ):
            match = fts5_match(Every((everything("note"), condition)))
            found = sqlite.execute(
                "SELECT rowid FROM search_index WHERE search_index MATCH ?", (match,)
            ).fetchall()
            assert bool(found) == holds(condition, made), match


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_postgresql_takes_any_text_and_finds_what_the_tokens_say(postgresql, named, typed):
    made = entry(named).tokens()
    for text in (typed, named):
        question = query(text)
        for condition in (
            (question.exactly, question.beginning, question.anywhere) if question else ()
        ):
            found = postgresql.execute(
                "SELECT %s::tsvector @@ %s::tsquery", (tsvector(made), tsquery(condition))
            ).fetchone()
            assert found == (holds(condition, made),), tsquery(condition)


def test_conditions_read_alike_in_both_languages():
    condition = Except(
        Every((Exact("~note"), Either((Prefix("riv"), Phrase("上海"))))), Exact("~archived")
    )
    assert fts5_match(condition) == '(("~note" AND ("riv" * OR "上 海")) NOT "~archived")'
    assert tsquery(condition) == "(('~note' & ('riv':* | ('上' <-> '海'))) & !'~archived')"


def test_rows_keep_texts_apart():
    made = Tokens(("上海", "科技"), ("kj", "^kj"))
    assert fts5_text(made) == "上 海 | 科 技 | kj ^kj"
    assert tsvector(made) == "'上':1 '海':2 '科':4 '技':5 'kj' '^kj'"
    assert fts5_text(Tokens()) == tsvector(Tokens()) == ""
    for kept in (made, Tokens(), Tokens(("上海",), ()), Tokens((), ("kj",))):
        assert fts5_tokens(fts5_text(kept)) == kept


def test_no_more_characters_are_kept_in_order_than_postgresql_can_count():
    made = Tokens(("上" * (MOST_CHARACTERS - 1), "海海海", "科"), ())
    assert fts5_text(made).count("海") == tsvector(made).count("海") == 1
    assert "科" not in fts5_text(made)
    assert max(int(lexeme.partition(":")[2]) for lexeme in tsvector(made).split()) < 16_383


def test_no_more_words_are_kept_than_postgresql_takes():
    words = tuple(f"{n:06d}{'x' * 94}" for n in range(20_000))
    kept = fts5_tokens(fts5_text(Tokens((), words))).words
    assert kept == words[: MOST_BYTES // 100]
    assert len(tsvector(Tokens((), words)).encode()) < 2**20 / 2 + 2**16
