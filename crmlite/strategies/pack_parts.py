"""What strategies do with packs: what they refuse of one, what they hold and remove."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select

from crmlite import hooks
from crmlite.customers.choices import has_scheme
from crmlite.customers.conditions.written import figures_of, pack_catalogue
from crmlite.declarations import Declared, PackPart
from crmlite.extensions import database
from crmlite.followups.models import Task
from crmlite.followups.operations.planning import changed
from crmlite.rules.conditions import Catalogue, Figures, validate
from crmlite.rules.conditions.checking import MESSAGES
from crmlite.rules.did_you_mean import unknown
from crmlite.rules.fields import BadDeclaration
from crmlite.rules.strategies import Around, Strategy, Touch
from crmlite.strategies.models import Followed, PausedStrategy, PlannedTouch, StrategyVersion
from crmlite.strategies.models import Strategy as Row
from crmlite.strategies.operations.versions import follow_scheme
from crmlite.strategies.planner.jobs import have_all_planned
from crmlite.strategies.sections import DATES, channels
from crmlite.strategies.shipped import CONTENT
from crmlite.work import current, records

STRATEGIES, VERSIONS = Row.__table__, StrategyVersion.__table__
FOLLOWED, PAUSED = Followed.__table__, PausedStrategy.__table__
TOUCHES, TASKS = PlannedTouch.__table__, Task.__table__


def part() -> PackPart:
    """What this room does with packs."""
    return PackPart(
        name="strategies",
        refuse=refuse,
        switched=switched,
        held=held,
        kept=kept,
        purge=purge,
        weight=20,
    )


def switched(pack: str) -> None:
    """Have everybody's plan made anew where a pack has strategies, and where it has the scheme of tiers
    that the firm chose: while it is off another one stands in, with its own."""
    if has_scheme(pack):
        follow_scheme()
    elif _rows(pack):
        have_all_planned()


def held(pack: str) -> Mapping[str, int]:
    """How many strategies a pack has brought."""
    return {_("Strategies"): len(_rows(pack))}


def kept(pack: str) -> Iterator[Mapping[str, Any]]:
    """Its strategies, as plain values."""
    for row in _rows(pack):
        yield {"strategy": {name: row[name] for name in ("key", *CONTENT)}}


def purge(pack: str) -> int:
    """Remove its strategies, with their versions and what was planned by them; tasks that are still
    open are dropped."""
    rows = _rows(pack)
    ids = [row["id"] for row in rows]
    session = database.session
    planned = select(TOUCHES.c.task_id).where(TOUCHES.c.strategy_id.in_(ids))
    still = select(TASKS.c.id, TASKS.c.customer_id).where(
        TASKS.c.id.in_(planned), TASKS.c.status == "open"
    )
    open_tasks = session.execute(still).all()
    dropped = {"status": "dropped", "closed_at": current().at}
    records.update_many(Task, {task.id: dropped for task in open_tasks})
    for table in (TOUCHES, FOLLOWED, PAUSED, VERSIONS):
        session.execute(delete(table).where(table.c.strategy_id.in_(ids)))
    for strategy_id in ids:
        records.delete(Row, strategy_id)
    changed(task.customer_id for task in open_tasks)
    return len(rows)


def _rows(pack: str) -> Sequence[Mapping[str, Any]]:
    wanted = select(STRATEGIES).where(STRATEGIES.c.owner == pack).order_by(STRATEGIES.c.id)
    return database.session.execute(wanted).mappings().all()


def refuse(pack: str, declared: Declared) -> None:
    """Raise BadDeclaration for strategies that ask for what is not there."""
    catalogue = pack_catalogue(pack, declared)
    added = declared.get("register_choices", ())
    known = channels() | {one.key for one in added if one.list == "channel"}
    for strategy in hooks.declared("register_strategies", pack):
        _refuse(pack, strategy, catalogue, figures_of(declared))
        for touch in strategy.touches:
            _refuse_touch(
                f"Strategy {strategy.name!r}, touch {touch.name!r}", touch, catalogue, known
            )


def _refuse(pack: str, strategy: Strategy, catalogue: Catalogue, figures: Figures) -> None:
    where = f"Strategy {strategy.name!r}"
    if not strategy.name.startswith(f"{pack}__"):
        raise BadDeclaration(f"{where}: what belongs to this pack begins with `{pack}__`.")
    for problem in validate(strategy.serves, catalogue, figures):
        raise BadDeclaration(f"{where}: {MESSAGES[problem.code] % dict(problem.params)}")


def _refuse_touch(where: str, touch: Touch, catalogue: Catalogue, known: set[str]) -> None:
    if touch.channel not in known:
        raise BadDeclaration(f"{where}: the channel {unknown(touch.channel, known)}.")
    if isinstance(touch.cadence, Around) and touch.cadence.field:
        dates = {one.name for one in catalogue.values() if one.kind in DATES}
        if touch.cadence.field not in dates:
            raise BadDeclaration(f"{where}: the date {unknown(touch.cadence.field, dates)}.")
