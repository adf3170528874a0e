"""The full-text side of the search: beside the table that the models describe.

SQLite: an FTS5 table that holds no text of its own, kept equal to `search_doc` by triggers, so
that a row and its index change in one transaction. Its tokenizer takes tokens as they are.
PostgreSQL: one GIN index; the table's columns are tsvectors already.
"""

from crmlite.db.derived import Derived, derive

INDEX = "search_index"
TABLE = "search_doc"
SIGNS = "#.=^_|~"  # may stand in tokens beside letters and digits

REBUILD = "INSERT INTO search_index (search_index) VALUES ('rebuild')"
CHECK = "INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 1)"

MAKE_INDEX = """
    CREATE VIRTUAL TABLE search_index USING fts5 (
        body, scope, content='search_doc', content_rowid='id', columnsize=0, prefix='1 2 3',
        tokenize="ascii tokenchars '#.=^_|~'"
    )
"""
WHEN_ADDED = """
    CREATE TRIGGER search_doc_added AFTER INSERT ON search_doc BEGIN
        INSERT INTO search_index (rowid, body, scope) VALUES (new.id, new.body, new.scope);
    END
"""
WHEN_REMOVED = """
    CREATE TRIGGER search_doc_removed AFTER DELETE ON search_doc BEGIN
        INSERT INTO search_index (search_index, rowid, body, scope)
        VALUES ('delete', old.id, old.body, old.scope);
    END
"""
WHEN_CHANGED = """
    CREATE TRIGGER search_doc_changed AFTER UPDATE OF id, body, scope ON search_doc
    WHEN old.id IS NOT new.id OR old.body IS NOT new.body OR old.scope IS NOT new.scope
    BEGIN
        INSERT INTO search_index (search_index, rowid, body, scope)
        VALUES ('delete', old.id, old.body, old.scope);
        INSERT INTO search_index (rowid, body, scope) VALUES (new.id, new.body, new.scope);
    END
"""
MAKE_GIN = "CREATE INDEX search_doc_tokens ON search_doc USING gin (body, scope)"

derive(Derived(name=INDEX, kind="table", sqlite=[MAKE_INDEX, REBUILD]))
derive(
    Derived(
        name="search_doc_added",
        kind="trigger",
        on=TABLE,
        sqlite=[WHEN_ADDED, REBUILD],  # a trigger that was lost has missed rows
    )
)
derive(Derived(name="search_doc_removed", kind="trigger", on=TABLE, sqlite=[WHEN_REMOVED]))
derive(Derived(name="search_doc_changed", kind="trigger", on=TABLE, sqlite=[WHEN_CHANGED]))
derive(Derived(name="search_doc_tokens", kind="index", on=TABLE, postgresql=[MAKE_GIN]))
