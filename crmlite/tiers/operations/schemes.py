"""What gives how many points."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from crmlite.rules.tiering import Bound, Factor
from crmlite.tiers.models import TierScheme
from crmlite.tiers.schemes import scheme, scheme_row
from crmlite.work import Actor, Refused, current, operation, records


@operation("tier_points_set")
def set_points(
    factors: Sequence[Factor],
    bounds: Sequence[Bound],
    *,
    version: int | None = None,
    by: Actor,
    at: datetime,
) -> int:
    """Say for the scheme of tiers in use what gives how many points and which tier that is; answers the
    id of the operation, 0 if nothing changed. Raises Stale, Refused (`tier-weights` where nothing
    counts, `tier-bounds` where a higher tier needs no more than a lower one)."""
    if not any(one.weight for one in factors):
        raise Refused("tier-weights")
    falling = [one.least for one in bounds]
    if any(a <= b for a, b in pairwise(falling)):
        raise Refused("tier-bounds")
    values: dict[str, Any] = {
        "factors": {
            one.name: {"weight": one.weight, "steps": [list(step) for step in one.steps]}
            for one in factors
        },
        "bounds": {one.tier: one.least for one in bounds},
    }
    row = scheme_row()
    if row is None:
        records.insert(TierScheme, {"key": scheme(), **values})
        return current().id
    changed = records.update(TierScheme, row["id"], values, version=version)
    return current().id if changed else 0
