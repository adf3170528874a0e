"""What the ladder does by itself, what a manager decides, how a customer comes back."""

from crmlite.dormancy.operations.deciding import archive_listed, keep_listed, reactivate
from crmlite.dormancy.operations.nightly import KIND, go_down
from crmlite.dormancy.operations.terms import drop_terms, set_terms

__all__ = [
    "KIND",
    "archive_listed",
    "drop_terms",
    "go_down",
    "keep_listed",
    "reactivate",
    "set_terms",
]
