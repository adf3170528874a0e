"""What is cut from names and numbers, held against what people type."""

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from crmlite.search.folding import fold, runs
from crmlite.search.pinyin import pieces
from crmlite.search.tokens import (
    LONGEST_NAME,
    Tokens,
    hash_tokens,
    name_tokens,
    number_tokens,
    tokens,
)
from crmlite.search.typed import Either, Every, Exact, Except, Phrase, Prefix, query

HAN = "中国上海北京科技有限公司重庆长安汽车单曾朴吕布臺灣積體電路乾隆淼鑫"
LATIN = "abcdefghijklmnopqrstuvwxyzABCXYZ0123456789éüßłø"
NAMES = st.text(alphabet=HAN + LATIN + " -.（）&", min_size=1, max_size=60)
NAMED = NAMES.filter(lambda name: runs(fold(name)))


def holds(condition, found: Tokens) -> bool:
    """Whether tokens fulfil a condition, said once more without any database."""
    match condition:
        case Exact(token):
            return token in found.words or any(token in run for run in found.runs)
        case Prefix(token):
            return any(word.startswith(token) for word in found.words)
        case Phrase(characters):
            return any(characters in run for run in found.runs)
        case Every(parts):
            return all(holds(part, found) for part in parts)
        case Either(parts):
            return any(holds(part, found) for part in parts)
        case Except(wanted, unwanted):
            return holds(wanted, found) and not holds(unwanted, found)


def finds(typed: str, found: Tokens) -> bool:
    question = query(typed)
    return question is not None and holds(question.anywhere, found)


@settings(deadline=None)
@given(NAMES, st.data())
@example("Donaudampfschifffahrtsgesellschaftskapitän" * 3, None)
def test_any_part_of_a_name_finds_it(name, data):
    indexed = name_tokens(name)
    for run in runs(fold(name)):
        is_han = run[0] in fold(HAN)
        least = 1 if is_han or len(run) == 1 else 2
        places = [
            (start, end) for start in range(len(run)) for end in range(start + least, len(run) + 1)
        ]
        for start, end in places if len(run) < 12 else places[:: max(len(places) // 60, 1)]:
            assert finds(run[start:end], indexed), run[start:end]


@settings(deadline=None)
@given(NAMED, st.data())
def test_a_piece_that_reaches_over_several_words_finds_it(name, data):
    found = runs(fold(name))
    first = data.draw(st.integers(0, len(found) - 1))
    last = data.draw(st.integers(first, len(found) - 1))
    head = found[first]
    least = 1 if head[0] in fold(HAN) else min(2, len(head))
    typed = [head[data.draw(st.integers(0, len(head) - least)) :], *found[first + 1 : last]]
    if last > first:
        typed.append(found[last][: data.draw(st.integers(1, len(found[last])))])
    assert finds(" ".join(typed), name_tokens(name)), typed


@settings(deadline=None)
@given(NAMES)
def test_the_beginning_of_a_word_finds_it_at_any_length(name):
    for word in runs(fold(name)):
        for length in range(1, len(word) + 1):
            assert finds(word[:length], name_tokens(name)), word[:length]


@settings(deadline=None)
@given(NAMED, st.integers(1, 60))
def test_what_a_name_begins_with_is_known(name, length):
    start = query(name[:length])
    assume(start is not None)
    assert holds(start.beginning, name_tokens(name))
    assert not holds(start.beginning, name_tokens(name, leads=False))


@settings(deadline=None)
@given(NAMED)
def test_a_whole_name_is_known_as_such(name):
    assert holds(query(name).exactly, name_tokens(name))


@settings(deadline=None)
@given(
    st.text(alphabet="中国上海北京科技重庆长安单曾朴吕布臺灣", min_size=1, max_size=30), st.data()
)
def test_the_usual_pinyin_from_any_character_on_finds_a_name(name, data):
    indexed = name_tokens(name)
    sounds = [piece.choices[0] for piece in pieces(name)]
    start = data.draw(st.integers(0, len(sounds) - 1))
    spelled = "".join(sounds[start:])
    typed = spelled[: data.draw(st.integers(1, len(spelled)))]
    assert finds(typed, indexed), typed
    short = "".join(sound[0] for sound in sounds[start:])
    assert finds(short[: data.draw(st.integers(1, len(short)))], indexed), short


@pytest.mark.parametrize("typed", ["C001", "c001", "001", "01", "1", "c0", "C 001"])
def test_a_number_is_found_with_and_without_its_letters_and_zeros(typed):
    assert finds(typed, number_tokens("C001"))


@pytest.mark.parametrize("typed", ["C001", "001", "1"])
def test_a_whole_number_is_known_as_such(typed):
    assert holds(query(typed).exactly, number_tokens("C001"))
    assert not holds(query("C00").exactly, number_tokens("C001"))


def test_a_dated_number_is_found_by_its_end():
    assert finds("0501001", number_tokens("C20240501001"))
    assert finds("20240501", number_tokens("C20240501001"))


def test_only_keyed_hashes_pass_as_hashes():
    assert hash_tokens(["a2b3c4d5e6f7a2b3c4d5e6f7"]).words == ("#a2b3c4d5e6f7a2b3c4d5e6f7",)
    for clear in ("13812345678", "clara@riverton.example", "", "5678", "A" * 24):
        with pytest.raises(ValueError, match="hash"):
            hash_tokens([clear])


@settings(deadline=None)
@given(st.text())
def test_no_text_makes_a_token_that_only_crmlite_makes(text):
    for made in (tokens(text), name_tokens(text, leads=False)):
        for word in made.words:
            assert not set("=^#|~") & set(word.removesuffix("~")), word
            assert word != "~"
        for run in made.runs:
            assert "|" not in run


@settings(deadline=None)
@given(st.text(min_size=500, max_size=5000))
def test_long_texts_make_a_bounded_number_of_tokens(text):
    found = name_tokens(text)
    assert len(found.words) < LONGEST_NAME * 30
    assert max((len(word.encode()) for word in found.words), default=0) < 2000


def test_empty_texts_make_no_tokens():
    for empty in ("", "  ", "…", "\ud800"):
        assert tokens(empty) == name_tokens(empty) == number_tokens(empty) == Tokens()
