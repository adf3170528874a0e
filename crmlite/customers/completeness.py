"""Which fields a customer must have, and which are still missing (C2)."""

from collections.abc import Mapping, Sequence
from typing import Any

from crmlite import settings

WAYS = ("mobile", "phone", "email", "im")
ALWAYS = ("name", "kind")


def required(kind: str) -> tuple[str, ...]:
    """What the firm requires of a company or a person: columns, `contact`, `reach`, `mobile`."""
    return (*ALWAYS, *settings.get(f"required_{kind}"))


def missing(customer: Mapping[str, Any], contacts: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is required and not there, by name: `industry`, `contact`, `reach` (a way to reach
    them), `mobile`."""
    return [name for name in required(customer["kind"]) if not _has(name, customer, contacts)]


def is_incomplete(customer: Mapping[str, Any], contacts: Sequence[Mapping[str, Any]]) -> bool:
    """Whether anything required is missing."""
    return bool(missing(customer, contacts))


def _has(name: str, customer: Mapping[str, Any], contacts: Sequence[Mapping[str, Any]]) -> bool:
    match name:
        case "contact":
            return bool(contacts)
        case "reach":
            return any(contact.get(way) for contact in contacts for way in WAYS)
        case "mobile":
            return any(contact.get("mobile") for contact in contacts)
    return customer.get(name) not in (None, "")
