"""What a telephone revisit goes along: questions, and what is to be said."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crmlite.access import Reader
from crmlite.strategies.panels import talks_of
from crmlite.wording import N_, label

Row = Mapping[str, Any]
PHONE = "phone"
LEAST, MOST = 10, 15  # minutes that such a call is to take
GENERAL = (
    N_("How have things gone since we last talked?"),
    N_("What do they need in the coming months?"),
    N_("What should we do better?"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outline:
    """What a call is about, its core questions, and what is worth telling. `task_id` is the task that
    it fulfils; None for a call that nobody planned."""

    task_id: int | None
    what: str
    about: str
    questions: Sequence[str]
    points: Sequence[str]

    @property
    def mark(self) -> str:
        """What tells it from another one: key points belong to the questions under which they were
        typed."""
        told = "\n".join((*self.questions, "", *self.points))
        return hashlib.sha256(told.encode()).hexdigest()[:16]


def outline_of(customer: Row, reader: Reader, steps: Sequence[Row], wanted: str | None) -> Outline:
    """The outline of a call: that of the planned touch `wanted` by the id of its task, else of the next
    one by phone, else of the next one that has questions, else a general one."""
    step = next((row for row in steps if str(row["id"]) == wanted), None)
    talks = talks_of(customer, reader)
    own = next((one for one in talks if step is not None and one["id"] == step["id"]), None)
    asking = [one for one in talks if one["questions"]]
    by_phone = [one for one in asking if one["channel"] == PHONE]
    found = next(
        iter([one for one in (own,) if one and one["questions"]] + by_phone + asking), None
    )
    if step is None and found is not None and found["channel"] == PHONE:
        step = next((row for row in steps if row["id"] == found["id"]), None)
    return Outline(
        task_id=step["id"] if step is not None else None,
        what=own["what"] if own else step["what"] if step is not None else "",
        about=found["about"] if found else "",
        questions=found["questions"] if found else [label(one) for one in GENERAL],
        points=found["points"] if found else [],
    )
