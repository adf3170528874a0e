"""Changing settings and lists."""

from crmlite.settings.operations.firm import change_settings, fingerprint
from crmlite.settings.operations.lists import (
    add_choice,
    move_choice,
    rename_choice,
    retire_choice,
    revive_choice,
)

__all__ = [
    "add_choice",
    "change_settings",
    "fingerprint",
    "move_choice",
    "rename_choice",
    "retire_choice",
    "revive_choice",
]
