"""A field to tick."""

from typing import Any

from flask_babel import gettext as _
from wtforms.widgets import CheckboxInput

from crmlite.forms.entry import Drawn


class Check(Drawn):
    """Yes or no. A browser sends nothing for a box that is not ticked."""

    drawn_as = "BooleanField"
    widget = CheckboxInput()

    def process_data(self, value: Any) -> None:
        """Take the value of the record."""
        self.data = bool(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what the browser sent."""
        self.data = bool(valuelist) and valuelist[0] not in ("", "0", "false")

    def is_empty(self) -> bool:
        """Whether it is not ticked."""
        return not self.data

    def shown(self, value: Any) -> str:
        """A value as people read it."""
        return str(_("yes") if value else _("no"))

    def _value(self) -> str:
        return "1"
