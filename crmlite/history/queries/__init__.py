"""Questions to the ledger: what was changed, what was deleted, who did what, who looked."""

from crmlite.history.queries.changes import Change, Changes, Line, changes
from crmlite.history.queries.trash import Bin, Deleted, trash
from crmlite.history.wording import actor_words

__all__ = ["Bin", "Change", "Changes", "Deleted", "Line", "actor_words", "changes", "trash"]
