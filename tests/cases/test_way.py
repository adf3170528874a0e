"""A case from the first call to the confirmed revisit: each move, each clock, in the book."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from crmlite.calendars.operations import CalendarDraft, update_calendar
from crmlite.calendars.queries import calendars
from crmlite.cases.checks import check
from crmlite.cases.models import CaseEvent, CaseFacts
from crmlite.cases.operations import (
    Promise,
    Revisit,
    Said,
    Solution,
    agree_plan,
    answer,
    assign,
    change_level,
    hear,
    make_complaint,
    move,
    reopen,
    resolve,
    revisit,
    take,
)
from crmlite.cases.operations.policies import add_target, read_clocks
from crmlite.cases.queries.cases import events, messages, tasks
from crmlite.customers.operations import delete_customer, update_customer
from crmlite.extensions import database
from crmlite.rules.working_time import blocks_of
from crmlite.testing import person_id
from crmlite.work import Refused, undo
from tests.cases.conftest import Held

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def test_a_general_complaint_from_the_call_to_the_confirmation(desk) -> None:
    case_id = desk.open(MONDAY)
    case = desk.case(case_id)
    assert (case["status"], case["level"], case["is_complex"]) == ("new", "general", False)
    assert (case["clock"], case["due_at"]) == ("response", MONDAY + 30 * MINUTE)

    promise = Promise(what="A technician calls", by_when=MONDAY + 2 * HOUR)
    said = Said(content="We look at it today.", channel="phone")
    at = MONDAY + 12 * MINUTE
    answer(case_id, said, promises=(promise,), by=desk.support, at=at)
    case = desk.case(case_id)
    assert (case["status"], case["clock"]) == ("in_progress", "resolution")
    assert case["due_at"] == datetime(2026, 11, 24, 10, 0, tzinfo=UTC)  # Tuesday's closing time
    assert [row["what"] for row in tasks(case_id)] == ["A technician calls"]

    resolve(case_id, Solution(resolution="Bearing replaced"), by=desk.support, at=MONDAY + 5 * HOUR)
    case = desk.case(case_id)
    assert (case["clock"], case["due_at"]) == ("revisit", MONDAY + 53 * HOUR)

    told = Revisit(satisfied=True, content="Runs quietly.")
    revisit(case_id, told, by=desk.support, at=MONDAY + 30 * HOUR)
    case = desk.case(case_id)
    assert (case["status"], case["is_open"], case["due_at"]) == ("confirmed", False, None)
    assert [row["kind"] for row in events(case_id)].count("moved") == 4


def test_waiting_for_the_customer_puts_the_clock_off_by_the_working_time(desk) -> None:
    case_id = desk.open(MONDAY, level="severe")
    answer(case_id, Said(content="Photos, please."), by=desk.support, at=MONDAY + MINUTE)
    promise = Promise(what="A plan", by_when=MONDAY + 40 * HOUR)
    answer(
        case_id,
        Said(content="By Wednesday."),
        promises=(promise,),
        by=desk.support,
        at=MONDAY + MINUTE,
    )
    before = desk.case(case_id)
    assert (before["clock"], before["is_complex"]) == ("progress", True)
    move(case_id, "waiting", why="photos", by=desk.support, at=MONDAY + HOUR)
    held = desk.case(case_id)
    assert (held["is_held"], held["due_at"]) == (True, None)
    hear(case_id, Said(content="Here they are."), by=desk.support, at=MONDAY + 3 * HOUR)
    after = desk.case(case_id)
    assert (after["status"], after["is_held"]) == ("in_progress", False)
    assert after["due_at"] == before["due_at"] + 2 * HOUR


def test_the_agreed_date_is_the_deadline_and_a_promise(desk) -> None:
    case_id, until = desk.open(MONDAY, level="critical"), MONDAY + 72 * HOUR
    agree_plan(case_id, "Spare spindle on Thursday", until, by=desk.support, at=MONDAY + HOUR)
    case = desk.case(case_id)
    assert (case["status"], case["clock"]) == ("in_progress", "progress")
    plans = [row for row in tasks(case_id) if row["purpose"] == "plan"]
    assert [(row["what"], row["due_at"]) for row in plans] == [("Spare spindle on Thursday", until)]
    kinds = [row["kind"] for row in events(case_id)]
    assert kinds.count("planned") == kinds.count("responded") == 1


def test_severe_ones_are_not_closed_without_cause_and_action(desk) -> None:
    case_id = desk.open(MONDAY, level="severe")
    move(case_id, "in_progress", by=desk.support, at=MONDAY)
    resolve(case_id, Solution(resolution="Done"), by=desk.support, at=MONDAY + HOUR)
    told = Revisit(satisfied=True, content="Fine.")
    with pytest.raises(Refused) as refusal:
        revisit(case_id, told, by=desk.support, at=MONDAY + 2 * HOUR)
    assert refusal.value.code == "case_cause_missing"
    assert desk.case(case_id)["status"] == "resolved"


def test_an_unhappy_customer_reopens_it_and_that_counts(desk) -> None:
    case_id = desk.open(MONDAY)
    move(case_id, "in_progress", by=desk.support, at=MONDAY)
    resolve(case_id, Solution(resolution="Done"), by=desk.support, at=MONDAY + HOUR)
    told = Revisit(satisfied=False, content="It grinds again.")
    revisit(case_id, told, by=desk.support, at=MONDAY + 2 * HOUR)
    case = desk.case(case_id)
    assert (case["status"], case["reopened"], case["clock"]) == ("in_progress", 1, "resolution")
    assert case["due_at"] == datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
    with pytest.raises(Refused):
        reopen(case_id, why="again", by=desk.support, at=MONDAY + 3 * HOUR)


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("new", "case_there_already"),
        ("waiting", "case_not_begun"),
        ("confirmed", "case_not_resolved"),
    ],
)
def test_an_illegal_move_is_refused_and_changes_nothing(desk, to: str, code: str) -> None:
    case_id = desk.open(MONDAY)
    with pytest.raises(Refused) as refusal:
        move(case_id, to, by=desk.support, at=MONDAY)
    assert refusal.value.code == code
    assert desk.case(case_id)["status"] == "new"
    assert [row["kind"] for row in events(case_id)] == ["opened"]


def test_another_level_moves_the_deadline_from_when_it_was_opened(desk) -> None:
    case_id = desk.open(MONDAY)
    promise = Promise(what="A call", by_when=MONDAY + 2 * HOUR)
    answer(case_id, Said(content="…"), promises=(promise,), by=desk.support, at=MONDAY + MINUTE)
    change_level(case_id, "severe", by=desk.support, at=MONDAY + HOUR)
    case = desk.case(case_id)
    assert (case["is_complex"], case["clock"]) == (True, "progress")
    change_level(case_id, "general", by=desk.support, at=MONDAY + 2 * HOUR)
    assert desk.case(case_id)["clock"] == "progress"  # complex stays until somebody says otherwise


def test_an_enquiry_becomes_a_complaint_in_one_step(desk) -> None:
    case_id = desk.open(MONDAY, kind="enquiry", level=None, mood="angry")
    case = desk.case(case_id)
    assert (case["level"], case["mood"]) == (None, None)
    make_complaint(case_id, "critical", mood="angry", by=desk.support, at=MONDAY + MINUTE)
    case = desk.case(case_id)
    assert (case["kind"], case["level"], case["mood"]) == ("complaint", "critical", "angry")
    with pytest.raises(Refused):
        make_complaint(case_id, "general", by=desk.support, at=MONDAY + HOUR)


def test_of_two_who_take_a_case_the_second_is_told_who_has_it(desk) -> None:
    case_id = desk.open(MONDAY)
    assert take(case_id, by=desk.support, at=MONDAY)
    with pytest.raises(Refused) as refusal:
        take(case_id, by=desk.manager, at=MONDAY)
    assert refusal.value.code == "case-taken"
    assign(case_id, person_id("sales2"), by=desk.manager, at=MONDAY)
    assert desk.case(case_id)["assignee_id"] == person_id("sales2")


def test_what_was_done_is_undone_with_its_clock(desk) -> None:
    case_id = desk.open(MONDAY)
    before = desk.case(case_id)
    done = resolve_at_once(desk, case_id)
    assert desk.case(case_id)["clock"] == "revisit"
    undo(done, by=desk.support, at=MONDAY + 2 * HOUR)
    after = desk.case(case_id)
    assert (after["status"], after["clock"], after["due_at"]) == (
        "in_progress",
        "response",
        before["due_at"],
    )


def resolve_at_once(desk, case_id: int) -> int:
    move(case_id, "in_progress", by=desk.support, at=MONDAY)
    return int(resolve(case_id, Solution(resolution="Done"), by=desk.support, at=MONDAY + HOUR))


def test_what_two_people_answer_at_once_is_kept_of_both(desk) -> None:
    case_id = desk.open(MONDAY)
    for actor, text in ((desk.support, "One"), (desk.manager, "Two")):
        answer(case_id, Said(content=text), by=actor, at=MONDAY + MINUTE)
    assert [row["content"] for row in messages(case_id)] == [
        "It grinds since Monday.",
        "One",
        "Two",
    ]
    table = CaseEvent.__table__
    moved = select(table.c.id).where(table.c.case_id == case_id, table.c.kind == "moved")
    assert len(database.session.execute(moved).all()) == 2


def test_the_check_notices_a_due_time_that_is_not_what_the_events_give(desk) -> None:
    case_id = desk.open(MONDAY)
    assert [finding.level for finding in check().run(True)] == ["ok"]
    facts = CaseFacts.__table__
    with database.engine.begin() as connection:
        moved = {"due_at": MONDAY + HOUR}
        connection.execute(facts.update().where(facts.c.case_id == case_id).values(moved))
    database.session.rollback()
    [finding] = check().run(True)
    assert "due_at of case K0001 is" in str(finding)


def test_a_deadline_for_a_tier_moves_with_the_tier(desk) -> None:
    values = {"clock": "response", "tier": "strategic", "unit": "minutes", "amount": 10}
    add_target(values, by=desk.manager, at=MONDAY)
    case_id = desk.open(MONDAY)
    assert desk.case(case_id)["due_at"] == MONDAY + 30 * MINUTE
    update_customer(desk.customer["id"], {"tier": "strategic"}, by=desk.manager, at=MONDAY)
    assert desk.case(case_id)["due_at"] == MONDAY + 10 * MINUTE


def test_another_calendar_has_the_clocks_read_anew(desk) -> None:
    case_id = desk.open(MONDAY)
    default = next(one for one in calendars() if one.is_default)
    hours = blocks_of([(540, 1080)])
    week = [(), (), hours, hours, hours, (), ()]
    change = CalendarDraft(label=default.label, week=week)
    update_calendar(default.id, change, by=desk.manager, at=MONDAY)
    read_clocks({}, by=desk.manager, at=MONDAY, lease=Held())
    assert desk.case(case_id)["due_at"] == datetime(2026, 11, 25, 1, 30, tzinfo=UTC)


def open_tasks(case_id: int) -> list[tuple[str, str, datetime, int]]:
    """Kind, what, due and whose the open tasks of a case are."""
    return [
        (row["kind"], row["what"], row["due_at"], row["assignee_id"])
        for row in tasks(case_id)
        if row["status"] == "open"
    ]


def test_the_revisit_is_a_task_at_the_last_working_moment(desk) -> None:
    friday = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)  # 16:00 in Shanghai
    case_id = desk.open(friday)
    take(case_id, by=desk.support, at=friday)
    move(case_id, "in_progress", by=desk.support, at=friday)
    resolve(case_id, Solution(resolution="Done"), by=desk.support, at=friday)
    assert desk.case(case_id)["due_at"] == friday + 48 * HOUR  # Sunday
    closing = friday + 2 * HOUR
    assert open_tasks(case_id) == [("case", "Spindle noise", closing, desk.support.user_id)]
    told = Revisit(satisfied=True, content="Fine.")
    revisit(case_id, told, by=desk.support, at=friday + HOUR)
    assert open_tasks(case_id) == []


def test_tasks_go_along_to_whoever_has_the_case(desk) -> None:
    case_id = desk.open(MONDAY)
    promise = Promise(what="A call", by_when=MONDAY + 2 * HOUR)
    answer(case_id, Said(content="…"), promises=(promise,), by=desk.support, at=MONDAY)
    assign(case_id, person_id("sales2"), by=desk.manager, at=MONDAY)
    assert [task[3] for task in open_tasks(case_id)] == [person_id("sales2")]
    done = resolve(case_id, Solution(resolution="Done"), by=desk.support, at=MONDAY + HOUR)
    assert sorted(task[0] for task in open_tasks(case_id)) == ["case", "promise"]
    undo(done, by=desk.support, at=MONDAY + 2 * HOUR)
    assert [task[0] for task in open_tasks(case_id)] == ["promise"]


def test_a_promise_of_a_case_stays_with_whoever_has_it(desk) -> None:
    case_id = desk.open(MONDAY, assignee_id=person_id("sales"))
    promise = Promise(what="A call", by_when=MONDAY + 2 * HOUR)
    answer(case_id, Said(content="…"), promises=(promise,), by=desk.support, at=MONDAY)
    owner = {"owner_id": person_id("sales2")}
    update_customer(desk.customer["id"], owner, by=desk.manager, at=MONDAY)
    assert [task[3] for task in open_tasks(case_id)] == [person_id("sales")]
    assert desk.case(case_id)["owner_id"] == person_id("sales2")
    delete_customer(desk.customer["id"], by=desk.manager, at=MONDAY)
    assert desk.case(case_id)["sort_at"] is None  # no row of figures: it is in no queue
