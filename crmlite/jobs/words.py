"""How background work is put into words."""

from datetime import timedelta

from flask_babel import format_time, format_timedelta
from flask_babel import gettext as _

from crmlite.jobs.kinds import JobKind


def rhythm(kind: JobKind) -> str:
    """When a kind of work runs: "every 5 minutes", "daily at 03:00", "when needed"."""
    if kind.daily_at is not None:
        return _("daily at %(time)s", time=format_time(kind.daily_at, "short", rebase=False))
    match kind.every:
        case None:
            return _("when needed")
        case span if span == timedelta(minutes=1):
            return _("every minute")
        case span if span == timedelta(hours=1):
            return _("every hour")
        case span if span == timedelta(days=7):
            return _("every week")
        case span:
            return _("every %(span)s", span=format_timedelta(span, threshold=1))
