"""Fields for days and moments."""

from datetime import date, datetime, time, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import get_timezone
from wtforms.widgets import DateInput, DateTimeLocalInput, TextInput, TimeInput

from crmlite import clock
from crmlite.forms.entry import Entry
from crmlite.rules.dates import parse_date, parse_moment, parse_time
from crmlite.rules.problems import Checked
from crmlite.wording import exactly, language


def zone() -> tzinfo:
    """The time zone of the reader. Not Babel's own object: put into a datetime, that would count
    as local mean time, 8:06 in Shanghai."""
    return ZoneInfo(str(get_timezone()))


class Typed(Entry):
    """A field with a picker, which is drawn as plain text while it holds what no picker can."""

    picker: Any = None

    def __call__(self, **more: Any) -> Any:
        """The control, drawn."""
        can_be_picked = self._value() in ("", self.written(self.data))
        self.widget = self.picker if can_be_picked else TextInput()
        return super().__call__(**more)

    def shown(self, value: Any) -> str:
        """A value as people read it."""
        return exactly(value) if value is not None else ""


class Day(Typed):
    """A day. Pickers send `2026-05-01`; `5月1日`, `1 May`, `昨天` are read as well."""

    widget = picker = DateInput()

    def read(self, text: str) -> Checked[date]:
        """The value that a text stands for."""
        return parse_date(text, today=clock.today(zone()), lang=language())

    def written(self, value: date | None) -> str:
        """A value as the control holds it."""
        return value.isoformat() if value else ""


class Moment(Typed):
    """A day and a time, meant in the reader's time zone. Yields an aware moment in UTC."""

    widget = picker = DateTimeLocalInput()

    def read(self, text: str) -> Checked[datetime]:
        """The value that a text stands for."""
        return parse_moment(text, today=clock.today(zone()), zone=zone(), lang=language())

    def written(self, value: datetime | None) -> str:
        """A value as the control holds it."""
        return value.astimezone(zone()).strftime("%Y-%m-%dT%H:%M") if value else ""


class TimeOfDay(Typed):
    """A time of day. Pickers send `17:00`; `5 pm` and `下午5点` are read as well."""

    widget = picker = TimeInput()

    def read(self, text: str) -> Checked[time]:
        """The value that a text stands for."""
        return parse_time(text)

    def written(self, value: time | None) -> str:
        """A value as the control holds it."""
        return value.strftime("%H:%M") if value else ""

    def shown(self, value: time | None) -> str:
        """A value as people read it."""
        return self.written(value)
