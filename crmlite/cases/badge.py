"""How many open cases the reader has on the desk."""

from crmlite.access import Reader
from crmlite.cases.queries.queue import MINE, Wanted, counted
from crmlite.counts import KeptCount


def _waiting(reader: Reader) -> int:
    return counted(reader, Wanted(view=MINE))


waiting = KeptCount(name="cases", ask=_waiting)
