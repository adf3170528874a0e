"""The rights of the customer book and who has them as shipped."""

from crmlite.access import Permission
from crmlite.wording import N_

GROUP = N_("Customers")


def permissions() -> list[Permission]:
    """What may be done with customers."""
    return [
        _scoped("customers:see", N_("See customers"), sales="own", support="all"),
        _plain("customers:create", N_("Add customers"), sales="all", support="all"),
        _scoped("customers:edit", N_("Change customers"), sales="own"),
        _scoped(
            "customers:unmask",
            N_("See phones, e-mails, chat accounts and sensitive fields whole"),
            sales="own",
        ),
        _scoped("customers:amounts", N_("See amounts"), sales="own"),
        _scoped("customers:assign", N_("Change the owner")),
        _scoped("customers:tier", N_("Set the tier"), sales="own"),
        _scoped("customers:archive", N_("Archive customers"), sales="own"),
        _scoped("customers:delete", N_("Delete customers"), sales="own"),
        _plain("customers:see_archived", N_("Open archived customers")),
        _plain("views:share", N_("Share views with everyone")),
        _plain("tags:manage", N_("Manage tags")),
    ]


def _scoped(name: str, label: str, **defaults: str) -> Permission:
    return Permission(
        name=name, label=label, group=GROUP, scoped=True, defaults={"manager": "all", **defaults}
    )


def _plain(name: str, label: str, **defaults: str) -> Permission:
    return Permission(name=name, label=label, group=GROUP, defaults={"manager": "all", **defaults})
