"""Cuts what is known of a record into the tokens by which it is found."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from crmlite.search.folding import fold, is_unspaced, runs, squeezed
from crmlite.search.pinyin import endings, initial_pieces, pieces

# Signs that no folded text can hold, so that nobody can type these tokens.
KEY = "="  # a number or name of the record, whole
START = "^"  # what its name begins with
HASH = "#"  # a keyed hash
GAP = "|"  # between two texts
CUT = "~"  # behind a spelling that goes on

LONGEST_TEXT = 2000
LONGEST_NAME = 200
LONGEST_WORD = 200
WHOLE = 100  # letters of a key
LETTERS = 24  # of a word or name; what is longer is found by its first 24 and so on
SPELLED = 16  # letters of pinyin
SHORTEST = 2
HASHED = re.compile(r"[a-z2-7]{24}")
DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Tokens:
    """`runs` are Chinese characters in their order, one text each; `words` all other tokens:
    words and their endings, pairs of characters, pinyin, and what is marked by a sign."""

    runs: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


def joined(parts: Iterable[Tokens]) -> Tokens:
    """All of these tokens, each word once."""
    kept = tuple(parts)
    words = dict.fromkeys(word for part in kept for word in part.words)
    return Tokens(tuple(run for part in kept for run in part.runs), tuple(words))


def tokens(text: str) -> Tokens:
    """The tokens of a text: its characters in order, its words and their endings."""
    return _of_runs(runs(fold(text[:LONGEST_TEXT])[:LONGEST_TEXT]))


def name_tokens(name: str, *, leads: bool = True) -> Tokens:
    """The tokens of a name: those of a text, how it sounds in pinyin, and how it begins.

    Without `leads` it counts as a word about the record, like a tag: nothing begins with it.
    """
    name = name[:LONGEST_NAME]
    found = runs(fold(name)[:LONGEST_TEXT])
    whole = "".join(found)
    starts = [whole[:LETTERS]]
    sounding: list[str] = []
    sequence = pieces(name)
    if any(piece.is_sound for piece in sequence):
        for spelled in (sequence, initial_pieces(sequence)):
            written = [[_cut(tail) for tail in tails] for tails in endings(spelled, SPELLED + 1)]
            starts += written[0]
            for piece, tails in zip(sequence, written, strict=True):
                if piece.is_sound:
                    sounding += tails
    if whole and leads:
        sounding += [KEY + whole[:WHOLE], *(START + start for start in starts)]
    return joined((_of_runs(found), Tokens((), tuple(sounding))))


def number_tokens(number: str) -> Tokens:
    """The tokens of a record's number: C001 is found by 1, 001 and c00 too."""
    whole = squeezed(fold(number[:LONGEST_NAME]))
    keys = dict.fromkeys(KEY + form[:WHOLE] for form in (whole, *digit_forms(whole)) if form)
    return joined((tokens(number), Tokens((), tuple(keys))))


def hash_tokens(hashes: Iterable[str]) -> Tokens:
    """The tokens of keyed hashes. ValueError for anything else: clear text must not come here."""
    values = tuple(hashes)
    for value in values:
        if not HASHED.fullmatch(value):
            raise ValueError("this is no keyed hash")
    return Tokens((), tuple(HASH + value for value in values))


def word_tokens(word: str) -> Iterator[str]:
    """A word and its endings, each cut after 24 letters; the numbers in it with and without 0."""
    word = word[:LONGEST_WORD]
    for place in range(max(len(word) - SHORTEST, 0) + 1):
        yield word[place : place + LETTERS]
    yield from digit_forms(word)


def pairs(characters: str) -> list[str]:
    """Each two characters that stand side by side: far fewer records have both than have each."""
    return [characters[place : place + 2] for place in range(len(characters) - 1)]


def digit_forms(word: str) -> Iterator[str]:
    """The numbers in a word, as they stand and without leading zeros."""
    for digits in DIGITS.findall(word):
        yield digits[:LETTERS]
        if digits[0] == "0":
            yield (digits.lstrip("0") or "0")[:LETTERS]


def _of_runs(found: Iterable[str]) -> Tokens:
    characters = ""
    words: dict[str, None] = {}
    for run in found:
        if is_unspaced(run[0]):
            characters += run
        else:
            words.update(dict.fromkeys(word_tokens(run)))
    words.update(dict.fromkeys(pairs(characters)))
    return Tokens((characters,) if characters else (), tuple(words))


def _cut(spelling: str) -> str:
    return spelling if len(spelling) <= SPELLED else spelling[:SPELLED] + CUT
