"""What people may do with products and orders."""

from crmlite.access import Permission
from crmlite.wording import N_

GROUP = N_("Orders and products")


def permissions() -> list[Permission]:
    """An order is its customer's, and so whose the customer is decides about it. What it comes to is
    shown to those who may see the customer's amounts."""
    return [
        Permission(
            name="orders:see",
            label=N_("See orders and returns"),
            group=GROUP,
            scoped=True,
            defaults={"sales": "own", "support": "all", "manager": "all"},
        ),
        Permission(
            name="orders:create",
            label=N_("Add orders"),
            group=GROUP,
            scoped=True,
            defaults={"sales": "own", "manager": "all"},
        ),
        Permission(
            name="orders:edit",
            label=N_("Change orders, write down returns"),
            group=GROUP,
            scoped=True,
            defaults={"sales": "own", "manager": "all"},
        ),
        Permission(
            name="orders:delete",
            label=N_("Move orders and returns to the recycle bin"),
            group=GROUP,
            scoped=True,
            defaults={"sales": "own", "manager": "all"},
        ),
        Permission(
            name="products:see",
            label=N_("See products"),
            group=GROUP,
            defaults={"sales": "all", "support": "all", "manager": "all"},
        ),
        Permission(
            name="products:edit",
            label=N_("Add, change and retire products"),
            group=GROUP,
            defaults={"manager": "all"},
        ),
    ]
