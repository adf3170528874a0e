"""`crmlite clock`: when something falls due, and why, on the command line."""

import json
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

import click
from flask import Flask

from crmlite.calendars import official, wording
from crmlite.calendars.queries import calendar_of, made, named
from crmlite.extensions import babel
from crmlite.rules.dates import FIRST_YEAR, LAST_YEAR
from crmlite.rules.messages import worded
from crmlite.rules.working_time import Calendar, Due, NoWorkingTime, Target, Unit, after, read_week
from crmlite.wording import LOCALES, speaking

ZONE = "Asia/Shanghai"  # where a new book is
MOST = {Unit.MINUTES: 100_000, Unit.DAYS: 2_000, Unit.ELAPSED: 50_000}
GAP = "  "

OpenBook = Callable[[], AbstractContextManager[None]]


class Sentences(click.Command):
    """A command that says in a sentence what is wrong with its options, and ends with 1."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """What was typed, as click has it."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            raise click.ClickException(error.format_message()) from None


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What is to be counted: from when, how long, on which calendar."""

    opened: datetime
    target: Target
    calendar: Calendar

    def due(self) -> Due:
        """When it falls due. Raises a sentence where nobody ever works."""
        try:
            return after(self.calendar, self.opened, self.target)
        except NoWorkingTime:
            raise click.ClickException(
                "Nobody works on this calendar for more than a year: it never falls due."
            ) from None


@click.group()
def clock() -> None:
    """Count on a working calendar. 计算工作时限。"""


@clock.command(cls=Sentences)
@click.option("--opened", required=True, metavar="TIME", help="Such as 2026-02-13T17:40+08:00.")
@click.option("--minutes", type=int, metavar="N", help="Working minutes. 工作分钟")
@click.option("--days", type=int, metavar="N", help="Working days. 工作日")
@click.option("--elapsed", type=int, metavar="H", help="Hours on any clock. 自然小时")
@click.option("--calendar", "name", metavar="NAME", help="A calendar of the book. 工作日历")
@click.option("--open", "hours", metavar="HOURS", help="'mon-fri 09:00-12:00,13:30-18:00'.")
@click.option("--holidays", "country", metavar="CN", help="Of a country, with --open: CN, GB-ENG.")
@click.option("--timezone", metavar="ZONE", help=f"With --open.  [default: {ZONE}]")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Of the explanation. 语言")
@click.option("--explain", is_flag=True, help="Say why, line by line. 说明原因")
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
@click.pass_obj
def due(
    open_book: OpenBook,
    opened: str,
    minutes: int | None,
    days: int | None,
    elapsed: int | None,
    name: str | None,
    hours: str | None,
    country: str | None,
    timezone: str | None,
    lang: str | None,
    explain: bool,
    as_json: bool,
) -> None:
    """Print when something falls due that was opened at a time: 计算到期时间。

    On the default calendar of the book, unless --calendar names another one or --open gives the
    hours: then no book is needed. A TIME without an offset is that of the calendar's own clock.
    """
    target = _target({Unit.MINUTES: minutes, Unit.DAYS: days, Unit.ELAPSED: elapsed})
    at = _moment(opened)
    if hours is None and (country or timezone):
        raise click.ClickException("--holidays and --timezone go with --open.")
    if hours is not None and name is not None:
        raise click.ClickException("Either --calendar or --open, please, not both.")
    with ExitStack() as opening:
        if hours is None:
            opening.enter_context(open_book())
            calendar = _calendar_named(name)
        else:
            opening.enter_context(_without_book())
            calendar = _calendar_of(hours, country, timezone or ZONE)
        opening.enter_context(_speaking(lang))
        if at.tzinfo is None:
            at = at.replace(tzinfo=calendar.zone)
        asked = Asked(opened=at, target=target, calendar=calendar)
        _tell(asked, explain=explain, as_json=as_json)


def _tell(asked: Asked, *, explain: bool, as_json: bool) -> None:
    zone, found = asked.calendar.zone, asked.due()
    lines = wording.explanation(
        start=asked.opened,
        what=wording.target(asked.target),
        steps=found.steps,
        due=found.at,
        calendar=asked.calendar,
        act_by=_act_by(asked, found) if asked.target.unit == Unit.ELAPSED else None,
        elapsed=asked.target.unit == Unit.ELAPSED,
    )
    if as_json:
        answer = {
            "due": _iso(found.at, zone),
            "opened": _iso(asked.opened, zone),
            "timezone": str(zone),
            str(asked.target.unit): asked.target.amount,
            "explanation": [line._asdict() for line in lines],
        }
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    click.echo(_iso(found.at, zone))
    if explain:
        click.echo()
        for row in _columns(lines):
            click.echo(row)


def _act_by(asked: Asked, found: Due) -> datetime:
    """The last working moment before a time that nobody is at work at."""
    moment = asked.calendar.last_moment_before(found.at, after=asked.opened)
    return moment or asked.opened.astimezone(UTC)


def _target(given: dict[Unit, int | None]) -> Target:
    chosen = [(unit, amount) for unit, amount in given.items() if amount is not None]
    if len(chosen) != 1:
        raise click.ClickException("Please give one of --minutes, --days and --elapsed.")
    [(unit, amount)] = chosen
    if not 1 <= amount <= MOST[unit]:
        raise click.ClickException(f"--{unit} must be from 1 to {MOST[unit]:,}.")
    return Target(unit, amount)


def _moment(text: str) -> datetime:
    """The time that a text in ISO 8601 names, with the offset it gives or none."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise click.ClickException(
            f"{text!r} is no time. Please write it like 2026-02-13T17:40 or 2026-02-13T17:40+08:00."
        ) from None
    if not FIRST_YEAR < at.year < LAST_YEAR:
        raise click.ClickException(
            f"Please give a time between the years {FIRST_YEAR} and {LAST_YEAR}."
        )
    return at


def _calendar_named(name: str | None) -> Calendar:
    if name is None:
        return calendar_of(None)
    found = named(name)
    if found is None:
        raise click.ClickException(f"There is no calendar {name!r} in this book.")
    return calendar_of(found.id)


def _calendar_of(hours: str, country: str | None, timezone: str) -> Calendar:
    week = read_week(hours)
    if week.value is None:
        raise click.ClickException(worded(week.problems[0], _in_english))
    if timezone not in available_timezones():
        raise click.ClickException(f"There is no time zone {timezone!r}: write Asia/Shanghai.")
    country = (country or "").strip().upper()
    if country and not official.is_known(country):
        raise click.ClickException(
            f"No holidays of {country!r} are known: write two letters, such as CN, or GB-ENG."
        )
    return made(week.value, zone=timezone, country=country, own={})


def _in_english(text: str, /, **params: object) -> str:
    return text % params if params else text


@contextmanager
def _without_book() -> Iterator[None]:
    """What words need, and nothing else: no instance is looked for or made."""
    app = Flask("crmlite")
    babel.init_app(app, locale_selector=lambda: LOCALES["en"])
    with app.app_context():
        yield


def _speaking(lang: str | None) -> AbstractContextManager[None]:
    """In another language than that of the firm."""
    return nullcontext() if lang is None else speaking(LOCALES[lang])


def _iso(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return local.isoformat(timespec="auto" if local.second or local.microsecond else "minutes")


def _columns(lines: Sequence[wording.Line]) -> Iterator[str]:
    """Lines side by side, the last column flush right; Chinese signs are two wide."""
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    for when, what, amount in lines:
        left = [_padded(when, widths[0]), _padded(what, widths[1])]
        right = " " * (widths[2] - _width(amount)) + amount
        yield GAP.join([*left, right]).rstrip()


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
