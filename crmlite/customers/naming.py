"""What follows from the names of a customer and its people: how they sort, by what they are compared
and found. Most of what adding a customer costs, and asks neither the book nor its settings."""

from collections.abc import Sequence
from typing import NamedTuple

from crmlite.rules.names import name_key
from crmlite.search.entries import tokens_of
from crmlite.search.pinyin import name_sort
from crmlite.search.tokens import Tokens


class Named(NamedTuple):
    """All that: `contacts` are the sort names of its people in order; `runs` and `words` the tokens
    by which it is found, the latter with blanks between."""

    name_sort: str
    name_key: str
    contacts: tuple[str, ...]
    runs: tuple[str, ...]
    words: str

    @property
    def tokens(self) -> Tokens:
        """The tokens by which it is found."""
        return Tokens(self.runs, tuple(self.words.split(" ")) if self.words else ())


def named(name: str, *, kind: str, contacts: Sequence[str], region: str | None) -> Named:
    """What follows from a customer's name, those of its contacts, and where it is."""
    found = tokens_of(name, other_names(name, contacts), (region,) if region else ())
    return Named(
        name_sort(name, person=kind == "person"),
        name_key(name),
        tuple(name_sort(contact, person=True) for contact in contacts),
        found.runs,
        " ".join(found.words),
    )


def other_names(name: str, contacts: Sequence[str]) -> list[str]:
    """The names of contacts that are not the customer's own."""
    return [contact for contact in contacts if contact != name]
