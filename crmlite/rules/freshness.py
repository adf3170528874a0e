"""What people should confirm about a customer, and until when a confirmation holds. That a change
takes it away is `crmlite/customers/confirming/lapsing.py`."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

CONTACT, NEED = "contact", "need"
TITLE, WAYS, DESCRIPTION = "title", "ways", "need"

COLUMNS: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        CONTACT: MappingProxyType({TITLE: ("title",), WAYS: ("mobile", "phone", "email", "im")}),
        NEED: MappingProxyType({DESCRIPTION: ("goal", "product", "pain", "expectations")}),
    }
)
"""By kind of record and part, the columns in which it stands."""


@dataclass(frozen=True, slots=True, order=True)
class Item:
    """Something to confirm: a part of a contact or of a need, of which somebody knows a `version`; 0
    where it does not matter which."""

    record: str
    record_id: int
    part: str
    version: int = field(default=0, compare=False)


def parts_in(record: str, columns: Iterable[str]) -> list[str]:
    """The parts to which some of these columns of a record belong."""
    some = set(columns)
    return [part for part, names in COLUMNS.get(record, {}).items() if some & set(names)]


def holds(confirmed_at: datetime | None, now: datetime, days: int | None) -> bool:
    """Whether a confirmation still holds; `days` is how long, None for as long as nothing changes."""
    if confirmed_at is None:
        return False
    return days is None or confirmed_at > now - timedelta(days=days)


def counted(items: Iterable[Item]) -> dict[str, int]:
    """How many items there are of each part, in the order of parts."""
    found = Counter(item.part for item in items)
    return {part: found[part] for part in (TITLE, WAYS, DESCRIPTION) if found[part]}
