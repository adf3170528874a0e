"""What is typed about people wherever they are added: languages, user names, passwords."""

from wtforms import ValidationError

from crmlite import settings
from crmlite.accounts import logins, passwords
from crmlite.forms import Text, said
from crmlite.rules.problems import Checked

LANGUAGES = (
    ("en", {"en": "English", "zh": "English"}),
    ("zh", {"en": "简体中文", "zh": "简体中文"}),
)


class Login(Text):
    """A user name that can be given to somebody."""

    messages = logins.MESSAGES

    def read(self, text: str) -> Checked[str]:
        """The value that a text stands for."""
        return logins.check_login(text) if text.strip() else Checked("")


def refuse_weak(password: str, about: tuple[str, ...]) -> None:
    """Raises ValidationError for a password that will not do."""
    problem = passwords.weakness(password, about=(*about, str(settings.get("company_name"))))
    if problem is not None:
        raise ValidationError(said(problem, passwords.MESSAGES))
