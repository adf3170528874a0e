"""What is wrong or doubtful about something entered, as a code and its figures, worded later."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

Level = Literal["error", "warning"]
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to say about a value.

    `code` names a sentence in `crmlite.rules.messages.MESSAGES`, `params` fill it. An `error`
    costs the value, a `warning` only asks to look again. `path` leads to the part of a larger
    whole that is meant: `(1, 0)` is the first part of the second part of a condition.
    """

    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    level: Level = "error"
    path: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked(Generic[T_co]):
    """A value as it is to be kept, and what was noticed about it.

    `value` is None when nothing was entered, and when an error left nothing to keep.
    """

    value: T_co | None
    problems: tuple[Problem, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether there is no error; warnings do not count."""
        return not any(problem.level == "error" for problem in self.problems)


def refused(code: str, **params: object) -> Checked[T_co]:
    """Nothing kept, for one reason."""
    return Checked(None, (Problem(code, params),))


def warning(code: str, **params: object) -> Problem:
    """A problem that leaves the value in place."""
    return Problem(code, params, "warning")
