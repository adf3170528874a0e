"""Changing strategies. Each state in which one was followed is kept as a version."""

from crmlite.strategies.operations.adjusting import (
    StrategyChange,
    create_strategy,
    declared_change,
    switch_strategy,
    update_strategy,
)
from crmlite.strategies.operations.versions import follow_change, follow_scheme, note_versions

__all__ = [
    "StrategyChange",
    "create_strategy",
    "declared_change",
    "follow_change",
    "follow_scheme",
    "note_versions",
    "switch_strategy",
    "update_strategy",
]
