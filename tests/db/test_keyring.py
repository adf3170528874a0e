"""The key ring: never replaced, never half-read, the same for every process that uses it."""

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from crmlite.db.keyring import (
    KeyRing,
    KeysDamaged,
    KeysMissing,
    UnknownKey,
    WrongCode,
    ensure_secret,
    unwrap_ring,
)
from crmlite.db.recovery import MistypedCode, new_code
from crmlite.db.sealing import open_sealed, seal

PLACE = ("contact", "mobile", "row")
ROTATING = """
import sys
from pathlib import Path
from crmlite.db.keyring import KeyRing
from crmlite.db.sealing import seal

ring = KeyRing.load(Path(sys.argv[1]))
for _ in range(int(sys.argv[2])):
    ring.rotate()
print(seal(ring, "sealed elsewhere", ("contact", "mobile", "row")))
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


@pytest.fixture
def ring(path: Path) -> KeyRing:
    return KeyRing.create(path)[0]


def rotate_elsewhere(path: Path, times: int = 1) -> subprocess.Popen:
    command = [sys.executable, "-c", ROTATING, str(path), str(times)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_a_ring_is_the_same_when_loaded_again(ring: KeyRing, path: Path) -> None:
    again = KeyRing.load(path)
    assert again.key_ids == ring.key_ids
    assert again.fingerprint == ring.fingerprint
    assert again.secret("ledger") == ring.secret("ledger")
    assert open_sealed(again, seal(ring, "text", PLACE), PLACE) == "text"


def test_two_books_have_nothing_in_common(ring: KeyRing, tmp_path: Path) -> None:
    other, _ = KeyRing.create(tmp_path / "other.json")
    assert other.fingerprint != ring.fingerprint
    assert other.secret("ledger") != ring.secret("ledger")


def test_secrets_differ_by_purpose(ring: KeyRing) -> None:
    purposes = ["ledger", "fingerprint", "index phone", "index email", "backup"]
    assert len({ring.secret(purpose) for purpose in purposes}) == len(purposes)
    assert all(len(ring.secret(purpose)) == 32 for purpose in purposes)


def test_only_the_owner_may_read_the_ring(ring: KeyRing, path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    ring.rotate()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_ring_is_never_made_over_another(ring: KeyRing, path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        KeyRing.create(path)
    assert path.read_bytes() == before


def test_a_missing_ring_says_what_to_do(path: Path) -> None:
    with pytest.raises(KeysMissing, match=r"crmlite restore FILE.*share this folder"):
        KeyRing.load(path)


def test_no_bit_of_the_file_can_be_changed_unnoticed(ring: KeyRing, path: Path) -> None:
    whole = path.read_bytes()
    for at in range(len(whole)):
        for bit in range(8):
            damaged = bytearray(whole)
            damaged[at] ^= 1 << bit
            path.write_bytes(damaged)
            with pytest.raises(KeysDamaged):
                KeyRing.load(path)


def test_a_shortened_file_is_damaged(ring: KeyRing, path: Path) -> None:
    whole = path.read_bytes()
    for length in range(len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(KeysDamaged):
            KeyRing.load(path)


@pytest.mark.parametrize("content", [b"", b"[]", b"3", b"{}", b"\xff\xfe\x00", b"[" * 5000])
def test_a_file_that_is_no_ring_is_damaged(content: bytes, path: Path) -> None:
    path.write_bytes(content)
    with pytest.raises(KeysDamaged, match="Nothing was changed"):
        KeyRing.load(path)


def test_a_ring_of_a_later_format_says_so(ring: KeyRing, path: Path) -> None:
    fields = json.loads(path.read_bytes())
    path.write_text(json.dumps(fields | {"format": 2}))
    with pytest.raises(KeysDamaged, match="format 2 is unknown"):
        KeyRing.load(path)


def test_an_unknown_key_is_named(ring: KeyRing) -> None:
    with pytest.raises(UnknownKey, match="abcdef"):
        ring.cipher("abcdef")


def test_rotation_keeps_old_keys_and_what_is_derived_from_the_root(ring: KeyRing) -> None:
    before = ring.active, ring.fingerprint, ring.secret("ledger"), seal(ring, "text", PLACE)
    new = ring.rotate()
    assert ring.active == new != before[0]
    assert ring.key_ids == (before[0], new)
    assert (ring.fingerprint, ring.secret("ledger")) == before[1:3]
    assert open_sealed(ring, before[3], PLACE) == "text"


def test_a_rotation_in_another_process_is_noticed(ring: KeyRing, path: Path) -> None:
    before = ring.active
    sealed, _ = rotate_elsewhere(path).communicate()
    assert open_sealed(ring, sealed.strip(), PLACE) == "sealed elsewhere"
    assert ring.active != before
    assert ring.active in seal(ring, "text", PLACE)


def test_rotations_in_several_processes_at_once_lose_no_key(ring: KeyRing, path: Path) -> None:
    processes = [rotate_elsewhere(path, 5) for _ in range(4)]
    sealed = [process.communicate()[0].strip() for process in processes]
    assert [process.returncode for process in processes] == [0] * 4
    assert len(ring.key_ids) == 1 + 4 * 5
    assert {open_sealed(ring, text, PLACE) for text in sealed} == {"sealed elsewhere"}


def test_a_ring_exchanged_for_another_books_is_refused(ring: KeyRing, path: Path) -> None:
    KeyRing.create(path.with_name("other.json"))
    path.with_name("other.json").replace(path)
    with pytest.raises(KeysDamaged, match="another book"):
        _ = ring.active


def test_a_ring_in_use_outlives_the_loss_of_its_file(ring: KeyRing, path: Path) -> None:
    stored = seal(ring, "text", PLACE)
    path.unlink()
    assert open_sealed(ring, stored, PLACE) == "text"


def test_the_code_opens_a_wrapped_ring(path: Path, tmp_path: Path) -> None:
    ring, code = KeyRing.create(path)
    opened = unwrap_ring(ring.wrap_ring(), code)
    assert opened.fingerprint == ring.fingerprint
    assert open_sealed(opened, seal(ring, "text", PLACE), PLACE) == "text"
    opened.save(tmp_path / "restored.json")
    assert KeyRing.load(tmp_path / "restored.json").secret("ledger") == ring.secret("ledger")


def test_a_ring_wrapped_after_a_rotation_opens_with_the_first_code(path: Path) -> None:
    ring, code = KeyRing.create(path)
    rotate_elsewhere(path).communicate()
    assert unwrap_ring(ring.wrap_ring(), code).key_ids == ring.key_ids


def test_a_wrapped_ring_holds_no_key_in_clear(ring: KeyRing, path: Path) -> None:
    fields = json.loads(path.read_bytes())
    wrapped = ring.wrap_ring()
    for secret in [fields["root"], *fields["keys"].values()]:
        assert secret.encode() not in wrapped


def test_a_renewed_code_replaces_the_old_one_for_new_backups_only(path: Path) -> None:
    ring, old = KeyRing.create(path)
    earlier = ring.wrap_ring()
    new = ring.renew_code()
    assert unwrap_ring(ring.wrap_ring(), new).fingerprint == ring.fingerprint
    assert unwrap_ring(earlier, old).fingerprint == ring.fingerprint
    with pytest.raises(WrongCode):
        unwrap_ring(ring.wrap_ring(), old)


def test_a_wrong_code_and_a_damaged_wrap_are_told_apart(path: Path) -> None:
    ring, code = KeyRing.create(path)
    wrapped = ring.wrap_ring()
    with pytest.raises(MistypedCode):
        unwrap_ring(wrapped, code[:-1])
    with pytest.raises(WrongCode):
        unwrap_ring(wrapped, new_code())
    with pytest.raises(KeysDamaged, match="in this backup"):
        unwrap_ring(wrapped[:-30], code)


def test_an_unwrapped_ring_cannot_be_changed_before_it_has_a_file(path: Path) -> None:
    ring, code = KeyRing.create(path)
    with pytest.raises(ValueError, match="without a file"):
        unwrap_ring(ring.wrap_ring(), code).rotate()


def test_the_secret_of_cookies_is_made_once_and_kept(tmp_path: Path) -> None:
    first = ensure_secret(tmp_path / "secret.key")
    assert len(first) >= 43
    assert ensure_secret(tmp_path / "secret.key") == first
    assert ensure_secret(tmp_path / "other.key") != first
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


def test_a_short_secret_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("changeme")
    with pytest.raises(KeysDamaged, match="32 characters"):
        ensure_secret(tmp_path / "secret.key")
