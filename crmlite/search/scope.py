"""Who sees what, as tokens: a search asks for them along with the words, and needs no join."""

import re
from collections.abc import Sequence

from crmlite.access import Reader
from crmlite.access.permissions import ALL, OWN, TEAM
from crmlite.search.typed import Condition, Either, Every, Exact, Except, either

MARK = "~"  # no text makes a token that begins so
ACTIVE = "active"
STATES = (ACTIVE, "archived", "deleted", "merged")
RECORD_TYPE = re.compile(r"[a-z][a-z_]{0,31}")


def scope_tokens(
    record_type: str, owner_id: int | None, state: str = ACTIVE, also: Sequence[int] = ()
) -> tuple[str, ...]:
    """The tokens that say what a record is, whose, and in which state if it is not active. `also` are
    further people who see it as its owner does.

    Raises ValueError for a record type or a state that cannot be.
    """
    if not RECORD_TYPE.fullmatch(record_type) or record_type in STATES:
        raise ValueError(f"a record type is a word in small letters, not {record_type!r}")
    if state not in STATES:
        raise ValueError(f"unknown state {state!r}")
    others = (_owned(record_type, one) for one in also if one != owner_id)
    found = (_of(record_type), _owned(record_type, owner_id), *others)
    return found if state == ACTIVE else (*found, MARK + state)


def seen_by(
    reader: Reader, record_type: str, permission: str, states: Sequence[str] = (ACTIVE,)
) -> Condition | None:
    """Which records of a type a reader may find; None when there are none.

    The same rule as `access.visible_to`: a team's records are those of its members.
    """
    match reader.scope(permission):
        case scope if scope == ALL:
            mine: Condition = Exact(_of(record_type))
        case scope if scope == TEAM:
            mates = sorted(reader.mates)
            if not mates:
                return None
            mine = either(*(Exact(_owned(record_type, mate)) for mate in mates))
        case scope if scope == OWN:
            mine = Exact(_owned(record_type, reader.user_id))
        case _:
            return None
    return _in_states(mine, states)


def everything(record_type: str, states: Sequence[str] = (ACTIVE,)) -> Condition:
    """All records of a type, for queries that are limited to what a reader sees by other means."""
    return _in_states(Exact(_of(record_type)), states)


def _in_states(mine: Condition, states: Sequence[str]) -> Condition:
    if ACTIVE not in states:
        return Every((mine, either(*(Exact(MARK + state) for state in states))))
    others = tuple(Exact(MARK + state) for state in STATES if state not in states)
    return Except(mine, Either(others)) if others else mine


def _of(record_type: str) -> str:
    return MARK + record_type


def _owned(record_type: str, owner_id: int | None) -> str:
    owner = "noowner" if owner_id is None else f"own{owner_id}"
    return f"{MARK}{record_type}.{owner}"
