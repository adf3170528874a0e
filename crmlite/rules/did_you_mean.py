"""What was meant by a word that is unknown, for those who write declarations."""

import difflib
from collections.abc import Iterable

MOST = 40


def unknown(word: str, known: Iterable[str]) -> str:
    """That a word is none of the known ones, and which one was meant, or which there are."""
    names = sorted(map(str, known))
    near = difflib.get_close_matches(word, names, 1)
    if near:
        return f"{word!r} is unknown; did you mean {near[0]!r}?"
    more = ", …" if len(names) > MOST else ""
    return f"{word!r} is unknown; there are {', '.join(names[:MOST])}{more}"
