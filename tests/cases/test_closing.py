"""How a case is closed: what is still open then, what it needs for that, and what is refused after."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crmlite import clock
from crmlite.cases.operations import (
    Promise,
    Revisit,
    Said,
    Solution,
    answer,
    ask,
    resolve,
    revisit,
)
from crmlite.cases.queries.cases import tasks
from crmlite.work import undo
from tests.cases.conftest import sent, stored

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
HOUR = timedelta(hours=1)
FINE = Revisit(satisfied=True, content="Fine.")


def statuses(case_id: int) -> dict[str, str]:
    """How what was promised and asked for stands."""
    found = tasks(case_id)
    return {one["what"]: one["status"] for one in found if one["purpose"] in ("promise", "task")}


def promised(desk: Any) -> tuple[int, dict[str, int]]:
    """A case at work with two promises and a task; the ids of the three by what they are."""
    case_id = desk.open(MONDAY, assignee_id=desk.support.user_id)
    given = tuple(Promise(what=one, by_when=MONDAY + 9 * HOUR) for one in ("A call", "A letter"))
    answer(case_id, Said(content="Soon."), promises=given, by=desk.support, at=MONDAY)
    ask(case_id, "Photos", desk.support.user_id, MONDAY + 9 * HOUR, by=desk.support, at=MONDAY)
    return case_id, {one["what"]: one["id"] for one in tasks(case_id)}


def test_what_nobody_did_is_dropped_with_the_case_and_never_kept(desk) -> None:
    case_id, ids = promised(desk)
    solution = Solution(resolution="Done")
    resolve(case_id, solution, done=[ids["A call"]], by=desk.support, at=MONDAY + HOUR)
    assert statuses(case_id) == {"A call": "done", "A letter": "open", "Photos": "open"}
    at = MONDAY + 2 * HOUR
    done = revisit(case_id, FINE, done=[ids["Photos"]], by=desk.support, at=at)
    assert statuses(case_id) == {"A call": "done", "A letter": "dropped", "Photos": "done"}
    undo(done, by=desk.support, at=MONDAY + 3 * HOUR)
    assert statuses(case_id) == {"A call": "done", "A letter": "open", "Photos": "open"}


def test_an_unhappy_customer_leaves_them_open(desk) -> None:
    case_id, _ids = promised(desk)
    resolve(case_id, Solution(resolution="Done"), by=desk.support, at=MONDAY + HOUR)
    told = Revisit(satisfied=False, content="It grinds.")
    revisit(case_id, told, by=desk.support, at=MONDAY + 2 * HOUR)
    assert set(statuses(case_id).values()) == {"open"}


def later(days: int = 2) -> str:
    """A moment ahead as a browser sends it."""
    return (clock.now() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


def answered(client: Any, **more: str) -> Any:
    """Answer the customer on the page of the case."""
    data = {"direction": "out", "content": "We look at it.", **more}
    return sent(client, "/cases/K0001/messages", **data)


def test_the_forms_list_what_is_open_and_the_page_says_what_became_of_it(app, sign_in, case):
    client = sign_in("support")
    answered(client, promise_what="A call", promise_at=later())
    answered(client, promise_what="A letter", promise_at=later())
    page = client.get("/cases/K0001/resolution").text
    boxes = dict(re.findall(r'name="done" value="(\d+)">(A \w+) \(', page))
    assert sorted(boxes.values()) == ["A call", "A letter"]
    done = next(key for key, what in boxes.items() if what == "A call")
    assert sent(client, "/cases/K0001/resolution", resolution="Done", done=done).status_code == 303
    page = client.get("/cases/K0001/revisit").text
    assert "A letter" in page
    assert "A call" not in page
    sent(client, "/cases/K0001/revisit", satisfied="yes", channel="phone", content="Fine.")
    page = client.get("/cases/K0001").text
    assert page.count("closed with the case") == 1
    assert page.count('<span class="kept">kept in time</span>') == 1
    assert "Revisit: satisfied, confirmed" in page


def test_a_severe_one_is_given_its_cause_at_the_revisit(app, sign_in, case):
    client = sign_in("support")
    sent(client, "/cases/K0001/level", level="severe")
    answered(client, promise_what="A call", promise_at=later())
    assert "Needed before the case can be closed." in client.get("/cases/K0001/resolution").text
    sent(client, "/cases/K0001/resolution", resolution="Replaced")
    page = client.get("/cases/K0001/revisit").text
    listed = page.split('name="root_cause"', 1)[1]
    cause = re.search(r'<option value="(\w+)"', listed)[1]
    told = {"satisfied": "yes", "channel": "phone", "content": "Fine."}
    refused = sent(client, "/cases/K0001/revisit", **told)
    assert refused.status_code == 422
    assert "Needed before the case can be closed." in refused.text
    known = {"root_cause": cause, "corrective_action": "Check the drawing"}
    assert sent(client, "/cases/K0001/revisit", **told, **known).status_code == 303
    row = stored(app)
    assert (row["status"], row["root_cause"]) == ("confirmed", cause)
    assert row["corrective_action"] == "Check the drawing"


def test_a_general_one_is_not_asked_for_its_cause(sign_in, case):
    client = sign_in("support")
    answered(client)
    sent(client, "/cases/K0001/resolution", resolution="Replaced")
    assert 'name="root_cause"' not in client.get("/cases/K0001/revisit").text


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("revisit", "no revisit is needed any more"),
        ("waiting", "The case is closed. Reopen it first"),
        ("plan", "The case is closed. Reopen it first"),
        ("resolution", "The case is closed. Reopen it first"),
        ("tasks/new", "The case is closed. Reopen it first"),
    ],
)
def test_a_closed_case_says_at_once_what_it_does_not_take(sign_in, case, place, said):
    client = sign_in("support")
    answered(client)
    sent(client, "/cases/K0001/resolution", resolution="Replaced")
    sent(client, "/cases/K0001/revisit", satisfied="yes", channel="phone", content="Fine.")
    page = client.get("/cases/K0001").text
    assert f'href="/cases/K0001/{place}"' not in page
    assert "Reopen to reply" in page
    assert 'value="out"' not in page
    answer_ = client.get(f"/cases/K0001/{place}")
    assert answer_.status_code == 303
    assert said in client.get("/cases/K0001").text
    late = answered(client, content="One more thing")
    assert late.status_code == 422
    assert "The case is closed." in late.text
    assert "One more thing" in late.text


def test_only_complaints_are_asked_for_a_level_and_only_others_become_one(sign_in, case):
    client = sign_in("support")
    assert client.get("/cases/K0001/complaint").status_code == 303
    assert "It is a complaint already." in client.get("/cases/K0001").text
    assert client.get("/cases/K0001/level").status_code == 200
