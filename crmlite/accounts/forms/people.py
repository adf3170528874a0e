"""What is known of a person who signs in."""

from flask_babel import lazy_gettext as _l

from crmlite.access import current_reader
from crmlite.accounts import logins, queries
from crmlite.accounts.entries import LANGUAGES, Login, refuse_weak
from crmlite.accounts.operations import UserChange
from crmlite.forms import Choice, Choices, Option, Password, RecordForm, Text
from crmlite.wording import label


def roles() -> list[Option]:
    """The roles that the reader may give: those whose rights do not go beyond their own."""
    return [
        Option(role.key, label(role.label))
        for role in queries.roles()
        if queries.is_within(role.grants, current_reader().grants)
    ]


def role_name(key: str) -> str:
    """What a role is called."""
    role = queries.role_by_key(key)
    return label(role.label) if role else key


def teams() -> list[Option]:
    """All teams, for choosing."""
    return [Option(str(team.id), label(team.label)) for team in queries.teams()]


class PersonForm(RecordForm):
    """What a manager says about somebody."""

    name = Text(_l("Full name"), most=120, required=True)
    login = Login(_l("User name"), most=logins.MOST, required=True)
    title = Text(_l("Job title"), most=120)
    role = Choice(_l("Role"), options=roles, named=role_name, required=True)
    team_ids = Choices(_l("Teams"), options=teams, numbers=True)

    def value(self) -> UserChange:
        """The change, for `update_user`."""
        return self.taken(UserChange)


class NewPersonForm(PersonForm):
    """Somebody new, with a first password that they change when they sign in."""

    password = Password(_l("First password"), required=True)

    def validate_password(self, field: Password) -> None:
        """Long enough, and not easily guessed."""
        refuse_weak(field.data, (self.login.data or "", self.name.data or ""))


class ProfileForm(RecordForm):
    """What people say of themselves."""

    name = Text(_l("Full name"), most=120, required=True)
    lang = Choice(_l("Language"), options=LANGUAGES, none=_l("As the browser asks"))
