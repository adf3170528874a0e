"""Today: one's own next steps in bands, and those of others only for those who may look."""

import html
import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from time_machine import travel

from crmlite import clock, settings
from crmlite.accounts.operations import disable_user
from crmlite.counts import KEPT
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.operations import create_customer
from crmlite.extensions import database
from crmlite.followups.models import Task
from crmlite.followups.operations import InteractionDraft, TaskDraft, add_task, log_interaction
from crmlite.followups.queries import today as todays
from crmlite.testing import SignIn, csrf_token, person_id
from crmlite.work import Actor
from crmlite.work.actors import command_line
from tests.applications import Employ
from tests.customers.records import add


def firms_day() -> date:
    """The day it is at the firm."""
    return clock.today(ZoneInfo(settings.get("timezone")))


@pytest.fixture
def steps(app: Flask) -> None:
    """Steps of sales: late, today, this week or next, and one of sales2."""
    with app.app_context():
        day = firms_day()
        for login, what, days in (
            ("sales", "Late call", -3),
            ("sales", "Call of today", 0),
            ("sales", "Call of next year", 365),
            ("sales2", "Call of somebody else", 0),
        ):
            by = Actor("person", login, person_id(login))
            made = create_customer(
                CustomerDraft(
                    values={"kind": "company", "name": f"{what} Ltd", "owner_id": by.user_id}
                ),
                by=by,
                at=clock.now(),
            )
            step = TaskDraft(what=what, due_on=day + timedelta(days=days))
            add_task(made["id"], step, by=by, at=clock.now())


def test_what_is_due_stands_in_bands_and_what_is_far_off_does_not(sign_in: SignIn, steps):
    page = sign_in("sales").get("/today").text
    assert page.index("Overdue") < page.index("Late call") < page.index("Call of today")
    assert "Call of next year" not in page
    assert "Call of somebody else" not in page


def test_a_step_is_ticked_off_without_scripts_and_can_be_undone(sign_in: SignIn, steps):
    client = sign_in("sales")
    form = {"csrf_token": csrf_token(client, "/today")}
    assert client.post("/steps/1/completion", data=form).status_code == 303
    page = client.get("/today").text
    assert 'data-row="1"' not in page and "Done: Late call" in page
    place = page.partition('action="/operations/')[2].partition('"')[0]
    assert client.post(f"/operations/{place}", data=form).status_code == 303
    assert "Late call" in client.get("/today").text


def test_a_step_moves_to_another_day(sign_in: SignIn, steps):
    client = sign_in("sales")
    form = {"csrf_token": csrf_token(client, "/today"), "due_on": "2099-01-01"}
    assert client.post("/steps/1/day", data=form).status_code == 303
    client.get("/today")  # shows the message
    assert "Late call" not in client.get("/today").text
    nothing = {name: value for name, value in form.items() if name != "due_on"}
    assert client.post("/steps/2/day", data=nothing).status_code == 422
    wrong = client.post("/steps/2/day", data={**form, "due_on": "someday"})
    assert wrong.status_code == 422 and "someday" in wrong.text


def test_nobody_touches_the_steps_of_customers_they_do_not_see(sign_in: SignIn, steps):
    client = sign_in("sales")
    form = {"csrf_token": csrf_token(client, "/today")}
    assert client.post("/steps/4/completion", data=form).status_code == 404


def test_a_manager_looks_at_a_person_and_at_a_team(sign_in: SignIn, steps):
    client = sign_in("manager")
    assert "Late call" in client.get("/today?who=sales").text
    team = client.get("/today?team=sales").text
    assert "Late call" in team and "Call of somebody else" in team and "林知夏" in team


@pytest.mark.parametrize("query", ["?who=sales2", "?team=sales", "?who=nobody", "?team=%00"])
def test_salespeople_look_at_nobody_else(sign_in: SignIn, steps, query: str):
    assert sign_in("sales").get(f"/today{query}").status_code == 404


@pytest.fixture
def lead(sign_in: SignIn, employ: Employ) -> FlaskClient:
    """Sales, who may look at the Today of the own team."""
    employ("sales", {"customers:see": "team", "today:others": "team"})
    return sign_in("sales")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("who=sales2", 200),
        ("who=manager", 200),
        ("team=sales", 200),
        ("who=support", 404),
        ("team=support", 404),
    ],
)
def test_a_team_lead_looks_at_the_own_team_only(lead: FlaskClient, query: str, status: int):
    assert lead.get(f"/today?{query}").status_code == status


def test_a_team_lead_is_offered_the_own_team_only(lead: FlaskClient):
    offered = set(re.findall(r'/today\?(\w+=\w+)"', lead.get("/today?who=sales").text))
    assert offered == {"team=sales", "who=sales", "who=sales2", "who=manager"}


def test_own_alone_opens_no_team(sign_in: SignIn, employ: Employ):
    employ("sales", {"customers:see": "own", "tasks:edit": "own", "today:others": "own"})
    client = sign_in("sales")
    assert client.get("/today?who=sales").status_code == 200
    for query in ("who=sales2", "team=sales"):
        for page in ("/today", "/today/written", "/calendar", "/reports/record-keeping"):
            assert client.get(f"{page}?{query}").status_code == 404, (page, query)


@pytest.mark.parametrize(
    ("query", "theirs"),
    [
        ("", ["Of manager Ltd"]),
        ("?who=sales", ["Of sales Ltd"]),
        ("?team=sales", ["Of manager Ltd", "Of sales Ltd", "Of sales2 Ltd"]),
    ],
)
def test_all_without_a_next_step_are_those_of_whoever_is_shown(
    app: Flask, sign_in: SignIn, query: str, theirs: list[str]
):
    for login in ("manager", "sales", "sales2", "support"):
        add(app, login, name=f"Of {login} Ltd", lifecycle="active", stage="cooperating")
    client = sign_in("manager")
    part = client.get(f"/today/unplanned{query}").text
    [place] = re.findall(r'href="(/customers\?[^"]*)">All<', part)
    page = client.get(html.unescape(place)).text
    assert sorted(set(re.findall(r"Of \w+ Ltd", page))) == theirs


def test_bands_follow_the_day_and_the_week_of_the_firm(app: Flask, sign_in: SignIn):
    with travel(datetime(2026, 11, 25, 17, tzinfo=UTC), tick=False):
        with app.app_context():
            assert firms_day() == date(2026, 11, 26)  # a Thursday
            by = Actor("person", "sales", person_id("sales"))
            values = {"kind": "company", "name": "Calder Ltd", "owner_id": by.user_id}
            made = create_customer(CustomerDraft(values=values), by=by, at=clock.now())
            for day in (26, 28):
                step = TaskDraft(what=f"Due on {day}", due_on=date(2026, 11, day))
                add_task(made["id"], step, by=by, at=clock.now())
        page = sign_in("sales").get("/today").text
    order = ('Today <span class="meta">', "Due on 26", 'This week <span class="meta">', "Due on 28")
    places = [page.index(words) for words in order]
    assert places == sorted(places)


def test_what_was_written_down_after_a_day_counts_as_late(app: Flask, sign_in: SignIn):
    with app.app_context():
        at = clock.now()
        by = Actor("person", "sales", person_id("sales"))
        values = {"kind": "company", "name": "Calder Ltd", "owner_id": by.user_id}
        made = create_customer(CustomerDraft(values=values), by=by, at=at)
        for hours in (23, 25):
            draft = InteractionDraft(
                customer_id=made["id"],
                kind="phone",
                content="Called",
                occurred_at=at - timedelta(hours=hours),
            )
            log_interaction(draft, by=by, at=at)
    page = sign_in("sales").get("/today").text
    assert "50%" in page and "1 of 2 in 30 days" in page


def test_whose_login_was_closed_is_no_line_of_the_team(app: Flask, sign_in: SignIn):
    with app.app_context():
        disable_user(person_id("sales2"), by=command_line(), at=clock.now())
    page = sign_in("manager").get("/today?team=sales").text
    assert "林知夏" in page
    assert "Oliver Hartwell" not in page


def test_an_empty_today_teaches(sign_in: SignIn):
    assert "Nothing waits for you" in sign_in("support").get("/today").text


def test_a_hundred_overdue_steps_do_not_hide_what_is_due_today(
    app: Flask, sign_in: SignIn, steps, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(todays, "SHOWN", 2)
    with app.app_context():
        day = firms_day()
        by = Actor("person", "sales", person_id("sales"))
        for number in range(3):
            step = TaskDraft(what=f"Older {number}", due_on=day - timedelta(days=9 - number))
            add_task(1, step, by=by, at=clock.now())
    page = sign_in("sales").get("/today").text
    assert "Older 0" in page and "Older 1" in page and "Older 2" not in page
    assert re.search(r'Overdue <span class="meta">4</span>', page)
    assert "Call of today" in page and "2 more" in page
    assert "Older 2" in sign_in("sales").get("/today?whole=late").text


def test_what_nobody_shown_sees_is_not_counted(app: Flask, sign_in: SignIn, steps):
    with app.app_context():
        by = Actor("person", "sales2", person_id("sales2"))
        step = TaskDraft(what="At a stranger", due_on=firms_day(), assignee_id=by.user_id)
        add_task(1, step, by=by, at=clock.now())
    page = sign_in("sales2").get("/today").text
    assert "At a stranger" not in page
    assert re.search(r'Today <span class="meta">1</span>', page)


def test_what_comes_later_is_counted_and_shown_when_asked_for(sign_in: SignIn, steps):
    client = sign_in("sales")
    page = client.get("/today").text
    assert re.search(r"Later</a> <span class=\"meta\">1</span>", page)
    place = re.search(r'href="(/today\?whole=later)"', page)
    assert place and "Call of next year" in client.get(place[1]).text
    assert "Later" not in sign_in("support").get("/today").text


def test_how_late_a_step_is_is_said(sign_in: SignIn, steps):
    assert re.search(
        r'<time class="late"[^>]*>3 days late</time>', sign_in("sales").get("/today").text
    )
    chinese = sign_in("sales", lang="zh").get("/today").text
    assert re.search(r'<time class="late"[^>]*>逾期 3 天</time>', chinese)


def test_the_navigation_counts_what_waits_until_today(sign_in: SignIn, steps):
    page = sign_in("sales").get("/customers").text
    entry = page[page.index('data-find="today"') :].partition("</a>")[0]
    assert '<span class="n" id="count-today">2</span>' in entry
    page = sign_in("support").get("/customers").text
    assert 'class="n"' not in page[page.index('data-find="today"') :].partition("</a>")[0]


def test_what_waits_is_counted_again_once_something_changes(app: Flask, sign_in: SignIn, steps):
    client = sign_in("sales")

    def waiting() -> str:
        page = client.get("/customers").text
        entry = page[page.index('data-find="today"') :].partition("</a>")[0]
        return "".join(re.findall(r'id="count-today">(\d+)</span>', entry))

    assert waiting() == "2"
    with app.app_context():
        by = Actor("person", "sales", person_id("sales"))
        add_task(1, TaskDraft(what="Call once more", due_on=firms_day()), by=by, at=clock.now())
    assert waiting() == "3"
    with app.app_context(), database.engine.begin() as elsewhere:
        elsewhere.execute(update(Task.__table__).values(status="done"))
    assert waiting() == "3"
    with travel(clock.now() + KEPT):
        assert waiting() == ""


def test_who_has_nothing_of_their_own_starts_with_the_team(app: Flask, sign_in: SignIn, steps):
    manager = sign_in("manager")
    assert "Late call" in manager.get("/today").text
    assert "Nothing waits" in manager.get("/today?who=manager").text
    assert "Late call" not in sign_in("support").get("/today").text
    with app.app_context():
        by = Actor("person", "manager", person_id("manager"))
        step = TaskDraft(what="Look at the figures", due_on=firms_day() + timedelta(days=30))
        add_task(1, step, by=by, at=clock.now())
    page = manager.get("/today").text
    assert "Later" in page and "Late call" not in page
