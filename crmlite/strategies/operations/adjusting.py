"""Making, changing, switching strategies."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crmlite.extensions import database
from crmlite.rules.conditions import Node, to_json
from crmlite.rules.fields import BadDeclaration
from crmlite.rules.strategies import Strategy as Declared
from crmlite.rules.strategies import Touch, strategy_to_json
from crmlite.strategies.checking import absent_of, problems_of
from crmlite.strategies.models import Strategy
from crmlite.strategies.operations.versions import follow_change
from crmlite.strategies.shipped import CONTENT
from crmlite.work import Actor, Gone, Refused, current, operation, records

TABLE = Strategy.__table__
KEY_BYTES = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class StrategyChange:
    """A strategy as it is to be."""

    label: Mapping[str, str]
    goal: Mapping[str, str]
    serves: Node
    touches: tuple[Touch, ...]
    priority: int = 50
    on_top: bool = False


@operation("strategy_created")
def create_strategy(change: StrategyChange, *, by: Actor, at: datetime) -> int:
    """Make a strategy of the firm's own; answers its id. Raises Refused (`strategy-unsound`)."""
    key = f"own_{secrets.token_hex(KEY_BYTES)}"
    made = records.insert(Strategy, {"key": key, **_columns(key, change)})
    follow_change()
    return made


@operation("strategy_updated")
def update_strategy(
    strategy_id: int, change: StrategyChange, *, version: int | None = None, by: Actor, at: datetime
) -> int:
    """Change a strategy, which makes a new version of it; answers the id of the operation, 0 if
    nothing changed. Raises Gone, Stale, Refused (`strategy-unsound`)."""
    columns = _columns(_key(strategy_id), change)
    if not records.update(Strategy, strategy_id, columns, version=version):
        return 0
    follow_change()
    return current().id


@operation("strategy_switched")
def switch_strategy(strategy_id: int, *, on: bool, by: Actor, at: datetime) -> int:
    """Have a strategy followed, or let it rest; answers the id of the operation, 0 if nothing changed.
    Raises Gone."""
    if not records.update(Strategy, strategy_id, {"is_on": on}):
        return 0
    follow_change()
    return current().id


def _key(strategy_id: int) -> str:
    found = database.session.execute(select(TABLE.c.key).where(TABLE.c.id == strategy_id)).scalar()
    if found is None:
        raise Gone("strategy", strategy_id)
    return str(found)


def _columns(key: str, change: StrategyChange) -> dict[str, Any]:
    """The columns of a sound strategy."""
    declared = declared_change(key, change)
    if declared is None or problems_of(declared) or absent_of(declared):
        raise Refused("strategy-unsound")
    content = strategy_to_json(declared)
    return {
        **{name: content[name] for name in CONTENT},
        "label": dict(change.label),
        "goal": dict(change.goal),
        "serves": to_json(change.serves),
    }


def declared_change(key: str, change: StrategyChange) -> Declared | None:
    """What a strategy will say; None where it cannot be followed as it stands."""
    try:
        return Declared(
            name=key,
            label=_english(change.label),
            goal=_english(change.goal),
            serves=change.serves,
            touches=change.touches,
            priority=change.priority,
            on_top=change.on_top,
        )
    except BadDeclaration:
        return None


def _english(words: Mapping[str, str]) -> dict[str, str]:
    """Words with English ones, which declarations have: the Chinese where a firm gave no others."""
    return {"en": next(iter(words.values()), ""), **words}
