"""Forms: what was said, and what is to be done."""

from crmlite.followups.forms.interactions import (
    InteractionForm,
    interaction_form,
    later_answer,
    moment_of,
    written_after,
)
from crmlite.followups.forms.tasks import (
    DayForm,
    FinishForm,
    StepChangeForm,
    StepForm,
    as_form,
    step_change_form,
    step_form,
)

__all__ = [
    "DayForm",
    "FinishForm",
    "InteractionForm",
    "StepChangeForm",
    "StepForm",
    "as_form",
    "interaction_form",
    "later_answer",
    "moment_of",
    "step_change_form",
    "step_form",
    "written_after",
]
