"""What somebody types into the search box, as conditions over tokens that no text can break."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crmlite.search.folding import fold, is_unspaced, runs, squeezed
from crmlite.search.tokens import CUT, HASH, KEY, LETTERS, SPELLED, START, WHOLE, pairs

LONGEST_QUERY = 200
MOST_PARTS = 12
LISTED = 3  # letters
# How names of companies end, spelled: what nearly all records have is found by these as a whole, for
# half of it an index would have to gather all of them first.
ENDINGS = ("youxiangongsi", "gongsi", "limited", "company")


@dataclass(frozen=True, slots=True)
class Exact:
    """Has this token."""

    token: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """Has a token that begins so."""

    token: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Has these characters one after the other."""

    characters: str


@dataclass(frozen=True, slots=True)
class Every:
    """All of these hold."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of these holds."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Except:
    """`wanted` holds and `unwanted` does not."""

    wanted: "Condition"
    unwanted: "Condition"


Condition = Exact | Prefix | Phrase | Every | Either | Except


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for: `words` as typed and folded, and three conditions, the narrowest first.

    `exactly` is a number, whole name, phone or e-mail; `beginning` the start of a name;
    `anywhere` any part of anything. `ending` is the last of these for words that end where what was
    typed ends, or as names of companies do, which the index knows by themselves; None where no word
    is long enough to matter.
    """

    words: tuple[str, ...]
    exactly: Condition
    beginning: Condition
    anywhere: Condition
    ending: Condition | None = None

    def conditions(self) -> tuple[Condition, ...]:
        """All of them, in the order in which they are asked."""
        last = (self.anywhere,) if self.ending is None else (self.ending, self.anywhere)
        return (self.exactly, self.beginning, *last)


def query(text: str, hashes: Sequence[str] = ()) -> Question | None:
    """The question that a text asks; None when there is no letter or digit in it.

    `hashes` are keyed hashes of what the text may be, a phone number or an e-mail address.
    """
    folded = fold(text[:LONGEST_QUERY])[:LONGEST_QUERY]
    words = tuple(runs(folded)[:MOST_PARTS])
    if not words:
        return None
    whole = squeezed(folded)
    start = START + whole[:LETTERS]
    return Question(
        words,
        exactly=either(Exact(KEY + whole[:WHOLE]), *(Exact(HASH + value) for value in hashes)),
        beginning=either(Prefix(start), *(Exact(START + tail) for tail in _cut(whole))),
        anywhere=every(*(_part(word) for word in words)),
        ending=every(*(_ended(word) if _is_long(word) else _part(word) for word in words))
        if any(map(_is_long, words))
        else None,
    )


def word_conditions(question: Question) -> list[Condition]:
    """What each word or run of characters asks for by itself."""
    return [_part(word) for word in question.words]


def every(*parts: Condition) -> Condition:
    """All of these conditions."""
    return parts[0] if len(parts) == 1 else Every(parts)


def either(*parts: Condition) -> Condition:
    """Any of these conditions."""
    return parts[0] if len(parts) == 1 else Either(parts)


def _part(word: str) -> Condition:
    """One word or run of characters, anywhere in a record."""
    if is_unspaced(word[0]):
        return _in_order(word)
    return either(_written(word), *(Exact(tail) for tail in _cut(word)))


def _is_long(word: str) -> bool:
    """Whether an index must gather all that begins so; of shorter words it has lists."""
    return LISTED < len(word) <= LETTERS and not is_unspaced(word[0])


def _ended(word: str) -> Condition:
    """A word as a whole, or of which a common ending is the whole."""
    return either(
        Exact(word), *(Exact(one) for one in ENDINGS if one != word and one.startswith(word))
    )


def _in_order(characters: str) -> Condition:
    """Characters one after the other; their pairs lead to the few records that can have them."""
    if len(characters) <= 2:
        return Exact(characters)
    return every(*map(Exact, pairs(characters)[:MOST_PARTS]), Phrase(characters))


def _written(word: str) -> Condition:
    """A word in letters; of a long one every piece, as its endings are cut to that length too."""
    last = max(len(word) - LETTERS, 0)
    places = [*range(0, last, LETTERS), last]
    return every(*(Prefix(word[place : place + LETTERS]) for place in places))


def _cut(word: str) -> Iterator[str]:
    """What was kept of a long spelling in pinyin."""
    if len(word) > SPELLED and word.isascii():
        yield word[:SPELLED] + CUT
