"""What is asked when a book is set up."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import ValidationError

from crmlite.accounts.entries import LANGUAGES, Login, refuse_weak
from crmlite.accounts.logins import MOST
from crmlite.calendars.hours import Hours
from crmlite.forms import Choice, Choices, Form, Password, Segments, Text
from crmlite.settings.places import countries, currencies, time_zones
from crmlite.settings.shipped import tier_schemes
from crmlite.wording import N_

DAYS = (
    ("0", N_("Monday")),
    ("1", N_("Tuesday")),
    ("2", N_("Wednesday")),
    ("3", N_("Thursday")),
    ("4", N_("Friday")),
    ("5", N_("Saturday")),
    ("6", N_("Sunday")),
)


class CodeForm(Form):
    """The code that stands on the console."""

    code = Text(_l("Set-up code"), most=100, required=True)


class PlaceForm(Form):
    """In which language, and where."""

    lang = Segments(_l("Language"), options=LANGUAGES, required=True)
    country = Choice(_l("Country"), options=lambda: list(countries().items()), required=True)


class FirmForm(Form):
    """The firm: what it is called, when it works, how it counts."""

    company_name = Text(_l("Name of the firm"), most=80, required=True)
    timezone = Choice(_l("Time zone"), options=lambda: list(time_zones().items()), required=True)
    currency = Choice(_l("Currency"), options=lambda: list(currencies().items()), required=True)
    tier_scheme = Choice(_l("Tiers"), options=lambda: list(tier_schemes().items()), required=True)
    days = Choices(_l("Working days"), options=DAYS, required=True)
    hours = Hours(_l("Hours"), required=True)


class ManagerForm(Form):
    """The first login."""

    name = Text(_l("Full name"), most=120, required=True)
    login = Login(_l("User name"), most=MOST, required=True)
    new = Password(_l("Password"), required=True)
    again = Password(_l("The same once more"), required=True)

    def __init__(self, *, firm: str, **more: Any) -> None:
        super().__init__(**more)
        self.firm = firm

    def validate_new(self, field: Password) -> None:
        """Long enough, and not easily guessed."""
        refuse_weak(field.data, (self.login.data or "", self.name.data or "", self.firm))

    def validate_again(self, field: Password) -> None:
        """Typed the same way twice."""
        if field.data != self.new.data:
            raise ValidationError(_("The two are not the same. Please type it again."))
