"""The forms of improvements."""

from typing import Any

from flask_babel import lazy_gettext as _l

from crmlite.accounts.queries import owners
from crmlite.forms import Day, LongText, Person, RecordForm, Segments, Text
from crmlite.wording import N_

STATUSES = (("open", N_("under way")), ("done", N_("done")), ("dropped", N_("dropped")))


class ImprovementForm(RecordForm):
    """What is to be changed so that it does not happen again."""

    title = Text(_l("What is improved"), most=200, required=True)
    detail = LongText(_l("How"), most=4000)
    owner_id = Person(_l("Owner"), people=owners, none=_l("nobody yet"))
    due_on = Day(_l("Due"))

    def changes(self) -> dict[str, Any]:
        """The columns as they are to be."""
        return {
            "title": self.title.data,
            "detail": self.detail.data or None,
            "owner_id": self.owner_id.data,
            "due_on": self.due_on.data,
        }


class OutcomeForm(RecordForm):
    """How an improvement went."""

    status = Segments(_l("State"), options=STATUSES, required=True)
    outcome = LongText(_l("Outcome"), most=4000)

    def changes(self) -> dict[str, Any]:
        """The columns as they are to be."""
        return {"status": self.status.data, "outcome": self.outcome.data or None}


class ToldForm(RecordForm):
    """How a customer was told of an improvement."""

    how = Text(_l("How they were told"), most=200)
