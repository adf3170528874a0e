"""Hours of a day and of a week, as people write them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crmlite.rules.working_time import Block, blocks_of, read_hours, read_week, written
from crmlite.rules.working_time.reading import LONGEST, MESSAGES

OFFICE = "09:00-12:00, 13:30-18:00"
HOURS = [
    ("09:00-12:00, 13:30-18:00", OFFICE),
    ("13:30-18:00, 09:00-12:00", OFFICE),
    ("9:00-12:00,13:30-18:00", OFFICE),
    ("9-12, 13:30-18", OFFICE),
    ("9–12 13:30–18", OFFICE),
    ("０９：００－１２：００，１３：３０－１８：００", OFFICE),
    ("9:00~12:00；13:30～18:00", OFFICE),
    ("9:00—12:00、13:30—18:00", OFFICE),
    ("9点-12点，13点半-18点", OFFICE),
    ("9时至12时 13时30分到18时", OFFICE),
    ("0900-1200 / 1330-1800", OFFICE),
    ("900-1200 + 1330-1800", OFFICE),
    ("9.00 - 12.00 and 13.30 to 18.00", OFFICE),
    ("9am-12pm & 1:30pm-6pm", OFFICE),
    ("9 AM – 12 PM, 1.30 PM – 6 PM", OFFICE),
    ("  9-12 ,  13:30-18 , ", OFFICE),
    ("9-12, 12-18", "09:00-12:00, 12:00-18:00"),
    ("0-24", "00:00-24:00"),
    ("12am-12pm", "00:00-12:00"),
    ("22:00-24:00", "22:00-24:00"),
    *((nothing, "") for nothing in ("", " ", "-", "–", "closed", "Off", "休息", "无", "　")),
]
WRONG_HOURS = [
    ("nine to five", "hours_unreadable", {"text": "nine to five"}),
    ("9-12, whenever", "hours_unreadable", {"text": "whenever"}),
    ("9-12 or so", "hours_unreadable", {"text": "or so"}),
    ("9:5-10", "hours_unreadable", {"text": "9:5-10"}),
    ("9-12x", "hours_unreadable", {"text": "9-12x"}),
    ("9", "hours_unreadable", {"text": "9"}),
    ("9-", "hours_unreadable", {"text": "9-"}),
    ("٩-١٢", "hours_unreadable", {"text": "٩-١٢"}),
    ("9-25", "hours_impossible", {"text": "9-25"}),
    ("9:60-12", "hours_impossible", {"text": "9:60-12"}),
    ("24:01-24:30", "hours_impossible", {"text": "24:01-24:30"}),
    ("13pm-15", "hours_impossible", {"text": "13pm-15"}),
    ("22:00-06:00", "hours_backwards", {"text": "22:00-06:00"}),
    ("9-12, 18-13:30", "hours_backwards", {"text": "18-13:30"}),
    ("9-9", "hours_empty", {"text": "9-9"}),
    ("9-12, 11-13", "hours_overlap", {"one": "9-12", "other": "11-13"}),
    ("11-13, 9-12", "hours_overlap", {"one": "9-12", "other": "11-13"}),
    ("9-12 " * LONGEST, "hours_too_long", {}),
]
FREE, MORNING = "", "09:00-12:00"
FIVE = [OFFICE] * 5
WEEKS = [
    ("mon-fri 09:00-12:00,13:30-18:00", [*FIVE, FREE, FREE]),
    ("Mon-Fri: 9-12, 13:30-18", [*FIVE, FREE, FREE]),
    ("monday to friday 9-12,13:30-18", [*FIVE, FREE, FREE]),
    ("mon-fri 09:00-12:00,13:30-18:00; sat 09:00-12:00", [*FIVE, MORNING, FREE]),
    ("mon-fri 09:00-12:00,13:30-18:00 sat 09:00-12:00", [*FIVE, MORNING, FREE]),
    ("mon-fri 09:00-12:00,13:30-18:00, sat 09:00-12:00", [*FIVE, MORNING, FREE]),
    ("mon-fri 9-12,13:30-18\nsat 9-12", [*FIVE, MORNING, FREE]),
    ("mon-fri 9-12; mon-fri 13:30-18", [*FIVE, FREE, FREE]),
    ("mon,wed 9-12", [MORNING, FREE, MORNING, *[FREE] * 4]),
    ("mon,wed-fri 9-12", [MORNING, FREE, *[MORNING] * 3, FREE, FREE]),
    ("sat-mon 9-12", [MORNING, *[FREE] * 4, MORNING, MORNING]),
    ("tues 9-12 thurs 9-12", [FREE, MORNING, FREE, MORNING, *[FREE] * 3]),
    ("mon-sun 9-12", [MORNING] * 7),
    ("sun-sat 9-12", [MORNING] * 7),
    ("mon-fri 9-12,13:30-18; sat closed", [*FIVE, FREE, FREE]),
    ("周一至周五 9:00-12:00、13:30-18:00", [*FIVE, FREE, FREE]),
    ("星期一到星期五 9-12，13:30-18；礼拜天 9-12", [*FIVE, FREE, MORNING]),
]
WRONG_WEEKS = [
    ("", "week_empty"),
    ("mon-fri closed", "week_empty"),
    ("9-12", "week_without_days"),
    ("daily 9-12", "week_without_days"),
    ("moon 9-12", "week_without_days"),
    ("mon", "week_without_hours"),
    ("mon-fri; sat 9-12", "week_without_hours"),
    ("mon noon", "hours_unreadable"),
    ("mon-fri 9-12; and more", "hours_unreadable"),
    ("mon-fri 9-25", "hours_impossible"),
    ("fri 22-6", "hours_backwards"),
    ("mon-fri 9-12; wed 11-13", "hours_overlap"),
    ("mon " * 1000, "hours_too_long"),
]


@pytest.mark.parametrize(("text", "kept"), HOURS)
def test_hours_are_read_as_they_are_written(text: str, kept: str) -> None:
    checked = read_hours(text)
    assert checked.value is not None
    assert (written(checked.value), checked.problems) == (kept, ())


@pytest.mark.parametrize(("text", "code", "params"), WRONG_HOURS)
def test_what_is_wrong_with_hours_is_named(text: str, code: str, params: dict[str, str]) -> None:
    checked = read_hours(text)
    assert checked.value is None
    [problem] = checked.problems
    assert (problem.code, problem.params) == (code, params)


@pytest.mark.parametrize(("text", "days"), WEEKS)
def test_a_week_is_read_as_it_is_written(text: str, days: list[str]) -> None:
    checked = read_week(text)
    assert checked.value is not None
    assert [written(day) for day in checked.value] == days


@pytest.mark.parametrize(("text", "code"), WRONG_WEEKS)
def test_what_is_wrong_with_a_week_is_named(text: str, code: str) -> None:
    checked = read_week(text)
    assert (checked.value, [problem.code for problem in checked.problems]) == (None, [code])


def test_there_is_no_sentence_that_nobody_says() -> None:
    said = {code for _text, code, _params in WRONG_HOURS} | {code for _text, code in WRONG_WEEKS}
    assert said == set(MESSAGES)


minutes = st.lists(st.integers(0, 1440), min_size=2, max_size=8, unique=True).map(sorted)


@given(minutes)
def test_what_is_written_is_read_again(found: list[int]) -> None:
    blocks = blocks_of(list(zip(found[::2], found[1::2], strict=False)))
    assert read_hours(written(blocks)).value == blocks


@given(st.text(max_size=60))
@example(",")
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    for checked in (read_hours(text), read_week(text)):
        assert (checked.value is None) == bool(checked.problems)
    hours = read_hours(text).value
    assert hours is None or all(isinstance(one, Block) for one in hours)
