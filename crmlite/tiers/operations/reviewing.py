"""Making a list of proposals: each quarter, and when a manager asks for one."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select, update

from crmlite import clock, hooks
from crmlite.accounts.queries import holders
from crmlite.customers.choices import has_scheme
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.jobs import Lease, enqueue_once
from crmlite.notifications import Notice
from crmlite.notifications.operations import notify
from crmlite.rules.lifecycle import ACTIVE
from crmlite.rules.periods import QUARTER, Period, quarter
from crmlite.rules.tiering import Bound, Factor, score_of, tier_of
from crmlite.settings.queries import local_day
from crmlite.tiers.choosing import TierChoice
from crmlite.tiers.facts import Known, known
from crmlite.tiers.models import TierProposal, TierReview
from crmlite.tiers.rights import MANAGE
from crmlite.tiers.schemes import points, scheme
from crmlite.work import Actor, current, operation

KIND, QUARTERLY = "propose-tiers", "propose-tiers-quarterly"
NOTICE = "tiers-proposed"
BATCH = 1000
REVIEWS, PROPOSALS = TierReview.__table__, TierProposal.__table__
CUSTOMERS = Customer.__table__


@operation("tier_review_asked")
def ask_for_review(*, by: Actor, at: datetime) -> int:
    """Have a list made now; answers the id of the operation."""
    enqueue_once(KIND, {"by": by.user_id})
    return current().id


def propose_quarterly(payload: Mapping[str, Any], *, by: Actor, at: datetime, lease: Lease) -> None:
    """Make the list of the quarter, once: on its first night, or on the first one that the machine is
    up. A book that began within the quarter waits for the next one."""
    today = local_day(at)
    if _is_older(Period.around(QUARTER, today).first) and not _is_made(quarter(today)):
        propose(payload, by=by, at=at, lease=lease)


def close_lists() -> None:
    """Close the list that stands, and the one that is being made: they propose tiers of another scheme.
    Belongs inside the operation that chooses the scheme."""
    database.session.execute(update(REVIEWS).values(state="closed"))


def close_overtaken(pack: str) -> None:
    """Close the list that stands where a pack has the scheme that the firm chose: its tiers go and come
    with it, and another scheme stands in. Belongs inside the operation that switches the pack."""
    if has_scheme(pack):
        close_lists()


def _is_older(day: date) -> bool:
    """Whether the book had customers before a day."""
    oldest = database.session.execute(select(func.min(CUSTOMERS.c.created_at))).scalar()
    return oldest is not None and local_day(oldest) < day


def _is_made(name: str) -> bool:
    wanted = select(REVIEWS.c.id).where(REVIEWS.c.quarter == name, REVIEWS.c.state != "making")
    return database.session.execute(wanted.limit(1)).first() is not None


def propose(payload: Mapping[str, Any], *, by: Actor, at: datetime, lease: Lease) -> None:
    """Look at everybody and list whose tier should be another, in short batches. The list is opened,
    and the one before closed, when it is whole; it is made anew where another scheme was chosen
    meanwhile."""
    while not _make(payload.get("by"), by=by, at=at, lease=lease):
        lease.renew()


def _make(user_id: int | None, *, by: Actor, at: datetime, lease: Lease) -> bool:
    """Make a list by the scheme in use; whether it still was that in the end."""
    review_id = _begin(user_id, by=by, at=at)
    key, (factors, bounds) = scheme(), points()
    last = 0
    while customers := _customers_after(last, local_day(at)):
        lease.renew()
        chosen = _chosen(customers, {one.tier for one in bounds})
        database.session.close()  # packs were asked outside of any change
        found = [_proposal(one, factors, bounds, chosen.get(one.id)) for one in customers]
        before = {one.id: one.tier for one in customers}
        rows = [row for row in found if row and row["after"] != before[row["customer_id"]]]
        unknown = found.count(None)
        if not _write(review_id, rows, len(customers), unknown, by=by, at=clock.now()):
            break
        last = customers[-1].id
    return _open(review_id, key, by=by, at=clock.now())


def _customers_after(after: int, today: date) -> list[Known]:
    """The next customers who have a tier: those with whom there is a cooperation."""
    wanted = select(CUSTOMERS.c.id).where(
        CUSTOMERS.c.id > after, CUSTOMERS.c.state == "active", CUSTOMERS.c.lifecycle == ACTIVE
    )
    ids = list(database.session.execute(wanted.order_by(CUSTOMERS.c.id).limit(BATCH)).scalars())
    return sorted(known(ids, today), key=lambda one: one.id) if ids else []


@operation("tiers_proposed", traced=False)
def _begin(user_id: int | None, *, by: Actor, at: datetime) -> int:
    _drop(REVIEWS.c.state == "making")  # of a run that was cut short
    values = {"quarter": quarter(local_day(at)), "made_at": at, "by_id": user_id}
    values |= {"state": "making", "looked": 0, "unknown": 0}
    made = database.session.execute(insert(REVIEWS).values(**values).returning(REVIEWS.c.id))
    return int(made.scalar_one())


def _drop(condition: ColumnElement[bool]) -> None:
    found = select(REVIEWS.c.id).where(condition)
    database.session.execute(delete(PROPOSALS).where(PROPOSALS.c.review_id.in_(found)))
    database.session.execute(delete(REVIEWS).where(condition))


@operation("tiers_proposed", traced=False)
def _write(
    review_id: int,
    rows: Sequence[Mapping[str, Any]],
    looked: int,
    unknown: int,
    *,
    by: Actor,
    at: datetime,
) -> bool:
    """Put the proposals of a batch on the list; whether it is still being made."""
    counted = (
        update(REVIEWS)
        .where(REVIEWS.c.id == review_id, REVIEWS.c.state == "making")
        .values(looked=REVIEWS.c.looked + looked, unknown=REVIEWS.c.unknown + unknown)
    )
    if not database.session.execute(counted).rowcount:
        return False
    if rows:
        values = [{"review_id": review_id, **row} for row in rows]
        database.session.execute(insert(PROPOSALS), values)
    return True


def _proposal(
    one: Known, factors: Sequence[Factor], bounds: Sequence[Bound], choice: TierChoice | None
) -> dict[str, Any] | None:
    """The tier that a customer should have; None where too little is known."""
    score = score_of(one.values, factors)
    after = choice.tier if choice else tier_of(score, bounds)
    if after is None:
        return None
    weights = {factor.name: factor.weight for factor in factors}
    return {
        "customer_id": one.id,
        "before": one.tier,
        "after": after,
        "points": {
            name: {"points": found, "value": one.values.get(name), "weight": weights[name]}
            for name, found in score.points.items()
        },
        "mean": score.mean,
        "known": score.known,
        "pack": choice.pack if choice else None,
        "why": _why(choice) if choice else None,
        "state": "open",
        "version": 1,
    }


def _why(choice: TierChoice) -> dict[str, str]:
    why = choice.why
    return {"en": why} if isinstance(why, str) else dict(why)


def _chosen(customers: Sequence[Known], tiers: set[str]) -> dict[int, TierChoice]:
    """What packs have chosen for these customers, of the tiers that there are; of two packs the one
    that comes first. One that fails chooses nothing, and its manager is told."""
    facts = [asdict(one) for one in customers]
    ids = {one.id for one in customers}
    found: dict[int, TierChoice] = {}
    for choice in hooks.asked("choose_tier", customers=facts):
        if choice.customer_id in ids and choice.tier in tiers:
            found.setdefault(choice.customer_id, choice)
    return found


@operation("tiers_proposed", traced=False)
def _open(review_id: int, key: str, *, by: Actor, at: datetime) -> bool:
    """Open a list that is whole, close those before, and tell whoever decides. One that was made by
    another scheme than is in use by now is dropped, and has to be made anew."""
    mine = REVIEWS.c.id == review_id
    state = database.session.execute(select(REVIEWS.c.state).where(mine)).scalar()
    if state is None:  # another run makes one
        return True
    if state != "making" or scheme() != key:
        _drop(mine)
        return False
    update_all = update(REVIEWS).where(REVIEWS.c.id != review_id, REVIEWS.c.state != "closed")
    database.session.execute(update_all.values(state="closed"))
    database.session.execute(update(REVIEWS).where(mine).values(state="open"))
    counted = select(func.count()).where(PROPOSALS.c.review_id == review_id)
    count = int(database.session.execute(counted).scalar_one())
    if count:
        notices = [
            Notice(person, NOTICE, {"count": count}, f"{NOTICE}:{review_id}:{person}")
            for person in holders(MANAGE)
        ]
        notify(notices, by=by, at=at)
    return True
