"""Fields for yes or no."""

from typing import Any

from flask_babel import gettext as _
from wtforms.widgets import CheckboxInput

from crmlite.forms.choices import Choice
from crmlite.forms.entry import Drawn
from crmlite.wording import N_


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


class Answer(Choice):
    """Yes, no, or not said yet. Yields True, False or None."""

    def __init__(self, label: Any = None, **more: Any) -> None:
        super().__init__(label, options=[("True", N_("yes")), ("False", N_("no"))], **more)

    def out(self, value: str) -> bool:
        """A value as it is kept."""
        return value == "True"
