"""Whose the orders of a batch are."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from crmlite.access import Reader
from crmlite.imports.orders import finding
from crmlite.imports.orders.finding import Party
from crmlite.imports.orders.met import Memory
from crmlite.imports.orders.reading import Whose
from crmlite.rules.names import name_key
from crmlite.rules.text import folded
from crmlite.sales.sight import may

KIND = "party"


class Parties:
    """The customers that rows name, of the book or to be added; `creates` says whether they may be. In
    a `dry` run those that earlier batches would add are remembered."""

    def __init__(
        self,
        asked: Collection[Whose],
        *,
        reader: Reader,
        memory: Memory,
        creates: bool,
        dry: bool,
    ) -> None:
        self.reader, self.memory, self.creates, self.dry = reader, memory, creates, dry
        self._fresh: dict[str, Party] = {}
        known = finding.customers_meant(asked)
        self._found = {
            whose: self._known(whose, known[whose]) if whose in known else self._new(whose)
            for whose in sorted(asked)
        }

    def of(self, whose: Whose) -> Party | None:
        """Who a row names; None where it names nobody."""
        return self._found.get(whose)

    def _known(self, whose: Whose, candidates: Sequence[Mapping[str, Any]]) -> Party:
        """Who of the book is meant, or why nobody can be."""
        free = [row for row in candidates if self._reaches(row["owner_id"])]
        if len(candidates) > 1 and len(free) != 1:
            return Party(problem="order_customer_several", params={"name": whose.name})
        row = (free or candidates)[0]
        party = Party(row["id"], row["owner_id"], row["name"])
        if not free:
            party.problem = "order_not_yours"
        elif whose.number and whose.name and not _is_one(whose, row):
            party.problem = "order_customer_other_name"
            party.params = {"number": whose.number, "name": row["name"]}
        elif row["state"] == "archived":
            party.problem = "import_archived"
        return party

    def _new(self, whose: Whose) -> Party:
        """A customer that is to be added; rows that name the same one mean it, too."""
        if not self.creates:
            return Party(problem="order_customer_unknown")
        mark = _mark(whose)
        if mark not in self._fresh:
            met = self.memory.find(KIND, mark) if self.dry else None
            self._fresh[mark] = (
                Party(met.id, self.reader.user_id, whose.name)
                if met is not None
                else Party(name=whose.name or whose.number, fresh=whose)
            )
        return self._fresh[mark]

    def pretend(self, party: Party, row: int) -> None:
        """Let a new customer be one of the book for the rows to come, where nothing is written."""
        if party.id is None and party.fresh is not None:
            party.id = self.memory.fresh()
            self.memory.add(KIND, _mark(party.fresh), row, party.id)

    def _reaches(self, owner_id: int | None) -> bool:
        """Whether who imports may write orders down for customers of this owner."""
        return self.reader.covers("customers:see", owner_id) and may(
            self.reader, "orders:create", owner_id
        )


def _mark(whose: Whose) -> str:
    """What is the same for rows that name the same new customer."""
    if whose.number:
        return f"number {whose.number}"
    return f"name {whose.name.casefold()} {whose.phone} {whose.email}"


def _is_one(whose: Whose, row: Mapping[str, Any]) -> bool:
    """Whether a customer is called as a row says."""
    same = folded(row["name"]).casefold() == whose.name.casefold()
    return same or bool(row["name_key"] == name_key(whose.name))
