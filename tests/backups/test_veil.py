"""An encrypted part opens whole with its own keys, and not at all when anything is different."""

import io
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlite.backups import veil as veils
from crmlite.backups.refusal import BackupUnusable
from crmlite.backups.veil import Veil

SECRET = os.urandom(32)


def covered(content: bytes, name="database/crmlite.db", salt="salt", secret=SECRET) -> bytes:
    return b"".join(Veil(secret, salt).cover(name, io.BytesIO(content)))


def uncovered(stored: bytes, name="database/crmlite.db", salt="salt", secret=SECRET) -> bytes:
    return b"".join(Veil(secret, salt).uncover(name, io.BytesIO(stored)))


@given(content=st.binary(max_size=3000), piece=st.sampled_from([1, 7, 64, 4096]))
@settings(max_examples=60)
def test_what_was_covered_comes_back(content, piece):
    before, veils.PIECE = veils.PIECE, piece
    try:
        stored = covered(content)
        veils.PIECE = max(piece, 64)
        assert uncovered(stored) == content
    finally:
        veils.PIECE = before
    assert len(content) < 16 or content not in stored


def test_files_of_many_pieces_come_back():
    content = os.urandom(2**20) * 3 + b"end"
    stored = covered(content)
    assert len(stored) > 2**20
    assert uncovered(stored) == content


def pieces_of(stored: bytes) -> list[bytes]:
    """The sealed pieces with their lengths."""
    found = []
    while stored:
        length = int.from_bytes(stored[:4]) + 4
        found.append(stored[:length])
        stored = stored[length:]
    return found


def test_no_piece_can_be_left_out_doubled_moved_or_altered():
    content = os.urandom(4 * 2**20)
    parts = pieces_of(covered(content))
    assert len(parts) >= 4
    wrong = [
        parts[1:],
        parts[:-1],
        [*parts[:1], *parts[2:]],
        [*parts, parts[-1]],
        [parts[1], parts[0], *parts[2:]],
        [parts[0], parts[0], *parts[1:]],
        [*parts, b"more"],
        [*parts[:-1], parts[-1][:-1]],
        [],
    ]
    for at in (0, 3, 4, 20, len(parts[0]) - 1):
        altered = bytearray(parts[0])
        altered[at] ^= 1
        wrong.append([bytes(altered), *parts[1:]])
    for several in wrong:
        with pytest.raises(BackupUnusable, match="was altered"):
            uncovered(b"".join(several))


def test_another_part_another_backup_and_other_keys_open_nothing():
    stored = covered(b"content")
    for other in ({"name": "config.toml"}, {"salt": "other"}, {"secret": os.urandom(32)}):
        with pytest.raises(BackupUnusable):
            uncovered(stored, **other)


def test_the_same_file_is_covered_differently_in_each_backup():
    assert covered(b"content", salt="one") != covered(b"content", salt="two")
