"""What was said in cases, as contacts with their customers."""

from collections.abc import Iterator, Sequence

from sqlalchemy import and_, func, or_, select

from crmlite.cases.models import Case, CaseMessage
from crmlite.extensions import database
from crmlite.followups.contacts import Contact

CASES, MESSAGES = Case.__table__, CaseMessage.__table__
# Channels by which the customer took part when we said something; each is a kind of interaction, too.
TALKS = ("phone", "visit")
KINDS = {channel: channel for channel in (*TALKS, "wechat", "email")}


def newest_contacts(customer_ids: Sequence[int]) -> Iterator[Contact]:
    """The newest of each customer: what they said, or we said to them on the phone or face to face. What
    it was stays in the case, which not all see who see the customer."""
    order = MESSAGES.c.at.desc(), MESSAGES.c.id.desc()
    newest = (
        select(
            MESSAGES.c.customer_id,
            MESSAGES.c.at,
            MESSAGES.c.channel,
            MESSAGES.c.author_id,
            CASES.c.number,
            func.row_number()
            .over(partition_by=MESSAGES.c.customer_id, order_by=order)
            .label("place"),
        )
        .join(CASES, CASES.c.id == MESSAGES.c.case_id)
        .where(
            MESSAGES.c.customer_id.in_(customer_ids),
            MESSAGES.c.state == "active",
            CASES.c.state == "active",
            or_(
                MESSAGES.c.direction == "in",
                and_(MESSAGES.c.direction == "out", MESSAGES.c.channel.in_(TALKS)),
            ),
        )
        .subquery()
    )
    for row in database.session.execute(select(newest).where(newest.c.place == 1)):
        yield Contact(
            customer_id=row.customer_id,
            occurred_at=row.at,
            kind=KINDS.get(row.channel),
            content=row.number,
            done_by_id=row.author_id,
        )
