"""Whether everything that can be found stands in the search index, and nothing else."""

from collections.abc import Iterator

from sqlalchemy import select

from crmlite import hooks
from crmlite.extensions import database
from crmlite.search.index import indexed_ids, is_whole
from crmlite.wording import N_
from crmlite.work.checks import GOOD, Check, Finding
from crmlite.work.record_types import record_types

DIFFERS = N_("The full-text table says something else than the search rows.")
MISSING = N_("%(number)s records of the kind %(kind)s are not in the search index.")
STRAY = N_("%(number)s search rows of the kind %(kind)s are of records that are not there.")
INDEXED = N_("%(number)s records of the kind %(kind)s are in the search index.")


def check() -> Check:
    """What `crmlite check` looks at of the search."""
    return Check(name="search", label=N_("Search"), run=_compare, weight=75)


def _compare(thorough: bool) -> Iterator[Finding]:
    if thorough and not is_whole():
        yield Finding(DIFFERS)
    for searchable in hooks.gathered("register_searchables"):
        name = searchable.record_type
        table = record_types()[name].table
        there = set(database.session.execute(select(table.c.id)).scalars())
        indexed = indexed_ids(name)
        for text, ids in ((MISSING, there - indexed), (STRAY, indexed - there)):
            if ids:
                yield Finding(text, {"number": len(ids), "kind": name})
        if there == indexed:
            yield Finding(INDEXED, {"number": len(there), "kind": name}, GOOD)
