"""What the firm decided: its settings, and the lists of values that managers edit."""

from crmlite.settings.queries import (
    Memory,
    choice,
    choice_label,
    choices,
    get,
    local_day,
    memory,
)

__all__ = ["Memory", "choice", "choice_label", "choices", "get", "local_day", "memory"]
