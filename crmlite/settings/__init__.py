"""What the firm decided: its settings, and the lists of values that managers edit."""

from crmlite.settings.queries import choice_label, choices, get

__all__ = ["choice_label", "choices", "get"]
