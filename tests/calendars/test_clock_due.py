"""`crmlite clock due`: the times it prints, why, and what it refuses."""

import json
import re
import shlex
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from crmlite import cli, clock
from crmlite.calendars.commands import clock as command
from crmlite.calendars.operations import CalendarDraft, create_calendar
from crmlite.rules.working_time import read_week
from crmlite.work.actors import command_line
from tests.architecture.project import ROOT

OFFICE = "mon-fri 09:00-12:00,13:30-18:00"
NINE_TO_SIX = "mon-fri 9-18"
CHINA = ("--open", OFFICE, "--holidays", "CN", "--timezone", "Asia/Shanghai")
PLAIN = ("--open", NINE_TO_SIX, "--timezone", "Asia/Shanghai")
NEW_YORK = ("--open", NINE_TO_SIX, "--holidays", "US", "--timezone", "America/New_York")
LONDON = ("--open", NINE_TO_SIX, "--holidays", "GB-ENG", "--timezone", "Europe/London")
ALWAYS = ("--open", "mon-sun 0-24", "--timezone", "Europe/London")
NIGHTS = ("--open", "mon-sun 22-24, 0-6", "--timezone", "America/New_York")
SATURDAYS = ("--open", f"{OFFICE}; sat 09:00-12:00", "--holidays", "CN")

# Each: on which calendar, opened, how long, due.
DUE = [
    (CHINA, "2026-03-06T17:40+08:00", ("--days", 2), "2026-03-10T18:00+08:00"),
    (CHINA, "2026-03-07T10:00+08:00", ("--days", 1), "2026-03-09T18:00+08:00"),
    (CHINA, "2026-03-08T23:59+08:00", ("--days", 1), "2026-03-09T18:00+08:00"),
    (CHINA, "2026-03-02T08:00+08:00", ("--days", 1), "2026-03-03T18:00+08:00"),
    (CHINA, "2026-03-02T19:00+08:00", ("--days", 1), "2026-03-03T18:00+08:00"),
    (CHINA, "2026-02-13T17:40+08:00", ("--days", 1), "2026-02-14T18:00+08:00"),
    (CHINA, "2026-02-13T17:40+08:00", ("--days", 2), "2026-02-24T18:00+08:00"),
    (CHINA, "2026-02-18T10:00+08:00", ("--days", 1), "2026-02-24T18:00+08:00"),
    (CHINA, "2026-02-27T10:00+08:00", ("--days", 2), "2026-03-02T18:00+08:00"),
    (CHINA, "2026-09-18T10:00+08:00", ("--days", 1), "2026-09-20T18:00+08:00"),
    (CHINA, "2026-09-30T10:00+08:00", ("--days", 3), "2026-10-10T18:00+08:00"),
    (CHINA, "2025-09-26T10:00+08:00", ("--days", 4), "2025-10-09T18:00+08:00"),
    (CHINA, "2025-01-24T17:50+08:00", ("--minutes", 30), "2025-01-26T09:20+08:00"),
    (CHINA, "2025-12-31T10:00+08:00", ("--days", 2), "2026-01-05T18:00+08:00"),
    (CHINA, "2026-12-31T17:45+08:00", ("--minutes", 30), "2027-01-04T09:15+08:00"),
    (CHINA, "2028-02-28T17:45+08:00", ("--minutes", 30), "2028-02-29T09:15+08:00"),
    (CHINA, "2024-02-28T10:00+08:00", ("--days", 2), "2024-03-01T18:00+08:00"),
    (CHINA, "2026-03-02T11:45+08:00", ("--minutes", 30), "2026-03-02T13:45+08:00"),
    (CHINA, "2026-03-02T11:30+08:00", ("--minutes", 30), "2026-03-02T12:00+08:00"),
    (CHINA, "2026-03-02T12:00+08:00", ("--minutes", 1), "2026-03-02T13:31+08:00"),
    (CHINA, "2026-03-02T17:30+08:00", ("--minutes", 30), "2026-03-02T18:00+08:00"),
    (CHINA, "2026-03-02T18:00+08:00", ("--minutes", 30), "2026-03-03T09:30+08:00"),
    (CHINA, "2026-03-02T17:59+08:00", ("--minutes", 30), "2026-03-03T09:29+08:00"),
    (CHINA, "2026-03-02T17:59:30+08:00", ("--minutes", 30), "2026-03-03T09:29:30+08:00"),
    (CHINA, "2026-03-02T01:40Z", ("--minutes", 30), "2026-03-02T10:10+08:00"),
    (CHINA, "2026-03-01T20:40-05:00", ("--minutes", 30), "2026-03-02T10:10+08:00"),
    (CHINA, "2026-03-02T09:40", ("--minutes", 30), "2026-03-02T10:10+08:00"),
    (CHINA, "2026-03-02 09:40", ("--minutes", 30), "2026-03-02T10:10+08:00"),
    (CHINA, "2026-03-02", ("--minutes", 30), "2026-03-02T09:30+08:00"),
    (CHINA, "2026-02-14T17:40+08:00", ("--elapsed", 48), "2026-02-16T17:40+08:00"),
    (PLAIN, "2026-03-06T17:40+08:00", ("--days", 2), "2026-03-10T18:00+08:00"),
    (PLAIN, "2026-02-13T17:40+08:00", ("--days", 1), "2026-02-16T18:00+08:00"),
    (SATURDAYS, "2026-03-06T17:40", ("--days", 1), "2026-03-07T12:00+08:00"),
    (SATURDAYS, "2026-02-13T17:40", ("--days", 1), "2026-02-14T12:00+08:00"),
    (SATURDAYS, "2026-02-13T17:40", ("--minutes", 240), "2026-02-24T09:40+08:00"),
    (NEW_YORK, "2026-03-06T17:30", ("--minutes", 60), "2026-03-09T09:30-04:00"),
    (NEW_YORK, "2026-10-30T17:30", ("--minutes", 60), "2026-11-02T09:30-05:00"),
    (NEW_YORK, "2026-03-07T12:00-05:00", ("--elapsed", 24), "2026-03-08T13:00-04:00"),
    (NEW_YORK, "2026-10-31T12:00-04:00", ("--elapsed", 24), "2026-11-01T11:00-05:00"),
    (NEW_YORK, "2026-11-25T12:00", ("--days", 1), "2026-11-27T18:00-05:00"),
    (NEW_YORK, "2026-07-02T12:00", ("--days", 1), "2026-07-06T18:00-04:00"),
    (LONDON, "2026-03-27T17:30", ("--minutes", 60), "2026-03-30T09:30+01:00"),
    (LONDON, "2026-10-23T17:30", ("--minutes", 60), "2026-10-26T09:30+00:00"),
    (LONDON, "2026-04-02T12:00", ("--days", 1), "2026-04-07T18:00+01:00"),
    (LONDON, "2026-12-24T12:00", ("--days", 1), "2026-12-29T18:00+00:00"),
    (ALWAYS, "2026-03-29T00:30", ("--minutes", 60), "2026-03-29T02:30+01:00"),
    (ALWAYS, "2026-10-25T00:30", ("--minutes", 120), "2026-10-25T01:30+00:00"),
    (ALWAYS, "2026-10-25T00:00", ("--days", 1), "2026-10-27T00:00+00:00"),
    (NIGHTS, "2026-03-08T00:30", ("--minutes", 120), "2026-03-08T03:30-04:00"),
    (NIGHTS, "2026-11-01T00:30-04:00", ("--minutes", 120), "2026-11-01T01:30-05:00"),
    (NIGHTS, "2026-03-07T23:00", ("--minutes", 120), "2026-03-08T01:00-05:00"),
    (("--open", "sat-mon 9-12"), "2026-03-06T10:00", ("--days", 3), "2026-03-09T12:00+08:00"),
    (("--open", "mon,wed 9-12"), "2026-03-02T11:00", ("--minutes", 90), "2026-03-04T09:30+08:00"),
    (
        ("--open", "周一至周五 9-18"),
        "2026-03-06T17:00",
        ("--minutes", 90),
        "2026-03-09T09:30+08:00",
    ),
]
HALF_AN_HOUR = ("--minutes", "30")
NOW = ("--opened", "2026-03-02T10:00")
REFUSED = [
    ((*CHINA, *HALF_AN_HOUR), "Missing option '--opened'"),
    ((*NOW, *CHINA), "one of --minutes, --days and --elapsed"),
    ((*NOW, *CHINA, *HALF_AN_HOUR, "--days", "1"), "one of --minutes, --days and --elapsed"),
    ((*NOW, *CHINA, "--minutes", "soon"), "'soon' is not a valid integer"),
    ((*NOW, *CHINA, "--minutes", "0"), "--minutes must be from 1 to 100,000"),
    ((*NOW, *CHINA, "--days", "-3"), "--days must be from 1 to 2,000"),
    ((*NOW, *CHINA, "--elapsed", "9999999"), "--elapsed must be from 1 to 50,000"),
    (("--opened", "yesterday", *CHINA, *HALF_AN_HOUR), "'yesterday' is no time"),
    (("--opened", "2026-02-30T10:00", *CHINA, *HALF_AN_HOUR), "'2026-02-30T10:00' is no time"),
    (("--opened", "9999-12-31T10:00", *CHINA, *HALF_AN_HOUR), "between the years"),
    (("--opened", "0001-01-01T00:00", *CHINA, *HALF_AN_HOUR), "between the years"),
    ((*NOW, *HALF_AN_HOUR, "--open", "9-12"), "“9-12” names no weekday"),
    ((*NOW, *HALF_AN_HOUR, "--open", "mon-fri 9-25"), "There is no such time of day: 9-25"),
    ((*NOW, *HALF_AN_HOUR, "--open", "mon-fri 18-9"), "ends before it begins"),
    ((*NOW, *HALF_AN_HOUR, "--open", ""), "There must be working hours"),
    ((*NOW, *HALF_AN_HOUR, "--open", OFFICE, "--holidays", "XX"), "No holidays of 'XX' are known"),
    (
        (*NOW, *HALF_AN_HOUR, "--open", OFFICE, "--timezone", "Mars/Base"),
        "no time zone 'Mars/Base'",
    ),
    ((*NOW, *HALF_AN_HOUR, "--open", OFFICE, "--calendar", "Office"), "not both"),
    ((*NOW, *HALF_AN_HOUR, "--holidays", "CN"), "go with --open"),
    ((*NOW, *HALF_AN_HOUR, "--timezone", "UTC"), "go with --open"),
    ((*NOW, *CHINA, *HALF_AN_HOUR, "--lang", "fr"), "'fr' is not one of"),
    ((*NOW, *CHINA, *HALF_AN_HOUR, "--fast"), "No such option"),
    ((*NOW, *CHINA, *HALF_AN_HOUR, "much"), "unexpected extra argument"),
]


def no_book() -> AbstractContextManager[None]:
    raise AssertionError("this needs no book")


def asked(*arguments: Any, book: Any = no_book) -> Result:
    """What the command answers."""
    return CliRunner().invoke(command, ["due", *map(str, arguments)], obj=book)


@pytest.mark.parametrize(("calendar", "opened", "target", "due"), DUE)
def test_it_prints_when_it_is_due(
    calendar: tuple[str, ...], opened: str, target: tuple[str, int], due: str
) -> None:
    done = asked("--opened", opened, *target, *calendar)
    assert (done.output, done.exit_code) == (f"{due}\n", 0)


@pytest.mark.parametrize(("arguments", "sentence"), REFUSED)
def test_what_is_wrong_is_one_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    done = asked(*arguments)
    assert (done.exit_code, done.stdout) == (1, "")
    assert sentence in done.stderr
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1


def test_the_explanation_stands_below_in_columns() -> None:
    arguments = ("--opened", "2026-02-13T17:40", "--days", 2, "--explain")
    assert asked(*arguments, *CHINA).output == (
        "2026-02-24T18:00+08:00\n"
        "\n"
        "Opened Fri 13 Feb, 17:40  2 working days\n"
        "Sat 14 Feb                make-up working day for Spring Festival              1 day\n"
        "Sun 15 – Mon 23 Feb       Spring Festival, days off                                0\n"
        "Tue 24 Feb                1 working day, to Tue 18:00                          1 day\n"
        "Due                                                                Tue 24 Feb, 18:00\n"
    )
    assert asked(*arguments, *CHINA, "--lang", "zh").output == (
        "2026-02-24T18:00+08:00\n"
        "\n"
        "2月13日 周五 17:40 受理  2 个工作日\n"
        "2月14日 周六             春节补班                                1 天\n"
        "2月15–23日               春节放假，不计                             0\n"
        "2月24日 周二             1 个工作日，到周二 18:00                1 天\n"
        "截止                                               2月24日 周二 18:00\n"
    )


def test_the_page_about_working_time_shows_what_is_printed() -> None:
    page = (ROOT / "docs" / "working-time.md").read_text("utf-8")
    [(typed, printed)] = re.findall(r"```sh\n(.*?)```\n\n```\n(.*?)```", page, re.DOTALL)
    program, group, name, *arguments = shlex.split(typed.replace("\\\n", ""))
    assert (program, group, name) == ("crmlite", "clock", "due")
    assert asked(*arguments).output == printed


def test_an_elapsed_time_that_ends_on_a_day_off_says_when_to_act() -> None:
    done = asked("--opened", "2026-11-20T15:00", "--elapsed", 24, "--explain", *CHINA)
    assert "To be done by" in done.output
    assert "Fri 20 Nov, 18:00" in done.output
    within = asked("--opened", "2026-11-19T15:00", "--elapsed", 24, "--explain", *CHINA)
    assert "To be done by" not in within.output


def test_json_has_all_of_it_and_nothing_else() -> None:
    done = asked("--opened", "2026-02-13T17:40", "--days", 2, "--json", *CHINA)
    answer = json.loads(done.output)
    assert answer["explanation"].pop() == {"when": "Due", "what": "", "amount": "Tue 24 Feb, 18:00"}
    assert [line["amount"] for line in answer.pop("explanation")] == ["", "1 day", "0", "1 day"]
    assert answer == {
        "due": "2026-02-24T18:00+08:00",
        "opened": "2026-02-13T17:40+08:00",
        "timezone": "Asia/Shanghai",
        "days": 2,
    }


def test_without_a_book_it_makes_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CRMLITE_INSTANCE", str(tmp_path / "instance"))
    outcomes = []
    for calendar in (CHINA, ("--calendar", "Office hours"), ()):
        arguments = ("--opened", "2026-03-06T17:40+08:00", "--days", "2", *calendar)
        monkeypatch.setattr(sys, "argv", ["crmlite", "clock", "due", *arguments])
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = int(end.code or 0)
        outcomes.append((code, *capsys.readouterr()))
    assert outcomes[0] == (0, "2026-03-10T18:00+08:00\n", "")
    for code, told, sentence in outcomes[1:]:
        assert (code, told) == (1, "")
        assert "crmlite init" in sentence
    assert not (tmp_path / "instance").exists()


def test_with_a_book_it_counts_on_its_calendars(inside: Flask) -> None:
    week = read_week("mon-sun 10-11").value
    assert week is not None
    create_calendar(
        CalendarDraft(label={"en": "Hotline", "zh": "热线"}, week=week, zone="Europe/Berlin"),
        by=command_line(),
        at=clock.now(),
    )
    opened = ("--opened", "2026-03-06T17:40+08:00", "--days", "2")
    for name, due in (
        ((), "2026-03-10T18:00+08:00"),
        (("--calendar", "office hours"), "2026-03-10T18:00+08:00"),
        (("--calendar", "Hotline"), "2026-03-08T11:00+01:00"),
        (("--calendar", "热线"), "2026-03-08T11:00+01:00"),
    ):
        done = asked(*opened, *name, book=nullcontext)
        assert (done.output, done.exit_code) == (f"{due}\n", 0)
    unknown = asked(*opened, "--calendar", "Night", book=nullcontext)
    assert (unknown.exit_code, "no calendar 'Night'" in unknown.stderr) == (1, True)
