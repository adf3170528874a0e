"""Why a change of people, teams or roles was refused, in words."""

from flask_babel import gettext as _

from crmlite.access.permissions import permissions
from crmlite.wording import N_, label
from crmlite.work import Refused

SENTENCES = {
    "login_taken": N_("Somebody has this user name already."),
    "role_unknown": N_("This is not offered any more. Please choose again."),
    "oneself": N_("You cannot shut yourself out. Ask somebody else with this right."),
    "calendar_gone": N_("This calendar was deleted meanwhile. Please choose another."),
    "last_in_charge": N_(
        "Nobody would be left with the right “%(right)s”. Give it to somebody else first."
    ),
}


def sentence(refusal: Refused) -> str:
    """The sentence for a refusal."""
    params = dict(refusal.params)
    if "permission" in params:
        params["right"] = label(permissions()[params["permission"]].label)
    return str(_(SENTENCES[refusal.code], **params))
