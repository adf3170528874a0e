"""The address of a person's feed: made, made anew, revoked. It holds at once."""

from datetime import datetime

from sqlalchemy import select

from crmlite.accounts.models import User
from crmlite.agenda.models import CalendarFeed
from crmlite.agenda.queries.feeds import digest_of, feed_of
from crmlite.db.columns import new_uid
from crmlite.extensions import database
from crmlite.work import Actor, current, operation, records


@operation("feed_made")
def make_feed(user_id: int, secret: str, *, by: Actor, at: datetime) -> int:
    """Open the feed of a person by a new secret, of which a digest is kept; the one before opens nothing
    any more. Answers the id of the operation."""
    values = {"secret_hash": digest_of(secret), "made_at": max(at, _password_set_at(user_id))}
    row = feed_of(user_id)
    if row is None:
        records.insert(CalendarFeed, {"user_id": user_id, "uid": new_uid(), **values})
    else:
        records.update(CalendarFeed, row["id"], values)
    return current().id


@operation("feed_revoked")
def revoke_feed(user_id: int, *, by: Actor, at: datetime) -> int:
    """Close the feed of a person; answers the id of the operation, 0 when there was none."""
    row = feed_of(user_id)
    if row is None or row["secret_hash"] is None:
        return 0
    records.update(CalendarFeed, row["id"], {"secret_hash": None, "made_at": None})
    return current().id


def _password_set_at(user_id: int) -> datetime:
    """Since when a person has the password that they have; later than now, where a clock ran ahead."""
    wanted = select(User.__table__.c.password_set_at).where(User.__table__.c.id == user_id)
    found: datetime = database.session.execute(wanted).scalar_one()
    return found
