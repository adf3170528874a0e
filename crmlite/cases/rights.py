"""What people may do with cases."""

from crmlite.access import Permission
from crmlite.wording import N_

GROUP = N_("Complaints and other cases")


def permissions() -> list[Permission]:
    """Whose a case is decides its assignee, its joint team and the owner of its customer."""
    return [
        Permission(
            name="cases:see",
            label=N_("See cases"),
            group=GROUP,
            scoped=True,
            defaults={"sales": "own", "support": "all", "manager": "all"},
        ),
        Permission(
            name="cases:create",
            label=N_("Open cases"),
            group=GROUP,
            defaults={"sales": "all", "support": "all", "manager": "all"},
        ),
        Permission(
            name="cases:edit",
            label=N_("Work on cases: answer, move, correct"),
            group=GROUP,
            scoped=True,
            defaults={"sales": "own", "support": "all", "manager": "all"},
        ),
        Permission(
            name="cases:assign",
            label=N_("Give cases to others"),
            group=GROUP,
            defaults={"support": "all", "manager": "all"},
        ),
        Permission(
            name="cases:delete",
            label=N_("Move cases to the recycle bin"),
            group=GROUP,
            defaults={"manager": "all"},
        ),
        Permission(
            name="cases:manage",
            label=N_("Set deadlines and canned replies"),
            group=GROUP,
            defaults={"manager": "all"},
        ),
        Permission(
            name="improvements:see",
            label=N_("See improvements"),
            group=GROUP,
            defaults={"sales": "all", "support": "all", "manager": "all"},
        ),
        Permission(
            name="improvements:edit",
            label=N_("Add and change improvements"),
            group=GROUP,
            defaults={"support": "all", "manager": "all"},
        ),
    ]
