"""Sealed values open in their own place, whole, with their own ring, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlite.db.keyring import KeyRing
from crmlite.db.sealing import SealBroken, key_of, keyed_hash, open_sealed, reseal, seal

PLACE = ("contact", "mobile", "Zk3vQ8sLw0aPq7Xd")


@pytest.fixture(scope="module")
def ring(tmp_path_factory) -> KeyRing:
    return KeyRing.create(tmp_path_factory.mktemp("keys") / "keys.json")[0]


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_what_is_sealed_opens_again_in_its_place(text: str, ring: KeyRing) -> None:
    stored = seal(ring, text, PLACE)
    assert open_sealed(ring, stored, PLACE) == text
    assert len(text) < 6 or text not in stored


@given(
    text=st.text(st.characters(exclude_categories=["Cs"])),
    place=st.tuples(*[st.text("abcdef_", min_size=1, max_size=8)] * 3),
    other=st.tuples(*[st.text("abcdef_", min_size=1, max_size=8)] * 3),
)
def test_a_value_moved_elsewhere_does_not_open(text, place, other, ring: KeyRing) -> None:
    stored = seal(ring, text, place)
    if place != other:
        with pytest.raises(SealBroken, match="altered, or belongs elsewhere"):
            open_sealed(ring, stored, other)


@pytest.mark.parametrize("part", [0, 1, 2])
def test_table_column_and_row_each_bind_a_value(part: int, ring: KeyRing) -> None:
    stored = seal(ring, "13800000001", PLACE)
    elsewhere = tuple("other" if at == part else name for at, name in enumerate(PLACE))
    with pytest.raises(SealBroken):
        open_sealed(ring, stored, elsewhere)


def test_no_character_of_a_value_can_be_altered(ring: KeyRing) -> None:
    stored = seal(ring, "13800000001", PLACE)
    tried = 0
    for at, character in enumerate(stored):
        for other in "A_-z0v.=" + chr(ord(character) ^ 1):
            if other != character:
                with pytest.raises(SealBroken):
                    open_sealed(ring, stored[:at] + other + stored[at + 1 :], PLACE)
                tried += 1
    assert tried > 300


@pytest.mark.parametrize("length", range(0, 60, 3))
def test_a_shortened_value_does_not_open(length: int, ring: KeyRing) -> None:
    with pytest.raises(SealBroken):
        open_sealed(ring, seal(ring, "13800000001", PLACE)[:length], PLACE)


@given(stored=st.text())
def test_anything_else_in_the_column_is_called_broken(stored: str, ring: KeyRing) -> None:
    with pytest.raises(SealBroken):
        open_sealed(ring, stored, PLACE)


def test_equal_texts_are_stored_differently(ring: KeyRing) -> None:
    assert len({seal(ring, "13800000001", PLACE) for _ in range(200)}) == 200


def test_another_ring_opens_nothing(ring: KeyRing, tmp_path) -> None:
    other, _ = KeyRing.create(tmp_path / "keys.json")
    with pytest.raises(SealBroken, match="the key ring has no key"):
        open_sealed(other, seal(ring, "secret", PLACE), PLACE)


def test_a_value_cannot_be_passed_off_as_sealed_by_another_key_of_the_ring(tmp_path) -> None:
    ring, _ = KeyRing.create(tmp_path / "keys.json")
    stored = seal(ring, "secret", PLACE)
    old, new = ring.active, ring.rotate()
    with pytest.raises(SealBroken):
        open_sealed(ring, stored.replace(old, new), PLACE)


def test_after_a_rotation_old_values_open_and_are_resealed_with_the_new_key(tmp_path) -> None:
    ring, _ = KeyRing.create(tmp_path / "keys.json")
    stored = seal(ring, "13800000001", PLACE)
    new = ring.rotate()
    assert open_sealed(ring, stored, PLACE) == "13800000001"
    renewed = reseal(ring, stored, PLACE)
    assert key_of(renewed) == new != key_of(stored)
    assert open_sealed(ring, renewed, PLACE) == "13800000001"
    assert reseal(ring, renewed, PLACE) is renewed
    with pytest.raises(SealBroken):
        reseal(ring, stored, ("contact", "mobile", "another row"))


def test_the_message_names_the_place_and_not_the_value(ring: KeyRing) -> None:
    stored = seal(ring, "13800000001", PLACE)
    with pytest.raises(SealBroken) as caught:
        open_sealed(ring, stored, ("contact", "mobile", "elsewhere"))
    assert "contact.mobile of elsewhere" in str(caught.value)
    assert stored not in str(caught.value)


@pytest.mark.parametrize("text", ["", "13800000001", "v1", "v1.a", "v2.a.b", "v1.a.b.c"])
def test_the_key_of_something_unsealed_is_empty(text: str) -> None:
    assert key_of(text) == ""


@given(values=st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=2))
def test_keyed_hashes_are_equal_for_equal_values_only(values: list[str], ring: KeyRing) -> None:
    hashes = [keyed_hash(ring, "phone", value) for value in values]
    assert (hashes[0] == hashes[1]) == (values[0] == values[1])
    assert all(len(h) == 24 and set(h) <= set("abcdefghijklmnopqrstuvwxyz234567") for h in hashes)


def test_keyed_hashes_differ_by_purpose_and_ring_and_survive_rotation(tmp_path) -> None:
    ring, _ = KeyRing.create(tmp_path / "keys.json")
    other, _ = KeyRing.create(tmp_path / "other.json")
    before = keyed_hash(ring, "phone", "+8613800000001")
    assert before != keyed_hash(ring, "phone-tail", "+8613800000001")
    assert before != keyed_hash(other, "phone", "+8613800000001")
    ring.rotate()
    assert keyed_hash(KeyRing.load(tmp_path / "keys.json"), "phone", "+8613800000001") == before
