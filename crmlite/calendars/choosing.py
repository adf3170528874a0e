"""The field in which a working calendar is chosen."""

from typing import Any

from flask_babel import lazy_gettext as _l

from crmlite.calendars.queries import calendars, memory
from crmlite.forms import Choice, Option


def offered() -> list[Option]:
    """The calendars that there are."""
    return [Option(str(one.id), one.name) for one in calendars()]


def named(value: str) -> str:
    """What a calendar is called, also one that was deleted."""
    known = memory().entries.get(int(value)) if value.isdecimal() else None
    return known.name if known else value


class ChosenCalendar(Choice):
    """A calendar. Yields its id, None for whichever is the default."""

    number = True

    def __init__(self, label: Any = None, **more: Any) -> None:
        super().__init__(
            label, options=offered, named=named, none=_l("The default calendar"), **more
        )
