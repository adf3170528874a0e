"""Tokens and conditions in the language of each engine: FTS5 for SQLite, tsvector for PostgreSQL.

Both get the same tokens as they are; no parser of the engine has a say in what a word is.
"""

from collections.abc import Iterable

from crmlite.search.tokens import GAP, Tokens
from crmlite.search.typed import Condition, Either, Every, Exact, Except, Phrase, Prefix

MOST_CHARACTERS = 8000  # in order; PostgreSQL counts positions up to 16,383
MOST_BYTES = 500_000  # of words; PostgreSQL takes a megabyte of everything


def fts5_text(tokens: Tokens) -> str:
    """What SQLite stores and indexes: tokens with blanks between them."""
    characters = f" {GAP} ".join(" ".join(run) for run in _limited(tokens.runs))
    words = _limited_words(tokens.words)
    return " ".join((characters, GAP, *words) if characters else words)


def fts5_tokens(text: str) -> Tokens:
    """The tokens of what SQLite stores."""
    *runs, words = text.split(GAP)
    return Tokens(tuple(run.replace(" ", "") for run in runs), tuple(words.split()))


def fts5_match(condition: Condition) -> str:
    """The condition for MATCH."""
    match condition:
        case Exact(token):
            return f'"{token}"'
        case Prefix(token):
            return f'"{token}" *'
        case Phrase(characters):
            return f'"{" ".join(characters)}"'
        case Every(parts):
            return f"({' AND '.join(map(fts5_match, parts))})"
        case Either(parts):
            return f"({' OR '.join(map(fts5_match, parts))})"
        case Except(wanted, unwanted):
            return f"({fts5_match(wanted)} NOT {fts5_match(unwanted)})"


def tsvector(tokens: Tokens) -> str:
    """What PostgreSQL stores and indexes: characters with their places, words without."""
    lexemes: list[str] = []
    place = 1
    for run in _limited(tokens.runs):
        for character in run:
            lexemes.append(f"'{character}':{place}")
            place += 1
        place += 1
    return " ".join((*lexemes, *words_vector(_limited_words(tokens.words))))


def words_vector(words: Iterable[str]) -> list[str]:
    """Tokens without places, as PostgreSQL reads them."""
    return [f"'{word}'" for word in words]


def tsquery(condition: Condition) -> str:
    """The condition for @@."""
    match condition:
        case Exact(token):
            return f"'{token}'"
        case Prefix(token):
            return f"'{token}':*"
        case Phrase(characters):
            return f"({' <-> '.join(words_vector(characters))})"
        case Every(parts):
            return f"({' & '.join(map(tsquery, parts))})"
        case Either(parts):
            return f"({' | '.join(map(tsquery, parts))})"
        case Except(wanted, unwanted):
            return f"({tsquery(wanted)} & !{tsquery(unwanted)})"


def _limited(runs: tuple[str, ...]) -> list[str]:
    kept: list[str] = []
    left = MOST_CHARACTERS
    for run in runs:
        kept.append(run[:left])
        left -= len(kept[-1])
        if not left:
            break
    return kept


def _limited_words(words: tuple[str, ...]) -> tuple[str, ...]:
    left = MOST_BYTES
    for place, word in enumerate(words):
        left -= len(word.encode())
        if left < 0:
            return words[:place]
    return words
