"""Correcting a case: its kind, its contact, when it was opened, the team that has it."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from crmlite import clock
from crmlite.access.undoing import may_undo, operation_row
from crmlite.accounts.operations.teams import TeamChange, create_team
from crmlite.accounts.queries import reader_of
from crmlite.calendars.operations import CalendarDraft, create_calendar
from crmlite.cases.checks import check
from crmlite.cases.models import CaseMessage
from crmlite.cases.operations import (
    Said,
    answer,
    assign,
    change_level,
    make_complaint,
    update_case,
)
from crmlite.cases.queries.cases import events, was_complaint
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.rules.working_time import blocks_of
from crmlite.testing import person_id
from crmlite.work import Actor, Refused, undo
from crmlite.work.ledger import ChangeRow
from crmlite.work.records import UPDATED
from tests.cases.conftest import Desk, sent, stored
from tests.customers.records import form_on

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def test_the_clocks_run_from_when_it_was_opened_after_all(desk) -> None:
    case_id = desk.open(MONDAY)
    earlier = MONDAY - 15 * MINUTE
    changed = update_case(case_id, {"opened_at": earlier}, by=desk.support, at=MONDAY + MINUTE)
    now = desk.case(case_id)
    assert (now["opened_at"], now["due_at"]) == (earlier, MONDAY + 15 * MINUTE)
    said = CaseMessage.__table__
    assert database.session.execute(select(said.c.at)).scalar() == earlier
    assert [one["at"] for one in events(case_id)] == [earlier]
    undo(changed, by=desk.support, at=MONDAY + 2 * MINUTE)
    back = desk.case(case_id)
    assert (back["opened_at"], back["due_at"]) == (MONDAY, MONDAY + 30 * MINUTE)
    assert [finding.level for finding in check().run(True)] == ["ok"]


def test_it_was_not_opened_after_what_happened_to_it(desk) -> None:
    case_id = desk.open(MONDAY)
    answer(case_id, Said(content="We look at it."), by=desk.support, at=MONDAY + 5 * MINUTE)
    later = {"opened_at": MONDAY + 6 * MINUTE}
    with pytest.raises(Refused) as refusal:
        update_case(case_id, later, by=desk.support, at=MONDAY + HOUR)
    assert refusal.value.code == "case-opened-late"
    database.session.rollback()
    assert desk.case(case_id)["opened_at"] == MONDAY


def test_a_complaint_that_is_none_keeps_what_it_was_in_its_record(desk) -> None:
    case_id = desk.open(MONDAY, level="severe", mood="angry", demand="Replace it")
    changed = update_case(case_id, {"kind": "enquiry"}, by=desk.support, at=MONDAY + MINUTE)
    now = desk.case(case_id)
    assert (now["kind"], now["level"], now["mood"], now["demand"]) == ("enquiry", None, None, None)
    was = {"level": "severe", "mood": "angry", "demand": "Replace it"}
    assert was_complaint(events(case_id)) == was
    with pytest.raises(Refused):
        change_level(case_id, "critical", by=desk.support, at=MONDAY + MINUTE)
    undo(changed, by=desk.support, at=MONDAY + 2 * MINUTE)
    assert (desk.case(case_id)["level"], was_complaint(events(case_id))) == ("severe", {})


def test_an_earlier_kind_does_not_come_back_under_a_later_one(desk) -> None:
    case_id = desk.open(MONDAY, level="severe", mood="angry", demand="Replace it")
    first = update_case(case_id, {"kind": "service"}, by=desk.support, at=MONDAY + MINUTE)
    second = update_case(case_id, {"kind": "enquiry"}, by=desk.support, at=MONDAY + 2 * MINUTE)
    assert not undoable(desk, first)
    assert undoable(desk, second)
    undo(second, by=desk.support, at=MONDAY + 3 * MINUTE)
    assert undoable(desk, first)
    undo(first, by=desk.support, at=MONDAY + 4 * MINUTE)
    now = desk.case(case_id)
    assert (now["kind"], now["level"], now["mood"]) == ("complaint", "severe", "angry")


def test_a_complaint_that_was_raised_is_not_taken_back_from_under_it(desk) -> None:
    case_id = desk.open(MONDAY, kind="enquiry")
    made = make_complaint(case_id, "general", by=desk.support, at=MONDAY + MINUTE)
    raised = change_level(case_id, "critical", by=desk.support, at=MONDAY + 2 * MINUTE)
    assert not undoable(desk, made)
    lowered = undo(raised, by=desk.support, at=MONDAY + 3 * MINUTE).operation
    undo(made, by=desk.support, at=MONDAY + 4 * MINUTE)
    now = desk.case(case_id)
    assert (now["kind"], now["level"], now["is_complex"]) == ("enquiry", None, False)
    assert not undoable(desk, lowered)  # only complaints have a level


def test_a_mood_does_not_come_back_to_what_is_no_complaint(desk) -> None:
    case_id = desk.open(MONDAY, mood="angry")
    calmed = update_case(case_id, {"mood": None}, by=desk.support, at=MONDAY + MINUTE)
    assert undoable(desk, calmed)
    update_case(case_id, {"kind": "enquiry"}, by=desk.support, at=MONDAY + 2 * MINUTE)
    assert not undoable(desk, calmed)


def test_the_earlier_opening_stays_where_something_happened_before_the_later_one(desk) -> None:
    case_id = desk.open(MONDAY)
    earlier = {"opened_at": MONDAY - 2 * HOUR}
    changed = update_case(case_id, earlier, by=desk.support, at=MONDAY + MINUTE)
    said = Said(content="We look at it.", at=MONDAY - HOUR)
    told = answer(case_id, said, is_report=True, by=desk.support, at=MONDAY + 2 * MINUTE)
    assert not undoable(desk, changed)
    undo(told, by=desk.support, at=MONDAY + 3 * MINUTE)
    assert undoable(desk, changed)


def undoable(desk: Desk, operation_id: int) -> bool:
    """Whether support may undo an operation."""
    return may_undo(reader_of(desk.support.user_id), operation_row(operation_id))


def test_who_presses_undo_late_is_told_what_is_in_the_way(app, sign_in, case) -> None:
    client = sign_in("support")
    for kind in ("service", "enquiry"):
        sent(client, "/cases/K0001/edit", **{**form_on(client, "/cases/K0001/edit"), "kind": kind})
    with app.app_context():
        table = ChangeRow.__table__
        wanted = select(func.min(table.c.operation_id)).where(
            table.c.record_type == "case", table.c.verb == UPDATED
        )
        first = database.session.execute(wanted).scalar_one()
    assert sent(client, f"/operations/{first}/undo").status_code == 303
    assert "more happened to the case since" in client.get("/cases/K0001").text
    assert stored(app)["kind"] == "enquiry"
    assert sent(sign_in("sales2"), f"/operations/{first}/undo").status_code == 404


def test_another_team_has_other_hours(desk) -> None:
    evening = MONDAY + 7 * HOUR + 45 * MINUTE  # 17:45; the firm closes at 18:00
    case_id = desk.open(evening)
    assert desk.case(case_id)["due_at"] == MONDAY + 23 * HOUR + 15 * MINUTE
    hours = blocks_of([(540, 1320)])
    late = CalendarDraft(label={"en": "Late", "zh": "晚班"}, week=[hours] * 7)
    calendar = create_calendar(late, by=desk.manager, at=MONDAY)["id"]
    shift = TeamChange(label={"en": "Late shift", "zh": "晚班组"}, calendar_id=calendar)
    team_id = create_team(shift, by=desk.manager, at=MONDAY)
    assign(case_id, None, team_id=team_id, by=desk.manager, at=evening)
    now = desk.case(case_id)
    assert (now["team_id"], now["due_at"]) == (team_id, evening + 30 * MINUTE)
    [told] = [one["data"] for one in events(case_id) if one["kind"] == "assigned"]
    assert told == {"from": None, "to": None, "team": team_id}


def test_who_corrects_it_by_its_page_changes_only_what_they_typed(app, sign_in, case):
    client = sign_in("support")
    before = stored(app)
    page = client.get("/cases/K0001/edit").text
    [contact] = re.findall(r'<option[^>]*value="(\d+)"[^>]*>Ada Byron', page)
    shown = form_on(client, "/cases/K0001/edit")
    sent(client, "/cases/K0001/edit", **{**shown, "contact_id": contact, "product": "SP-40"})
    row = stored(app)
    assert (row["contact_id"], row["product"]) == (int(contact), "SP-40")
    assert row["opened_at"] == before["opened_at"]
    earlier = (clock.now() - timedelta(hours=3)).astimezone(ZoneInfo("Asia/Shanghai"))
    typed = {"opened_at": earlier.strftime("%Y-%m-%dT%H:%M"), "kind": "service"}
    answer = sent(client, "/cases/K0001/edit", **{**form_on(client, "/cases/K0001/edit"), **typed})
    assert answer.status_code == 303, answer.text
    row = stored(app)
    assert (row["kind"], row["level"]) == ("service", None)
    assert row["opened_at"] < before["opened_at"]
    page = client.get("/cases/K0001").text
    assert "Kind of case: Complaint → Service request" in page
    assert form_on(client, "/cases/K0001/complaint")["level"] == "general"


def test_what_came_in_is_not_still_ahead(sign_in, case):
    client = sign_in("support")
    ahead = (clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    typed = {**form_on(client, "/cases/K0001/edit"), "opened_at": ahead}
    answer = sent(client, "/cases/K0001/edit", **typed)
    assert answer.status_code == 422
    assert "It cannot have come in later than now." in answer.text


def test_who_may_not_see_the_customer_is_offered_no_contact(app, sign_in, people, case):
    with app.app_context():
        assign(case["id"], people("sales2"), by=Actor("command", "x"), at=clock.now())
    page = sign_in("sales2").get("/cases/K0001/edit").text
    assert "In one line" in page
    assert "Ada Byron" not in page


def test_it_is_given_to_another_team_and_back_into_the_queue(app, sign_in, people, case):
    client = sign_in("manager")
    page = client.get("/cases/K0001/assignment").text
    assert "back into the queue" in page
    [team] = re.findall(r'<option[^>]*value="(\d+)"[^>]*>Sales<', page)
    typed = {"assignee_id": str(people("sales2")), "team_id": team}
    sent(client, "/cases/K0001/assignment", **typed)
    assert stored(app)["team_id"] == int(team)
    assert "team Sales" in client.get("/cases/K0001").text
    sent(client, "/cases/K0001/assignment", assignee_id="", team_id=team)
    assert (stored(app)["assignee_id"], stored(app)["team_id"]) == (None, int(team))


@pytest.mark.parametrize("field", ["assignee_id", "team_id"])
def test_whose_desk_a_case_is_on_is_not_restored_but_assigned(app, sign_in, case, field) -> None:
    manager = sign_in("manager")
    with app.app_context():
        by = Actor("person", "manager", person_id("manager"))
        made = create_team(TeamChange(label={"en": "Repairs"}), by=by, at=clock.now())
        assign(case["id"], person_id("sales"), team_id=made, by=by, at=clock.now())
        assign(case["id"], person_id("support"), by=by, at=clock.now())
        table = ChangeRow.__table__
        rows = database.session.execute(select(table).order_by(table.c.id.desc()))
        change_id = next(row.id for row in rows if row.verb == UPDATED and field in row.diff)
        number = database.session.get_one(Customer, case["customer"]).number
    assert (
        f"/history/{change_id}/restoration" not in manager.get(f"/customers/{number}/changes").text
    )
    assert sent(manager, f"/history/{change_id}/restoration", field=field).status_code == 403
