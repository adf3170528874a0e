"""Whose tags and dimensions are, and whether they rest because their pack is off."""

from collections.abc import Mapping
from typing import Any

from crmlite import hooks


def is_automatic(row: Mapping[Any, Any]) -> bool:
    """Whether a tag (with its `owner` and the `dimension_owner`) is its rule's, so that nobody sets
    it by hand."""
    ruled = row["rule"] is not None and row["rule_on"] and not row["retired"]
    return bool(ruled) and not is_at_rest(row["owner"], row["dimension_owner"])


def is_at_rest(*owners: str) -> bool:
    """Whether something belongs to a pack that is off, or that is there no more."""
    theirs = {owner for owner in owners if owner != hooks.OWN}
    return bool(theirs) and not theirs.issubset(hooks.enabled())
