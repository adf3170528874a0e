"""How far a new book has come."""

from sqlalchemy import select

from crmlite.accounts.queries import people
from crmlite.customers.models import Customer
from crmlite.extensions import database

CUSTOMERS = Customer.__table__


def is_new() -> bool:
    """Whether there is nobody but the first manager, and no customer."""
    if len(people()) > 1:
        return False
    return database.session.execute(select(CUSTOMERS.c.id).limit(1)).first() is None
