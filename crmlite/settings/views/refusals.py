"""Why a change of a list was refused, in words."""

from flask_babel import gettext as _

from crmlite.wording import N_
from crmlite.work import Refused

SENTENCES = {
    "list-fixed": N_("Values of this list are fixed; only their names and order can be changed."),
    "choice-built-in": N_("This value is built in: it can be renamed and moved, and stays."),
    "choice-exists": N_("This list has a value called “%(label)s” already."),
    "choice-last": N_("At least one value must be left to choose from."),
}


def sentence(refusal: Refused) -> str:
    """The sentence for a refusal."""
    return str(_(SENTENCES[refusal.code], **refusal.params))
