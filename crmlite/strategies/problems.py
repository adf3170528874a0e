"""Whom the planner passes over, and why: nobody is there who could do it."""

from dataclasses import dataclass

from sqlalchemy import distinct, func, select

from crmlite.accounts.roster import roster
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.rules.conditions import Test, where
from crmlite.strategies.models import Followed

CUSTOMERS, FOLLOWED = Customer.__table__, Followed.__table__


@dataclass(frozen=True, kw_only=True, slots=True)
class PassedOver:
    """Customers whom strategies serve and for whom nothing is planned, since they have no owner, or
    one who has left (`user_id`). `condition` lists them."""

    count: int
    user_id: int | None
    condition: Test


def passed_over() -> list[PassedOver]:
    """Those customers, by what is in the way; none where all is well."""
    here = [person.id for person in roster().people.values() if person.active]
    statement = (
        select(CUSTOMERS.c.owner_id, func.count(distinct(CUSTOMERS.c.id)))
        .join(FOLLOWED, FOLLOWED.c.customer_id == CUSTOMERS.c.id)
        .where(
            CUSTOMERS.c.state == "active",
            CUSTOMERS.c.owner_id.is_(None) | CUSTOMERS.c.owner_id.not_in(here),
        )
        .group_by(CUSTOMERS.c.owner_id)
    )
    return [
        PassedOver(
            count=count,
            user_id=owner,
            condition=where("owner", "empty") if owner is None else where("owner", "is", owner),
        )
        for owner, count in database.session.execute(statement)
    ]
