"""Pinning a customer's tier."""

from typing import Any

from flask import abort, url_for
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.accounts.queries import person_name
from crmlite.customers.choices import choice_label
from crmlite.customers.queries import customer
from crmlite.paging import page, saved
from crmlite.tiers import operations, queries
from crmlite.tiers.forms import PinForm
from crmlite.tiers.rights import MANAGE
from crmlite.tiers.views.blueprint import bp
from crmlite.work import Refused


@bp.route("/customers/<number>/pin", methods=["GET", "POST"])
@requires(MANAGE)
def pin(number: str) -> Any:
    """Give a customer a tier that stays, and say why."""
    reader = current_reader()
    row = customer(number, seen_by=reader)
    if not reader.covers(MANAGE, row["owner_id"]):
        abort(403)
    there = url_for("customers.show", number=row["number"])
    stands = queries.pin_of(row["id"])
    form = PinForm(data=dict(stands) if stands else {"tier": row["tier"]})
    if form.validate_on_submit():
        try:
            done = operations.pin_tier(
                row["id"],
                form.tier.data,
                form.reason.data,
                form_key=form.key,
                by=reader.actor,
                at=clock.now(),
            )
            return saved(there, message=_("The tier is pinned."), undo=done)
        except Refused:
            form.blame("tier", _("This tier follows from the life-cycle."))
    return page(
        "tiers/pin.html",
        "tiers/_pin.html",
        form.http_status,
        form=form,
        customer=row,
        here=url_for("tiers.pin", number=row["number"]),
        back=there,
        stands=stands,
        tier=choice_label("tier", stands["tier"]) if stands else "",
        who=person_name(stands["pinned_by_id"]) if stands else "",
    )


@bp.post("/customers/<number>/pin/removal")
@requires(MANAGE)
def unpin(number: str) -> Any:
    """Let proposals change a customer's tier again."""
    reader = current_reader()
    row = customer(number, seen_by=reader)
    if not reader.covers(MANAGE, row["owner_id"]):
        abort(403)
    done = operations.unpin_tier(row["id"], by=reader.actor, at=clock.now())
    there = url_for("customers.show", number=row["number"])
    return saved(there, message=_("The tier is not pinned any more."), undo=done or None)
