"""Why a record was found: which of its words fit what was typed, when its name does not say so."""

from collections.abc import Hashable, Iterable
from typing import TypeVar

from crmlite.search.folding import fold
from crmlite.search.pinyin import sounds_so
from crmlite.search.tokens import Tokens
from crmlite.search.typed import (
    Condition,
    Either,
    Every,
    Exact,
    Except,
    Phrase,
    Prefix,
    Question,
    word_conditions,
)

Reason = TypeVar("Reason", bound=Hashable)


def fits(condition: Condition, tokens: Tokens) -> bool:
    """Whether these tokens alone meet a condition."""
    match condition:
        case Exact(token):
            return token in tokens.words or any(token in run for run in tokens.runs)
        case Prefix(token):
            return any(word.startswith(token) for word in tokens.words)
        case Phrase(characters):
            return any(characters in run for run in tokens.runs)
        case Every(parts):
            return all(fits(part, tokens) for part in parts)
        case Either(parts):
            return any(fits(part, tokens) for part in parts)
        case Except(wanted, unwanted):
            return fits(wanted, tokens) and not fits(unwanted, tokens)


def is_said(question: Question, name: str, number: str = "") -> bool:
    """Whether all that was typed stands in a name or number, or is how the name sounds. Quicker
    than to ask their tokens, and right when it says yes."""
    written = f"{fold(name)} {fold(number)}"
    return all(
        word in written or (word.isascii() and sounds_so(name, word)) for word in question.words
    )


def reasons(
    question: Question, shown: Tokens, others: Iterable[tuple[Reason, Tokens]]
) -> list[Reason]:
    """Which of the `others`, each with its tokens, account for what `shown` does not; none when
    what is shown accounts for all that was typed."""
    open_parts = [part for part in word_conditions(question) if not fits(part, shown)]
    if not open_parts or fits(question.exactly, shown):
        return []
    wanted = (*open_parts, question.exactly)  # OLD-77 is also found as old77
    found = [other for other, tokens in others if any(fits(part, tokens) for part in wanted)]
    return list(dict.fromkeys(found))
