"""Proposing tiers, deciding about them, pinning them, and what gives how many points."""

from crmlite.tiers.operations.deciding import accept, decline
from crmlite.tiers.operations.pinning import pin_tier, unpin_tier
from crmlite.tiers.operations.reviewing import ask_for_review
from crmlite.tiers.operations.schemes import set_points

__all__ = ["accept", "ask_for_review", "decline", "pin_tier", "set_points", "unpin_tier"]
