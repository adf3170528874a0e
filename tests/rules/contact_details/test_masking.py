"""A masked value can be recognised by those who know it, and learnt by nobody else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlite.rules.contact_details import is_mask, masked


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        ("phone", "13812345678", "138****5678"),
        ("phone", "+49400000007", "+49****0007"),
        ("phone", "020-88000004-801", "020****0004"),
        ("phone", "+15551234567 ext 12", "+15****4567"),
        ("phone", "88000004", "****0004"),
        ("phone", "95588", "****"),
        ("email", "carol@riverton.example", "c***@riverton.example"),
        ("email", "c@riverton.example", "***@riverton.example"),
        ("email", "no address", "***"),
        ("im", "lina88", "l***"),
        ("amount", "1200", "••••"),
        ("text", "peanuts", "••••"),
    ],
)
def test_what_stays_readable(kind, text, shown):
    assert masked(kind, text) == shown
    assert is_mask(kind, f" {shown}")
    assert not is_mask(kind, text)


@pytest.mark.parametrize("kind", ["phone", "email", "im", "amount", "text"])
def test_nothing_stays_nothing(kind):
    assert masked(kind, " ") == ""


@given(st.from_regex(r"1[3-9]\d{9}", fullmatch=True))
def test_the_middle_of_a_mobile_never_shows(number):
    assert masked("phone", number) == f"{number[:3]}****{number[-4:]}"


@given(st.sampled_from(["phone", "email", "im", "amount", "text"]), st.text(min_size=1))
def test_no_text_is_too_much_and_none_passes_whole(kind, text):
    assert not text.strip() or masked(kind, text) != text.strip() or "*" in text or "•" in text
