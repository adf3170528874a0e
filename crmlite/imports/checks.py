"""Whether the files of imports are there, and open."""

from collections.abc import Iterator

from crmlite.db.sealing import SealBroken
from crmlite.imports import queries, uploads
from crmlite.imports.sources.unreadable import Unreadable
from crmlite.wording import N_
from crmlite.work.checks import DOUBT, GOOD, Check, Finding

GONE = N_("%(number)s files of imports are not there: what is not in yet cannot be imported.")
SHUT = N_("%(number)s files of imports cannot be opened with the keys of this book.")
THERE = N_("%(number)s files of imports can be opened.")
PIECE = 1 << 20


def check() -> Check:
    """What `crmlite check` looks at of imports."""
    return Check(name="imports", label=N_("Files of imports"), run=_open, weight=85)


def _open(thorough: bool) -> Iterator[Finding]:
    gone = shut = there = 0
    for uid in sorted(queries.uids()):
        if not uploads.is_kept(uid):
            gone += 1
        elif _opens(uid, thorough):
            there += 1
        else:
            shut += 1
    for text, number, level in ((GONE, gone, DOUBT), (SHUT, shut, "wrong"), (THERE, there, GOOD)):
        if number:
            yield Finding(text, {"number": number}, level)


def _opens(uid: str, thorough: bool) -> bool:
    try:
        with uploads.opener(uid)() as file:
            while file.read(PIECE) and thorough:
                pass
    except (Unreadable, SealBroken):
        return False
    return True
