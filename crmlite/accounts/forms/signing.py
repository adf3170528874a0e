"""Signing in, and choosing a password."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, ValidationError

from crmlite.accounts.entries import refuse_weak
from crmlite.forms import Form, Password, Text


class SignInForm(Form):
    """Signing in; `next` is where the person wanted to go."""

    login = Text(_l("User name or e-mail"), required=True)
    password = Password(_l("Password"), required=True)
    next = HiddenField()


class PasswordForm(Form):
    """A new password for somebody. `about` are words of theirs: login, name."""

    new = Password(_l("New password"), required=True)
    again = Password(_l("The new one once more"), required=True)

    def __init__(self, *, about: tuple[str, ...], **more: Any) -> None:
        super().__init__(**more)
        self.about = about

    def validate_new(self, field: Password) -> None:
        """Long enough, and not easily guessed."""
        refuse_weak(field.data, self.about)

    def validate_again(self, field: Password) -> None:
        """Typed the same way twice."""
        if field.data != self.new.data:
            raise ValidationError(_("The two are not the same. Please type it again."))


class OwnPasswordForm(PasswordForm):
    """A new password for oneself."""

    current = Password(_l("Present password"), required=True)

    def validate_new(self, field: Password) -> None:
        """Another one than before, long enough, and not easily guessed."""
        if field.data == self.current.data:
            raise ValidationError(_("This is the password you have. Please choose another."))
        super().validate_new(field)
