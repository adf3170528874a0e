"""The calendar: what people have to do by day, whose, and how it is put on another day."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from crmlite import clock
from crmlite.agenda.shape import Shape
from crmlite.calendars.operations import DaysDraft, set_days
from crmlite.calendars.queries import calendars
from crmlite.customers.operations import delete_customer
from crmlite.followups.operations import finish_task
from crmlite.settings.queries import local_day
from crmlite.testing import SignIn, csrf_token
from crmlite.work.actors import command_line
from tests.applications import Employ
from tests.customers.records import counted
from tests.followups.conftest import add_customer
from tests.followups.tasks import person, planned, stored

DAY = timedelta(days=1)


@pytest.fixture
def today(app: Flask) -> date:
    with app.app_context():
        return local_day(clock.now())


def days(client: FlaskClient, query: str = "") -> dict[str, str]:
    """Each day of the calendar with its text."""
    page = client.get(f"/calendar?{query}")
    assert page.status_code == 200
    parts = re.findall(
        r'<li class="cal-day.*?<time datetime="([\d-]+)">(.*?)(?=<li class="cal-day|</ol>)',
        page.text,
        re.DOTALL,
    )
    return {day: re.sub(r"<[^>]+>", " ", text) for day, text in parts}


@pytest.mark.parametrize(
    ("view", "day", "first", "last"),
    [
        ("month", date(2026, 11, 27), date(2026, 10, 26), date(2026, 12, 6)),
        ("month", date(2027, 2, 10), date(2027, 2, 1), date(2027, 2, 28)),
        ("week", date(2026, 11, 29), date(2026, 11, 23), date(2026, 11, 29)),
        ("list", date(2026, 11, 27), date(2026, 11, 27), date(2026, 12, 24)),
    ],
)
def test_the_days_of_a_view(view: str, day: date, first: date, last: date) -> None:
    shape = Shape.around(view, day)
    assert (shape.first, shape.last, len(shape.days) % 7) == (first, last, 0)
    assert Shape.around(view, shape.after).before <= day
    if view != "month":
        assert Shape.around(view, shape.after).first == last + DAY
        assert Shape.around(view, shape.before).last == first - DAY


def test_tasks_promises_and_visits_stand_on_their_days(
    app: Flask, sign_in: SignIn, today: date
) -> None:
    with app.app_context():
        mine = add_customer("sales", "Calder Ltd")
        planned(mine, what="Ring them", due_on=today)
        planned(mine, what="Quote it", kind="promise", due_on=today)
        planned(mine, what="Go there", channel="visit", due_on=today + DAY)
        done = planned(mine, what="Was done", due_on=today)
        finish_task(done, by=person("sales"), at=clock.now())
        planned(mine, who="sales2", what="Not mine", due_on=today)
    client = sign_in("sales")
    for view in ("month", "week", "list"):
        found = days(client, f"view={view}")[today.isoformat()]
        assert "Ring them" in found and "Quote it" in found and "Was done" in found
        assert "Calder Ltd" in found and "Not mine" not in found
    tomorrow = (today + DAY).isoformat()
    assert "Go there" in days(client, "view=list&kind=visits")[tomorrow]
    assert "Ring them" not in days(client, "view=list&kind=promises")[today.isoformat()]
    assert "Quote it" in days(client, "view=list&kind=promises")[today.isoformat()]


def test_a_full_day_shows_some_and_leads_to_all(app: Flask, sign_in: SignIn, today: date) -> None:
    with app.app_context():
        mine = add_customer("sales", "Calder Ltd")
        for number in range(9):
            planned(mine, what=f"No. {number}.", due_on=today)
    client = sign_in("sales")
    page = client.get("/calendar").text
    assert page.count('class="cal-item') == 4 and "5 more" in page
    assert days(client, f"view=list&day={today}")[today.isoformat()].count("No. ") == 9


def test_whose_calendar_may_be_looked_at(
    app: Flask, sign_in: SignIn, employ: Employ, today: date
) -> None:
    with app.app_context():
        theirs = add_customer("sales2", "Merton Ltd")
        planned(theirs, who="sales2", what="Secret visit", due_on=today)
    boss = sign_in("manager")
    for query in ("who=sales2", "team=sales"):
        assert "Secret visit" in days(boss, query)[today.isoformat()]
        assert sign_in("sales").get(f"/calendar?{query}").status_code == 404
    employ("sales", {"customers:see": "own", "today:others": "team"})
    lead = sign_in("sales")
    found = lead.get("/calendar?team=sales")
    assert found.status_code == 200  # what is of customers out of sight is not told of
    assert "Secret visit" not in found.text and "Merton" not in found.text


def test_holidays_and_make_up_days_are_marked(app: Flask, sign_in: SignIn, today: date) -> None:
    with app.app_context():
        calendar_id = calendars()[0].id
        saturday = today + ((5 - today.weekday()) % 7 or 7) * DAY
        for day, works, name in ((today, False, "Outing"), (saturday, True, "Stocktaking")):
            draft = DaysDraft(first=day, last=day, works=works, label={"en": name})
            set_days(calendar_id, draft, by=command_line(), at=clock.now())
    found = days(sign_in("sales"), f"view=list&day={today}")
    assert "Outing" in found[today.isoformat()]
    assert "make-up day" in found[saturday.isoformat()]


def test_a_task_is_moved_by_a_form_and_leads_back(app: Flask, sign_in: SignIn, today: date) -> None:
    with app.app_context():
        task = planned(add_customer("sales", "Calder Ltd"), what="Ring them", due_on=today)
    client = sign_in("sales")
    page = client.get(f"/calendar?view=week&day={today}").text
    [url] = re.findall(r'href="(/steps/\d+/day[^"]*)"', page)
    url = url.replace("&amp;", "&")
    action = re.search(r'action="(/steps/[^"]*)"', client.get(url).text)
    assert action
    url = action[1].replace("&amp;", "&")
    to = (today + 3 * DAY).isoformat()
    answer = client.post(
        url, data={"due_on": to, "due_time": "", "csrf_token": csrf_token(client, url)}
    )
    assert answer.status_code == 303
    assert answer.location == f"/calendar?view=week&day={today}"
    with app.app_context():
        assert stored(task)["due_on"] == today + 3 * DAY


def test_what_hangs_on_deleted_customers_is_gone(app: Flask, sign_in: SignIn, today: date) -> None:
    with app.app_context():
        mine: Any = add_customer("sales", "Calder Ltd")
        planned(mine, what="Ring them", due_on=today)
        delete_customer(mine["id"], by=command_line(), at=clock.now())
    assert "Ring them" not in sign_in("sales").get("/calendar").text


def test_odd_questions_are_answered(sign_in: SignIn) -> None:
    client = sign_in("sales")
    for query in ("day=soon", "day=9999-12-31", "day=0001-01-01", "view=year", "kind=x"):
        assert client.get(f"/calendar?{query}").status_code == 200, query
    for query in ("who=nobody", "team=none"):
        assert client.get(f"/calendar?{query}").status_code == 404, query


def test_it_costs_the_same_with_few_items_and_many(
    app: Flask, sign_in: SignIn, today: date
) -> None:
    boss, costs = sign_in("manager"), []
    with app.app_context():
        mine = add_customer("sales", "Calder Ltd")
    for _round in range(2):
        with app.app_context():
            for number in range(1 + 30 * _round):
                planned(mine, what=f"No. {number}", due_on=today + number % 9 * DAY)
        boss.get("/calendar?team=sales")
        with counted(app) as statements:
            boss.get("/calendar?team=sales")
        costs.append(len(statements.own))
    assert costs[0] == costs[1] <= 8
