"""Moves along the life-cycle that a computed tag proposes. It never makes them: people do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from crmlite.customers.choices import choice_label
from crmlite.customers.tags.shipped import BUYING, STILL_BUYING, STOPPED
from crmlite.rules.lifecycle import ACTIVE, DORMANT, INTERESTED, LOST, POTENTIAL
from crmlite.wording import label

PROPOSED = {  # what is proposed to whom: by its tag, the state it is in, the state that fits
    STOPPED: ((ACTIVE,), DORMANT),
    STILL_BUYING: ((POTENTIAL, INTERESTED, LOST, DORMANT), ACTIVE),
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A move that is proposed: the state to move to, and what speaks for it."""

    lifecycle: str
    text: str
    action: str


def proposal(lifecycle: str, tag_rows: list[Mapping[str, Any]]) -> Proposal | None:
    """What a customer's buying state proposes; None where it fits the life-cycle."""
    row = next((one for one in tag_rows if one["key"] == BUYING and one["tag"]), None)
    states, wanted = PROPOSED.get(row["tag_key"] if row else "", ((), ""))
    if row is None or lifecycle not in states:
        return None
    now, then = choice_label("lifecycle", lifecycle), choice_label("lifecycle", wanted)
    text = _(
        "By the orders: “%(tag)s”. The life-cycle is still “%(now)s”.",
        tag=label(row["tag"]),
        now=now,
    )
    return Proposal(wanted, str(text), str(_("Move to “%(then)s”", then=then)))
