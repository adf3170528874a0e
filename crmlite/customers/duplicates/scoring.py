"""How alike two records are, of what is written in them.

Each trait that both have speaks for or against them being one, in points: about the binary
logarithm of how much likelier it is so among records of one customer than among those of two. What
one of them lacks says nothing.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from crmlite.rules.names import name_key
from crmlite.search.pinyin import name_sort

LIKELY = 9.0
MOBILE_AT_HOME = re.compile(r"\+861[3-9]")
HAN = re.compile(r"[\u3400-\u9fff]")
TONES = re.compile(r"(?<=[a-z])[1-5]\b")
NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Traits:
    """What a record is compared by. Phones, e-mail addresses and messenger accounts are in a form in
    which equal ones are equal; where only hashes are at hand, these serve too. `key` and `sound` are
    those of the name, where somebody has them already."""

    name: str = ""
    kind: str = "company"
    number: str | None = None
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    ims: frozenset[str] = frozenset()
    birthday: date | None = None
    address: str = ""
    key: str = ""
    sound: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How alike two records are: what speaks for them being one, and whether that is enough."""

    score: float
    reasons: tuple[str, ...]

    @property
    def likely(self) -> bool:
        """Whether they are likely to be one."""
        return self.score >= LIKELY


def compare(one: Traits, other: Traits) -> Verdict:
    """How alike two records are."""
    found = [*_by_names(one, other), *_by_reach(one, other), *_by_birthday(one, other)]
    return Verdict(
        sum(points for _reason, points in found),
        tuple(dict.fromkeys(reason for reason, points in found if points > 0)),
    )


def blocks(record: Traits) -> set[str]:
    """Under which keys a record is filed, so that only those that share one need be compared."""
    found = {f"phone {one}" for one in record.phones} | {f"email {one}" for one in record.emails}
    found |= {f"im {one}" for one in record.ims}
    if record.number:
        found.add(f"number {record.number}")
    if record.birthday:
        found.add(f"birthday {record.birthday}")
    if record.name:
        found.add(f"name {key_of(record)}")
        found.add(f"sound {' '.join(sorted(sound_of(record).split()))}")
    said = plain(record.address).split()
    numbers = [word for word in said if word[:1].isdigit()]
    found |= {f"at {word[:4]} {number}" for word in words(record.name) for number in numbers}
    if numbers:
        street = said[said.index(numbers[0]) + 1 :][:1]
        found |= {f"house {numbers[0]} {word[:4]}" for word in street}
    return found


Evidence = Iterator[tuple[str, float]]


def _by_names(one: Traits, other: Traits) -> Evidence:
    if one.number and one.number == other.number:
        yield "number", 6
    if not one.name or not other.name:
        return
    is_person = "person" in (one.kind, other.kind)
    mine, theirs = sound_of(one), sound_of(other)
    if same_name(one, other, is_person=is_person):
        yield "name", 10 if is_person else 14
    elif mine == theirs:
        yield "pinyin", 10 if mine.count(" ") >= 2 else 7  # the longer, the rarer
    elif TONES.sub("", mine) == TONES.sub("", theirs):
        yield "pinyin", 6
    elif HAN.search(one.name + other.name):
        yield "near_name", by_characters(key_of(one), key_of(other))
    else:
        yield "near_name", by_words(words(one.name), words(other.name))


def _by_reach(one: Traits, other: Traits) -> Evidence:
    """Phones, accounts and the place. That two of one place have one telephone tells nothing more."""
    if one.emails & other.emails:
        yield "email", 18
    if one.ims & other.ims:
        yield "im", 14
    place = by_address(one.address, other.address) if one.address and other.address else 0
    if phones := one.phones & other.phones:
        mobile = any(map(MOBILE_AT_HOME.match, phones))
        yield "phone", 18 if mobile else 16 if place <= 0 else 12 - place
    elif one.phones and other.phones:
        yield "phone", -2
    yield "address", place


def _by_birthday(one: Traits, other: Traits) -> Evidence:
    if one.birthday and other.birthday:
        yield "birthday", by_birthday(one.birthday, other.birthday)


def same_name(one: Traits, other: Traits, *, is_person: bool) -> bool:
    """Whether two names are one, however they are spelled; of people in either order."""
    if key_of(one) == key_of(other):
        return True
    return is_person and sorted(words(one.name)) == sorted(words(other.name))


def by_characters(one: str, other: str) -> float:
    """What it says that two names in Chinese characters differ as they do."""
    near = _similarity(one, other)
    if near >= 0.75:
        return 7
    if one in other or other in one:
        return 4
    return -4 if near >= 0.5 else -7


def by_words(mine: list[str], theirs: list[str]) -> float:
    """What it says that two names in words differ as they do."""
    if max(_near(mine, theirs), _near(sorted(mine), sorted(theirs))) >= 0.75:
        return 7
    met = [(a, b) for a in mine for b in theirs if _is_one_word(a, b)]
    if not met:
        return -7
    left = {a for a, _ in met} < set(mine), {b for _, b in met} < set(theirs)
    return -4 if all(left) else 4  # where both have words of their own, they name two


def _near(mine: list[str], theirs: list[str]) -> float:
    return _similarity(" ".join(mine), " ".join(theirs))


def _similarity(one: str, other: str) -> float:
    """How alike two texts are, from 0 to 1: the share of letters that need no change."""
    from rapidfuzz.distance import OSA  # 4 MB, for processes in which somebody is compared

    return OSA.normalized_similarity(one, other)


def _is_one_word(one: str, other: str) -> bool:
    """Whether two words are one, one of them mistyped or cut short."""
    short, long = sorted((one, other), key=len)
    if len(short) < 3:
        return one == other
    return long.startswith(short) or _similarity(one, other) >= 0.75


def by_birthday(one: date, other: date) -> float:
    """What two birthdays say: the same, or one mistyped, with day and month swapped, or another."""
    if one == other:
        return 10
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return 6
    one_digit = 1 - 1 / len("YYYYMMDD")
    return 6 if _similarity(f"{one:%Y%m%d}", f"{other:%Y%m%d}") == one_digit else -5


def by_address(one: str, other: str) -> float:
    """What two addresses say."""
    from rapidfuzz.fuzz import ratio, token_sort_ratio

    mine, theirs = plain(one), plain(other)
    if mine == theirs:
        return 8
    near = max(ratio(mine, theirs), token_sort_ratio(mine, theirs))
    numbers = set(NUMBERS.findall(mine)), set(NUMBERS.findall(theirs))
    if near >= 80:
        return 3 if all(numbers) and numbers[0].isdisjoint(numbers[1]) else 7
    return 3 if near >= 65 else -4


def words(name: str) -> list[str]:
    """The words of a name, without signs, width, case and accents."""
    return plain(name).split()


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """A text without signs, and without differences of width, case and accents."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(c for c in folded if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w\s]|_", " ", bare.replace("'", "")).split())


def key_of(record: Traits) -> str:
    """What is the same for all spellings of a name."""
    return record.key or name_key(record.name)


def sound_of(record: Traits) -> str:
    """How a name sounds."""
    return record.sound or _sound(record.name, record.kind)


@lru_cache(maxsize=8192)
def _sound(name: str, kind: str) -> str:
    return name_sort(name, person=kind == "person")
