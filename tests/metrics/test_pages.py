"""The page of figures: whose, of which days, and the rows behind each."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from crmlite import clock
from crmlite.followups.operations import finish_task
from crmlite.metrics import showing
from crmlite.settings.queries import local_day
from crmlite.testing import SignIn
from tests.applications import Employ
from tests.customers.records import counted
from tests.dashboard.test_written import log
from tests.followups.conftest import add_customer
from tests.followups.tasks import person, planned

HERE = "/reports/record-keeping"


@pytest.fixture
def work(app: Flask) -> date:
    """Promises of sales, one kept and two late, and of sales2 one late; contacts of both. Answers the
    first day that has some of it."""
    with app.app_context():
        mine, theirs = add_customer("sales", "Calder Ltd"), add_customer("sales2", "Merton Ltd")
        past = clock.now() - timedelta(days=4)
        due = local_day(past)
        done = planned(mine, kind="promise", what="Quote", due_on=due)
        finish_task(done, by=person("sales"), at=past)
        for what in ("Sample", "Drawing"):
            planned(mine, kind="promise", what=what, due_on=due)
        planned(theirs, who="sales2", kind="promise", what="Secret offer", due_on=due)
        log(mine, person("sales"), 2, days=4)
        log(theirs, person("sales2"), 30, days=4, content="Whispered")
        return due - timedelta(days=3)


def days(first: date) -> str:
    last = first + timedelta(days=20)
    return f"period=own&first={first.isoformat()}&last={last.isoformat()}"


def figures(client: FlaskClient, query: str) -> Mapping[str, str]:
    """Each figure of the page with how many of how many."""
    page = client.get(f"{HERE}?{query}")
    assert page.status_code == 200
    found: dict[str, str] = {}
    for part in re.findall(r'<section class="figure".*?</section>', page.text, re.DOTALL):
        name = re.search(r"<h2>(.*?)</h2>", part)
        of = re.search(r"(\d+ of \d+)", part)
        assert name
        found[name[1]] = of[1] if of else ""
    return found


def test_everybody_reads_their_own_and_managers_those_of_all(sign_in: SignIn, work: date) -> None:
    own = figures(sign_in("sales"), days(work))
    assert own["Promises kept"] == "1 of 3" and own["Written within 24 hours"] == "1 of 1"
    assert own["Plan kept"] == ""
    boss = sign_in("manager")
    assert figures(boss, days(work))["Promises kept"] == "1 of 4"
    assert figures(boss, f"who=sales2&{days(work)}")["Promises kept"] == "0 of 1"
    assert figures(boss, f"team=sales&{days(work)}")["Written within 24 hours"] == "1 of 2"
    page = boss.get(f"{HERE}?{days(work)}").text
    assert "By team" in page and "By person" in page and "Oliver Hartwell" in page
    assert "By person" not in sign_in("sales").get(HERE).text


def test_nobody_reads_figures_of_those_out_of_sight(
    sign_in: SignIn, employ: Employ, work: date
) -> None:
    sales = sign_in("sales")
    for query in ("who=sales2", "team=sales", "all=1"):
        assert sales.get(f"{HERE}?{query}").status_code == 404
        assert sales.get(f"{HERE}/promises?{query}").status_code == 404
    assert sales.get(f"{HERE}/nothing").status_code == 404
    employ("sales", {"customers:see": "own", "today:others": "team"})
    lead = sign_in("sales")
    assert figures(lead, f"team=sales&{days(work)}")["Promises kept"] == "1 of 4"
    assert lead.get(f"{HERE}?all=1").status_code == 404


def test_a_figure_leads_to_its_rows_and_they_tell_only_of_customers_in_sight(
    sign_in: SignIn, employ: Employ, work: date
) -> None:
    page = sign_in("manager").get(f"{HERE}?team=sales&{days(work)}").text
    link = re.search(rf'href="({HERE}/promises\?[^"]+)"', page)
    assert link
    url = link[1].replace("&amp;", "&")
    rows = sign_in("manager").get(url).text
    assert "Secret offer" in rows and "Merton Ltd" in rows and "kept in time" in rows
    assert rows.index("Drawing") < rows.index("Quote")  # what was not kept stands first
    missed = sign_in("manager").get(f"{url}&missed=1").text
    assert "Drawing" in missed and "Quote" not in missed
    employ("sales", {"customers:see": "own", "today:others": "team"})
    lead = sign_in("sales")
    rows = lead.get(url).text
    assert "1 of 4" in rows and "A customer you do not see" in rows
    assert "Secret offer" not in rows and "Merton" not in rows
    # what was said needs its own right
    said = lead.get(f"{HERE}/written?team=sales&{days(work)}").text
    assert "Whispered" not in said and "Written after 2" not in said


def test_pages_go_on_to_the_last_row(
    sign_in: SignIn, work: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(showing, "PAGE", 2)
    client, seen = sign_in("sales"), []
    url: str | None = f"{HERE}/promises?{days(work)}"
    while url:
        page = client.get(url).text
        seen += re.findall(r">(Quote|Sample|Drawing)</td>", page)
        following = re.search(r'<nav class="pager".*?href="([^"]*)" rel="next"', page, re.DOTALL)
        url = following and following[1].replace("&amp;", "&")
    assert sorted(seen) == ["Drawing", "Quote", "Sample"] and seen[-1] == "Quote"


def test_the_figure_of_thirty_days_is_the_one_on_today(
    app: Flask, sign_in: SignIn, work: date
) -> None:
    with app.app_context():
        for after in (1, 26, 40):
            log({"id": 1}, person("sales"), after, days=6)
        today = local_day(clock.now())
    first = today - timedelta(days=29)
    client = sign_in("sales")
    query = f"period=own&first={first.isoformat()}&last={today.isoformat()}"
    assert figures(client, query)["Written within 24 hours"] == "2 of 4"
    assert "2 of 4 in 30 days" in client.get("/today").text


def test_odd_questions_are_answered(sign_in: SignIn, work: date) -> None:
    client = sign_in("manager")
    for query in (
        "period=own",
        "period=own&first=soon&last=2026-01-01",
        "period=own&first=2026-12-01&last=1999-01-01",
        "period=century",
        "period=week&day=9999-12-31",
        "day=0001-01-01&period=quarter",
        "page=0&missed=",
    ):
        assert client.get(f"{HERE}?{query}").status_code == 200, query
        assert client.get(f"{HERE}/plan?{query}").status_code == 200, query


def test_the_page_costs_the_same_with_few_rows_and_many(app: Flask, sign_in: SignIn) -> None:
    client, costs = sign_in("manager"), []
    with app.app_context():
        customer: Any = add_customer("sales", "Calder Ltd")
    for _round in range(2):
        client.get(HERE)
        with counted(app) as statements:
            assert client.get(f"{HERE}/promises").status_code == 200
            assert client.get(HERE).status_code == 200
        costs.append(len(statements.own))
        with app.app_context():
            for number in range(30):
                day = local_day(clock.now()) - timedelta(days=number % 5)
                planned(customer, kind="promise", what=f"No. {number}", due_on=day)
    assert costs[0] <= costs[1] <= 20
