"""What `crmlite check` looks at: each slice brings the checks that only it can make."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crmlite.wording import label

GOOD = "ok"
DOUBT = "warning"
WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found: a marked text and what fills it in.

    `level` is `ok`, `warning` (works, but look at it) or `wrong`.
    """

    text: str
    params: Mapping[str, Any] = field(default_factory=dict)
    level: str = WRONG

    def __str__(self) -> str:
        """In English, for the command line and the log."""
        return self.text % self.params if self.params else self.text

    def words(self) -> str:
        """In the reader's language."""
        return label(self.text) % self.params if self.params else label(self.text)


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """Something that can be wrong with a book. `run` answers what it found, in an app's context.

    It changes nothing. With `thorough` it looks at everything instead of a sample.
    """

    name: str
    label: str
    run: Callable[[bool], Iterable[Finding]]
    weight: int = 0


def worst(findings: Iterable[Finding]) -> str:
    """The worst level among findings; `ok` when there are none."""
    levels = {finding.level for finding in findings}
    return next((level for level in (WRONG, DOUBT) if level in levels), GOOD)
