"""What must be there before a customer moves along its life-cycle, declared by slices and packs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from crmlite import hooks
from crmlite.customers.fields import customer_fields
from crmlite.customers.logic import value_of
from crmlite.rules.lifecycle import Missing, MoveFacts, check_move


@dataclass(frozen=True, kw_only=True, slots=True)
class Guard:
    """Looks at a move to another state: `check(facts, to)` answers what is missing for it, nothing
    when it may be made. It is asked while people still choose, and again when they save, so it only
    looks."""

    name: str
    check: Callable[[MoveFacts, str], Sequence[Missing]]


def shipped_guards() -> list[Guard]:
    """What crmlite itself asks for."""
    return [Guard(name="lifecycle", check=check_move)]


def lacking(row: Mapping[str, Any], to: str, **brought: Any) -> list[Missing]:
    """What all guards find missing for a move of a customer, of its row with the urgency of its
    most urgent open need. `brought` is what comes along: urgency, stage, reason. Moving to where one
    is asks for nothing."""
    if to == row["lifecycle"]:
        return []
    urgency = brought["urgency"] or row["urgency"]
    facts = MoveFacts(
        lifecycle=row["lifecycle"],
        urgencies=(urgency,) if urgency else (),
        stage=brought["stage"],
        reason=brought["reason"],
        customer=MappingProxyType(
            {
                field.name: value_of(field, row)
                for field in customer_fields()
                if not (field.sensitive or field.sealed)
            }
        ),
    )
    return [one for guard in hooks.gathered("register_guards") for one in guard.check(facts, to)]
