"""The queue: what it can be narrowed down to, and the way from case to case through it."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from crmlite import clock
from crmlite.cases.operations import CaseDraft, Revisit, Solution, move, open_case, resolve, revisit
from crmlite.testing import person_id
from crmlite.work import Actor
from tests.cases.test_pages import sent
from tests.followups.conftest import add_customer

PART = {"HX-Request": "true"}


@pytest.fixture
def support(app, sign_in) -> FlaskClient:
    """Who has a queue of K0001 to K0003, which fall due in this order; K0002 is severe."""
    with app.app_context():
        customer = add_customer("sales", "Calder Bearings Ltd")["id"]
        by, now = Actor("person", "support", person_id("support")), clock.now()
        for place, level in enumerate(("general", "severe", "general")):
            at = now - timedelta(days=9 - place)
            values = {"kind": "complaint", "subject": f"Noise {place}", "channel": "phone"}
            values |= {"opened_at": at, "level": level}
            open_case(CaseDraft(customer=customer, values=values), by=by, at=at)
    return sign_in("support")


def steps(client: FlaskClient, url: str) -> list[str]:
    """Which cases the page of a case leads to: before, after."""
    page = client.get(url).text
    found = [re.search(rf'href="([^"]+)"[^>]*rel="{rel}"', page) for rel in ("prev", "next")]
    return [one[1].replace("&amp;", "&") if one else "" for one in found]


def test_a_case_leads_to_its_neighbours_in_the_queue_it_was_opened_from(support):
    queue = support.get("/complaints?view=unassigned").text
    assert "/cases/K0002?view=unassigned" in queue
    assert steps(support, "/cases/K0002?view=unassigned") == [
        "/cases/K0001?view=unassigned",
        "/cases/K0003?view=unassigned",
    ]
    assert steps(support, "/cases/K0003?view=unassigned") == ["/cases/K0002?view=unassigned", ""]
    narrowed = "view=open&level=general"
    assert steps(support, f"/cases/K0001?{narrowed}") == ["", f"/cases/K0003?{narrowed}"]
    assert f'href="/complaints?{narrowed}"' in support.get(f"/cases/K0001?{narrowed}").text.replace(
        "&amp;", "&"
    )


def test_a_case_that_has_left_the_queue_still_leads_on(support):
    sent(support, "/cases/K0001/desk")
    assert steps(support, "/cases/K0001?view=unassigned") == ["", "/cases/K0002?view=unassigned"]


def test_opened_from_elsewhere_it_leads_nowhere(support):
    assert steps(support, "/cases/K0002") == ["", ""]
    assert 'rel="next"' not in support.get("/cases/K0002?view=unassigned", headers=PART).text


def test_of_closed_ones_the_newest_comes_first(app, support):
    with app.app_context():
        by, now = Actor("person", "support", person_id("support")), clock.now()
        for case_id in (1, 3):
            move(case_id, "in_progress", by=by, at=now)
            resolve(case_id, Solution(resolution="Done"), by=by, at=now)
            revisit(case_id, Revisit(satisfied=True, content="Fine."), by=by, at=now)
    assert steps(support, "/cases/K0003?view=closed") == ["", "/cases/K0001?view=closed"]
    assert steps(support, "/cases/K0001?view=closed") == ["/cases/K0003?view=closed", ""]


def test_a_case_is_taken_where_it_stands_in_the_queue(support):
    queue = support.get("/complaints?view=unassigned").text
    assert queue.count('data-row-key="t"') == 3
    form = {"csrf_token": re.search(r'name="csrf_token" value="([^"]+)"', queue)[1]}
    answer = support.post("/cases/K0001/desk?back=queue", data=form, headers=PART)
    assert answer.headers["HX-Reswap"] == "none"
    assert "case-changed" in answer.headers["HX-Trigger"]
    assert "K0001" not in support.get("/complaints?view=unassigned").text


def test_it_can_be_narrowed_down_to_somebodys(support):
    sent(support, "/cases/K0001/desk")
    page = support.get("/complaints?view=open").text
    assert "view=open&amp;assignee=support" in page
    narrowed = support.get("/complaints?view=open&assignee=support").text
    assert "K0001" in narrowed and "K0002" not in narrowed


def test_a_part_of_the_queue_has_the_desk_counted_again(support):
    sent(support, "/cases/K0001/desk")
    page = support.get("/complaints?view=unassigned", headers=PART).text
    assert re.search(r'class="n" id="count-complaints" hx-swap-oob="true">1<', page)
    assert "count-complaints" not in page.replace('id="count-complaints" hx-swap-oob', "", 1)


def test_a_row_says_when_it_is_due_and_how_much_time_is_left_by_which_clock(support):
    row = re.search(r"<tbody.*?</tr>", support.get("/complaints?view=open").text, re.DOTALL)[0]
    assert re.search(r'<span class="by nowrap late">.*\d:\d\d</span>', row)
    assert re.search(r"First response.* working h late", row)
