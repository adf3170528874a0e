"""Words for the reader: labels in their language, times as "6 days ago"."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import (
    format_date,
    format_skeleton,
    format_time,
    get_datetime_format,
    get_time_format,
)
from babel.numbers import format_decimal
from flask import Flask, current_app, g
from flask_babel import force_locale, get_locale, get_timezone, get_translations, ngettext, refresh
from flask_babel import gettext as _
from markupsafe import Markup, escape

from crmlite import clock

LOCALES = {"en": "en_GB", "zh": "zh"}  # how days, times and numbers are written
REMEMBERED = ("language", "sayings", "texts")  # of the reader, while a request lasts
DAYS_IN_WORDS = 60
DAYS_KEPT = 2_000  # days whose words are kept in memory, for each way to say them


def N_(text: str) -> str:  # noqa: N802 - the usual name of the marker
    """Mark a text in a table for translation; `label` puts it into the reader's language."""
    return text


def language() -> str:
    """`zh` or `en`, as the reader wants it."""
    known: str | None = g.get("language") if g else "en"
    if known is None:
        locale = get_locale()
        known = g.language = "zh" if locale is not None and locale.language == "zh" else "en"
    return known


def renew_language() -> None:
    """Ask anew which language the reader wants: they have just changed it."""
    refresh()
    for known in REMEMBERED:
        g.pop(known, None)


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Put everything into another language than the reader's meanwhile."""
    kept = {name: g.pop(name) for name in REMEMBERED if name in g}
    try:
        with force_locale(locale):
            yield
    finally:
        for name in REMEMBERED:
            g.pop(name, None)
        for name, known in kept.items():
            setattr(g, name, known)


def label(words: str | Mapping[str, str] | None) -> str:
    """A label in the reader's language: a marked text, or what a manager wrote as {en, zh}."""
    if not words:
        return ""
    if isinstance(words, str):
        return str(_texts().ugettext(words))
    return words.get(language()) or words.get("en") or words.get("zh") or ""


@dataclass(frozen=True, slots=True)
class Teller:
    """Says days and moments as of now; one serves a whole page, so that no row asks again in
    which language and time zone."""

    locale: str
    zone: ZoneInfo
    now: datetime
    today: date

    def ago(self, at: date | datetime) -> str:
        """How long ago or ahead `at` is; a plain date when that is more than two months."""
        is_moment = isinstance(at, datetime)
        day = at.astimezone(self.zone).date() if is_moment else at
        days = (day - self.today).days
        if is_moment and days == 0:
            return _since(at - self.now)
        return _days(days) if abs(days) <= DAYS_IN_WORDS else _date(day, self.locale)

    def exactly(self, at: date | datetime) -> str:
        """The day, and for a moment also its time, in the firm's time zone, with the weekday."""
        if not isinstance(at, datetime):
            return _with_weekday(at, self.locale)
        local = at.astimezone(self.zone)
        said = _with_weekday(local.date(), self.locale)
        return _joined(self.locale).format(_time(local, self.locale), said)

    def to_the_minute(self, at: datetime) -> str:
        """A moment as people enter it, in the firm's time zone."""
        local = at.astimezone(self.zone)
        return _joined(self.locale).format(self.time_of_day(at), _date(local.date(), self.locale))

    def due(self, day: date) -> str:
        """Until when something is to be done: how late it is, else today or the day."""
        days = (day - self.today).days
        if days < 0:
            return ngettext("%(num)d day late", "%(num)d days late", -days)
        return self.on_day(day) if 0 < days <= DAYS_IN_WORDS else self.ago(day)

    def due_state(self, day: date) -> str:
        """How that is drawn: `late`, `soon` on the day itself, or nothing."""
        return "late" if day < self.today else "soon" if day == self.today else ""

    def grouped(self, number: int) -> str:
        """A whole number with its thousands apart."""
        if _has_plain_groups(self.locale):
            return f"{number:,}"  # a tenth of what the general way costs
        return format_decimal(number, locale=self.locale)

    def on_day(self, at: date) -> str:
        """A day not far off, as `Wed 25 Nov` or `11月25日 周三`."""
        return _on_day(at, self.locale)

    def this_day(self) -> str:
        """Today in full words, as `Friday 27 November` or `11月27日 星期五`."""
        if self.locale.startswith("zh"):
            weekday = format_date(self.today, "EEEE", self.locale)
            return f"{format_skeleton('MMMd', self.today, locale=self.locale)} {weekday}"
        return str(format_skeleton("MMMMEEEEd", self.today, locale=self.locale))

    def time_of_day(self, at: datetime) -> str:
        """The time that the clock on the wall shows at a moment, to the minute."""
        return format_time(at.astimezone(self.zone), "short", locale=self.locale)


def teller() -> Teller:
    """What says times to the reader."""
    zone = ZoneInfo(str(get_timezone() or "UTC"))
    now = clock.now()
    return Teller(str(get_locale() or "en"), zone, now, now.astimezone(zone).date())


def grouped(number: int) -> str:
    """A whole number with its thousands apart."""
    return teller().grouped(number)


def ago(at: date | datetime) -> str:
    """How long ago or ahead `at` is; a plain date when that is more than two months."""
    return teller().ago(at)


def exactly(at: date | datetime) -> str:
    """The day, and for a moment also its time, in the firm's time zone, with the weekday."""
    return teller().exactly(at)


def to_the_minute(at: datetime) -> str:
    """A moment as people enter it, in the firm's time zone."""
    return teller().to_the_minute(at)


def on_day(at: date) -> str:
    """A day not far off, as `Wed 25 Nov` or `11月25日 周三`."""
    return teller().on_day(at)


def time_of_day(at: datetime) -> str:
    """The time that the clock on the wall shows at a moment, to the minute."""
    return teller().time_of_day(at)


def due(day: date) -> str:
    """Until when something is to be done: how late it is, else today or the day."""
    return teller().due(day)


def due_state(day: date) -> str:
    """How that is drawn: `late`, `soon` on the day itself, or nothing."""
    return teller().due_state(day)


def register(app: Flask) -> None:
    """Give templates the filters `ago`, `exactly`, `to_the_minute`, `label`, `on_day`, `time_of_day`,
    `due` and `due_state`, and a quicker way to their texts than flask-babel's, which looks for the
    language anew five times for each."""
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: _texts().ugettext(text),
        lambda one, many, number: _texts().ungettext(one, many, number),
        newstyle=True,
    )
    app.jinja_env.globals["_"] = _said
    app.jinja_env.filters.update(
        ago=ago,
        due=due,
        due_state=due_state,
        exactly=exactly,
        grouped=grouped,
        label=label,
        on_day=on_day,
        time_of_day=time_of_day,
        to_the_minute=to_the_minute,
    )


MARKUP = re.compile(r"[<>\"]")


def _said(text: str, /, **values: Any) -> Markup:
    """A text in the reader's language, for templates; a page has a hundred of them."""
    known = _sayings()
    said = known.get(text)
    if said is None:
        told = _texts().ugettext(text)
        # None of ours has such signs: a text that has is a person's, said by a template of a pack.
        is_ours = not MARKUP.search(told)
        said = known[text] = Markup(told) if is_ours else escape(told)  # noqa: S704 - ours
    return said % values  # escapes them


def _sayings() -> dict[str, Markup]:
    """The texts of the reader's language that were needed before."""
    known: dict[str, Markup] | None = g.get("sayings")
    if known is None:
        kept = current_app.extensions.setdefault("crmlite.sayings", {})
        known = g.sayings = kept.setdefault(get_locale(), {})
    return known


def _texts() -> Any:
    """The translations into the reader's language."""
    if not g:
        return get_translations()
    known = g.get("texts")
    if known is None:
        known = g.texts = get_translations()
    return known


def _since(distance: timedelta) -> str:
    ahead, minutes = distance > timedelta(), round(abs(distance) / timedelta(minutes=1))
    hours = round(abs(distance) / timedelta(hours=1))
    if abs(distance) < timedelta(minutes=1):
        return _("just now")
    if minutes < 60:
        if ahead:
            return ngettext("in %(num)d minute", "in %(num)d minutes", minutes)
        return ngettext("%(num)d minute ago", "%(num)d minutes ago", minutes)
    if ahead:
        return ngettext("in %(num)d hour", "in %(num)d hours", hours)
    return ngettext("%(num)d hour ago", "%(num)d hours ago", hours)


@lru_cache(maxsize=DAYS_KEPT)
def _date(day: date, locale: str) -> str:
    return format_date(day, "medium", locale)


@lru_cache(maxsize=DAYS_KEPT)
def _with_weekday(day: date, locale: str) -> str:
    said, weekday = _date(day, locale), format_date(day, "EEE", locale)
    return f"{said} {weekday}" if locale.startswith("zh") else f"{weekday} {said}"


@lru_cache(maxsize=DAYS_KEPT)
def _on_day(day: date, locale: str) -> str:
    if locale.startswith("zh"):
        return f"{format_skeleton('MMMd', day, locale=locale)} {format_date(day, 'EEE', locale)}"
    return format_skeleton("MMMEd", day, locale=locale).replace(",", "")


@lru_cache
def _joined(locale: str) -> str:
    return str(get_datetime_format("medium", locale)).replace("'", "")


@lru_cache
def _has_plain_time(locale: str) -> bool:
    return get_time_format("medium", locale).pattern == "HH:mm:ss"


def _time(local: datetime, locale: str) -> str:
    if _has_plain_time(locale):
        return f"{local:%H:%M:%S}"  # a tenth of what the general way costs
    return format_time(local, "medium", locale=locale)


@lru_cache
def _has_plain_groups(locale: str) -> bool:
    return format_decimal(-1234567, locale=locale) == "-1,234,567"


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
