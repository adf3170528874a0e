"""The right of tiers."""

from crmlite.access import Permission
from crmlite.customers.rights import GROUP
from crmlite.wording import N_

MANAGE = "tiers:manage"


def permissions() -> list[Permission]:
    """Who decides about proposals, pins tiers, and says what gives how many points."""
    return [
        Permission(
            name=MANAGE, label=N_("Decide about tiers"), group=GROUP, defaults={"manager": "all"}
        )
    ]
