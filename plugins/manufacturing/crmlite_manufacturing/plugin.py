"""What the manufacturing pack does in code: whoever becomes interested or active has a kind of partner,
since prices and deadlines follow from it."""

from collections.abc import Sequence

from crmlite import hookimpl
from crmlite.customers.guards import Guard
from crmlite.rules.lifecycle import ACTIVE, Missing, MoveFacts

PARTNER = "manufacturing__partner_type"
ASKED = {
    "en": "Say first what kind of partner they are: end user, dealer, agent or OEM.",
    "zh": "请先填写客户性质：终端客户、经销商、代理商或OEM厂商。",
}


@hookimpl
def register_guards() -> list[Guard]:
    """One."""
    return [Guard(name="manufacturing-partner", check=_partner_known)]


def _partner_known(facts: MoveFacts, to: str) -> Sequence[Missing]:
    if to != ACTIVE or facts.customer.get(PARTNER):
        return ()
    return [Missing("manufacturing__partner_missing", text=ASKED)]
