"""Whether attached files are there, and open."""

import hashlib
from collections.abc import Iterator
from typing import Any

from crmlite.db.sealing import SealBroken
from crmlite.files import keeping, queries
from crmlite.wording import N_
from crmlite.work.checks import GOOD, WRONG, Check, Finding

GONE = N_("%(number)s attached files are not there.")
SHUT = N_("%(number)s attached files cannot be opened with the keys of this book.")
OTHER = N_("%(number)s attached files are not what they were.")
THERE = N_("%(number)s attached files can be opened.")
PIECE = 1 << 20


def check() -> Check:
    """What `crmlite check` looks at of attachments."""
    return Check(name="attachments", label=N_("Attached files"), run=_look, weight=84)


def _look(thorough: bool) -> Iterator[Finding]:
    found = dict.fromkeys((GONE, SHUT, OTHER, THERE), 0)
    for row in queries.everything():
        found[_state(row, thorough)] += 1
    for text, number in found.items():
        if number:
            yield Finding(text, {"number": number}, GOOD if text == THERE else WRONG)


def _state(row: Any, thorough: bool) -> str:
    """How a file stands; read as a whole only when that is asked."""
    digest = hashlib.sha256()
    try:
        with keeping.opened(row.uid) as file:
            while piece := file.read(PIECE):
                digest.update(piece)
                if not thorough:
                    return THERE
    except FileNotFoundError:
        return GONE
    except SealBroken:
        return SHUT
    return THERE if digest.hexdigest() == row.sha256 else OTHER
