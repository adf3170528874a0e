"""Reminding people of the weekly sweep, once a week, at the hour that the firm wants."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import format_date
from flask_babel import gettext as _

from crmlite import settings
from crmlite.access import Reader
from crmlite.accounts.queries import holders
from crmlite.agenda.queries.sweep import Week, busy, swept
from crmlite.followups.deadlines import firm_zone
from crmlite.notifications import Notice, NotificationKind
from crmlite.notifications.operations import notify
from crmlite.settings.catalogue import Setting
from crmlite.wording import N_
from crmlite.work import Actor

KIND = "weekly-sweep"
EVERY = timedelta(minutes=30)
WEEKDAY, HOUR = "sweep_weekday", "sweep_hour"
RIGHT = "tasks:edit"
GROUP = N_("Follow-ups")
NEVER = "never"
DAYS = {
    "0": N_("Monday"),
    "1": N_("Tuesday"),
    "2": N_("Wednesday"),
    "3": N_("Thursday"),
    "4": N_("Friday"),
    "5": N_("Saturday"),
    "6": N_("Sunday"),
    NEVER: N_("no reminder"),
}


def settings_of_sweep() -> list[Setting]:
    """On which weekday and at which hour people are reminded."""
    return [
        Setting(
            name=WEEKDAY,
            label=N_("Weekly sweep: remind on"),
            default="4",
            kind="choice",
            options=DAYS,
            hint=N_(
                "Everybody who still has something to close or to add that week is reminded once."
            ),
            group=GROUP,
        ),
        Setting(
            name=HOUR,
            label=N_("Weekly sweep: remind from this hour on"),
            default=15,
            kind="integer",
            least=0,
            most=23,
            group=GROUP,
        ),
    ]


def remind(_payload: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Remind those who have something to close or to add and did not finish their sweep; nobody twice for one
    week. Belongs inside an operation."""
    local = at.astimezone(firm_zone())
    if str(settings.get(WEEKDAY)) != str(local.weekday()) or local.hour < settings.get(HOUR):
        return
    week = Week.of(local.date())
    holding = holders(RIGHT)
    finished = swept(holding, week)
    people = sorted(busy([one for one in holding if one not in finished], week))
    params = {"week": week.monday.isoformat()}
    notices = [
        Notice(user_id, KIND, params, f"{KIND}:{week.monday.isoformat()}") for user_id in people
    ]
    if notices:
        notify(notices, by=by, at=at)


def notification_kind() -> NotificationKind:
    """What the reminder says."""
    return NotificationKind(
        name=KIND,
        label=N_("Weekly sweep"),
        icon="clipboard-check",
        words=_words,
        url=lambda _params: url_for("agenda.sweep"),
    )


def _words(params: Mapping[str, Any], _reader: Reader) -> str:
    day = format_date(date.fromisoformat(params["week"]), "medium")
    return _(
        "Time for the weekly sweep: close and complete what is open of the week from %(day)s.",
        day=day,
    )
