"""What somebody is told before they take customers away."""

from crmlite.access import Reader
from crmlite.accounts.queries import REACH
from crmlite.exports.wanted import EXPORT

GUARDED = ("customers:unmask", "customers:amounts")


def is_masked(reader: Reader) -> bool:
    """Whether the reader may take customers away whose phones or amounts they may not see."""
    reach = REACH.index(reader.scope(EXPORT))
    return any(REACH.index(reader.scope(right)) < reach for right in GUARDED)
