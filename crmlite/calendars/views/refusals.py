"""Why a change of a calendar was refused, in words."""

from flask_babel import gettext as _

from crmlite.calendars.wording.spans import listed
from crmlite.wording import N_
from crmlite.work import Refused

SENTENCES = {
    "calendar-exists": N_("Another calendar is called “%(name)s” already."),
    "calendar-default": N_("Exactly one calendar is the default one. Please choose another first."),
    "calendar-is-default": N_(
        "This is the default calendar. Please make another one the default first."
    ),
    "calendar-in-use": N_("This calendar is in use: %(users)s. Please choose another there first."),
    "calendar-without-hours": N_(
        "Nobody would work for more than a year, and nothing would ever fall due."
    ),
    "days-backwards": N_("The last day must not be before the first."),
    "days-too-many": N_("At most %(most)s days at once, please."),
}


def sentence(refusal: Refused) -> str:
    """The sentence for a refusal."""
    params = dict(refusal.params)
    if "users" in params:
        params["users"] = listed(params["users"])
    return str(_(SENTENCES[refusal.code], **params))
