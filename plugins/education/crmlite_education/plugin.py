"""What the education pack does in code: whoever becomes active has been enrolled."""

from collections.abc import Sequence

from crmlite import hookimpl
from crmlite.customers.guards import Guard
from crmlite.rules.lifecycle import ACTIVE, Missing, MoveFacts

ENROLLED = "education__enrolled_on"
ASKED = {"en": "Enter the day of enrolment first.", "zh": "请先填写报名日期。"}


@hookimpl
def register_guards() -> list[Guard]:
    """One."""
    return [Guard(name="education-enrolment", check=_is_enrolled)]


def _is_enrolled(facts: MoveFacts, to: str) -> Sequence[Missing]:
    if to != ACTIVE or facts.customer.get(ENROLLED):
        return ()
    return [Missing("education__not_enrolled", text=ASKED)]
