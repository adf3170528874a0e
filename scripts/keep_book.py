"""Keep a book of this schema for the tests of upgrades, before a release that changes the schema.

    python scripts/keep_book.py tests/setup/books/0.1.zip

It is the demo as the code in the present folder fills it, less what the search finds, which is made
anew from the rest: the database (SQLite), its keys with their recovery code, the attached files, and
the migrations that make its tables.
"""

import os
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

LOAD = "from crmlite.cli import main; import sys; sys.argv = ['crmlite', 'demo', 'load']; main()"
SEARCH = """
DROP TRIGGER IF EXISTS search_doc_added;
DROP TRIGGER IF EXISTS search_doc_removed;
DROP TRIGGER IF EXISTS search_doc_changed;
DROP TABLE search_index;
DELETE FROM search_doc;
VACUUM
"""


def main() -> int:
    """Write it."""
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as instance:
        there = {**os.environ, "CRMLITE_INSTANCE": instance, "CRMLITE_DATABASE_URL": ""}
        there["CRMLITE_PACKS"] = "false"
        told = subprocess.run(
            [sys.executable, "-c", LOAD], env=there, check=True, capture_output=True, text=True
        )
        _, _, code = told.stdout.partition("Recovery code: ")
        database = Path(instance, "crmlite.db")
        with sqlite3.connect(database) as connection:
            connection.executescript(SEARCH)
        connection.close()
        with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_LZMA) as packed:
            packed.writestr("code", code.splitlines()[0])
            packed.write(database, "crmlite.db")
            for path in (Path(instance, "keys.json"), *Path(instance).rglob("attachments/*/*")):
                packed.write(path, path.relative_to(instance))
            for migration in sorted(Path("migrations/versions").glob("*.py")):
                packed.write(migration, f"migrations/{migration.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
