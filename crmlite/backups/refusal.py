"""Why a backup is not made or not used: a sentence for the console and for the page."""

from typing import Any

from crmlite.work.checks import Finding


class BackupRefused(Exception):
    """What was asked for cannot be done; `finding` says why, and nothing was changed."""

    def __init__(self, text: str, **params: Any) -> None:
        self.finding = Finding(text, params)
        super().__init__(str(self.finding))


class BackupFailed(BackupRefused):
    """A backup could not be made, or the copy is not whole. What there was before is untouched."""


class BackupUnusable(BackupRefused):
    """A file is not a backup, or not a whole one, or not one for this crmlite."""


class CannotTake(BackupUnusable):
    """This machine cannot take the backup as things are; of the file itself that says nothing."""
