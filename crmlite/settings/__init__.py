"""What the firm decided: its settings, and the lists of values that managers edit."""

from crmlite.settings.queries import Memory, choice_label, choices, get, memory

__all__ = ["Memory", "choice_label", "choices", "get", "memory"]
