"""Questions to the ledger: what was changed, what was deleted, who did what, who looked."""

from crmlite.history.queries.changes import Change, Changes, Line, changes
from crmlite.history.queries.trash import Bin, Deleted, trash

__all__ = ["Bin", "Change", "Changes", "Deleted", "Line", "changes", "trash"]
