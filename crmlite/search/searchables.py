"""What slices and packs declare so that their records are found and shown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from crmlite import hooks
from crmlite.access import Reader

Words = str | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """A record as the result list shows it; `why` says what fits when the title does not."""

    url: str
    title: str
    hint: str = ""
    why: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Searchable:
    """A kind of record that can be found.

    `permission` is the right to see such records; its reach limits what is found. `present` gets
    the ids found, best first, and answers for each one what to show; records that the reader may
    not see are left out of the answer. `explain` gets what was typed and ids that are shown, and
    answers why each was found, where its title does not say so. `index` makes the search rows of
    these records anew, in whatever state they are; it is called inside an operation. Lower `weight`
    stands higher.
    """

    record_type: str
    label: Words
    icon: str
    permission: str
    present: Callable[[Reader, Sequence[int]], Mapping[int, Found]]
    index: Callable[[Sequence[int]], None]
    explain: Callable[[str, Sequence[int]], Mapping[int, str]] | None = None
    weight: int = 0

    @property
    def name(self) -> str:
        """What it is known by among all that is registered."""
        return self.record_type


def searchables(reader: Reader) -> list[Searchable]:
    """The kinds of records that a reader may find, in order."""
    found = (s for s in hooks.gathered("register_searchables") if reader.may(s.permission))
    return sorted(found, key=lambda searchable: searchable.weight)
