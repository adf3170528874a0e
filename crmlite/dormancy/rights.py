"""The rights of the ladder."""

from crmlite.access import Permission
from crmlite.customers.rights import GROUP
from crmlite.wording import N_

CONFIRM, MANAGE = "cleanup:confirm", "dormancy:manage"


def permissions() -> list[Permission]:
    """Who confirms the clean-up list, and who says after how many days the steps come."""
    return [
        Permission(
            name=CONFIRM,
            label=N_("Confirm the clean-up list"),
            group=GROUP,
            defaults={"manager": "all"},
        ),
        Permission(
            name=MANAGE,
            label=N_("Say when customers become dormant"),
            group=GROUP,
            defaults={"manager": "all"},
        ),
    ]
