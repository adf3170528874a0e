"""Amounts of time in the reader's words: `5 h 10 min`, `5 小时 10 分`."""

from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from crmlite.rules.working_time import Target, Unit

MINUTE = timedelta(minutes=1)
LONG = 120  # minutes, from which on hours are easier to read
LONG_ELAPSED = timedelta(hours=48)  # from which on days are; of elapsed time all are alike
DAY = timedelta(days=1)


def amount(time: timedelta) -> str:
    """So much time in hours and minutes, seconds left out: `5 h 10 min`, `20 min`, `0`.

    Days are hours, too: a working day has as many as the calendar gives it.
    """
    if time < timedelta():
        return f"−{amount(-time)}"
    if not time:
        return "0"
    hours, minutes = divmod(time // MINUTE, 60)
    if not hours and not minutes:
        return _("less than a minute")
    if not minutes:
        return _("%(hours)s h", hours=hours)
    if not hours:
        return _("%(minutes)s min", minutes=minutes)
    return _("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)


def elapsed(time: timedelta) -> str:
    """So much elapsed time: as `amount` has it, and from 48 hours on in days and hours, `4 d 3 h`."""
    if abs(time) < LONG_ELAPSED:
        return amount(time)
    if time < timedelta():
        return f"−{elapsed(-time)}"
    days, rest = divmod(time, DAY)
    hours = rest // timedelta(hours=1)
    if not hours:
        return ngettext("%(num)d day", "%(num)d days", days)
    return _("%(days)s d %(hours)s h", days=days, hours=hours)


def target(wanted: Target) -> str:
    """How long something may take: `2 working days`."""
    match wanted.unit:
        case Unit.MINUTES if wanted.amount >= LONG:
            time = amount(timedelta(minutes=wanted.amount))
            return _("%(amount)s of working time", amount=time)
        case Unit.MINUTES:
            return ngettext("%(num)d working minute", "%(num)d working minutes", wanted.amount)
        case Unit.DAYS:
            return ngettext("%(num)d working day", "%(num)d working days", wanted.amount)
    return ngettext("%(num)d hour", "%(num)d hours", wanted.amount)
