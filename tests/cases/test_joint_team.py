"""Who leads the joint team of a severe or critical complaint, and what a complex case asks for."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from crmlite.accounts.models import Team
from crmlite.accounts.queries import people, teams
from crmlite.cases.joint import ask_of
from crmlite.cases.levels import rule_of
from crmlite.cases.operations import change_level, join, leave, make_complaint, update_case
from crmlite.cases.operations.policies import save_level_rule
from crmlite.cases.queries.cases import events, members
from crmlite.extensions import database
from crmlite.notifications.models import Notification
from crmlite.testing import person_id
from crmlite.work import Actor, operation, records, undo
from crmlite.work.operations import move_epoch
from tests.cases.conftest import sent
from tests.customers.records import form_on

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
MINUTE = timedelta(minutes=1)


@operation("team_updated")
def lead_support(login: str | None, *, by: Actor, at: datetime) -> None:
    """Have the support team led by somebody."""
    team = next(one for one in teams() if one.key == "support")
    records.update(Team, team.id, {"lead_id": person_id(login) if login else None})
    move_epoch()


def team_of(case_id: int) -> dict[str, str]:
    """The joint team of a case: duties by login."""
    return {people()[one["user_id"]].login: one["duty"] for one in members(case_id)}


def told(login: str) -> list[str]:
    """Of what somebody was told."""
    table = Notification.__table__
    wanted = select(table.c.kind).where(table.c.user_id == person_id(login))
    return list(database.session.execute(wanted).scalars())


def asks(desk: Any, case_id: int) -> str:
    """What a case asks of its joint team, in one line."""
    found = ask_of(desk.case(case_id), members(case_id))
    return " ".join([found.title, *found.why]) if found else ""


def test_a_severe_one_is_led_by_the_lead_of_its_team(desk) -> None:
    lead_support("sales2", by=desk.manager, at=MONDAY)
    case_id = desk.open(MONDAY, level="severe", assignee_id=desk.support.user_id)
    assert team_of(case_id) == {"sales2": "lead"}
    assert "case-leads" in told("sales2")
    assert [one["data"]["duty"] for one in events(case_id) if one["kind"] == "joined"] == ["lead"]
    assert asks(desk, case_id) == ""


def test_a_critical_one_is_led_by_a_manager_and_the_former_lead_helps(desk) -> None:
    lead_support("sales2", by=desk.manager, at=MONDAY)
    case_id = desk.open(MONDAY, level="severe")
    raised = change_level(case_id, "critical", by=desk.support, at=MONDAY + MINUTE)
    assert team_of(case_id) == {"manager": "lead", "sales2": "other"}
    assert [one["kind"] for one in events(case_id)][-3:] == ["level", "duty", "joined"]
    undo(raised, by=desk.support, at=MONDAY + 2 * MINUTE)
    assert team_of(case_id) == {"sales2": "lead"}
    change_level(case_id, "critical", by=desk.support, at=MONDAY + 3 * MINUTE)
    change_level(case_id, "severe", by=desk.support, at=MONDAY + 4 * MINUTE)
    assert team_of(case_id)["manager"] == "lead"  # lowered, it keeps who leads it


def test_a_case_that_becomes_a_severe_complaint_gets_its_lead(desk) -> None:
    lead_support("sales2", by=desk.manager, at=MONDAY)
    case_id = desk.open(MONDAY, kind="enquiry")
    join(case_id, person_id("sales2"), "technology", by=desk.support, at=MONDAY)
    make_complaint(case_id, "severe", by=desk.support, at=MONDAY + MINUTE)
    assert team_of(case_id) == {"sales2": "lead"}


def test_where_nobody_fits_the_case_says_why(desk) -> None:
    case_id = desk.open(MONDAY, level="severe", assignee_id=desk.support.user_id)
    assert team_of(case_id) == {}
    said = asks(desk, case_id)
    assert said.startswith("Complex: put a joint team together")
    assert "Complaints of the level Severe are worked on by a joint team." in said
    assert "the case's team has no lead" in said
    assert "Still missing: Technology, After-sales." in said
    join(case_id, person_id("sales2"), "technology", by=desk.support, at=MONDAY)
    assert asks(desk, case_id).startswith("The joint team has no lead")
    join(case_id, person_id("sales2"), "lead", by=desk.support, at=MONDAY)
    assert asks(desk, case_id) == ""
    leave(case_id, person_id("sales2"), by=desk.support, at=MONDAY)
    assert "Complex" in asks(desk, case_id)


def test_a_team_that_sends_nobody_is_missing_also_beside_a_lead(desk) -> None:
    sends = next(one for one in teams() if desk.support.user_id in one.member_ids)
    values = {"leader": "person", "leader_id": person_id("sales2"), "team_ids": [sends.id]}
    save_level_rule("severe", values, version=1, by=desk.manager, at=MONDAY)
    case_id = desk.open(MONDAY, level="severe", assignee_id=person_id("sales"))
    assert asks(desk, case_id) == "The joint team is incomplete Still missing: Support."
    join(case_id, desk.support.user_id, "other", by=desk.manager, at=MONDAY)
    assert asks(desk, case_id) == ""


def test_a_complex_case_of_any_kind_asks_for_a_team(desk) -> None:
    case_id = desk.open(MONDAY, kind="service", assignee_id=desk.support.user_id)
    assert asks(desk, case_id) == ""
    update_case(case_id, {"is_complex": True}, by=desk.support, at=MONDAY)
    assert "The case is marked as complex" in asks(desk, case_id)


def test_somebody_named_leads_from_now_on(desk) -> None:
    earlier = desk.open(MONDAY)
    values = {"leader": "person", "leader_id": person_id("sales"), "team_ids": []}
    changed = save_level_rule("general", values, by=desk.manager, at=MONDAY)
    later = desk.open(MONDAY + MINUTE)
    assert (team_of(earlier), team_of(later)) == ({}, {"sales": "lead"})
    undo(changed, by=desk.manager, at=MONDAY + MINUTE)
    assert rule_of("general") is None


def test_managers_set_it_beside_the_deadlines(app: Flask, sign_in, people, case) -> None:
    client, place = sign_in("manager"), "/settings/deadlines/levels/severe"
    page = client.get("/settings/deadlines").text
    assert "the lead of the case&#39;s team" in page
    assert "Technology, After-sales" in page
    shown = form_on(client, place)
    assert sent(client, place, **{**shown, "leader": "person", "leader_id": ""}).status_code == 422
    typed = {**shown, "leader": "person", "leader_id": str(people("sales2"))}
    assert sent(client, place, **typed).status_code == 303
    with app.app_context():
        rule = rule_of("severe")
        assert (rule["leader"], rule["leader_id"]) == ("person", people("sales2"))
    assert sign_in("support").get(place).status_code == 403
    assert client.get("/settings/deadlines/levels/nonsense").status_code == 404
    sent(sign_in("support"), "/cases/K0001/level", level="severe")
    page = sign_in("sales2").get("/cases/K0001").text
    assert "leads" in page
    assert "You lead the joint team: Noise (K0001)" in sign_in("sales2").get("/notifications").text


def test_the_page_of_a_complex_case_asks_with_a_button(sign_in, case) -> None:
    client = sign_in("support")
    assert 'id="case-joint"' not in client.get("/cases/K0001").text
    sent(client, "/cases/K0001/level", level="severe")
    page = client.get("/cases/K0001").text
    asked = page.split('id="case-joint"')[1].split('class="cols"')[0]
    assert "Complex: put a joint team together" in asked
    assert "/cases/K0001/team/new" in asked


def test_of_two_who_say_first_who_leads_the_second_is_told(sign_in) -> None:
    client, place = sign_in("manager"), "/settings/deadlines/levels/general"
    shown = form_on(client, place)
    assert sent(client, place, **{**shown, "leader": "manager"}).status_code == 303
    answer = sent(client, place, **{**shown, "leader": "team"})
    assert answer.status_code == 409
    with client.application.app_context():
        assert rule_of("general")["leader"] == "manager"
