"""Why something is due when it is: the steps of the count, line by line, as a sum."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import pgettext

from crmlite.calendars.wording.telling import Line, Telling, first_day
from crmlite.rules.working_time import Calendar, Counted, Rested, Step
from crmlite.wording import N_

OPENED = N_("Opened %(when)s")


def explanation(
    *,
    start: datetime,
    what: str,
    steps: Sequence[Step],
    due: datetime,
    calendar: Calendar,
    begins: str = OPENED,
    because: str = "",
    act_by: datetime | None = None,
    elapsed: bool = False,
    reasons: Mapping[datetime, str] | None = None,
) -> list[Line]:
    """All of it: what began and what it allows (`what`), the steps, and when it is due (`because`
    says why this target stands).

    `begins` is a marked text that says what happened at `start`. `act_by` is said where it is not
    the due time. `elapsed` and `reasons` are as for `lines`.
    """
    telling = Telling(calendar, calendar.day_of(start).year, elapsed, reasons or {})
    counted = next((step for step in steps if not isinstance(step, Rested)), None)
    if isinstance(counted, Counted) and not elapsed and telling.is_after_hours(start):
        what = _("%(what)s; outside working hours", what=what) if what else what
    found = [Line(str(_(begins, when=telling.moment(start))), what, "")]
    found += telling.lines(steps)
    if act_by is not None and act_by != due:
        nobody = _("nobody is at work when it is due")
        found.append(Line(_("To be done by"), nobody, telling.moment(act_by)))
    return [*found, Line(pgettext("of a clock", "Due"), because, telling.moment(due))]


def lines(
    steps: Sequence[Step],
    calendar: Calendar,
    *,
    elapsed: bool = False,
    reasons: Mapping[datetime, str] | None = None,
) -> list[Line]:
    """The steps of a count, as `rules.working_time` and `rules.sla` answer them.

    `elapsed` says that any hour counted. `reasons` says why time was on hold, by the moment at which
    it began.
    """
    if not steps:
        return []
    year = first_day(steps[0], calendar).year
    return Telling(calendar, year, elapsed, reasons or {}).lines(steps)
