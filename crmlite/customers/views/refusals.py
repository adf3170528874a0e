"""Why a change of the customer book did not happen, in the reader's words."""

from flask_babel import gettext as _

from crmlite.forms import Form
from crmlite.wording import N_, label
from crmlite.work import Refused

SENTENCES = {
    "number-taken": N_("This number is in use already."),
    "archive-active": N_("Only dormant or lost customers can be archived."),
    "contact-is-customer": N_("This contact is the customer: delete the customer instead."),
    "tags-exclusive": N_("Only one tag of “%(dimension)s” can be set at a time."),
    "tags-outrun": N_(
        "Somebody else set another tag of “%(dimension)s” meanwhile. Close this, look, and choose again."
    ),
    "tags-several": N_(
        "Customers with several tags of “%(dimension)s”: %(number)s. Leave each of them one first."
    ),
    "tag-automatic": N_("“%(tag)s” is put on and taken off by its rule, not by hand."),
    "tag-at-rest": N_("“%(tag)s” belongs to a pack that is off. It stays where it is."),
    "rule-empty": N_("A rule needs at least one condition."),
    "rule-unsound": N_("This rule asks for something that cannot be asked."),
    "rule-circle": N_("This rule depends on its own tag, itself or by way of another rule."),
    "tag-exists": N_("There is such a tag already."),
    "move-not-allowed": N_("Who has bought before is never merely potential or interested again."),
    "urgency-needed": N_("Say how urgent their need is."),
    "stage-needed": N_("Choose the stage that begins now."),
    "tier-shows-dormancy": N_(
        "The tier “dormant” only shows that a customer is dormant: change the life-cycle instead."
    ),
    "reason-needed": N_("Say why they were lost."),
}
ELSE = N_("This is not possible. Nothing was changed.")


def sentence(refusal: Refused) -> str:
    """What to tell the reader."""
    if refusal.code == "move-refused":  # a guard of a pack says why in its own words
        return label(refusal.params["text"])
    params = {
        name: label(value) if isinstance(value, dict) else value
        for name, value in refusal.params.items()
    }
    return str(_(SENTENCES.get(refusal.code, ELSE), **params))


def status_of(form: Form) -> int:
    """What a page with this form answers. A field called `status` hides the form's own answer."""
    if getattr(form, "is_stale", False):
        return 409
    return 422 if form.errors or getattr(form, "is_doubtful", False) else 200
