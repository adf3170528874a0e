"""Official days: China's held against the published lists day by day, those of others by sample."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from crmlite.calendars import official
from crmlite.rules.working_time import ExceptionalDay
from tests.real_files import real_file

YEARS = range(2022, 2027)


def published() -> dict[date, tuple[bool, str]]:
    """Whether people work on each day that the State Council named, and for which festival."""
    found = {}
    for year in YEARS:
        raw = json.loads(real_file("holidays", f"{year}.json").read_text("utf-8"))
        for day in raw["days"]:
            found[date.fromisoformat(day["date"])] = (not day["isOffDay"], day["name"])
    return found


def days_of(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def told(found: ExceptionalDay | None) -> tuple[bool, str] | None:
    assert found is None or isinstance(found.name, dict)
    return None if found is None else (found.works, found.name["zh"])


@pytest.mark.parametrize("year", YEARS)
def test_china_is_as_it_was_published_day_by_day(year: int) -> None:
    wanted = published()
    known = official.year("CN", year)
    compared = {day: (told(known.get(day)), wanted.get(day)) for day in days_of(year)}
    assert {day: pair for day, pair in compared.items() if pair[0] != pair[1]} == {}
    assert len(compared) >= 365


def test_make_up_days_of_china_are_known_as_long_as_they_are_announced() -> None:
    known = official.announced_to("CN")
    assert known is not None
    assert known >= date(2026, 12, 31)
    beyond = official.year("CN", known.year + 1)
    assert beyond
    assert not any(day.works for day in beyond.values())
    assert official.announced_to("GB") is None


@pytest.mark.parametrize(
    ("country", "day", "name"),
    [
        ("CN", "2026-02-15", {"en": "Spring Festival", "zh": "春节"}),
        ("CN", "2026-02-16", {"en": "Spring Festival", "zh": "春节"}),
        ("CN", "2026-05-04", {"en": "Labour Day", "zh": "劳动节"}),
        ("CN", "2025-10-07", {"en": "National Day, Mid-Autumn Festival", "zh": "国庆节、中秋节"}),
        ("CN", "2022-12-31", {"en": "New Year's Day", "zh": "元旦"}),
        ("GB", "2026-12-28", {"en": "Boxing Day (observed)"}),
        ("GB-ENG", "2026-04-06", {"en": "Easter Monday"}),
        ("GB-SCT", "2026-11-30", {"en": "Saint Andrew's Day"}),
        ("US", "2026-11-26", {"en": "Thanksgiving Day"}),
        ("DE-BY", "2026-01-06", {"en": "Epiphany"}),
        ("HK", "2026-02-17", {"en": "Chinese New Year", "zh": "农历年初一"}),
        ("HU", "2026-01-02", {"en": "New Year's Day"}),
    ],
)
def test_days_off_are_named(country: str, day: str, name: dict[str, str]) -> None:
    found = official.year(country, date.fromisoformat(day).year)[date.fromisoformat(day)]
    assert (found.works, found.name) == (False, name)


@pytest.mark.parametrize(
    ("country", "day", "festival"),
    [
        ("CN", "2026-01-04", "New Year's Day"),
        ("CN", "2026-02-14", "Spring Festival"),
        ("CN", "2026-09-20", "National Day"),
        ("CN", "2025-09-28", "National Day, Mid-Autumn Festival"),
        ("HU", "2026-01-10", "New Year's Day"),
    ],
)
def test_make_up_days_are_named_by_the_festival_that_they_are_for(
    country: str, day: str, festival: str
) -> None:
    found = official.year(country, date.fromisoformat(day).year)[date.fromisoformat(day)]
    assert isinstance(found.name, dict)
    assert (found.works, found.blocks, found.name["en"]) == (True, None, festival)


@pytest.mark.parametrize(
    ("country", "known"),
    [
        ("CN", True),
        ("GB", True),
        ("GB-ENG", True),
        ("DE-BY", True),
        ("GB-XX", False),
        ("CN-ENG", False),
        ("XX", False),
        ("China", False),
        ("cn", False),
        ("", False),
    ],
)
def test_countries_are_known_by_two_letters_and_a_part(country: str, known: bool) -> None:
    assert official.is_known(country) is known


def test_parts_of_a_country_are_known_by_code_and_name() -> None:
    parts = official.parts("GB")
    assert (parts["eng"], parts["england"], parts["scotland"]) == ("ENG", "ENG", "SCT")


def test_a_managers_days_stand_before_official_ones() -> None:
    festival, ordinary = date(2026, 2, 17), date(2026, 3, 4)
    own = {day: ExceptionalDay(works=day == festival) for day in (festival, ordinary)}
    days = official.Days("CN", own)
    assert days[festival] is own[festival]
    assert days.get(ordinary) is own[ordinary]
    assert days[date(2026, 2, 18)].works is False
    assert days.get(date(2026, 3, 5)) is None
    with pytest.raises(KeyError):
        days[date(2026, 3, 5)]
    assert {festival, ordinary} < set(days)
    assert len(days) == len(list(days)) == len(set(official.year("CN", 2026)) | {ordinary})


def test_without_a_country_only_the_managers_days_are_otherwise() -> None:
    assert official.Days("", {}).get(date(2026, 2, 17)) is None


def test_the_mark_of_a_country_tells_years_and_countries_apart() -> None:
    marks = {
        official.mark(country, years)
        for country in ("CN", "GB")
        for years in (range(2025, 2027), range(2025, 2028))
    }
    assert len(marks) == 4
    assert official.mark("CN", range(2025, 2027)) in marks


START = """
import sys
from flask import Flask
from crmlite import app, hooks
from crmlite.calendars import official

app = Flask("crmlite")
hooks.load(app)
with app.app_context():
    for hook in ("blueprints", "commands", "shipped_data", "settings_pages"):
        hooks.gathered(f"register_{hook}")
assert "holidays" not in sys.modules
official.year("CN", 2026)
assert "holidays" in sys.modules
"""


def test_the_library_is_loaded_when_somebody_asks_for_a_country() -> None:
    subprocess.run([sys.executable, "-c", START], check=True)
