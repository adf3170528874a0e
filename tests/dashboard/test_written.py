"""The share that was written down within a day: of a person, of the team, and the rows behind it."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from crmlite import clock
from crmlite.dashboard import score
from crmlite.followups.operations import InteractionDraft, delete_interaction, log_interaction
from crmlite.settings.queries import local_day
from crmlite.testing import SignIn
from crmlite.work import Actor
from tests.applications import Employ
from tests.followups.conftest import add_customer
from tests.followups.tasks import person

HOUR = timedelta(hours=1)


@pytest.fixture
def talks(app: Flask) -> None:
    """Contacts of sales, four in time and one late; of sales2 one in time and two late."""
    with app.app_context():
        mine, theirs = add_customer("sales", "Calder Ltd"), add_customer("sales2", "Merton Ltd")
        for customer, who, after in (
            *((mine, "sales", hours) for hours in (0, 1, 24, 23)),
            (mine, "sales", 25),
            (theirs, "sales2", 2),
            (theirs, "sales2", 30),
            (theirs, "sales2", 49),
        ):
            log(customer, person(who), after)


def log(customer, by: Actor, after: float, days: int = 3, content: str = "") -> int:
    """Have a contact that was written down so many hours after it took place."""
    at = clock.now() - timedelta(days=days)
    draft = InteractionDraft(
        customer_id=customer["id"],
        kind="phone",
        content=content or f"Written after {after}",
        occurred_at=at - HOUR * after,
    )
    return log_interaction(draft, by=by, at=at)["id"]


def test_the_share_stands_beside_that_of_the_team_and_leads_to_its_rows(
    app: Flask, sign_in: SignIn, talks
):
    client = sign_in("sales")
    page = client.get("/today").text
    assert re.search(r'<a class="big" href="/today/written">80%</a>', page)
    assert "4 of 5 in 30 days · team 62%" in page
    rows = client.get("/today/written").text
    assert rows.index("Written after 25") < rows.index("Written after 0")
    assert "25 h" in rows and "Written after 49" not in rows
    late = client.get("/today/written?late=1").text
    assert "Written after 25" in late and "Written after 24" not in late


def test_the_share_of_the_team_is_reckoned_anew_once_a_contact_is_written(
    app: Flask, sign_in: SignIn, talks
):
    client = sign_in("sales")
    assert "team 62%" in client.get("/today").text
    with app.app_context():
        log({"id": 1}, person("sales"), 1)
    assert "team 67%" in client.get("/today").text


@pytest.mark.parametrize("late", [0, 1])
def test_a_bar_leads_to_the_contacts_of_its_day(app: Flask, sign_in: SignIn, talks, late: int):
    client = sign_in("sales")
    with app.app_context():
        log({"id": 1}, person("sales"), 30 if late else 0, days=10, content="Of that day")
        day = local_day(clock.now() - timedelta(days=10, hours=30 if late else 0))
    url = f"/today/written?day={day.isoformat()}"
    page = client.get("/today").text
    [bar] = re.findall(rf'<a href="{re.escape(url)}"[^>]*aria-label="([^"]*)"', page)
    assert bar.endswith("1 follow-up, 1 late" if late else "1 follow-up")
    rows = client.get(url).text
    assert "Of that day" in rows and "Written after" in rows and "Written after 25" not in rows


def test_what_is_deleted_or_of_long_ago_does_not_count(app: Flask, sign_in: SignIn, talks):
    with app.app_context():
        log({"id": 1}, person("sales"), 90, days=40)
        gone = log({"id": 1}, person("sales"), 90)
        delete_interaction(gone, by=person("sales"), at=clock.now())
    assert "4 of 5 in 30 days" in sign_in("sales").get("/today").text


def test_a_manager_sees_a_person_and_a_team_and_others_do_not(
    sign_in: SignIn, employ: Employ, talks
):
    boss = sign_in("manager")
    assert "Written after 49" in boss.get("/today/written?who=sales2").text
    team = boss.get("/today/written?team=sales").text
    assert "Written after 49" in team and "Written after 25" in team and "Oliver Hartwell" in team
    assert re.search(r'href="/today/written\?who=sales2">33%', boss.get("/today?team=sales").text)
    assert sign_in("sales").get("/today/written?who=sales2").status_code == 404
    # a lead who sees the team's days but not its customers learns how late, not of whom
    employ("sales", {"customers:see": "own", "today:others": "team"})
    page = sign_in("sales").get("/today/written?team=sales").text
    assert "A customer you do not see" in page and "49 h" in page
    assert "Written after 49" not in page and "Merton" not in page


def test_pages_go_on_to_the_last_row(
    app: Flask, sign_in: SignIn, talks, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(score, "PAGE", 2)
    client, seen = sign_in("sales"), []
    url: str | None = "/today/written"
    while url:
        page = client.get(url).text
        seen += re.findall(r"Written after (\d+)<", page)
        following = re.search(r'href="([^"]*)" rel="next"', page)
        url = following and following[1].replace("&amp;", "&")
    assert seen[0] == "25" and sorted(seen) == ["0", "1", "23", "24", "25"]


def test_odd_questions_are_answered(sign_in: SignIn, talks):
    client = sign_in("sales")
    for query in ("day=soon", "day=9999-12-31", "page=0", "page=99999999999999"):
        assert client.get(f"/today/written?{query}").status_code == 200, query
