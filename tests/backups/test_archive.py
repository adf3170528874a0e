"""The file that a backup is: what is put in comes out, and nothing else is taken for one."""

import io
import zipfile

import pytest

from crmlite.backups import archive
from crmlite.backups.archive import Archive
from crmlite.backups.manifest import Facts, Manifest
from crmlite.backups.refusal import BackupUnusable
from crmlite.backups.veil import Veil
from crmlite.backups.writing import Writer
from crmlite.clock import now
from crmlite.db.keyring import KeyRing

PARTS = {
    "config.toml": b"proxies = 1\n",
    "database/customer.copy": b"1\tQuay\n" * 10_000,
    "database/crmlite.db": bytes(range(256)) * 9_000,
    "database/empty.copy": b"",
}


@pytest.fixture
def ring(tmp_path):
    return KeyRing.create(tmp_path / "keys.json")[0]


@pytest.fixture(params=["plain", "encrypted"])
def path(request, ring, tmp_path):
    """A small backup."""
    salt = "0f" * 16 if request.param == "encrypted" else ""
    veil = Veil(ring.secret("backup"), salt) if salt else None
    writer = Writer(tmp_path / "x.zip", ring, veil)
    writer.add(archive.KEYS, io.BytesIO(ring.wrap_ring()))
    for name, content in PARTS.items():
        writer.add(name, io.BytesIO(content))
    facts = Facts("sqlite", "0001", {"customer": 10_000}, None)
    told = Manifest(
        app="0.1.0", made_at=now(), facts=facts, fingerprint=ring.fingerprint, salt=salt
    )
    writer.finish(told)
    return tmp_path / "x.zip"


def test_every_part_comes_out_as_it_went_in(path, ring, tmp_path):
    out, beside = tmp_path / "out", tmp_path / "beside the database"
    for folder in (out, beside):
        folder.mkdir()
    with archive.opened(path) as packed:
        packed.prove(ring)
        packed.read_through(ring)
        placed = packed.unpack(out, ring, beside)
    assert {name: file.read_bytes() for name, file in placed.items()} == PARTS
    for name, file in placed.items():
        assert file.parent == (beside if name.startswith(archive.BOOK) else out)


def test_any_program_for_zip_files_can_list_it(path):
    with zipfile.ZipFile(path) as packed:
        assert packed.testzip() is None
        assert set(packed.namelist()) >= {"manifest.json", "keys.json", "database/crmlite.db"}


def test_a_book_packs_small(path):
    assert path.stat().st_size < sum(map(len, PARTS.values())) / 5


def test_the_keys_of_another_book_prove_nothing(path, tmp_path):
    other, _ = KeyRing.create(tmp_path / "other.json")
    with archive.opened(path) as packed, pytest.raises(BackupUnusable, match="belong to its keys"):
        packed.prove(other)


def test_no_bit_of_it_can_be_changed_unnoticed(path):
    whole = path.read_bytes()
    for at in range(0, len(whole), max(1, len(whole) // 400)):
        damaged = bytearray(whole)
        damaged[at] ^= 1 << at % 8
        with pytest.raises(BackupUnusable):
            Archive(io.BytesIO(damaged))


def test_every_header_byte_of_the_zip_counts(path):
    """Times, comments and flags that programs for zip files overlook are no exception."""
    whole = path.read_bytes()
    for at in [*range(120), *range(len(whole) - 400, len(whole))]:
        damaged = bytearray(whole)
        damaged[at] ^= 0x10
        with pytest.raises(BackupUnusable):
            Archive(io.BytesIO(damaged))


@pytest.mark.parametrize("share", [0, 0.01, 0.3, 0.6, 0.9, 0.999])
def test_a_shortened_file_is_refused(share, path):
    whole = path.read_bytes()
    with pytest.raises(BackupUnusable, match="its end is missing"):
        Archive(io.BytesIO(whole[: int(len(whole) * share)]))


@pytest.mark.parametrize(
    ("before", "after"), [(b"x", b""), (b"", b"x"), (b"\0" * 512, b"\0" * 512)]
)
def test_a_file_with_something_before_or_after_it_is_refused(before, after, path):
    with pytest.raises(BackupUnusable):
        Archive(io.BytesIO(before + path.read_bytes() + after))


def test_a_writer_that_is_abandoned_leaves_nothing_open(ring, tmp_path):
    writer = Writer(tmp_path / "half.zip", ring)
    writer.add("config.toml", io.BytesIO(b"proxies = 1\n"))
    writer.abandon()
    with pytest.raises(BackupUnusable):
        Archive(io.BytesIO((tmp_path / "half.zip").read_bytes()))
