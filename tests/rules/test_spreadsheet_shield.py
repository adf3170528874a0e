"""What a spreadsheet would calculate is shielded, and every text is itself again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlite.rules.spreadsheet_shield import shielded, unshielded
from tests.real_files import naughty_strings


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－cmd", "＠x",
        " =1+1", "\ufeff=1", "\u200b=1", "\x00=1", "\n-2+3", "'=1+1", "''=1", "-", "=", "+a@b",
    ],
)  # fmt: skip
def test_a_text_that_would_be_calculated_has_a_shield(text):
    assert shielded(text) == f"'{text}"
    assert unshielded(shielded(text)) == text


@pytest.mark.parametrize(
    "text", ["-5", "+49400000007", "-12.5", "13800000001", "a=b", "'twas so", "5-3", "", "客户=1"]
)
def test_numbers_and_all_other_texts_stay_as_they_are(text):
    assert shielded(text) == unshielded(text) == text


@given(st.text(alphabet="'=+-@＝－\t\r\n \ufeff\u200ea1."))
def test_whatever_is_written_is_read_again(text):
    assert unshielded(shielded(text)) == text


def test_the_strings_that_break_things_come_back_too():
    for text in naughty_strings():
        assert unshielded(shielded(text)) == text
