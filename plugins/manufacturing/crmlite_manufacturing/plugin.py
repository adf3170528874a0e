"""What the manufacturing pack does in code: a company that becomes active has a kind of partner, since
prices and deadlines follow from it; a level is a dealer's; and Today shows the steps of orders that are
late."""

from collections.abc import Sequence
from typing import Any

from crmlite import hookimpl
from crmlite.access import Reader
from crmlite.customers.guards import Guard
from crmlite.customers.logic import LogicRule
from crmlite.objects.queries import undone_lines
from crmlite.panels import Panel
from crmlite.rules.conditions import All, where
from crmlite.rules.lifecycle import ACTIVE, Missing, MoveFacts
from crmlite.wording import label

PARTNER = "manufacturing__partner_type"
LEVEL = "manufacturing__dealer_level"
ASKED = {
    "en": "Say first what kind of partner they are: end user, dealer, agent or OEM.",
    "zh": "请先填写客户性质：终端客户、经销商、代理商或OEM厂商。",
}
NO_DEALER = {
    "en": "They have the dealer level %(manufacturing__dealer_level)s, but are no dealer.",
    "zh": "填了经销商等级“%(manufacturing__dealer_level)s”，但客户性质不是经销商。",
}
LATE = {"en": "Steps of orders that are late", "zh": "逾期的订单节点"}


@hookimpl
def register_guards() -> list[Guard]:
    """One."""
    return [Guard(name="manufacturing-partner", check=_partner_known)]


def _partner_known(facts: MoveFacts, to: str) -> Sequence[Missing]:
    known = facts.customer
    asked = to == ACTIVE and known.get("kind") == "company" and PARTNER in known
    if not asked or known[PARTNER]:
        return ()
    return [Missing("manufacturing__partner_missing", text=ASKED)]


@hookimpl
def register_logic_rules() -> list[LogicRule]:
    """A level without a dealer."""
    return [
        LogicRule(
            name="manufacturing-level",
            condition=All((where(LEVEL, "filled"), where(PARTNER, "is_not", "dealer"))),
            text=NO_DEALER,
            at=LEVEL,
        )
    ]


@hookimpl
def today_panels(shown: Any, reader: Reader) -> list[Panel]:
    """What should have been done on somebody's orders before today."""
    steps, count = undone_lines(
        "manufacturing__progress",
        "manufacturing__progress_done_on",
        reader,
        owner_ids=shown.ids,
    )
    if not steps:
        return []
    return [
        Panel(
            name="manufacturing-late",
            title=label(LATE),
            template="manufacturing/late.html",
            context={"steps": steps},
            count=count,
            weight=40,
        )
    ]
