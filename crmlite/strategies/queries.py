"""Reading strategies: in the order in which they are followed, one of them, its versions."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import func, select

from crmlite import hooks
from crmlite.access import Reader, visible_to
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.rules.conditions import Node, Unreadable, from_json
from crmlite.rules.fields import BadDeclaration
from crmlite.rules.strategies import Strategy as Declared
from crmlite.rules.strategies import Touch, strategy_from_json, touch_from_json
from crmlite.strategies.models import Followed, Strategy, StrategyVersion
from crmlite.work.ledger import ActorRow, OperationRow

Row = Mapping[str, Any]
UNREADABLE = (BadDeclaration, Unreadable, KeyError, TypeError, AttributeError, ValueError)
TABLE, VERSIONS = Strategy.__table__, StrategyVersion.__table__
FOLLOWED, CUSTOMER = Followed.__table__, Customer.__table__


def strategies() -> Sequence[Row]:
    """All strategies that are not retired: the main ones by priority, the highest first, then those
    that come on top. Of two of one priority the older one goes first."""
    wanted = select(TABLE).where(TABLE.c.retired.is_(False))
    ordered = wanted.order_by(TABLE.c.on_top, TABLE.c.priority.desc(), TABLE.c.id)
    return database.session.execute(ordered).mappings().all()


def strategy(strategy_id: int) -> Row | None:
    """A strategy as it is stored; None when there is none."""
    wanted = select(TABLE).where(TABLE.c.id == strategy_id)
    return database.session.execute(wanted).mappings().first()


def followers(reader: Reader) -> dict[int, int]:
    """How many customers in the reader's sight follow each strategy by their plans, by its id."""
    joined = FOLLOWED.join(CUSTOMER, CUSTOMER.c.id == FOLLOWED.c.customer_id)
    counted = select(FOLLOWED.c.strategy_id, func.count()).select_from(joined)
    counted = visible_to(reader, counted).group_by(FOLLOWED.c.strategy_id)
    return {row[0]: row[1] for row in database.session.execute(counted)}


def is_followed(row: Row) -> bool:
    """Whether a strategy is on, and its pack, where it belongs to one."""
    return row["is_on"] and not row["retired"] and row["owner"] in (hooks.OWN, *hooks.enabled())


def conditions() -> list[tuple[Mapping[str, str], Node]]:
    """Whom strategies serve, be they followed or at rest, each with the label of its strategy; those
    that cannot be read any more are left out."""
    found = []
    for row in strategies():
        with suppress(Unreadable):
            found.append((row["label"], from_json(row["serves"])))
    return found


def declared_of(row: Row) -> Declared | None:
    """What a stored strategy says; None where that cannot be read any more."""
    try:
        return strategy_from_json(
            {
                **row,
                "name": row["key"],
                **{name: {"en": _any(row[name]), **row[name]} for name in ("label", "goal")},
            }
        )
    except UNREADABLE:
        return None


def touches_of(stored: Iterable[Mapping[str, Any]]) -> list[Touch]:
    """Stored touches; those that cannot be read any more are left out."""
    found = []
    for one in stored:
        with suppress(*UNREADABLE):
            found.append(touch_from_json(one))
    return found


def _any(words: Mapping[str, str]) -> str:
    return next(iter(words.values()), "")


def versions_of(strategy_id: int) -> Sequence[Row]:
    """The versions of a strategy, the newest first, with who made each."""
    operations, actors = OperationRow.__table__, ActorRow.__table__
    wanted = (
        select(VERSIONS, actors.c.kind, actors.c.name, actors.c.user_id)
        .join(operations, operations.c.id == VERSIONS.c.operation_id)
        .join(actors, actors.c.id == operations.c.actor_id)
        .where(VERSIONS.c.strategy_id == strategy_id)
        .order_by(VERSIONS.c.number.desc())
    )
    return database.session.execute(wanted).mappings().all()


def version_number(strategy_id: int) -> int:
    """The number of the version that a strategy is by now; 0 where there is none."""
    wanted = select(func.max(VERSIONS.c.number)).where(VERSIONS.c.strategy_id == strategy_id)
    return int(database.session.execute(wanted).scalar() or 0)
