"""Leaves nobody who could sign in."""

from flask import Flask
from sqlalchemy import delete

from crmlite import clock
from crmlite.accounts.models import Membership, Session, User
from crmlite.extensions import database
from crmlite.setup.operations import SETUP
from crmlite.work import operation
from crmlite.work.operations import move_epoch


@operation("user_disabled")
def leave_nobody(*, by: object, at: object) -> None:
    for model in (Session, Membership):
        database.session.execute(delete(model.__table__))
    database.session.execute(delete(User.__table__))
    move_epoch()


def leave_nobody_in(app: Flask) -> None:
    """Have a book that nobody can sign in to."""
    with app.app_context():
        leave_nobody(by=SETUP, at=clock.now())
        database.session.remove()
