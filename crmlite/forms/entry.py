"""What all typed fields have in common: read, refuse, keep what was typed."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_babel import gettext as _
from wtforms import Field
from wtforms.validators import StopValidation
from wtforms.widgets import TextInput

from crmlite.forms.wording import said
from crmlite.rules.problems import Checked
from crmlite.rules.text import SURROGATES


class Drawn(Field):
    """A field that names for the templates which control it is; `doubts` do not refuse."""

    drawn_as: ClassVar[str] = "StringField"
    data: Any
    render_kw: dict[str, Any] | None

    def __init__(self, label: Any = None, *, required: bool = False, **more: Any) -> None:
        super().__init__(label, **more)
        self.type = self.drawn_as
        self.doubts: list[str] = []
        if required:
            self.flags.required = True

    @property
    def doubt(self) -> str:
        """What to mention about the value without refusing it; empty when there is nothing."""
        return " ".join(self.doubts)

    def is_empty(self) -> bool:
        """Whether nothing was entered."""
        return self.data in (None, "", [])

    def shown(self, value: Any) -> str:
        """A value as people read it, for the table of a conflict."""
        return str(value) if value not in (None, "") else ""

    def pre_validate(self, form: Any) -> None:
        """Stops with what is wrong with the value itself."""
        if self.process_errors:
            raise StopValidation
        if self.flags.required and self.is_empty():
            raise StopValidation(self.missing())

    def missing(self) -> str:
        """What to say when nothing was entered in a required field."""
        return str(_("Please fill this in."))


class Entry(Drawn):
    """A field that people type into. Subclasses say how text is read and how a value is written;
    `messages` are the sentences of their own problem codes, `nothing` the value of an empty field."""

    widget = TextInput()
    messages: ClassVar[Mapping[str, str]] = {}
    nothing: ClassVar[Any] = None

    def process_data(self, value: Any) -> None:
        """Take the value of the record."""
        self.data = self.nothing if value is None else value

    def read(self, text: str) -> Checked[Any]:
        """The value that a text stands for: each kind of field says how it is read."""
        raise NotImplementedError(f"{type(self).__name__} cannot be read")

    def written(self, value: Any) -> str:
        """A value as the control holds it."""
        return str(value) if value is not None else ""

    def shown(self, value: Any) -> str:
        """A value as people read it."""
        return self.written(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what the browser sent."""
        if not valuelist:
            return
        checked = self.read(str(valuelist[0]))
        self.doubts = self._sentences(checked, "warning")
        self.data = checked.value
        if not checked.ok:
            self.data = self.nothing
            raise ValueError(" ".join(self._sentences(checked, "error")))

    def _sentences(self, checked: Checked[Any], level: str) -> list[str]:
        return [said(one, self.messages) for one in checked.problems if one.level == level]

    def _value(self) -> str:
        """What the control shows: after an error exactly what was typed."""
        if self.raw_data and self.errors_or_process_errors():
            return SURROGATES.sub("\ufffd", str(self.raw_data[0]))
        return self.written(self.data)

    def errors_or_process_errors(self) -> bool:
        """Whether something is wrong, also before the form was validated."""
        return bool(self.errors or self.process_errors)
