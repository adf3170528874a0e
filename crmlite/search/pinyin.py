"""How Chinese names sound: for sorting them and for finding them by pinyin and initials."""

import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import NamedTuple

from crmlite.search.folding import SIMPLIFIED, is_han, is_unspaced, runs, unified
from crmlite.search.readings import COMPOUND_SURNAMES, ONE_SOUND, SURNAMES, WORDS

LONGEST_SORT = 200
MOST_READINGS = 8
MOST_ODD = 1000
TONES = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}
NEUTRAL = "5"
DIGITS = re.compile(r"[0-9]+")


class Piece(NamedTuple):
    """A part of a name: how a Chinese character may sound, or a word written in letters."""

    choices: tuple[str, ...]
    is_sound: bool


class Readings:
    """pypinyin's readings of single characters, `zhòng,chóng`, in a tenth of its memory.

    Its phrases are not needed, since every reading is indexed.
    """

    def __init__(self) -> None:
        known = _pinyin_dict()
        self._kinds = tuple(sorted(set(known.values())))
        places = {listed: place for place, listed in enumerate(self._kinds)}
        self._codes = array("I", sorted(known))
        self._places = array("H", (places[known[code]] for code in self._codes))

    def of(self, code: int) -> str:
        """The readings of a code point with commas between, the usual one first; "" for none."""
        place = bisect_left(self._codes, code)
        if place == len(self._codes) or self._codes[place] != code:
            return ""
        return self._kinds[self._places[place]]


def _pinyin_dict() -> dict[int, str]:
    # Only the module with the table is run: the package around it costs as much memory again.
    package = find_spec("pypinyin")
    assert package is not None
    assert package.origin is not None
    place = Path(package.origin).with_name("pinyin_dict.py")
    spec = spec_from_file_location("pinyin_dict", place)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    found: dict[int, str] = module.pinyin_dict
    return found


@cache
def _readings() -> Readings:
    return Readings()


@lru_cache(maxsize=8192)
def toned(character: str) -> tuple[str, ...]:
    """The readings of a character, the usual one first, tones as digits; `lv4` for lǜ."""
    known = _readings()
    listed = known.of(ord(character)) or known.of(ord(SIMPLIFIED[ord(character)]))
    return tuple(dict.fromkeys(_with_digit(reading) for reading in listed.split(",") if reading))


@lru_cache(maxsize=8192)
def sounds(character: str) -> tuple[str, ...]:
    """The readings without tones; those of the simplified character too; lü as `lv` and `lu`."""
    found = [reading[:-1] for reading in toned(character)]
    if character in ONE_SOUND:
        found = found[:1]
    simple = SIMPLIFIED[ord(character)]
    if simple != character:
        found += sounds(simple)
    found += [reading.replace("v", "u") for reading in found if "v" in reading]
    return tuple(dict.fromkeys(found))


def _with_digit(reading: str) -> str:
    plain, tone = "", NEUTRAL
    for character in unicodedata.normalize("NFD", reading.replace("ü", "v")):
        tone = TONES.get(character, tone)
        if character == "\u0308":  # what NFD leaves of ǘ is u and two dots
            plain = f"{plain[:-1]}v"
        elif character.isascii():
            plain += character
    return plain + tone


def name_sort(name: str, *, person: bool | None = None) -> str:
    """By what a name is sorted: its pinyin with tones among Latin names in small letters.

    Plain ASCII of at most 200 characters, so that both databases order it alike, byte by byte:
    阿里 before Anna before 中国, 陈 before 程, Room 2 before Room 10. For a person the surname is
    read as a surname (单 as shan); None guesses from the name whether it is one.
    """
    text = unified(name)
    is_person = looks_like_person(text) if person is None else person
    parts: list[str] = []
    for run in runs(text):
        if is_unspaced(run[0]):
            parts += spoken(run, person=is_person and not parts)
        else:
            parts.append(DIGITS.sub(_sortable_number, run))
    if not parts and text.strip():
        parts = list(text.strip())
    return " ".join(_ascii(part) for part in parts)[:LONGEST_SORT].rstrip()


def looks_like_person(name: str) -> bool:
    """Whether a name has the form of a Chinese person's: a surname and one or two characters."""
    bare = name.replace("·", "").strip()
    if len(bare) < 2 or not all(map(is_han, bare)) or bare[:2] in WORDS:
        return False
    return len(bare) - (2 if bare[:2] in COMPOUND_SURNAMES else 1) in (0, 1, 2)


@lru_cache(maxsize=1024)  # a name is asked for its order, and then for what it is found by
def spoken(characters: str, *, person: bool = False) -> tuple[str, ...]:
    """The likeliest reading of each Chinese character, with tones; others stay as they are."""
    syllables: list[str] = []
    if person:
        if characters[:2] in COMPOUND_SURNAMES:
            syllables += COMPOUND_SURNAMES[characters[:2]]
        elif characters[0] in SURNAMES:
            syllables.append(SURNAMES[characters[0]])
    while len(syllables) < len(characters):
        place = len(syllables)
        word = characters[place : place + 2]
        if word in WORDS:
            syllables += WORDS[word]
        else:
            syllables.append(next(iter(toned(word[0])), word[0]))
    return tuple(syllables)


def _sortable_number(match: re.Match[str]) -> str:
    """A number behind the count of its digits, so that 2 comes before 10."""
    digits = match[0].lstrip("0") or "0"
    return f"{min(len(digits), 9)}{digits}"


def _ascii(part: str) -> str:
    """Signs without a Latin form go behind all Latin ones, in the order of their codes."""
    if part.isascii():
        return part
    return "".join(sign if sign.isascii() else f"~{ord(sign):05x}" for sign in part)


def pieces(name: str) -> list[Piece]:
    """A name in order: its Chinese characters with their sounds, its words as they are."""
    found: list[Piece] = []
    text = unified(name)
    for run in runs(text):
        if is_unspaced(run[0]):
            likely = spoken(run, person=not found and looks_like_person(text))
            heard = map(_piece, run, likely)
            found += [piece for piece in heard if piece.choices]
        else:
            found.append(Piece((run,), False))
    return found


@lru_cache(maxsize=8192)
def _piece(character: str, likely: str) -> Piece:
    heard = sounds(character)
    return Piece(tuple(dict.fromkeys((likely[:-1], *heard))) if heard else (), True)


def initial_pieces(sequence: Sequence[Piece]) -> list[Piece]:
    """The same pieces with sounds cut to their first letter."""
    return [_initial(piece) if piece.is_sound else piece for piece in sequence]


@lru_cache(maxsize=8192)
def _initial(piece: Piece) -> Piece:
    return Piece(tuple(dict.fromkeys(sound[0] for sound in piece.choices)), True)


def endings(sequence: Sequence[Piece], longest: int) -> list[list[str]]:
    """From each piece on, what follows written as one: at most 8 spellings, first the likeliest.

    Each is cut after `longest` letters.
    """
    following = {"": 0}  # spelling: how far it is from the likeliest one
    found: list[list[str]] = []
    for choices, _ in reversed(sequence):
        if len(choices) == len(following) == 1:  # most often
            following = {(choices[0] + next(iter(following)))[:longest]: 0}
            found.append(list(following))
            continue
        spelled: dict[str, int] = {}
        for oddity, choice in enumerate(choices):
            for rest, odd in following.items():
                text = (choice + rest)[:longest]
                if spelled.get(text, MOST_ODD) > oddity + odd:
                    spelled[text] = oddity + odd
        if len(spelled) > MOST_READINGS:
            likeliest = sorted(spelled, key=spelled.__getitem__)[:MOST_READINGS]
            spelled = {text: spelled[text] for text in likeliest}
        following = spelled
        found.append(list(spelled))
    found.reverse()
    return found


def sounds_so(name: str, typed: str) -> bool:
    """Whether a name can be typed so from one of its characters on, in pinyin or by initials."""
    sequence = pieces(name)
    return any(
        _leads(spelled, place, typed)
        for spelled in (sequence, initial_pieces(sequence))
        for place in range(len(spelled))
    )


def _leads(sequence: Sequence[Piece], place: int, typed: str) -> bool:
    return place < len(sequence) and any(
        choice.startswith(typed)
        or (typed.startswith(choice) and _leads(sequence, place + 1, typed[len(choice) :]))
        for choice in sequence[place].choices
    )


def readings(name: str) -> list[str]:
    """A name as it may be typed in pinyin, without blanks: at most 8 spellings."""
    return next(iter(endings(pieces(name), LONGEST_SORT)), [])


def initials(name: str) -> list[str]:
    """The initials of a name in pinyin: 科技 is `kj`; at most 8."""
    return next(iter(endings(initial_pieces(pieces(name)), LONGEST_SORT)), [])
