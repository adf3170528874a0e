"""Every change goes through here: done whole or not at all, and written down by whom."""

from crmlite.work.actors import Actor, actor_for
from crmlite.work.errors import Busy, Gone, Hindered, Refused, Stale, StorageFull
from crmlite.work.operations import current, operation, tell
from crmlite.work.reversal import Undone
from crmlite.work.standing import standing
from crmlite.work.undoing import undo

__all__ = [
    "Actor",
    "Busy",
    "Gone",
    "Hindered",
    "Refused",
    "Stale",
    "StorageFull",
    "Undone",
    "actor_for",
    "current",
    "operation",
    "standing",
    "tell",
    "undo",
]
