"""Canned replies, filled in for a case."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select

from crmlite import clock, hooks
from crmlite.access import Reader
from crmlite.cases.filling import filled
from crmlite.cases.models import CannedReply
from crmlite.extensions import database
from crmlite.rules.working_time import Calendar, NoWorkingTime
from crmlite.wording import label, on_day

Row = Mapping[str, Any]
REPLIES = CannedReply.__table__


def replies(reader: Reader) -> list[Row]:
    """The canned replies that are offered to a reader: everybody's, those of the packs that are on among
    them, and their own."""
    wanted = select(REPLIES).where(
        REPLIES.c.state == "active",
        REPLIES.c.owner.in_(("", *hooks.enabled())),
        or_(REPLIES.c.owner_id.is_(None), REPLIES.c.owner_id == reader.user_id),
    )
    return list(database.session.execute(wanted.order_by(REPLIES.c.id)).mappings())


def offered_replies(reader: Reader) -> list[tuple[int, str]]:
    """Ids and titles, in the reader's language."""
    return [(row["id"], label(row["title"])) for row in replies(reader)]


def reply_text(reader: Reader, reply_id: int, record: Any) -> str:
    """A canned reply in the reader's language, filled in for a case; empty when it is not offered."""
    row = next((one for one in replies(reader) if one["id"] == reply_id), None)
    if row is None:
        return ""
    values = {
        "customer": record.row["customer_name"],
        "contact": (record.contact or {}).get("name") or record.row["customer_name"],
        "number": record.number,
        "subject": record.row["subject"],
        "me": reader.name,
        "date": on_day(_next_working_day(record.calendar)),
    }
    return filled(label(row["body"]), values)


def _next_working_day(calendar: Calendar) -> date:
    """The first working day after today; tomorrow where nobody works."""
    tomorrow = clock.today(calendar.zone) + timedelta(days=1)
    try:
        return calendar.next_working_day(tomorrow)
    except NoWorkingTime:
        return tomorrow
