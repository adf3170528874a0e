"""Search rows: written with the record or not at all, and the same as what is indexed."""

import pytest
from sqlalchemy import select, text

from crmlite import clock
from crmlite.db.derived import ensure_derived_schema, existing, missing
from crmlite.db.engines import write_options
from crmlite.extensions import database
from crmlite.search import index
from crmlite.search.derived_schema import MAKE_INDEX, SIGNS
from crmlite.search.entries import Entry
from crmlite.search.models import SearchDoc, is_postgresql
from crmlite.search.scope import MARK
from crmlite.search.tokens import CUT, GAP, HASH, KEY, START
from crmlite.work import operation
from crmlite.work.actors import command_line
from tests.search.conftest import CARD, NOTE, ids, put, removed, written

pytestmark = pytest.mark.usefixtures("inside", "notes")


def rows():
    """The search rows as they are stored."""
    table = SearchDoc.__table__
    return database.session.execute(select(table).order_by(table.c.id)).all()


def run(*statements):
    """Write to the database past all operations."""
    database.session.rollback()
    database.session.connection(execution_options=write_options(database.engine))
    for statement in statements:
        database.session.execute(text(statement))
    database.session.commit()


def test_a_record_has_one_row_however_often_it_is_put():
    put("Riverton")
    put("Riverton")
    put(Entry(record_id=1, title="Hartwell", owner_id=7))
    assert [(row.record_type, row.record_id, row.title) for row in rows()] == [
        (NOTE, 1, "hartwell")
    ]
    assert ids("riverton") == []
    assert ids("hartwell") == [1]
    assert index.is_whole()


def test_kinds_do_not_mix():
    put("Riverton")
    put("Hartwell", kind=CARD)
    assert index.indexed_ids(NOTE) == index.indexed_ids(CARD) == {1}
    removed([1], by=command_line(), at=clock.now())
    assert index.indexed_ids(NOTE) == set()
    assert ids("hartwell") == [1]
    assert ids("riverton") == []


def test_many_are_written_as_they_are_one_by_one():
    names = [f"Riverton {place}" for place in range(1, 1203)]
    put(*names)
    many = [row[1:] for row in rows()]
    removed(list(range(1, 1203)), by=command_line(), at=clock.now())
    assert rows() == []
    for place in (1, 501, 1202):
        put(Entry(record_id=place, title=names[place - 1]))
    assert [row[1:] for row in rows()] == [many[0], many[500], many[1201]]


def test_what_is_put_in_an_operation_that_fails_is_not_found():
    @operation("notes_written")
    def failing(*, by, at):
        index.put(NOTE, Entry(record_id=5, title="Riverton"))
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        failing(by=command_line(), at=clock.now())
    assert rows() == []
    assert ids("riverton") == []
    assert index.is_whole()


def test_an_equal_row_is_not_written_again(engine):
    put("Riverton", "Hartwell")
    before = versions(engine)
    put("Riverton", "Oakhill")
    after = versions(engine)
    assert after[0] == before[0]
    assert after[1] != before[1]


def versions(engine):
    """What changes whenever a row is written, even with equal values."""
    if engine == "postgresql":
        found = database.session.execute(text("SELECT xmin::text FROM search_doc ORDER BY id"))
        return found.scalars().all()
    return [tuple(row) for row in rows()]


def test_rows_removed_or_changed_past_crmlite_leave_nothing_in_the_index():
    put("Riverton", "Hartwell", "Oakhill")
    run("DELETE FROM search_doc WHERE record_id = 1")
    run("UPDATE search_doc SET id = id + 100 WHERE record_id = 2")
    assert index.is_whole()
    assert ids("riverton") == []
    assert ids("hartwell") == [2]
    assert ids("oakhill") == [3]


def test_nothing_put_is_no_change():
    written([], by=command_line(), at=clock.now())
    removed([], by=command_line(), at=clock.now())
    assert rows() == []


def test_a_kind_or_state_that_cannot_be_is_refused():
    for kind in ("", "Note", "note.own1", "~note", "archived", "no te", "x" * 33):
        with pytest.raises(ValueError, match="record type"):
            put("Riverton", kind=kind)
    with pytest.raises(ValueError, match="state"):
        put(Entry(record_id=1, title="Riverton", state="lost"))


def test_triggers_and_index_that_were_lost_come_back_with_what_they_missed(engine):
    put("Riverton", "Hartwell")
    if engine == "postgresql":
        lost = {"search_doc_tokens"}
        run("DROP INDEX search_doc_tokens")
    else:
        lost = {"search_doc_added", "search_doc_changed", "search_doc_removed"}
        run(*(f"DROP TRIGGER {name}" for name in lost))
    put(Entry(record_id=3, title="Oakhill"))
    database.session.rollback()
    with database.engine.begin() as connection:
        assert set(missing(connection)) == lost
        assert set(ensure_derived_schema(connection)) == lost
        assert lost <= existing(connection)
    assert index.is_whole()
    assert ids("oakhill") == [3]
    assert ids("riverton") == [1]


def test_a_full_text_table_that_was_lost_is_made_anew():
    put("Riverton")
    if not is_postgresql():
        run("DROP TABLE search_index")
        with database.engine.begin() as connection:
            assert ensure_derived_schema(connection) == ["search_index"]
    assert ids("riverton") == [1]


def test_an_index_that_differs_from_the_rows_is_noticed_and_mended():
    put("Riverton")
    if not is_postgresql():
        run("INSERT INTO search_index (rowid, body, scope) VALUES (77, 'ghost', '~note')")
        assert not index.is_whole()
        database.session.rollback()
    run(*() if is_postgresql() else ("INSERT INTO search_index (search_index) VALUES ('rebuild')",))
    assert index.is_whole()


def test_the_tokenizer_keeps_every_sign_that_tokens_carry():
    assert set(SIGNS) == {CUT, GAP, HASH, KEY, START, MARK, ".", "_"}
    assert f"'{SIGNS}'" in MAKE_INDEX
