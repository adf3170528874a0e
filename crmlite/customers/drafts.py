"""What forms and imports hand to the operations: checked values, not yet written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crmlite.customers.naming import Named

Values = Mapping[str, Any]  # column: value; sealed columns as plain text


@dataclass(frozen=True, kw_only=True, slots=True)
class CustomerDraft:
    """A customer to be added.

    `values` are columns of Customer; `contacts`, `needs` and `remarks` each a mapping of columns
    of theirs. The first contact becomes the primary one unless another says so. `inferred` names
    columns whose values were guessed. `named` is what follows from its names, where that is known
    already, `facts` what other slices count about it from the start.
    """

    values: Values
    contacts: Sequence[Values] = ()
    needs: Sequence[Values] = ()
    remarks: Sequence[Values] = ()
    tags: Sequence[int] = ()
    number: str | None = None
    aliases: Sequence[str] = ()
    extra: Values = field(default_factory=dict)
    inferred: Sequence[str] = ()
    named: Named | None = None
    facts: Values = field(default_factory=dict)
