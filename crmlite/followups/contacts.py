"""What else counts as a contact with a customer besides what is written down as one."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """A contact in which the customer took part. `kind` is one of the kinds of interactions, or None;
    `content` says it to whoever sees the customer."""

    customer_id: int
    occurred_at: datetime
    kind: str | None
    content: str
    done_by_id: int | None


@dataclass(frozen=True, slots=True)
class ContactSource:
    """Where contacts come from. `newest(customer_ids)` answers the newest one of each of these customers
    that has any. Whoever changes such a contact has the facts made anew
    (`crmlite.followups.facts.refresh`)."""

    name: str
    newest: Callable[[Sequence[int]], Iterable[Contact]]
