"""Who uses a calendar: each slice that lets one be chosen says so, and it is not deleted under them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from crmlite import hooks
from crmlite.wording import label

Words = str | Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class CalendarUse:
    """Where calendars are chosen. `used_by(calendar id)` answers what those are called that have
    chosen it; asked inside an operation, it reads the database and not what it remembers."""

    name: str
    label: Words
    used_by: Callable[[int], Sequence[Words]]


def users_of(calendar_id: int) -> list[str]:
    """Everything that uses a calendar, in the reader's language."""
    return [
        _("%(kind)s: %(name)s", kind=label(use.label), name=label(one))
        for use in hooks.gathered("register_calendar_uses")
        for one in use.used_by(calendar_id)
    ]
