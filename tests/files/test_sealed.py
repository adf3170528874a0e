"""Sealed files: unreadable where they lie, whole when they are read, and noticed when they are not."""

import hashlib
import io
import os
import stat
from contextlib import suppress
from pathlib import Path

import pytest

from crmlite.db.keyring import KeyRing
from crmlite.db.sealing import SealBroken
from crmlite.files import sealed
from crmlite.files.sealed import open_sealed_file, write_sealed

TEXT = "张志强,13800000001\n".encode()


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return KeyRing.create(tmp_path / "keys.json")[0]


@pytest.fixture(autouse=True)
def short_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a few bytes are many pieces."""
    monkeypatch.setattr(sealed, "PIECE", 16)


def written(ring: KeyRing, tmp_path: Path, content: bytes, uid: str = "one") -> Path:
    path = tmp_path / uid
    write_sealed(ring, io.BytesIO(content), path, uid)
    return path


def read(ring: KeyRing, path: Path, uid: str = "one") -> bytes:
    with open_sealed_file(ring, path, uid) as file:
        return file.read()


@pytest.mark.parametrize("length", [0, 1, 15, 16, 17, 31, 32, 33, 500])
def test_what_was_written_is_read_whatever_its_length(ring, tmp_path, length):
    content = os.urandom(length)
    path = tmp_path / "one"
    size, digest = write_sealed(ring, io.BytesIO(content), path, "one")
    assert (size, digest) == (length, hashlib.sha256(content).hexdigest())
    assert read(ring, path) == content


def test_nobody_else_reads_it_where_it_lies(ring, tmp_path):
    path = written(ring, tmp_path, TEXT * 20)
    assert b"13800000001" not in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_is_read_in_lines_and_from_a_stream_that_gives_little_at_a_time(ring, tmp_path):
    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(5, size or 5))

    path = tmp_path / "one"
    write_sealed(ring, Slow(TEXT * 20), path, "one")
    with open_sealed_file(ring, path, "one") as file:
        assert io.TextIOWrapper(file, "utf-8").readlines() == [TEXT.decode()] * 20


def test_a_file_that_was_altered_cut_or_put_elsewhere_does_not_open(ring, tmp_path):
    path = written(ring, tmp_path, TEXT * 20)
    whole = path.read_bytes()
    head = whole.index(b"\n") + 1
    piece = 16 + sealed.NONCE + sealed.TAG
    wrong = {
        "a bit": whole[:-1] + bytes([whole[-1] ^ 1]),
        "cut between pieces": whole[: head + 3 * piece],
        "cut within one": whole[:-5],
        "nothing left": whole[:head],
        "swapped": whole[:head]
        + whole[head + piece : head + 2 * piece]
        + whole[head : head + piece]
        + whole[head + 2 * piece :],
        "more behind": whole + whole[-piece:],
        "another key": whole.replace(ring.active.encode(), b"nokey", 1),
        "no sealed file": TEXT,
        "empty": b"",
    }
    opened = []
    for what, content in wrong.items():
        path.write_bytes(content)
        with suppress(SealBroken):
            opened.append((what, read(ring, path)))
    assert opened == []
    path.write_bytes(whole)
    with pytest.raises(SealBroken):
        read(ring, path, "two")


def test_it_opens_after_the_keys_were_rotated(ring, tmp_path):
    path = written(ring, tmp_path, TEXT)
    ring.rotate()
    assert read(ring, path) == TEXT


def test_nothing_is_left_of_a_file_that_could_not_be_written_whole(ring, tmp_path):
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write_sealed(ring, Broken(), tmp_path / "one", "one")
    assert [path.name for path in tmp_path.iterdir()] == ["keys.json"]


def test_what_is_there_is_not_written_over(ring, tmp_path):
    path = written(ring, tmp_path, TEXT)
    with pytest.raises(FileExistsError):
        write_sealed(ring, io.BytesIO(b""), path, "one")
    assert read(ring, path) == TEXT
    part = tmp_path / "two.part"
    part.touch()
    with pytest.raises(FileExistsError):
        write_sealed(ring, io.BytesIO(b""), tmp_path / "two", "two")
    assert part.exists()
