"""What the clocks of a case ask for, and what people who work on it are asked for, as dated tasks."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from crmlite import clock
from crmlite.accounts.operations import TeamChange, update_team
from crmlite.accounts.queries import member_ids, teams
from crmlite.calendars.operations import CalendarDraft, update_calendar
from crmlite.calendars.queries import calendars
from crmlite.cases.operations import (
    Promise,
    Revisit,
    Said,
    Solution,
    agree_plan,
    answer,
    ask,
    assign,
    change_level,
    close_task,
    delete_case,
    join,
    leave,
    move,
    note,
    reopen,
    resolve,
    revisit,
    take,
    update_case,
)
from crmlite.cases.operations.policies import read_clocks, update_target
from crmlite.cases.queries.cases import members, tasks
from crmlite.cases.targets import targets
from crmlite.extensions import database
from crmlite.rules.working_time import blocks_of
from crmlite.testing import person_id
from crmlite.work import Gone, Refused, undo
from crmlite.work.ledger import ChangeRow
from tests.cases.conftest import Held, sent
from tests.cases.test_joint_team import lead_support

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
TUESDAY_END = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)  # 18:00, the firm closes
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def standing(case_id: int) -> list[tuple[str, str, datetime]]:
    """Purpose, status and due time of the tasks of a case that its clocks ask for."""
    found = [(one["purpose"], one["status"], one["due_at"]) for one in tasks(case_id)]
    return sorted(one for one in found if one[0] in ("planning", "progress", "revisit"))


def still_open(case_id: int) -> dict[str, datetime]:
    """Due times by purpose of those that are open; fails where a clock has two."""
    found = [(one[0], one[2]) for one in standing(case_id) if one[1] == "open"]
    assert len(found) == len(dict(found))
    return dict(found)


def test_plan_and_reports_of_a_complex_case_are_tasks_of_whoever_has_it(desk) -> None:
    case_id = desk.open(MONDAY, level="severe")
    assert still_open(case_id) == {}  # nobody has it yet
    take(case_id, by=desk.support, at=MONDAY)
    due = {"planning": MONDAY + 56 * HOUR, "progress": TUESDAY_END - 8 * HOUR}
    assert still_open(case_id) == due
    assert {one["assignee_id"] for one in tasks(case_id)} == {desk.support.user_id}
    assign(case_id, person_id("sales2"), by=desk.manager, at=MONDAY + MINUTE)
    assert still_open(case_id) == due
    assert {one["assignee_id"] for one in tasks(case_id)} == {person_id("sales2")}


def test_a_general_complaint_has_none_of_them(desk) -> None:
    case_id = desk.open(MONDAY, assignee_id=desk.support.user_id)
    assert standing(case_id) == []


def test_a_report_closes_its_task_and_asks_for_the_next(desk) -> None:
    case_id = desk.open(MONDAY, level="severe", assignee_id=desk.support.user_id)
    said = Said(content="The part is on its way.")
    told = answer(case_id, said, is_report=True, by=desk.support, at=MONDAY + 2 * HOUR)
    found = [one for one in standing(case_id) if one[0] == "progress"]
    assert found == [
        ("progress", "done", MONDAY + 24 * HOUR),
        ("progress", "open", MONDAY + 26 * HOUR),
    ]
    undo(told, by=desk.support, at=MONDAY + 3 * HOUR)
    assert still_open(case_id)["progress"] == MONDAY + 24 * HOUR


def test_the_agreed_plan_closes_its_task_and_is_a_report(desk) -> None:
    case_id = desk.open(MONDAY, level="critical", assignee_id=desk.support.user_id)
    agree_plan(case_id, "Spindle", MONDAY + 72 * HOUR, by=desk.support, at=MONDAY + HOUR)
    assert [one[:2] for one in standing(case_id) if one[0] == "planning"] == [("planning", "done")]
    assert still_open(case_id) == {"progress": MONDAY + 25 * HOUR}
    resolve(case_id, Solution(resolution="Done"), by=desk.support, at=MONDAY + 3 * HOUR)
    assert list(still_open(case_id)) == ["revisit"]


def test_they_move_with_the_level_and_when_it_was_opened(desk) -> None:
    case_id = desk.open(MONDAY, level="severe", assignee_id=desk.support.user_id)
    raised = change_level(case_id, "critical", by=desk.support, at=MONDAY + HOUR)
    assert still_open(case_id)["planning"] == MONDAY + 24 * HOUR
    undo(raised, by=desk.support, at=MONDAY + HOUR + MINUTE)
    assert still_open(case_id)["planning"] == MONDAY + 56 * HOUR
    change_level(case_id, "critical", by=desk.support, at=MONDAY + HOUR + 2 * MINUTE)
    update_case(case_id, {"opened_at": MONDAY - HOUR}, by=desk.support, at=MONDAY + 2 * HOUR)
    closing = MONDAY + 8 * HOUR  # due on Tuesday as the firm opens, and so to be done on Monday
    assert still_open(case_id) == dict.fromkeys(("planning", "progress"), closing)
    update_case(case_id, {"is_complex": False}, by=desk.support, at=MONDAY + 2 * HOUR)
    assert {one[1] for one in standing(case_id)} == {"dropped"}


def test_they_follow_what_is_taken_back_after_something_else_was_changed(desk) -> None:
    case_id = desk.open(MONDAY, level="severe", assignee_id=desk.support.user_id)
    raised = change_level(case_id, "critical", by=desk.support, at=MONDAY + HOUR)
    update_case(case_id, {"opened_at": MONDAY - HOUR}, by=desk.support, at=MONDAY + 2 * HOUR)
    undo(raised, by=desk.support, at=MONDAY + 3 * HOUR)
    assert desk.case(case_id)["level"] == "severe"
    assert still_open(case_id)["planning"] == MONDAY + 56 * HOUR  # as the second day ends
    assert len(standing(case_id)) == 2


def test_what_is_taken_back_does_not_make_two_of_them(desk) -> None:
    case_id = desk.open(MONDAY, level="severe", assignee_id=desk.support.user_id)
    before = still_open(case_id)
    simple = update_case(case_id, {"is_complex": False}, by=desk.support, at=MONDAY + MINUTE)
    update_case(case_id, {"is_complex": True}, by=desk.support, at=MONDAY + 2 * MINUTE)
    undo(simple, by=desk.support, at=MONDAY + 3 * MINUTE)
    assert still_open(case_id) == before


def test_they_move_with_deadlines_and_calendars(desk) -> None:
    friday = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)  # 16:00 in Shanghai
    case_id = desk.open(friday, assignee_id=desk.support.user_id)
    move(case_id, "in_progress", by=desk.support, at=friday)
    resolve(case_id, Solution(resolution="Done"), by=desk.support, at=friday)
    assert still_open(case_id) == {"revisit": friday + 2 * HOUR}
    default = next(one for one in calendars() if one.is_default)
    hours = blocks_of([(540, 1200)])
    late = CalendarDraft(label=default.label, week=[hours] * 5 + [(), ()])
    update_calendar(default.id, late, by=desk.manager, at=friday)
    for _again in range(2):
        read_clocks({}, by=desk.manager, at=friday, lease=Held())
    assert still_open(case_id) == {"revisit": friday + 4 * HOUR}
    [deadline] = [one for one in targets() if one["clock"] == "revisit"]
    update_target(deadline["id"], {"amount": 1}, by=desk.manager, at=friday)
    read_clocks({}, by=desk.manager, at=friday + 30 * HOUR, lease=Held())
    assert still_open(case_id) == {"revisit": friday + HOUR}
    assert len(tasks(case_id)) == 1


def test_on_hold_they_wait_and_reopening_asks_anew(desk) -> None:
    case_id = desk.open(MONDAY, level="severe", assignee_id=desk.support.user_id)
    before = still_open(case_id)
    move(case_id, "in_progress", by=desk.support, at=MONDAY)
    move(case_id, "waiting", why="photos", by=desk.support, at=MONDAY + HOUR)
    read_clocks({}, by=desk.manager, at=MONDAY + 2 * HOUR, lease=Held())
    assert still_open(case_id) == before
    move(case_id, "in_progress", by=desk.support, at=MONDAY + 3 * HOUR)
    assert still_open(case_id)["progress"] == before["progress"] + 2 * HOUR
    resolve(case_id, Solution(resolution="Done"), by=desk.support, at=MONDAY + 4 * HOUR)
    reopen(case_id, why="again", by=desk.support, at=MONDAY + 5 * HOUR)
    assert sorted(still_open(case_id)) == ["planning", "progress"]
    assert ("revisit", "dropped") in [one[:2] for one in standing(case_id)]


def asked(desk: Any, case_id: int, login: str, what: str = "Photos of the spindle") -> Any:
    """Give somebody of a case a task; answers it as it is stored."""
    ask(case_id, what, person_id(login), MONDAY + 24 * HOUR, by=desk.support, at=MONDAY)
    return next(one for one in tasks(case_id) if one["what"] == what)


def test_only_who_works_on_a_case_is_asked(desk) -> None:
    case_id = desk.open(MONDAY, assignee_id=desk.support.user_id)
    with pytest.raises(Refused):
        asked(desk, case_id, "sales2")
    join(case_id, person_id("sales2"), "technology", by=desk.support, at=MONDAY)
    task = asked(desk, case_id, "sales2")
    assert (task["purpose"], task["kind"], task["status"]) == ("task", "case", "open")
    assert asked(desk, case_id, "support", "Call them")["assignee_id"] == desk.support.user_id


def test_a_task_stays_with_who_was_asked_and_goes_back_when_they_leave(desk) -> None:
    case_id = desk.open(MONDAY, assignee_id=desk.support.user_id)
    join(case_id, person_id("sales2"), "technology", by=desk.support, at=MONDAY)
    asked(desk, case_id, "sales2")
    asked(desk, case_id, "support", "Call them")
    assign(case_id, desk.manager.user_id, by=desk.manager, at=MONDAY)
    whose = {one["what"]: one["assignee_id"] for one in tasks(case_id)}
    assert whose == {
        "Photos of the spindle": person_id("sales2"),
        "Call them": desk.manager.user_id,
    }
    leave(case_id, person_id("sales2"), by=desk.support, at=MONDAY)
    assert {one["assignee_id"] for one in tasks(case_id)} == {desk.manager.user_id}


def test_a_task_goes_back_when_joining_is_taken_back(desk) -> None:
    case_id, sales2 = desk.open(MONDAY, assignee_id=desk.support.user_id), person_id("sales2")
    joined = join(case_id, sales2, "technology", by=desk.support, at=MONDAY)
    asked(desk, case_id, "sales2")
    undone = undo(joined, by=desk.support, at=MONDAY + MINUTE)
    assert members(case_id) == []
    assert [one["assignee_id"] for one in tasks(case_id)] == [desk.support.user_id]
    undo(undone.operation, by=desk.support, at=MONDAY + 2 * MINUTE)
    assert [one["assignee_id"] for one in tasks(case_id)] == [sales2]


def test_a_task_goes_back_with_the_level_that_made_somebody_lead(desk) -> None:
    lead_support("sales2", by=desk.manager, at=MONDAY)
    case_id = desk.open(MONDAY, assignee_id=desk.support.user_id)
    raised = change_level(case_id, "severe", by=desk.support, at=MONDAY)
    task = asked(desk, case_id, "sales2")
    undo(raised, by=desk.support, at=MONDAY + MINUTE)
    assert members(case_id) == []
    whose = {one["id"]: one["assignee_id"] for one in tasks(case_id) if one["status"] == "open"}
    assert whose == {task["id"]: desk.support.user_id}


def test_tasks_close_with_a_case_whose_opening_is_taken_back(desk) -> None:
    case_id = desk.open(MONDAY, assignee_id=desk.support.user_id)
    task = asked(desk, case_id, "support")
    table = ChangeRow.__table__
    opened = select(func.min(table.c.operation_id)).where(table.c.record_type == "case")
    undone = undo(
        database.session.execute(opened).scalar_one(), by=desk.support, at=MONDAY + MINUTE
    )
    assert [(one["id"], one["status"]) for one in tasks(case_id)] == [(task["id"], "dropped")]
    undo(undone.operation, by=desk.support, at=MONDAY + 2 * MINUTE)
    assert [one["status"] for one in tasks(case_id)] == ["open"]


@pytest.mark.parametrize(("end", "status"), [("confirmed", "dropped"), ("deleted", "dropped")])
def test_tasks_close_with_the_case(desk, end: str, status: str) -> None:
    case_id = desk.open(MONDAY, assignee_id=desk.support.user_id)
    task = asked(desk, case_id, "support")
    if end == "deleted":
        delete_case(case_id, by=desk.manager, at=MONDAY)
    else:
        move(case_id, "in_progress", by=desk.support, at=MONDAY)
        resolve(case_id, Solution(resolution="Done"), by=desk.support, at=MONDAY)
        told = Revisit(satisfied=True, content="Fine.")
        revisit(case_id, told, by=desk.support, at=MONDAY + HOUR)
        with pytest.raises(Refused):
            asked(desk, case_id, "support", "One more thing")
    assert {one["id"]: one["status"] for one in tasks(case_id)}[task["id"]] == status


def test_what_a_clock_asks_for_is_not_ticked_off(desk) -> None:
    case_id = desk.open(MONDAY, level="severe", assignee_id=desk.support.user_id)
    [planning] = [one for one in tasks(case_id) if one["purpose"] == "planning"]
    with pytest.raises(Gone):
        close_task(case_id, planning["id"], by=desk.support, at=MONDAY)


def test_a_member_is_asked_and_done_from_the_page_of_the_case(app, sign_in, people, case) -> None:
    client = sign_in("support")
    page = client.get("/cases/K0001/tasks/new").text
    assert "Nobody works on the case yet" in page
    sent(client, "/cases/K0001/desk")
    sent(client, "/cases/K0001/team/new", user_id=str(people("sales2")), duty="technology")
    later = (clock.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    typed = {"what": "Photos, please", "due_at": later, "user_id": str(people("manager"))}
    assert sent(client, "/cases/K0001/tasks/new", **typed).status_code == 422
    typed["user_id"] = str(people("sales2"))
    assert sent(client, "/cases/K0001/tasks/new", **typed).status_code == 303
    assert "Photos, please" in client.get("/cases/K0001").text
    member = sign_in("sales2")
    assert "A task for you in Noise (K0001)" in member.get("/notifications").text
    page = member.get("/cases/K0001").text
    with app.app_context():
        [task] = [one for one in tasks(case["id"]) if one["what"] == "Photos, please"]
    place = f"/cases/K0001/tasks/{task['id']}/completion"
    assert place in page
    assert sent(sign_in("sales"), "/cases/K0001/tasks/999/completion").status_code == 404
    assert sent(member, place).status_code == 303
    with app.app_context():
        [task] = [one for one in tasks(case["id"]) if one["what"] == "Photos, please"]
    assert (task["status"], task["closed_by_id"]) == ("done", people("sales2"))
    assert place not in client.get("/cases/K0001").text


def test_what_is_planned_on_a_day_off_is_to_be_done_at_once(desk) -> None:
    """At the last working moment that is still ahead, at once where there is none."""
    friday, saturday = MONDAY + 4 * DAY + 6 * HOUR, MONDAY + 5 * DAY
    case_id = desk.open(friday, level="severe")
    take(case_id, by=desk.support, at=saturday)
    assert still_open(case_id)["progress"] == saturday
    note(case_id, "Called", by=desk.support, at=saturday + HOUR)
    assert still_open(case_id)["progress"] == saturday
    assigned = desk.open(friday, level="severe", assignee_id=desk.support.user_id)
    assert still_open(assigned)["progress"] == friday + 2 * HOUR


def test_back_in_the_queue_its_tasks_go_to_the_lead_of_its_team(desk) -> None:
    support = next(team for team in teams() if team.key == "support")
    lead, members = person_id("manager"), member_ids(support.id)
    change = TeamChange(label=support.label, lead_id=lead, member_ids={*members, lead})
    update_team(support.id, change, by=desk.manager, at=MONDAY)
    case_id = desk.open(MONDAY, assignee_id=desk.support.user_id)
    promise = Promise(what="A spare spindle", by_when=MONDAY + HOUR)
    answer(case_id, Said(content="Soon."), promises=(promise,), by=desk.support, at=MONDAY)
    assign(case_id, None, by=desk.support, at=MONDAY + MINUTE)
    [task] = tasks(case_id)
    assert (task["what"], task["assignee_id"]) == ("A spare spindle", person_id("manager"))
