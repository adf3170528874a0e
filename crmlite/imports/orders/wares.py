"""What the rows of a batch are about: products of the list, or to be added to it."""

from collections.abc import Collection

from crmlite.imports.orders import finding
from crmlite.imports.orders.finding import Ware
from crmlite.imports.orders.met import Memory
from crmlite.imports.orders.reading import What

KIND = "ware"


class Wares:
    """The products that rows name; `creates` says whether those that are not in the list are added.
    In a `dry` run those that earlier batches would add are remembered."""

    def __init__(
        self, asked: Collection[What], *, memory: Memory, creates: bool, dry: bool
    ) -> None:
        self.memory, self.creates, self.dry = memory, creates, dry
        self.added: list[Ware] = []
        self._known = finding.products_meant(asked)
        self._fresh: dict[str, Ware] = {}

    def known(self, what: What) -> Ware | None:
        """The product that a row names, where there is one by now."""
        mark = _mark(what)
        found = self._known.get(what) or self._fresh.get(mark)
        if found is None and self.dry and (met := self.memory.find(KIND, mark)):
            found = self._fresh[mark] = Ware(met.id, what.name or what.code)
        return found

    def sold(self, what: What) -> Ware | None:
        """The product that was sold, made new where there is none; None for words."""
        found = self.known(what)
        if found is None and any(what) and self.creates:
            found = self._fresh[_mark(what)] = Ware(name=what.name or what.code, fresh=what)
            self.added.append(found)
        return found

    def pretend(self, ware: Ware, row: int) -> None:
        """Let a new product be in the list for the rows to come, where nothing is written."""
        if ware.id is None and ware.fresh is not None:
            ware.id = self.memory.fresh()
            self.memory.add(KIND, _mark(ware.fresh), row, ware.id)


def _mark(what: What) -> str:
    """What is the same for rows that name the same new product."""
    return f"code {what.code}" if what.code else f"name {what.name}"
