"""Fields for phone numbers, e-mail, messengers and web addresses."""

from collections.abc import Callable
from typing import Any

from wtforms.widgets import TelInput

from crmlite.forms.entry import Entry
from crmlite.rules.contact_details import check_email, check_im, check_phone, check_url
from crmlite.rules.problems import Checked


class Phone(Entry):
    """A phone number as it is kept. `home` is, or answers, the calling code of the firm's country."""

    widget = TelInput()

    def __init__(
        self, label: Any = None, *, home: str | Callable[[], str] = "86", **more: Any
    ) -> None:
        super().__init__(label, **more)
        self._home = home

    def read(self, text: str) -> Checked[str]:
        """The value that a text stands for."""
        return check_phone(text, home=self._home() if callable(self._home) else self._home)


class Email(Entry):
    """An e-mail address; with `company`, a private mailbox is doubted.

    Not drawn as `type="email"`: browsers would refuse `Emma <emma@firm.example>` themselves.
    """

    def __init__(self, label: Any = None, *, company: bool = False, **more: Any) -> None:
        super().__init__(label, **more)
        self.company = company
        self.render_kw = {"inputmode": "email", **(self.render_kw or {})}

    def read(self, text: str) -> Checked[str]:
        """The value that a text stands for."""
        return check_email(text, company=self.company)


class Messenger(Entry):
    """An account of WeChat, QQ, WhatsApp …"""

    def read(self, text: str) -> Checked[str]:
        """The value that a text stands for."""
        return check_im(text)


class Website(Entry):
    """A web address; `https://` is added where it is missing."""

    def __init__(self, label: Any = None, **more: Any) -> None:
        super().__init__(label, **more)
        self.render_kw = {"inputmode": "url", **(self.render_kw or {})}

    def read(self, text: str) -> Checked[str]:
        """The value that a text stands for."""
        return check_url(text)
