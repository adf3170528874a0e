"""The list of contents: what was written is read again, and anything else is refused."""

import json
from datetime import UTC, datetime

import pytest

from crmlite.backups.manifest import Facts, Manifest, Member
from crmlite.backups.refusal import BackupUnusable
from crmlite.work.chain import Head

WHOLE = Manifest(
    app="0.1.0",
    made_at=datetime(2026, 11, 25, 3, 0, tzinfo=UTC),
    facts=Facts("sqlite", "0001", {"customer": 82, "user": 4}, Head(7, "ab" * 32)),
    fingerprint="0123456789abcdef",
    members={"database/crmlite.db": Member("cd" * 32, 4096, 4096)},
)


def altered(*path: str, to: object) -> bytes:
    """The list with one value exchanged."""
    fields = json.loads(WHOLE.written())
    where = fields
    for step in path[:-1]:
        where = where[step]
    where[path[-1]] = to
    return json.dumps(fields).encode()


def test_what_was_written_is_read_again():
    assert Manifest.read(WHOLE.written()) == WHOLE
    assert WHOLE.facts.rows == 86


def test_a_book_without_seals_has_no_head():
    fresh = Manifest(
        app="0.1.0",
        made_at=WHOLE.made_at,
        facts=Facts("postgresql", "0001", {}, None),
        fingerprint="0" * 16,
        salt="ff",
    )
    assert Manifest.read(fresh.written()) == fresh


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"[" * 100_000,
        altered("format", to=0),
        altered("format", to="1"),
        altered("made_at", to="yesterday"),
        altered("made_at", to="2026-11-25T03:00:00"),
        altered("app", to=3),
        altered("facts", to=None),
        altered("facts", "counts", to=[1]),
        altered("facts", "counts", "user", to=-1),
        altered("facts", "counts", "user", to="4"),
        altered("facts", "head", to={"seal": 1}),
        altered("facts", "head", "digest", to="short"),
        altered("facts", "schema", to=None),
        altered("members", to=[]),
        altered("members", "database/crmlite.db", "sha256", to="x" * 64),
        altered("members", "database/crmlite.db", "size", to=-5),
        altered("members", "database/crmlite.db", "unpacked", to=1.5),
        altered("salt", to=None),
    ],
)
def test_anything_else_is_refused(content):
    with pytest.raises(BackupUnusable, match="cannot be read"):
        Manifest.read(content)


def test_a_later_format_names_the_version_to_install():
    content = json.loads(WHOLE.written()) | {"format": 2, "app": "3.0.0"}
    with pytest.raises(BackupUnusable, match=r"crmlite 3\.0\.0, which is newer"):
        Manifest.read(json.dumps(content).encode())
