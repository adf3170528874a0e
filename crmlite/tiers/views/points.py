"""Settings: what gives how many points."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.paging import page, saved
from crmlite.rules.tiering import FACTORS, written_steps
from crmlite.tiers import operations
from crmlite.tiers.forms import PointsForm, points_form
from crmlite.tiers.rights import MANAGE
from crmlite.tiers.schemes import points as points_now
from crmlite.tiers.schemes import scheme_row, tiers
from crmlite.tiers.views.blueprint import bp
from crmlite.tiers.words import HINTS, NAMES
from crmlite.wording import N_, label
from crmlite.work import Refused, Stale
from crmlite.work.latest import last_change

REFUSED = {
    "tier-weights": N_("One factor at least must count."),
    "tier-bounds": N_("A higher tier needs more points than the one below it."),
}


@bp.route("/settings/tiers", methods=["GET", "POST"])
@requires(MANAGE)
def points() -> Any:
    """What each factor gives, and from which mean on a customer has which tier."""
    row = scheme_row()
    factors, bounds = points_now()
    form = points_form(factors, bounds, row["version"] if row else 0)
    faster = None
    if form.validate_on_submit():
        try:
            done = operations.set_points(
                form.factors(),
                form.bounds(),
                version=form.seen if row else None,
                form_key=form.key,
                by=current_reader().actor,
                at=clock.now(),
            )
            here = url_for("tiers.points")
            return saved(here, message=_("Saved. The next list follows it."), undo=done or None)
        except Refused as refusal:
            form.blame(None, label(REFUSED[refusal.code]))
        except Stale:
            fresh = scheme_row()
            form.conflict(_theirs(fresh))
            faster = last_change("tier_scheme", fresh["id"] if fresh else 0)
    return _page(form, faster)


def _theirs(row: Any) -> dict[str, Any]:
    factors, bounds = points_now()
    found: dict[str, Any] = {"version": row["version"] if row else 0}
    for one in factors:
        found[f"weight_{one.name}"] = one.weight
        found[f"steps_{one.name}"] = written_steps(one.steps)
    return found | {f"bound_{one.tier}": one.least for one in bounds}


def _page(form: PointsForm, faster: Any) -> Any:
    keys = [choice.key for choice in tiers()]
    return page(
        "tiers/points.html",
        "tiers/_points.html",
        form.http_status,
        form=form,
        faster=faster,
        here=url_for("tiers.points"),
        lines=[
            (label(NAMES[name]), form[f"weight_{name}"], form[f"steps_{name}"], label(HINTS[name]))
            for name in FACTORS
        ],
        bounds=[form[f"bound_{key}"] for key in keys[:-1]],
        lowest=label(tiers()[-1].label) if keys else "",
    )
