"""What people type or paste comes in clean, and nothing that they meant is lost."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlite.rules.text import clean_int, clean_text, folded, says_nothing

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


def codes(checked):
    """The codes of what was noticed."""
    return [problem.code for problem in checked.problems]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param("  苏州云杉  ", "苏州云杉", id="outer blanks go"),
        pytest.param("\u3000云杉\u00a0", "云杉", id="wide and fixed blanks go"),
        pytest.param("Cafe\u0301", "Café", id="accents are composed"),
        pytest.param("a\tb\r\nc", "a b c", id="one line stays one line"),
        pytest.param("\ufeff云杉\u200b机械", "云杉机械", id="marks without meaning go"),
        pytest.param(FAMILY, FAMILY, id="a family of emoji stays one"),
        pytest.param(ENGLAND, ENGLAND, id="a flag of tags stays one"),
        pytest.param("می\u200cخواهم", "می\u200cخواهم", id="a joiner within a word stays"),
        pytest.param("\u200d\u2800 \u3164", "", id="what cannot be seen is nothing"),
    ],
)
def test_one_line_is_kept_as_it_was_meant(typed, kept):
    checked = clean_text(typed, max_length=100)
    assert checked.value == kept
    assert checked.problems == ()


def test_several_lines_keep_breaks_and_tabs():
    assert clean_text("a\r\nb\rc\u2028d\te", max_length=20, lines=True).value == "a\nb\nc\nd\te"


@pytest.mark.parametrize("control", ["\x00", "\x1b", "\x85\x9f", "\u202e", "\u2066", "\ufffe"])
def test_controls_are_removed_and_it_is_said(control):
    checked = clean_text(f"云杉{control}机械", max_length=100, lines=True)
    assert control not in checked.value
    assert codes(checked) == ["text_cleaned"]
    assert checked.ok


@pytest.mark.parametrize(
    ("typed", "code"),
    [("half \ud83d", "text_broken"), ("x" * 11, "text_too_long"), (None, "text_expected")],
)
def test_what_cannot_be_kept_is_refused(typed, code):
    checked = clean_text(typed, max_length=10)
    assert (checked.value, codes(checked), checked.ok) == (None, [code], False)


def test_length_counts_what_is_kept():
    assert clean_text(" " * 50 + "x" * 10, max_length=10).value == "x" * 10


@given(st.text())
def test_cleaning_twice_changes_nothing_more(typed):
    once = clean_text(typed, max_length=10_000).value
    assert clean_text(once, max_length=10_000).value == once
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in once)


@pytest.mark.parametrize(
    ("typed", "number"),
    [("12", 12), ("１２", 12), (" 1,200 ", 1200), ("-3", -3), (7, 7), ("", None), ("+0", 0)],
)
def test_whole_numbers_are_read(typed, number):
    checked = clean_int(typed, least=-10, most=2000)
    assert (checked.value, checked.problems) == (number, ())


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        pytest.param("٣", "whole_number_expected", id="digits of another script"),
        pytest.param("5²", "whole_number_expected", id="a superscript is no digit"),
        pytest.param("1e3", "whole_number_expected", id="no powers"),
        pytest.param("1.0", "whole_number_expected", id="no decimals"),
        pytest.param("1,20", "whole_number_expected", id="a comma at the wrong place"),
        pytest.param("9" * 5000, "whole_number_expected", id="endless digits"),
        pytest.param("9" * 20, "number_out_of_range", id="beyond every database"),
        pytest.param("-11", "number_out_of_range", id="below the least"),
        pytest.param(True, "whole_number_expected", id="a truth value"),
        pytest.param(1.0, "whole_number_expected", id="a fraction by type"),
    ],
)
def test_other_things_are_no_whole_numbers(typed, code):
    assert codes(clean_int(typed, least=-10, most=2000)) == [code]


@given(st.integers())
def test_a_number_comes_back_exactly_when_it_is_within_bounds(number):
    checked = clean_int(str(number), least=-(10**6), most=10**6)
    assert checked.value == (number if abs(number) <= 10**6 else None)


def test_full_width_forms_fold_and_other_signs_stay():
    assert folded("　Ａｂ１＠，￥") == "Ab1@,¥"
    assert folded("①²") == "①²"


@pytest.mark.parametrize("cell", ["", " - ", "－", "无", "N/A", "/", "——"])
def test_cells_that_say_nothing(cell):
    assert says_nothing(cell)


@pytest.mark.parametrize("cell", ["0", "否", "No", "-5"])
def test_cells_that_say_something(cell):
    assert not says_nothing(cell)
