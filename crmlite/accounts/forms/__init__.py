"""What people fill in about themselves, about others, about teams and roles."""

from crmlite.accounts.forms.people import NewPersonForm, PersonForm, ProfileForm
from crmlite.accounts.forms.roles import NewRoleForm, RightsForm, RoleForm
from crmlite.accounts.forms.signing import OwnPasswordForm, PasswordForm, SignInForm
from crmlite.accounts.forms.teams import TeamForm

__all__ = [
    "NewPersonForm",
    "NewRoleForm",
    "OwnPasswordForm",
    "PasswordForm",
    "PersonForm",
    "ProfileForm",
    "RightsForm",
    "RoleForm",
    "SignInForm",
    "TeamForm",
]
