"""How the change record speaks of feeds and of weeks that were swept."""

from crmlite.agenda.models import CalendarFeed, SweptWeek
from crmlite.wording import N_
from crmlite.work.record_types import RecordType


def record_types() -> list[RecordType]:
    """Feeds, of which an undo brings no address back: its secret is kept nowhere. Swept weeks."""
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
        ),
        RecordType(
            name="swept_week",
            label=N_("Weekly sweep"),
            many=N_("Weekly sweeps"),
            model=SweptWeek,
            icon="clipboard-check",
            labels={
                "user_id": N_("Who"),
                "week_on": N_("Week from"),
                "finished_at": N_("Finished at"),
                "done": N_("Done"),
                "total": N_("Of so many"),
            },
            operations={"week_swept": N_("Weekly sweep finished")},
        ),
    ]
