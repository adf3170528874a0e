"""Cases that belong to an improvement: found, added and taken out, from either page."""

import re
from datetime import date

import pytest
from flask.testing import FlaskClient

from crmlite import clock
from crmlite.access.undoing import may_undo, operation_row
from crmlite.accounts.queries import reader_of
from crmlite.cases.operations import (
    CaseDraft,
    add_improvement,
    open_case,
    tie,
    untie,
    update_improvement,
)
from crmlite.cases.queries import improvements
from crmlite.cases.queries.cases import events, improvements_of
from crmlite.cases.queries.improvements import sufferers
from crmlite.testing import person_id
from crmlite.work import Actor, undo
from tests.cases.conftest import sent
from tests.customers.records import form_on
from tests.followups.conftest import add_customer


@pytest.fixture
def improvement(app, case) -> int:
    """An improvement of K0001, beside K0002 of a customer of sales2."""
    with app.app_context():
        by, at = Actor("person", "support", person_id("support")), clock.now()
        other = add_customer("sales2", "Harrow Vale Ltd")
        values = {"kind": "complaint", "subject": "Grinding gearbox", "channel": "phone"}
        draft = CaseDraft(customer=other["id"], values={**values, "opened_at": at})
        open_case(draft, by=by, at=at)
        values = {"title": "Check the drawing", "owner_id": by.user_id}
        return int(add_improvement(values, case_id=case["id"], by=by, at=at)["id"])


def test_a_case_is_found_and_added_on_the_page_of_the_improvement(sign_in, improvement) -> None:
    client, place = sign_in("support"), f"/improvements/{improvement}"
    assert f"{place}/cases" in client.get(place).text
    for text in ("K0002", "grinding"):
        assert "Grinding gearbox" in client.get(f"{place}/cases?q={text}").text
    assert "Noise" not in client.get(f"{place}/cases?q=noise").text  # it belongs to it already
    assert sent(client, f"{place}/cases/K0002/addition").headers["Location"] == place
    assert "Harrow Vale Ltd" in client.get(place).text
    page = client.get("/cases/K0002").text
    assert "Check the drawing" in page
    assert "Belongs to an improvement" in page
    sent(client, f"{place}/cases/K0002/removal")
    assert "Harrow Vale Ltd" not in client.get(place).text
    assert "Belongs to an improvement no longer" in client.get("/cases/K0002").text


def test_a_case_is_said_to_belong_to_one_on_its_own_page(sign_in, improvement) -> None:
    client = sign_in("support")
    assert "/cases/K0002/improvements" in client.get("/cases/K0002").text
    assert "Check the drawing" in client.get("/cases/K0002/improvements?q=draw").text
    assert "Check the drawing" not in client.get("/cases/K0002/improvements?q=paint").text
    assert "Check the drawing" not in client.get("/cases/K0001/improvements").text
    place = f"/improvements/{improvement}/cases/K0002"
    answer = sent(client, f"{place}/addition?back=case")
    assert answer.headers["Location"] == "/cases/K0002"
    answer = sent(client, f"{place}/removal?back=case")
    assert answer.headers["Location"] == "/cases/K0002"


def test_only_cases_in_sight_are_found_and_added(app, sign_in, employ, improvement) -> None:
    employ("sales2", {"cases:see": "own", "improvements:see": "all", "improvements:edit": "all"})
    client, place = sign_in("sales2"), f"/improvements/{improvement}/cases"
    assert "Noise" not in client.get(f"{place}?q=K0001").text
    assert sent(client, f"{place}/K0001/removal").status_code == 404
    assert "Grinding" in client.get(f"{place}?q=K0002").text
    assert sent(sign_in("sales"), f"{place}/K0001/addition").status_code == 403
    with app.app_context():
        assert len(sufferers(improvement)) == 1


def test_both_are_in_the_record_and_taken_back(app, case, improvement) -> None:
    with app.app_context():
        by, at = Actor("person", "support", person_id("support")), clock.now()
        taken = untie(improvement, case["id"], by=by, at=at)
        assert untie(improvement, case["id"], by=by, at=at) == 0
        assert improvements_of(case["id"]) == []
        assert may_undo(reader_of(by.user_id), operation_row(taken))
        undo(taken, by=by, at=at)
        assert [one["title"] for one in improvements_of(case["id"])] == ["Check the drawing"]
        assert [one["kind"] for one in events(case["id"])] == ["opened", "improvement"]
        assert tie(improvement, case["id"], by=by, at=at) == 0


def titles(client: FlaskClient, url: str) -> list[str]:
    """The improvements that a page lists, in their order."""
    page = client.get(url).text
    return re.findall(r'<a class="name" href="/improvements/\d+">([^<]+)', page)


def further(client: FlaskClient, url: str, rel: str = "next") -> str:
    """Where a page leads on to; empty for nowhere."""
    found = re.search(rf'href="([^"]+)" rel="{rel}"', client.get(url).text)
    return found[1].replace("&amp;", "&") if found else ""


@pytest.fixture
def many(inside, monkeypatch) -> list[int]:
    """Five improvements under way, of which two have no day, and two that are settled; a page has
    two."""
    monkeypatch.setattr(improvements, "SIZE", 2)
    by, at = Actor("person", "support", person_id("support")), clock.now()
    days = [date(2026, 12, 3), None, date(2026, 12, 1), None, date(2026, 12, 2), None, None]
    made = [
        add_improvement({"title": f"No {n}", "due_on": day}, by=by, at=at)["id"]
        for n, day in enumerate(days)
    ]
    for one, status in ((made[5], "done"), (made[6], "dropped")):
        update_improvement(one, {"status": status, "outcome": "Said."}, by=by, at=at)
    return made


def test_all_of_them_are_reached_by_their_day(sign_in, many) -> None:
    client, url, pages = sign_in("support"), "/improvements", []
    while url:
        pages.append(titles(client, url))
        url = further(client, url)
    assert pages == [["No 2", "No 4"], ["No 0", "No 1"], ["No 3"]]
    first = client.get("/improvements").text
    assert "5 improvements" in first and "Done and dropped" in first
    second = further(client, "/improvements")
    assert titles(client, further(client, second, "prev")) == pages[0]


def test_those_that_are_settled_stand_by_themselves(sign_in, many) -> None:
    client = sign_in("support")
    assert set(titles(client, "/improvements?status=closed")) == {"No 5", "No 6"}
    other = further(client, "/improvements").replace("after=", "status=closed&after=")
    assert client.get(other).status_code == 404
    assert client.get("/improvements?after=x").status_code == 404


def test_only_some_that_fit_are_offered_to_a_case(monkeypatch, many, case) -> None:
    monkeypatch.setattr(improvements, "OFFERED", 3)
    assert [one["title"] for one in improvements.improvements_for(case["id"], "no")] == [
        "No 2",
        "No 4",
        "No 0",
    ]
    tie(many[2], case["id"], by=Actor("person", "support", person_id("support")), at=clock.now())
    found = [one["title"] for one in improvements.improvements_for(case["id"], "NO ")]
    assert found == ["No 4", "No 0", "No 1"]
    assert improvements.improvements_for(case["id"], "100%") == []


def test_how_it_went_is_said_on_its_page(app, sign_in, case) -> None:
    with app.app_context():
        by = Actor("person", "support", person_id("support"))
        made = add_improvement(
            {"title": "Check each plug"}, case_id=case["id"], by=by, at=clock.now()
        )
    client, place = sign_in("support"), f"/improvements/{made['id']}/outcome"
    shown = form_on(client, place)
    typed = {**shown, "status": "done", "outcome": "No complaint since."}
    assert sent(client, place, **typed).status_code == 303
    page = client.get(f"/improvements/{made['id']}").text
    assert "No complaint since." in page
    stale = sent(client, place, **{**typed, "outcome": "Twice"})
    assert stale.status_code == 409
