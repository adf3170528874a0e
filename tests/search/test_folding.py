"""Different ways of writing the same come to one form."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlite.search.folding import fold, runs, squeezed


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Anna", "anna"),
        ("ＡＢＣ１２３", "abc123"),
        ("Łódź", "lodz"),
        ("Straße", "strasse"),
        ("Ærø", "aero"),
        ("臺灣積體電路", "台湾积体电路"),
        ("乾隆", "干隆"),  # one by one, so that 乾 alone finds it
        ("ｶﾀｶﾅ", "カタカナ"),
        ("한국", "한국"),
        ("i\u0307stanbul", "istanbul"),
        ("½", "1⁄2"),
        ("a\ud800b", "a b"),
        ("", ""),
    ],
)
def test_spellings_come_to_one_form(written, folded):
    assert fold(written) == folded


@settings(deadline=None)
@given(st.text())
def test_what_is_folded_stays_as_it_is(text):
    assert fold(fold(text)) == fold(text)


@settings(deadline=None)
@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)))
def test_what_a_character_becomes_does_not_depend_on_its_neighbours(text):
    assert fold(text) == "".join(map(fold, text))


def test_words_and_runs_are_told_apart():
    assert runs(fold("華為P40手机, École—foo_bar हिन्दी さくら")) == [
        "华为",
        "p40",
        "手机",
        "ecole",
        "foo",
        "bar",
        "हिन्दी",
        "さくら",
    ]


@settings(deadline=None)
@given(st.text())
def test_no_run_holds_a_blank_a_sign_or_half_a_character(text):
    for run in runs(fold(text)):
        for character in run:
            assert character not in " \t\n\x00\"'\\:*()&|!<>^=#~._-+{}%"
            assert unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zs", "Zl", "Zp")


def test_a_squeezed_text_has_letters_and_digits_only():
    assert squeezed(fold("Anna  Kowalski-Berg (Ltd.)")) == "annakowalskibergltd"
