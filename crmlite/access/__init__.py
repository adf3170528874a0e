"""Who may do and see what. Everything is closed until it is declared open."""

from crmlite.access.gate import PUBLIC, can, requires, takes_files
from crmlite.access.permissions import Permission
from crmlite.access.readers import Reader, current_reader
from crmlite.access.scope import visible_to
from crmlite.access.sensitive import Shown, opened, shown

__all__ = [
    "PUBLIC",
    "Permission",
    "Reader",
    "Shown",
    "can",
    "current_reader",
    "opened",
    "requires",
    "shown",
    "takes_files",
    "visible_to",
]
