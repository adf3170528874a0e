"""The number of the firm's arrangements: what is kept of them in memory holds until it moves."""

from flask import g
from sqlalchemy import select

from crmlite.extensions import database
from crmlite.work.ledger import EpochRow

NUMBER = select(EpochRow.__table__.c.number)


def epoch() -> int:
    """The number of the firm's arrangements, read once per request."""
    if "epoch" not in g:
        g.epoch = database.session.execute(NUMBER).scalar() or 0
    return int(g.epoch)


def forget() -> None:
    """Have it read anew when somebody asks: others may have arranged something since."""
    g.pop("epoch", None)


def look_again() -> bool:
    """Notice in long work that the firm's arrangements changed meanwhile; whether they did."""
    before = g.pop("epoch", None)
    return before is not None and before != epoch()
