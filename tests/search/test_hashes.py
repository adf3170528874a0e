"""What is typed is hashed as what is kept."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlite.db.keyring import KeyRing
from crmlite.db.sealing import keyed_hash
from crmlite.rules.contact_details.reading import CHINA
from crmlite.search.hashes import hashes_of


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    made, _code = KeyRing.create(tmp_path_factory.mktemp("keys") / "keys.json")
    return made


@pytest.mark.parametrize(
    ("typed", "purpose", "form"),
    [
        ("13812345678", "phone", "+8613812345678"),
        (" +86 138 1234 5678 ", "phone", "+8613812345678"),
        ("１３８-1234-5678", "phone", "+8613812345678"),
        ("021-6888 8888", "phone", "+862168888888"),
        ("5678", "phone-tail", "5678"),
        ("５６７８", "phone-tail", "5678"),
        ("0007", "phone-tail", "0007"),
        ("1391", "phone-tail", "1391"),
        ("8613", "phone-tail", "8613"),
        ("Clara@Riverton.Example", "email", "clara@riverton.example"),
        ("Clara", "email-name", "clara"),
        ("clara@", "email-name", "clara"),
        ("Riverton.Example", "email-domain", "riverton.example"),
        ("@Riverton.Example", "email-domain", "riverton.example"),
        ("WX_Clara", "im", "wx_clara"),
    ],
)
def test_each_form_of_a_text_has_its_hash(ring, typed, purpose, form):
    assert keyed_hash(ring, purpose, form) in hashes_of(ring, typed, CHINA)


@pytest.mark.parametrize("typed", ["138", "45678", "13812345678", "567 8x", "五六七八"])
def test_only_four_digits_are_taken_for_the_end_of_a_number(ring, typed):
    for tail in ("5678", "138", typed):
        assert keyed_hash(ring, "phone-tail", tail) not in hashes_of(ring, typed, CHINA)


@settings(deadline=None)
@given(st.text(max_size=400))
def test_any_text_has_hashes_or_none(ring, text):
    for value in hashes_of(ring, text, CHINA):
        assert len(value) == 24
    assert (
        hashes_of(ring, "\ud800", CHINA)
        == hashes_of(ring, "a" * 300, CHINA)
        == hashes_of(ring, "  ", CHINA)
        == []
    )
