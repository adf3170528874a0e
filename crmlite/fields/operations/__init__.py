"""Changing further fields."""

from crmlite.fields.operations.arranging import move_field, retire_field, revive_field
from crmlite.fields.operations.editing import (
    add_field,
    change_field,
    reset_field,
    word_field,
)

__all__ = [
    "add_field",
    "change_field",
    "move_field",
    "reset_field",
    "retire_field",
    "revive_field",
    "word_field",
]
