"""How long things take, roughly: so that a day's list can say whether it fits into the day.

The figures are what people plan with when they plan at all; nobody is measured by them.
"""

from collections.abc import Iterable
from datetime import timedelta

MINUTES = {
    "phone": 10,
    "visit": 90,  # with the way there and back
    "meeting": 60,
    "online": 30,
    "email": 10,
    "wechat": 5,
    "social": 5,
}
ELSE = 10  # without a channel, and for those that managers added


def minutes_of(channel: str | None) -> int:
    """How many minutes something by this channel takes."""
    return MINUTES.get(channel or "", ELSE)


def together(channels: Iterable[str | None], unseen: int = 0) -> timedelta:
    """How long all of these take, and `unseen` more of which nothing is known."""
    return timedelta(minutes=sum(map(minutes_of, channels)) + unseen * ELSE)
