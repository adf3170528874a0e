"""Who may do what with packs."""

from crmlite.access import Permission
from crmlite.wording import N_

MANAGE = "packs:manage"


def permissions() -> list[Permission]:
    """The one right that there is."""
    return [
        Permission(
            name=MANAGE,
            label=N_("Switch industry packs on and off"),
            group=N_("Administration"),
            defaults={"manager": "all"},
        )
    ]
