"""The kinds of records that further fields can be about."""

from collections.abc import Mapping
from types import MappingProxyType

from crmlite.wording import N_

LABELS: Mapping[str, str] = MappingProxyType(
    {
        "customer": N_("Customers"),
        "contact": N_("Contacts"),
        "case": N_("Cases"),
        "order": N_("Orders"),
    }
)

CUSTOM = "custom"
"""What the names of managers' own fields begin with."""
