"""Fields for text of one line, of several lines, and for passwords."""

from typing import Any

from wtforms.widgets import PasswordInput, TextArea

from crmlite.forms.entry import Entry
from crmlite.rules.problems import Checked
from crmlite.rules.text import clean_text


class Text(Entry):
    """One line of at most `most` characters. Yields "" when nothing was entered."""

    lines = False
    nothing = ""

    def __init__(self, label: Any = None, *, most: int = 200, **more: Any) -> None:
        super().__init__(label, **more)
        self.most = most

    def read(self, text: str) -> Checked[str]:
        """The value that a text stands for."""
        return clean_text(text, max_length=self.most, lines=self.lines)


class LongText(Text):
    """Text with line breaks."""

    drawn_as = "TextAreaField"
    widget = TextArea()
    lines = True

    def __init__(self, label: Any = None, *, most: int = 5000, **more: Any) -> None:
        super().__init__(label, most=most, **more)


class Password(Entry):
    """A password: taken as it is, blanks and all, and never shown again."""

    drawn_as = "PasswordField"
    widget = PasswordInput()
    nothing = ""

    def read(self, text: str) -> Checked[str]:
        """The value that a text stands for."""
        return Checked(text)

    def shown(self, value: Any) -> str:
        """A value as people read it."""
        return ""
