"""What the search knows of a record, as the slice that owns the record tells it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from crmlite.search.scope import ACTIVE
from crmlite.search.tokens import Tokens, hash_tokens, joined, name_tokens, number_tokens, tokens


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A record as it is found.

    `title` is its name; `names` are further ones it may be looked for by. Both are found from
    their beginning, in the middle, by pinyin and by initials, as are `labels` (tags). `texts` are
    found by word and character. `hashes` are keyed hashes (`db.sealing.keyed_hash`) of phone
    numbers and mail addresses: the clear text never enters the index. Nothing that is stored
    sealed may stand anywhere else in it. `also` are people who see the record as its
    owner does. `made` are the tokens of title, names and texts (`tokens_of`), where they are known already.
    """

    record_id: int
    title: str
    names: Sequence[str] = ()
    numbers: Sequence[str] = ()
    labels: Sequence[str] = ()
    texts: Sequence[str] = ()
    hashes: Sequence[str] = ()
    owner_id: int | None = None
    also: Sequence[int] = ()
    state: str = ACTIVE
    made: Tokens | None = None

    def tokens(self) -> Tokens:
        """All tokens by which the record is found."""
        parts = [
            self.made or tokens_of(self.title, self.names, self.texts),
            *map(number_tokens, self.numbers),
            *map(_label_tokens, self.labels),
            hash_tokens(self.hashes),
        ]
        return joined(parts)


@lru_cache(maxsize=4096)  # a few tags and products stand on many records
def _label_tokens(label: str) -> Tokens:
    return name_tokens(label, leads=False)


def tokens_of(title: str, names: Sequence[str] = (), texts: Sequence[str] = ()) -> Tokens:
    """The tokens of a record's names and texts."""
    return joined([*map(name_tokens, (title, *names)), *map(tokens, texts)])
