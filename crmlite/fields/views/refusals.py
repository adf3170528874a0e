"""Why a change of fields was refused, in words."""

from flask_babel import gettext as _

from crmlite.wording import N_
from crmlite.work import Refused

SENTENCES = {
    "field-exists": N_("There is a field called “%(label)s” already."),
    "fields-too-quick": N_(
        "At most %(most)s fields of a kind of record can be quick to filter and sort. Make another one "
        "slower first."
    ),
    "field-of-pack": N_("This field is a pack's: what it is called can be changed, nothing else."),
    "field-unfit": N_("Not saved: such a field could not work."),
    "field-telling": N_(
        "Records of this kind are called or dated by this field, so it is always asked for."
    ),
    "field-not-shipped": N_("This field did not come with a pack."),
}


def sentence(refusal: Refused) -> str:
    """The sentence for a refusal."""
    return str(_(SENTENCES[refusal.code], **refusal.params))
