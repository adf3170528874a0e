"""How the change record speaks of feeds."""

from crmlite.agenda.models import CalendarFeed
from crmlite.wording import N_
from crmlite.work.record_types import RecordType


def record_types() -> list[RecordType]:
    """Feeds. An undo brings no address back: its secret is kept nowhere."""
    return [
        RecordType(
            name="calendar_feed",
            label=N_("Calendar feed"),
            many=N_("Calendar feeds"),
            model=CalendarFeed,
            icon="calendar",
            labels={"made_at": N_("Address made")},
            lasting=("made_at",),
            fixed=("made_at",),
            operations={
                "feed_made": N_("Address of the calendar feed made"),
                "feed_revoked": N_("Address of the calendar feed revoked"),
            },
        )
    ]
