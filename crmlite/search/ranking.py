"""Which of the records found come first."""

from enum import IntEnum

from crmlite.search.folding import squeezed
from crmlite.search.typed import Question


class Rank(IntEnum):
    """How well a record fits; lower is better."""

    KEY = 0  # its number, phone or mail address
    NAME = 1  # its name, whole
    BEGINNING = 2  # its name begins so
    SOUND = 3  # its name begins so in pinyin
    WORD = 4  # a word of its name begins so
    PART = 5  # its name has it in the middle
    OTHER = 6  # a tag, an address, another name


def rank_of(question: Question, title: str, *, exact: bool, beginning: bool) -> Rank:
    """The rank of a record with this folded title, found by one of the narrow conditions or not."""
    whole = "".join(question.words)
    name = squeezed(title)
    if exact:
        return Rank.NAME if name == whole else Rank.KEY
    if beginning:
        return Rank.BEGINNING if name.startswith(whole) else Rank.SOUND
    if all(f" {word}" in f" {title}" for word in question.words):
        return Rank.WORD
    if all(word in title for word in question.words):
        return Rank.PART
    return Rank.OTHER
