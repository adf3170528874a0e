"""What a reader may be told of customers that a record may be.

Of those in their sight, who they are. Of the others only that there is one, with whom, and which of
three things it shares: its name, a phone or an e-mail address, so that no two people work the same
customer. Whether one of these is told depends on nothing else that was typed: else a birthday or an
address could be found out by trying.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from crmlite.access import Reader
from crmlite.customers.duplicates.candidates import Match, Probe, find_matches
from crmlite.customers.models import Customer
from crmlite.customers.queries import in_sight
from crmlite.extensions import database

MOST_TOLD = 5
STRONG = ("name", "phone", "email")
TABLE = Customer.__table__


@dataclass(frozen=True, slots=True)
class Likely:
    """A customer that a record may be. `row` has its `number`, `name`, `state`, `tier` and
    `lifecycle`; it is None of one out of sight."""

    owner_id: int | None
    reasons: tuple[str, ...]
    row: Mapping[Any, Any] | None = None


def likely_matches(
    reader: Reader, probe: Probe, *, besides: Collection[int] = ()
) -> Sequence[Likely]:
    """Whom a record may be, as far as a reader may know; at most five, those in sight first. One place
    is kept for those out of sight: that a colleague works the same customer must not be missed."""
    bare = Probe(name=probe.name, kind=probe.kind, phones=probe.phones, emails=probe.emails)
    found, strong = find_matches([probe, bare], besides=besides)
    rows = in_sight(reader, {match.customer_id for match in (*found, *strong)})
    told = [
        Likely(row["owner_id"], match.reasons, row)
        for match in found
        if (row := rows.get(match.customer_id)) is not None
    ]
    hidden = _out_of_sight(match for match in strong if match.customer_id not in rows)
    return [*told[: MOST_TOLD - bool(hidden)], *hidden][:MOST_TOLD]


def _out_of_sight(matches: Iterable[Match]) -> list[Likely]:
    """Each owner once for the same reasons: not even how many there are is told."""
    shared = {
        match.customer_id: reasons
        for match in matches
        if (reasons := tuple(one for one in STRONG if one in match.reasons))
    }
    if not shared:
        return []
    statement = select(TABLE.c.id, TABLE.c.owner_id).where(TABLE.c.id.in_(shared))
    owners = {row.id: row.owner_id for row in database.session.execute(statement)}
    return list(dict.fromkeys(Likely(owners[one], reasons) for one, reasons in shared.items()))
