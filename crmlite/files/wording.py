"""Files in words: how large they are, and why one was not taken."""

from flask_babel import format_decimal
from flask_babel import gettext as _

from crmlite.wording import N_, label

REASONS = {
    "empty": N_("“%(name)s” is empty."),
    "large": N_("“%(name)s” is larger than %(most)s."),
    "program": N_("“%(name)s” is a program. Programs are never taken, whatever they are called."),
    "archive": N_("“%(name)s” is an archive. Please attach the files that are in it."),
    "kind": N_("“%(name)s” is of a kind that is not taken here."),
    "there": N_("“%(name)s” is attached already, just as it is."),
    "many": N_(
        "At most %(most)s files at once, please: “%(name)s” and those after it were left out."
    ),
    "full": N_("All files of this record together would be larger than %(most)s."),
}
KILO = 1024


def size_words(size: int) -> str:
    """How large a file is: `640 bytes`, `12 KB`, `3.4 MB`."""
    if size < KILO:
        return _("%(number)s bytes", number=size)
    if size < KILO**2:
        return _("%(number)s KB", number=format_decimal(round(size / KILO)))
    return _("%(number)s MB", number=format_decimal(round(size / KILO**2, 1)))


def reason(code: str, name: str = "", most: str | int = "") -> str:
    """Why a file was not taken."""
    return label(REASONS[code]) % {"name": name, "most": most}
