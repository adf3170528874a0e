"""Pages of the ledger, the recycle bin, and undo."""

from crmlite.history.views import ledger, restoring, trash, undoing, viewings
from crmlite.history.views.blueprint import bp

__all__ = ["bp", "ledger", "restoring", "trash", "undoing", "viewings"]
