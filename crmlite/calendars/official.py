"""Official holidays by country, and China's make-up working days, out of the library `holidays`.

The library takes 10 MB: it is loaded when somebody asks for what is not known yet. A server learns
the years of its firm from a process that ends afterwards. Countries are named by two letters, `CN`, or
with a part of them where holidays differ, `GB-ENG`.
"""

import hashlib
import os
import pickle
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache, wraps
from pathlib import Path
from types import ModuleType
from typing import Any, ParamSpec, TypeVar

from crmlite.rules.dates import FIRST_YEAR, LAST_YEAR
from crmlite.rules.working_time import ExceptionalDay

DAY = timedelta(days=1)
BY_DECREE = frozenset({"CN"})  # where make-up days are made known year by year
ENGLISH, CHINESE = ("en_GB", "en_US"), ("zh_CN", "zh_HK", "zh_TW")
# Holidays of 2024 that adjoin a weekend which was an ordinary one; those of other years include it.
BESIDE_A_WEEKEND = frozenset({date(2024, 1, 1), date(2024, 6, 10)})
# What the library calls otherwise than people do.
CALLED = {
    "农历除夕": "春节",
    "春节延长假期": "春节",
    "Chinese New Year's Eve": "Spring Festival",
    "Chinese New Year (Spring Festival)": "Spring Festival",
    "Chinese New Year (Spring Festival) Extended Holiday": "Spring Festival",
    "Labor Day": "Labour Day",
    "Tomb-Sweeping Day": "Qingming Festival",
}
IN_LIEU = re.compile(r"\s*[(（](?:observed|补假)[)）]$")

Year = Mapping[date, ExceptionalDay]
P, R = ParamSpec("P"), TypeVar("R")
KNOWN: dict[tuple[Any, ...], Any] = {}
"""What was found out, by the function's name and what it was asked."""


def known(function: Callable[P, R]) -> Callable[P, R]:
    """Ask the library once, and never for what was learnt."""

    @wraps(function)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        key = (function.__name__, *args)
        if key not in KNOWN:
            KNOWN[key] = function(*args, **kwargs)
        answer: R = KNOWN[key]
        return answer

    return asked


def learn(places: Iterable[str], years: range) -> None:
    """Find out all that is asked of these countries for some years, in a process of its own, so that
    this one need not load the library. Where that fails nothing is learnt, and it is loaded."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(reading)
            for country in places:
                if is_known(country):
                    announced_to(country)
                    for number in years:
                        year(country, number)
            with os.fdopen(writing, "wb") as pipe:
                pickle.dump(KNOWN, pipe)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    if told:
        KNOWN.update(pickle.loads(told))  # noqa: S301 - our own child has written it


@known
def countries() -> frozenset[str]:
    """The countries whose holidays are known, by their two letters."""
    from holidays.registry import EntityLoader

    return frozenset(EntityLoader.get_country_codes(include_aliases=False))


@known
def parts(country: str) -> Mapping[str, str]:
    """The parts of a country in which holidays differ, as people may write them in small letters,
    each with its code: `{"eng": "ENG", "england": "ENG"}`."""
    known = _library(country, (), "en")
    found = {str(code).casefold(): str(code) for code in known.subdivisions}
    aliases = {alias.casefold(): code for alias, code in known.subdivisions_aliases.items()}
    return aliases | found


@known
def is_known(country: str) -> bool:
    """Whether the holidays of a country, or of a part of one, are known."""
    whole, _dash, part = country.partition("-")
    return whole in countries() and (not part or part in parts(whole).values())


@known
def announced_to(country: str) -> date | None:
    """The last day for which make-up days are made known; None where there are none."""
    if country not in BY_DECREE:
        return None
    return date(max(_moves(country)), 12, 31)


@known
def year(country: str, number: int) -> Year:
    """The holidays and make-up days of a year; none of years that nobody plans."""
    if not FIRST_YEAR <= number <= LAST_YEAR:
        return {}
    return _Around(country, number).days()


@cache
def mark(country: str, years: range) -> str:
    """A mark that is another one when any day of these years is: news of the library."""
    told = repr([sorted(year(country, number).items()) for number in years])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


class Days(Mapping[date, ExceptionalDay]):
    """The days of a calendar that are otherwise: a manager's own before the official ones, which are
    looked up year by year as they are asked for."""

    def __init__(self, country: str, own: Year) -> None:
        self.country, self.own = country, own
        self._years: dict[int, Year] = {}

    def get(self, day: date, default: Any = None) -> Any:
        """How a day is otherwise; `default` when it is as its weekday."""
        found = self.own.get(day)
        return self.official(day.year).get(day, default) if found is None else found

    def official(self, number: int) -> Year:
        """The official days of a year."""
        known = self._years.get(number)
        if known is None:
            known = self._years[number] = year(self.country, number) if self.country else {}
        return known

    def __getitem__(self, day: date) -> ExceptionalDay:
        found: ExceptionalDay | None = self.get(day)
        if found is None:
            raise KeyError(day)
        return found

    def __iter__(self) -> Iterator[date]:
        """The days of all years that were asked for so far."""
        return iter(sorted({*self.own, *(day for one in self._years.values() for day in one)}))

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _Around:
    """A year of a country, with those before and after it: holidays go across the year's end."""

    def __init__(self, country: str, number: int) -> None:
        years = range(number - 1, number + 2)
        self.country, self.number = country, number
        self.english = _library(country, years, "en")
        self.chinese = _library(country, years, "zh")
        self.made_up: frozenset[date] = frozenset(self.english.weekend_workdays)
        moves = _moves(country)
        self.moved = {to: since for one in years for to, since in moves.get(one, ())}
        self.by_decree = country in BY_DECREE

    def days(self) -> Year:
        """The days of the year, in order."""
        off = {day: self._label([day]) for day in self.english if day.year == self.number}
        if self.by_decree:
            off |= {day: self._label(self._run(day)) for day in (*off, *self._weekends(off))}
        else:
            off |= {day: self._label(self._run(day)) for day in off if day in self.moved}
        found = {day: ExceptionalDay(works=False, name=label) for day, label in off.items()}
        for to, since in self.moved.items():
            if since.year == self.number and since in self.made_up:
                label = self._label(self._run(to))
                found[since] = ExceptionalDay(works=True, name=label)
        return dict(sorted((day, one) for day, one in found.items() if day.year == self.number))

    def _label(self, days: Sequence[date]) -> Mapping[str, str]:
        """The holidays that a run of days is about, in both languages as far as they are known."""
        proper = [day for day in days if day in self.english and day not in self.moved]
        told = proper or [day for day in days if day in self.english]
        names = {
            "en": self._names(self.english, told, ", "),
            "zh": self._names(self.chinese, told, "、"),
        }
        return {language: name for language, name in names.items() if name}

    def _names(self, known: Any, days: Sequence[date], between: str) -> str:
        if known is None:
            return ""
        names = [name for day in days for name in known.get_list(day)]
        if self.by_decree:
            names = [CALLED.get(name, name) for name in (IN_LIEU.sub("", one) for one in names)]
        return between.join(dict.fromkeys(names))

    def _run(self, day: date) -> list[date]:
        """The days off in a row that one belongs to."""
        first = last = day
        while self._rests(first - DAY):
            first -= DAY
        while self._rests(last + DAY):
            last += DAY
        return [first + n * DAY for n in range((last - first).days + 1)]

    def _rests(self, day: date) -> bool:
        return day in self.english or (day.weekday() >= 5 and day not in self.made_up)

    def _weekends(self, off: Mapping[date, Any]) -> set[date]:
        """The days of weekends that are part of a holiday which was made known. Those in the year
        after are looked at, too: New Year's Day may begin in December."""
        last = announced_to(self.country) or date.min
        runs = [
            self._run(day)
            for day in (*off, date(self.number + 1, 1, 1))
            if day <= last and day not in BESIDE_A_WEEKEND
        ]
        return {day for run in runs for day in run if day.year == self.number} - set(off)


def _library(country: str, years: Sequence[int], language: str) -> Any:
    """What the library knows of some years; None when not in this language. English falls back on
    the language of the country."""
    import holidays

    _load_one_by_one(holidays)
    country_holidays = holidays.country_holidays
    whole, _dash, part = country.partition("-")
    kind = country_holidays(whole, years=())
    spoken = [one for one in (CHINESE if language == "zh" else ENGLISH) if _speaks(kind, one)]
    if language == "zh" and not spoken:
        return None
    return country_holidays(
        whole, subdiv=part or None, years=years, language=next(iter(spoken), None), expand=False
    )


def _load_one_by_one(library: ModuleType) -> None:
    """Have the library load the country that is asked for, and not all 280 as its package does by
    itself: they take 8 MB."""
    name = f"{library.__name__}.countries"
    if name not in sys.modules:
        package = ModuleType(name)
        package.__path__ = [str(Path(place) / "countries") for place in library.__path__]
        sys.modules[name] = package


def _speaks(kind: Any, language: str) -> bool:
    return language in kind.supported_languages


@cache
def _moves(country: str) -> Mapping[int, Sequence[tuple[date, date]]]:
    """Days off that a working day stands for, each with the day on which it is made up, by the year
    in which the day off is."""
    found: dict[int, list[tuple[date, date]]] = {}
    special: Mapping[int, Any] = getattr(_library(country, (), "en"), "special_public_holidays", {})
    for number, given in special.items():
        entries = given if given and isinstance(given[0], tuple) else (given,)
        for entry in entries:
            if len(entry) > 3:  # shorter ones are holidays of their own
                month, day, since_month, since_day, *since_year = entry
                since = date(since_year[0] if since_year else number, since_month, since_day)
                found.setdefault(number, []).append((date(number, month, day), since))
    return found
