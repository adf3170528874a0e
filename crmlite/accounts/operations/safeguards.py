"""Rights that must never be without a person who holds them."""

from sqlalchemy import func, select

from crmlite.accounts.models import Grant, User
from crmlite.extensions import database
from crmlite.work import Refused

KEPT = ("people:manage", "roles:manage")


def keep_someone_in_charge() -> None:
    """Refuses (`last_in_charge`) what would leave nobody to manage people or roles.

    Belongs inside the operation, after its change. The operation must move the epoch: that one row
    is what keeps two of them from each counting on the other's person. Before there is anybody,
    nothing is refused.
    """
    user, grant = User.__table__, Grant.__table__
    if not database.session.execute(select(func.count()).select_from(user)).scalar():
        return
    for permission in KEPT:
        holders = (
            select(func.count())
            .select_from(user.join(grant, grant.c.role_id == user.c.role_id))
            .where(
                user.c.state == "active",
                grant.c.permission == permission,
                grant.c.scope != "",
            )
        )
        if not database.session.execute(holders).scalar():
            raise Refused("last_in_charge", {"permission": permission})
