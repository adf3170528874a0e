"""Whole explanations in both languages, and that each is a sum that leads to the due time."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlite.calendars import official, wording
from crmlite.calendars.wording.telling import Line, Telling
from crmlite.rules.sla import Clock, Hold, Named, Reading, reading
from crmlite.rules.working_time import (
    Calendar,
    Counted,
    ExceptionalDay,
    Held,
    Rested,
    Step,
    Target,
    Unit,
    Whole,
    between,
    blocks_of,
)
from tests.calendars.speaking import speaking
from tests.rules.working_time.calendars import (
    LONDON,
    NIGHTS_IN_NEW_YORK,
    SHANGHAI,
    WITH_LUNCH,
    at,
    office_week,
)

MINUTES, DAYS, ELAPSED = Unit.MINUTES, Unit.DAYS, Unit.ELAPSED
OWN = {
    at(LONDON, "2026-11-24").date(): ExceptionalDay(
        works=True, name={"en": "Stocktaking", "zh": "盘点"}, blocks=blocks_of([(540, 600)])
    ),
    at(LONDON, "2026-11-28").date(): ExceptionalDay(
        works=True, name={"en": "Trade fair", "zh": "展会"}, blocks=blocks_of([(600, 720)])
    ),
    at(LONDON, "2026-12-04").date(): ExceptionalDay(works=False, name={"zh": "年会"}),
}
CALENDARS = {
    "China": Calendar(
        zone=SHANGHAI,
        week=office_week(WITH_LUNCH),
        days=official.Days("CN", {}),
        announced_to=official.announced_to("CN"),
    ),
    "our own": Calendar(zone=SHANGHAI, week=office_week(WITH_LUNCH), days=official.Days("CN", OWN)),
    "New York by night": NIGHTS_IN_NEW_YORK,
    "London": LONDON,
}
Holds = Sequence[tuple[str, str]]

# Each: calendar, opened, target, on hold, then what the lines say in English and in Chinese.
EXPLANATIONS = {
    "two working days, and a pause": (
        ("China", "2026-11-20 17:40", Target(DAYS, 2), [("2026-11-23 10:00", "2026-11-23 11:30")]),
        """
        Opened Fri 20 Nov, 17:40 | 2 working days |
        Sat 21, Sun 22 Nov | not working days | 0
        Mon 23, Tue 24 Nov | 2 working days, to Tue 18:00 | 2 days
        Paused Mon 23 Nov, 10:00–11:30 | waiting for the customer | + 1 h 30 min
        Carried over: Wed 25 Nov, 9:00–10:30 | hours are 9:00–12:00, 13:30–18:00 |
        Due | | Wed 25 Nov, 10:30
        """,
        """
        11月20日 周五 17:40 受理 | 2 个工作日 |
        11月21–22日 周末 | 非工作日，不计 | 0
        11月23–24日 | 2 个工作日，到周二 18:00 | 2 天
        11月23日 周一 10:00–11:30 暂停 | 等待客户 | +1 小时 30 分
        顺延：11月25日 周三 9:00–10:30 | 工作时间 9:00–12:00、13:30–18:00 |
        截止 | | 11月25日 周三 10:30
        """,
    ),
    "minutes up to closing time and over a weekend": (
        ("China", "2026-11-20 17:40", Target(MINUTES, 30), []),
        """
        Opened Fri 20 Nov, 17:40 | 30 working minutes |
        Fri 20 Nov, 17:40–18:00 | hours are 9:00–12:00, 13:30–18:00 | 20 min
        Sat 21, Sun 22 Nov | not working days | 0
        Mon 23 Nov, 9:00–9:10 | working time | 10 min
        Due | | Mon 23 Nov, 9:10
        """,
        """
        11月20日 周五 17:40 受理 | 工作时间 30 分钟 |
        11月20日 周五 17:40–18:00 | 工作时间 9:00–12:00、13:30–18:00 | 20 分钟
        11月21–22日 周末 | 非工作日，不计 | 0
        11月23日 周一 9:00–9:10 | 工作时间 | 10 分钟
        截止 | | 11月23日 周一 9:10
        """,
    ),
    "opened after hours, due at the closing minute": (
        ("China", "2026-11-24 20:00", Target(MINUTES, 450), []),
        """
        Opened Tue 24 Nov, 20:00 | 7 h 30 min of working time; outside working hours |
        Wed 25 Nov, 9:00–12:00, 13:30–18:00 | hours are 9:00–12:00, 13:30–18:00 | 7 h 30 min
        Due | | Wed 25 Nov, 18:00
        """,
        """
        11月24日 周二 20:00 受理 | 工作时间 7 小时 30 分；在工作时间以外受理 |
        11月25日 周三 9:00–12:00、13:30–18:00 | 工作时间 9:00–12:00、13:30–18:00 | 7 小时 30 分
        截止 | | 11月25日 周三 18:00
        """,
    ),
    "a make-up day, then the Spring Festival": (
        ("China", "2026-02-13 17:40", Target(MINUTES, 500), []),
        """
        Opened Fri 13 Feb, 17:40 | 8 h 20 min of working time |
        Fri 13 Feb, 17:40–18:00 | hours are 9:00–12:00, 13:30–18:00 | 20 min
        Sat 14 Feb, 9:00–12:00, 13:30–18:00 | make-up working day for Spring Festival | 7 h 30 min
        Sun 15 – Mon 23 Feb | Spring Festival, days off | 0
        Tue 24 Feb, 9:00–9:30 | working time | 30 min
        Due | | Tue 24 Feb, 9:30
        """,
        """
        2月13日 周五 17:40 受理 | 工作时间 8 小时 20 分 |
        2月13日 周五 17:40–18:00 | 工作时间 9:00–12:00、13:30–18:00 | 20 分钟
        2月14日 周六 9:00–12:00、13:30–18:00 | 春节补班 | 7 小时 30 分
        2月15–23日 | 春节放假，不计 | 0
        2月24日 周二 9:00–9:30 | 工作时间 | 30 分钟
        截止 | | 2月24日 周二 9:30
        """,
    ),
    "the National Day with its make-up days": (
        ("China", "2026-09-30 17:40", Target(DAYS, 5), []),
        """
        Opened Wed 30 Sept, 17:40 | 5 working days |
        Thu 1 – Wed 7 Oct | National Day, days off | 0
        Thu 8, Fri 9 Oct | 2 working days | 2 days
        Sat 10 Oct | make-up working day for National Day | 1 day
        Sun 11 Oct | not a working day | 0
        Mon 12, Tue 13 Oct | 2 working days, to Tue 18:00 | 2 days
        Due | | Tue 13 Oct, 18:00
        """,
        """
        9月30日 周三 17:40 受理 | 5 个工作日 |
        10月1–7日 | 国庆节放假，不计 | 0
        10月8–9日 | 2 个工作日 | 2 天
        10月10日 周六 | 国庆节补班 | 1 天
        10月11日 周日 | 非工作日，不计 | 0
        10月12–13日 | 2 个工作日，到周二 18:00 | 2 天
        截止 | | 10月13日 周二 18:00
        """,
    ),
    "into a year that is not announced": (
        ("China", "2026-12-30 17:40", Target(DAYS, 3), []),
        """
        Opened Wed 30 Dec, 17:40 | 3 working days |
        Thu 31 Dec | 1 working day | 1 day
        Fri 1 – Sun 3 Jan 2027 | New Year's Day, days off | 0
        Mon 4, Tue 5 Jan 2027 | 2 working days, to Tue 18:00 | 2 days
        2027 | make-up working days not announced yet, this may change |
        Due | | Tue 5 Jan 2027, 18:00
        """,
        """
        12月30日 周三 17:40 受理 | 3 个工作日 |
        12月31日 周四 | 1 个工作日 | 1 天
        2027年1月1–3日 | 元旦放假，不计 | 0
        2027年1月4–5日 | 2 个工作日，到周二 18:00 | 2 天
        2027年 | 调休补班尚未公布，公布后重新计算 |
        截止 | | 2027年1月5日 周二 18:00
        """,
    ),
    "whole days in a row are one line": (
        ("China", "2026-11-20 17:40", Target(MINUTES, 3000), []),
        """
        Opened Fri 20 Nov, 17:40 | 50 h of working time |
        Fri 20 Nov, 17:40–18:00 | hours are 9:00–12:00, 13:30–18:00 | 20 min
        Sat 21, Sun 22 Nov | not working days | 0
        Mon 23 – Fri 27 Nov | 5 whole days | 37 h 30 min
        Sat 28, Sun 29 Nov | not working days | 0
        Mon 30 Nov, 9:00–12:00, 13:30–18:00 | working time | 7 h 30 min
        Tue 1 Dec, 9:00–12:00, 13:30–15:10 | working time | 4 h 40 min
        Due | | Tue 1 Dec, 15:10
        """,
        """
        11月20日 周五 17:40 受理 | 工作时间 50 小时 |
        11月20日 周五 17:40–18:00 | 工作时间 9:00–12:00、13:30–18:00 | 20 分钟
        11月21–22日 周末 | 非工作日，不计 | 0
        11月23–27日 | 5 个完整工作日 | 37 小时 30 分
        11月28–29日 周末 | 非工作日，不计 | 0
        11月30日 周一 9:00–12:00、13:30–18:00 | 工作时间 | 7 小时 30 分
        12月1日 周二 9:00–12:00、13:30–15:10 | 工作时间 | 4 小时 40 分
        截止 | | 12月1日 周二 15:10
        """,
    ),
    "a pause of the night and over the weekend": (
        (
            "China",
            "2026-11-19 17:40",
            Target(MINUTES, 30),
            [
                ("2026-11-19 20:00", "2026-11-19 22:00"),
                ("2026-11-20 09:05", "2026-11-23 09:00"),
            ],
        ),
        """
        Opened Thu 19 Nov, 17:40 | 30 working minutes |
        Thu 19 Nov, 17:40–18:00 | hours are 9:00–12:00, 13:30–18:00 | 20 min
        Fri 20 Nov, 9:00–9:10 | working time | 10 min
        Paused Thu 19 Nov, 20:00–22:00 | waiting for the customer, outside working hours | 0
        Paused Fri 20 Nov, 9:05 – Mon 23 Nov, 9:00 | photos asked for | + 7 h 25 min
        Carried over: Fri 20 Nov, 9:10–12:00, 13:30–18:00 | working time |
        Sat 21, Sun 22 Nov | not working days | 0
        Carried over: Mon 23 Nov, 9:00–9:05 | working time |
        Due | | Mon 23 Nov, 9:05
        """,
        """
        11月19日 周四 17:40 受理 | 工作时间 30 分钟 |
        11月19日 周四 17:40–18:00 | 工作时间 9:00–12:00、13:30–18:00 | 20 分钟
        11月20日 周五 9:00–9:10 | 工作时间 | 10 分钟
        11月19日 周四 20:00–22:00 暂停 | 等待客户，不在工作时间内 | 0
        11月20日 周五 9:05 – 11月23日 周一 9:00 暂停 | photos asked for | +7 小时 25 分
        顺延：11月20日 周五 9:10–12:00、13:30–18:00 | 工作时间 |
        11月21–22日 周末 | 非工作日，不计 | 0
        顺延：11月23日 周一 9:00–9:05 | 工作时间 |
        截止 | | 11月23日 周一 9:05
        """,
    ),
    "elapsed hours that end on a day off": (
        (
            "China",
            "2026-11-20 15:00",
            Target(ELAPSED, 24),
            [("2026-11-20 16:00", "2026-11-20 18:00")],
        ),
        """
        Opened Fri 20 Nov, 15:00 | 24 hours |
        Fri 20 Nov, 15:00 – Sat 21 Nov, 15:00 | every hour counts, also at night and on days off | 24 h
        Paused Fri 20 Nov, 16:00–18:00 | waiting for the customer | + 2 h
        Carried over: Sat 21 Nov, 15:00–17:00 | |
        To be done by | nobody is at work when it is due | Fri 20 Nov, 18:00
        Due | | Sat 21 Nov, 17:00
        """,
        """
        11月20日 周五 15:00 受理 | 24 小时 |
        11月20日 周五 15:00 – 11月21日 周六 15:00 | 按自然时间计算，含夜间和休息日 | 24 小时
        11月20日 周五 16:00–18:00 暂停 | 等待客户 | +2 小时
        顺延：11月21日 周六 15:00–17:00 | |
        最晚处理时间 | 到期时无人上班 | 11月20日 周五 18:00
        截止 | | 11月21日 周六 17:00
        """,
    ),
    "the clocks go forward": (
        ("New York by night", "2026-03-08 00:30", Target(MINUTES, 100), []),
        """
        Opened Sun 8 Mar, 0:30 | 100 working minutes |
        Sun 8 Mar, 0:30–3:10 | hours are 0:00–6:00, 22:00–24:00, the clocks go forward | 1 h 40 min
        Due | | Sun 8 Mar, 3:10
        """,
        """
        3月8日 周日 0:30 受理 | 工作时间 100 分钟 |
        3月8日 周日 0:30–3:10 | 工作时间 0:00–6:00、22:00–24:00，其间时钟拨快 | 1 小时 40 分
        截止 | | 3月8日 周日 3:10
        """,
    ),
    "the clocks go back, and the day ends at midnight": (
        ("New York by night", "2026-11-01 05:00", Target(MINUTES, 180), []),
        """
        Opened Sun 1 Nov, 5:00 | 3 h of working time |
        Sun 1 Nov, 5:00–6:00, 22:00–24:00 | hours are 0:00–6:00, 22:00–24:00 | 3 h
        Due | | Mon 2 Nov, 0:00
        """,
        """
        11月1日 周日 5:00 受理 | 工作时间 3 小时 |
        11月1日 周日 5:00–6:00、22:00–24:00 | 工作时间 0:00–6:00、22:00–24:00 | 3 小时
        截止 | | 11月2日 周一 0:00
        """,
    ),
    "elapsed hours while the clocks go back": (
        ("London", "2026-10-24 12:00", Target(ELAPSED, 24), []),
        """
        Opened Sat 24 Oct, 12:00 | 24 hours |
        Sat 24 Oct, 12:00 – Sun 25 Oct, 11:00 | every hour counts, also at night and on days off | 24 h
        To be done by | nobody is at work when it is due | Sat 24 Oct, 12:00
        Due | | Sun 25 Oct, 11:00
        """,
        """
        10月24日 周六 12:00 受理 | 24 小时 |
        10月24日 周六 12:00 – 10月25日 周日 11:00 | 按自然时间计算，含夜间和休息日 | 24 小时
        最晚处理时间 | 到期时无人上班 | 10月24日 周六 12:00
        截止 | | 10月25日 周日 11:00
        """,
    ),
    "days that a manager has set": (
        ("our own", "2026-11-23 10:00", Target(DAYS, 10), []),
        """
        Opened Mon 23 Nov, 10:00 | 10 working days |
        Tue 24 Nov | Stocktaking, hours are 9:00–10:00 | 1 day
        Wed 25 – Fri 27 Nov | 3 working days | 3 days
        Sat 28 Nov | make-up working day for Trade fair, hours are 10:00–12:00 | 1 day
        Sun 29 Nov | not a working day | 0
        Mon 30 Nov – Thu 3 Dec | 4 working days | 4 days
        Fri 4 – Sun 6 Dec | 年会, days off | 0
        Mon 7 Dec | 1 working day, to Mon 18:00 | 1 day
        Due | | Mon 7 Dec, 18:00
        """,
        """
        11月23日 周一 10:00 受理 | 10 个工作日 |
        11月24日 周二 | 盘点，工作时间 9:00–10:00 | 1 天
        11月25–27日 | 3 个工作日 | 3 天
        11月28日 周六 | 展会补班，工作时间 10:00–12:00 | 1 天
        11月29日 周日 | 非工作日，不计 | 0
        11月30日–12月3日 | 4 个工作日 | 4 天
        12月4–6日 | 年会放假，不计 | 0
        12月7日 周一 | 1 个工作日，到周一 18:00 | 1 天
        截止 | | 12月7日 周一 18:00
        """,
    ),
}
LATER = timedelta(days=400)


def read(calendar: Calendar, opened: datetime, target: Target, holds: Sequence[Hold]) -> Reading:
    clock = Clock(start=opened, targets=[Named(by="level", target=target)])
    return reading(clock, holds, calendar, opened + LATER)


def explained(name: str, opened: str, target: Target, holds: Holds) -> list[Line]:
    calendar = CALENDARS[name]
    start = at(calendar, opened)
    spans = [Hold(at(calendar, one), at(calendar, other)) for one, other in holds]
    found = read(calendar, start, target, spans)
    elapsed = target.unit == ELAPSED
    act_by = calendar.last_moment_before(found.due, after=start) or start
    return wording.explanation(
        start=start,
        what=wording.target(target),
        steps=found.steps,
        due=found.due,
        calendar=calendar,
        act_by=act_by if elapsed else None,
        elapsed=elapsed,
        reasons={at(CALENDARS["China"], "2026-11-20 09:05"): "photos asked for"},
    )


def written(text: str) -> list[tuple[str, ...]]:
    """The lines of a text, part by part."""
    rows = [row.strip() for row in text.strip().splitlines()]
    return [tuple(part.strip() for part in row.split("|")) for row in rows]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("case", EXPLANATIONS)
def test_a_due_time_explains_itself(case: str, language: str) -> None:
    asked, english, chinese = EXPLANATIONS[case]
    with speaking(language):
        assert explained(*asked) == written(english if language == "en" else chinese)


BEGINNING = at(CALENDARS["China"], "2025-12-01 00:00")
moments = st.integers(0, 400 * 24 * 3600).map(
    lambda seconds: BEGINNING + timedelta(seconds=seconds)
)
holds = st.lists(
    st.tuples(moments, st.integers(60, 300_000)).map(
        lambda pair: Hold(pair[0], pair[0] + timedelta(seconds=pair[1]))
    ),
    max_size=3,
)
targets = st.builds(Target, st.sampled_from(Unit), st.integers(1, 25))
calendars = st.sampled_from(sorted(CALENDARS)).map(CALENDARS.__getitem__)
AMOUNT = re.compile(r"(?:(\d+) h ?)?(?:(\d+) min)?")


@given(calendars, moments, targets, holds)
def test_the_due_time_follows_from_the_steps_that_the_lines_are_made_of(
    calendar: Calendar, opened: datetime, target: Target, some: list[Hold]
) -> None:
    found = read(calendar, opened, target, some)
    telling = Telling(calendar, opened.year, target.unit == ELAPSED, {})
    told = [step for group in telling.grouped(found.steps) for step in group]
    assert told == list(found.steps)
    assert rebuilt(calendar, told) == found.due
    if target.unit != ELAPSED:
        worked = between(calendar, first_moment(calendar, opened, target), found.due)
        allowed = sum((worth(calendar, step) for step in told), timedelta())
        assert worked == allowed


@given(calendars, moments, targets, holds)
def test_the_amounts_of_the_lines_add_up(
    calendar: Calendar, opened: datetime, target: Target, some: list[Hold]
) -> None:
    opened = opened.replace(second=0)
    some = [Hold(one.start.replace(second=0), one.end.replace(second=0)) for one in some if one.end]
    found = read(calendar, opened, target, some)
    with speaking("en"):
        lines = wording.lines(found.steps, calendar, elapsed=target.unit == ELAPSED)
    amounts = [line.amount for line in lines]
    held = sum((minutes(text[2:]) for text in amounts if text.startswith("+ ")), timedelta())
    plain = [text for text in amounts if text and not text.startswith("+ ")]
    assert held == found.held
    match target.unit:
        case Unit.DAYS:
            assert sum(int(text.split()[0]) for text in plain) == target.amount
        case Unit.MINUTES:
            total = sum(map(minutes, plain), timedelta())
            assert total == timedelta(minutes=target.amount)
        case Unit.ELAPSED:
            total = sum(map(minutes, plain), timedelta())
            assert total == timedelta(hours=target.amount)


def rebuilt(calendar: Calendar, steps: Sequence[Step]) -> datetime:
    """When it falls due, by the last step that counted alone."""
    match next(step for step in reversed(steps) if isinstance(step, Counted | Whole)):
        case Counted(end=end, left=left):
            assert not left
            return end
        case Whole(day=day):
            return calendar.spans_on(day)[-1].end
    raise AssertionError(steps)


def first_moment(calendar: Calendar, opened: datetime, target: Target) -> datetime:
    """From when on working time counts: working days begin after the day of opening."""
    if target.unit == DAYS:
        spans = calendar.spans_on(calendar.day_of(opened))
        return max(opened, spans[-1].end) if spans else opened
    return opened


def worth(calendar: Calendar, step: Step) -> timedelta:
    """How much working time a step is."""
    match step:
        case Counted(start, end):
            return end - start
        case Whole(day):
            return sum((one.end - one.start for one in calendar.spans_on(day)), timedelta())
    assert isinstance(step, Rested | Held)
    return timedelta()


def minutes(text: str) -> timedelta:
    """An amount as the lines say it."""
    if text == "0":
        return timedelta()
    match = AMOUNT.fullmatch(text)
    assert match and text, text
    return timedelta(hours=int(match[1] or 0), minutes=int(match[2] or 0))


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (0, "0", "0"),
        (20, "less than a minute", "不到 1 分钟"),
        (60, "1 min", "1 分钟"),
        (20 * 60 + 59, "20 min", "20 分钟"),
        (3600, "1 h", "1 小时"),
        (5 * 3600 + 600, "5 h 10 min", "5 小时 10 分"),
        (48 * 3600, "48 h", "48 小时"),
        (-90 * 60, "−1 h 30 min", "−1 小时 30 分"),
    ],
)
def test_amounts(seconds: int, english: str, chinese: str) -> None:
    for language, text in (("en", english), ("zh", chinese)):
        with speaking(language):
            assert wording.amount(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(
    ("first", "last", "english", "chinese"),
    [
        ("2026-11-25", "2026-11-25", "Wed 25 Nov 2026", "2026年11月25日 周三"),
        ("2026-11-21", "2026-11-22", "Sat 21, Sun 22 Nov 2026", "2026年11月21–22日 周末"),
        ("2026-11-22", "2026-11-23", "Sun 22, Mon 23 Nov 2026", "2026年11月22–23日"),
        ("2026-02-15", "2026-02-23", "Sun 15 – Mon 23 Feb 2026", "2026年2月15–23日"),
        ("2026-09-30", "2026-10-08", "Wed 30 Sept – Thu 8 Oct 2026", "2026年9月30日–10月8日"),
        ("2026-10-31", "2026-11-01", "Sat 31 Oct, Sun 1 Nov 2026", "2026年10月31日–11月1日"),
        (
            "2026-12-31",
            "2027-01-03",
            "Thu 31 Dec 2026 – Sun 3 Jan 2027",
            "2026年12月31日–2027年1月3日",
        ),
    ],
)
def test_days_in_a_row(first: str, last: str, english: str, chinese: str) -> None:
    days = [datetime.fromisoformat(day).date() for day in (first, last)]
    for language, text in (("en", english), ("zh", chinese)):
        with speaking(language):
            assert wording.days(*days, with_year=True) == text


@pytest.mark.parametrize(
    ("week", "english", "chinese"),
    [
        (
            office_week(WITH_LUNCH),
            "Mon–Fri 9:00–12:00, 13:30–18:00",
            "周一至周五 9:00–12:00、13:30–18:00",
        ),
        (
            [*office_week(blocks_of([(540, 1440)]))[:5], *[blocks_of([(600, 720)])] * 2],
            "Mon–Fri 9:00–24:00; Sat, Sun 10:00–12:00",
            "周一至周五 9:00–24:00；周六、周日 10:00–12:00",
        ),
        ([(), blocks_of([(0, 60)]), *[()] * 5], "Tue 0:00–1:00", "周二 0:00–1:00"),
        ([()] * 7, "", ""),
    ],
)
def test_a_week_at_a_glance(week: list, english: str, chinese: str) -> None:
    for language, text in (("en", english), ("zh", chinese)):
        with speaking(language):
            assert wording.week(week) == text


@pytest.mark.parametrize(
    ("time", "english", "chinese"),
    [
        (timedelta(hours=47, minutes=59), "47 h 59 min", "47 小时 59 分"),
        (timedelta(hours=48), "2 days", "2 天"),
        (timedelta(hours=99, minutes=44), "4 d 3 h", "4 天 3 小时"),
        (-timedelta(days=3, hours=1), "−3 d 1 h", "−3 天 1 小时"),
    ],
)
def test_elapsed_time_of_two_days_and_more_is_said_in_days(time, english, chinese):
    for language, words in (("en", english), ("zh", chinese)):
        with speaking(language):
            assert wording.elapsed(time) == words
