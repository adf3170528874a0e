"""What is handed over to be told: to whom, of which kind, about what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LONGEST_KEY = 160


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that one person should know.

    `params` are what the kind puts into words, as JSON: ids and numbers of records, days, codes.
    Nothing sensitive and nobody's name belongs there: it would stay where it is stored, whatever
    the reader may see later. `key` says what it is about and when it is said anew, such as
    `case-due:17:2026-11-26`: the same person is told the same key once. `even_own` tells it also
    to the person who did it.
    """

    user_id: int
    kind: str
    params: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""
    even_own: bool = False

    def __post_init__(self) -> None:
        if not 0 < len(self.key) <= LONGEST_KEY:
            raise ValueError(f"a notice needs a key of at most {LONGEST_KEY} characters")
