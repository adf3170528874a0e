"""The forms of the head: life-cycle with what its guard asks for, tier, owner, status."""

from typing import Any

from flask_babel import lazy_gettext as _l

from crmlite.accounts.queries import owners
from crmlite.customers import choices as lists
from crmlite.customers.forms.learning import learnt_field
from crmlite.customers.words import person_name
from crmlite.forms import Choice, Doubting, Person, RecordForm, Segments, Text
from crmlite.wording import label

LONGEST = 200


def _list(name: str) -> dict[str, Any]:
    """A list of values, with the words of what is not offered any more."""
    return {
        "options": lambda: list(lists.choices(name)),
        "named": lambda key: lists.choice_label(name, key),
    }


class LifecycleForm(Doubting, RecordForm):
    """Where a customer stands. The guard's fields are asked only when they are missing, and the reason
    of whoever is lost."""

    lifecycle = Segments(_l("Life-cycle"), **_list("lifecycle"))
    urgency = Segments(_l("How urgent is what they need?"), **_list("urgency"))
    stage = Choice(_l("Stage that begins now"), **_list("stage"))
    reason = Choice(_l("Reason for loss"), **_list("lost_reason"))


class TierForm(RecordForm):
    """The tier, set by hand."""

    tier = Choice(
        _l("Tier"),
        options=lambda: list(lists.settable("tier")),
        named=lambda key: lists.choice_label("tier", key),
    )


class OwnerForm(RecordForm):
    """Whose customer it is."""

    owner_id = Person(
        _l("Owner"),
        people=owners,
        none=_l("Nobody"),
        named=lambda key: person_name(int(key)) if key.isdigit() else key,
    )


class StatusForm(RecordForm):
    """One short line: chosen from a list, or in one's own words."""

    status = Choice(_l("Status"), **_list("status"))
    words = Text(_l("Or in your own words"), most=LONGEST)
    learnt_at = learnt_field()

    def value(self) -> str | None:
        """The key of the chosen one, or the words; a listed text is kept as its key."""
        typed = self.words.data.strip()
        if not typed:
            return self.status.data
        for choice in lists.choices("status"):
            if typed in choice.label.values() or typed == label(choice.label):
                return choice.key
        return typed
