"""The rights of follow-ups and who has them as shipped."""

from crmlite.access import Permission
from crmlite.wording import N_

GROUP = N_("Follow-ups")


def permissions() -> list[Permission]:
    """What may be done with interactions and tasks. The owner is the customer's."""
    return [
        _right("interactions:see", N_("See what was said"), sales="own", support="all"),
        _right("interactions:create", N_("Write down follow-ups"), sales="own", support="all"),
        _right("interactions:edit", N_("Correct and delete follow-ups"), sales="own"),
        _right("tasks:edit", N_("Plan, move and finish tasks"), sales="own", support="all"),
        _right("today:others", N_("See the Today of others"), sales=""),
    ]


def _right(name: str, label: str, **defaults: str) -> Permission:
    return Permission(
        name=name, label=label, group=GROUP, scoped=True, defaults={"manager": "all", **defaults}
    )
