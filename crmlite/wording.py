"""Words for the reader: labels in their language, times as "6 days ago"."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from babel.dates import format_skeleton
from flask import Flask
from flask_babel import (
    format_date,
    format_datetime,
    format_timedelta,
    get_locale,
    get_timezone,
    ngettext,
)
from flask_babel import gettext as _

from crmlite import clock

DAYS_IN_WORDS = 60


def N_(text: str) -> str:  # noqa: N802 - the usual name of the marker
    """Mark a text in a table for translation; `label` puts it into the reader's language."""
    return text


def language() -> str:
    """`zh` or `en`, as the reader wants it."""
    locale = get_locale()
    return "zh" if locale is not None and locale.language == "zh" else "en"


def label(words: str | Mapping[str, str] | None) -> str:
    """A label in the reader's language: a marked text, or what a manager wrote as {en, zh}."""
    if not words:
        return ""
    if isinstance(words, str):
        return str(_(words))
    return words.get(language()) or words.get("en") or words.get("zh") or ""


def ago(at: date | datetime) -> str:
    """How long ago or ahead `at` is; a plain date when that is more than two months."""
    zone = get_timezone()
    if isinstance(at, datetime):
        local = at.astimezone(zone)
        days = (local.date() - clock.today(zone)).days
        if days == 0:
            return _since(at - clock.now())
        at = local.date()
    days = (at - clock.today(zone)).days
    if abs(days) > DAYS_IN_WORDS:
        return format_date(at, "medium")
    return _days(days)


def exactly(at: date | datetime) -> str:
    """The day, and for a moment also its time, in the reader's time zone, with the weekday."""
    if isinstance(at, datetime):
        return f"{format_datetime(at, 'EEE')} {format_datetime(at, 'medium')}"
    return f"{format_date(at, 'EEE')} {format_date(at, 'medium')}"


def on_day(at: date) -> str:
    """A day not far off, as `Wed 25 Nov` or `11月25日 周三`."""
    return str(format_skeleton("MMMEd", at, locale=get_locale())).replace(",", "")


def register(app: Flask) -> None:
    """Give templates the filters `ago`, `exactly`, `label` and `on_day`."""
    app.jinja_env.filters.update(ago=ago, exactly=exactly, label=label, on_day=on_day)


def _since(distance: timedelta) -> str:
    if abs(distance) < timedelta(minutes=1):
        return _("just now")
    return format_timedelta(distance, granularity="minute", threshold=1, add_direction=True)


def _days(days: int) -> str:
    match days:
        case 0:
            return _("today")
        case 1:
            return _("tomorrow")
        case -1:
            return _("yesterday")
        case _ if days > 0:
            return ngettext("in %(num)d day", "in %(num)d days", days)
    return ngettext("%(num)d day ago", "%(num)d days ago", -days)
