"""The box on top of a customer's timeline: one kind, one sentence."""

from typing import Any

from flask_babel import gettext as _

from crmlite.access import Reader
from crmlite.followups.forms import InteractionForm
from crmlite.followups.kinds import ICONS
from crmlite.followups.views.interactions import fresh_form
from crmlite.panels import Panel

UNSEEN = ("occurred_at", "direction", "contact_id", "done_by_id")


def composer(customer: Any, reader: Reader) -> list[Panel]:
    """The box, for those who may write contacts with this customer down."""
    active = customer["state"] == "active"
    if not (active and reader.covers("interactions:create", customer["owner_id"])):
        return []
    form = fresh_form(customer, reader)
    return [
        Panel(
            name="composer",
            title=_("Log contact"),
            template="followups/composer.html",
            context={
                "form": form,
                "number": customer["number"],
                "icons": ICONS,
                "hidden": _hidden(form),
                "placeholder": _("What was said? One sentence is enough."),
            },
        )
    ]


def _hidden(form: InteractionForm) -> dict[str, Any]:
    """What goes along unseen: said by whom, with whom; when is the moment of sending."""
    return {name: ("" if name == "occurred_at" else form[name].data or "") for name in UNSEEN}
