"""How many tasks wait on the reader by today."""

from datetime import date

from crmlite import clock
from crmlite.access import Reader
from crmlite.counts import KeptCount
from crmlite.dashboard.lines import waiting_on
from crmlite.followups.deadlines import firm_zone
from crmlite.followups.queries.today import Days


def _today() -> date:
    return clock.today(firm_zone())


def _waiting(reader: Reader) -> int:
    return waiting_on(reader, Days.around(_today()))


waiting = KeptCount(name="tasks", ask=_waiting, mark=_today)
