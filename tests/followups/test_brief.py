"""The brief before a contact: all that matters, no more than the reader may know, and no frame."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from crmlite import clock, hookimpl, hooks
from crmlite.access.sensitive import ViewingRow
from crmlite.extensions import database
from crmlite.followups.operations import InteractionDraft, log_interaction
from crmlite.panels import Panel
from crmlite.testing import SignIn
from tests.applications import Employ
from tests.customers.records import HTMX, MOBILE, add, counted
from tests.followups.tasks import person, planned

NEED = {"goal": "A second line", "urgency": "high", "pain": "Stops at night"}


@pytest.fixture
def number(app: Flask) -> str:
    """A customer of sales of whom much is known."""
    found = add(
        app,
        "sales",
        needs=[NEED],
        remarks=[{"text": "Contracts by post"}, {"text": "A rival calls", "is_risk": True}],
    )
    with app.app_context():
        customer = {"id": 1}
        planned(customer, what="Send the plan")
        planned(customer, what="Quote for line 3", kind="promise")
        draft = InteractionDraft(
            customer_id=1, kind="visit", content="Saw the hall.", occurred_at=clock.now()
        )
        log_interaction(draft, by=person("sales"), at=clock.now())
    return found


class Talking:
    """A pack with talking points."""

    @hookimpl
    def customer_brief(self, customer: Any) -> list[Panel]:
        return [
            Panel(name="points", title=f"Ask {customer['number']}", template="frame/_toasts.html")
        ]


def test_it_holds_what_matters_without_the_frame(app: Flask, sign_in: SignIn, number: str):
    with app.app_context():
        hooks.manager().register(Talking(), "talking")
    client = sign_in("sales")
    page = client.get(f"/customers/{number}/brief").text
    for words in (
        "Riverton New Energy Ltd", "Claire Harlow", MOBILE, "Saw the hall.", "Send the plan",
        "Promised: Quote for line 3", "A second line", "Stops at night",
        "Contracts by post", "A rival calls", f"Ask {number}",
    ):  # fmt: skip
        assert words in page, words
    assert page.index("Quote for line 3") < page.index("Send the plan")
    assert f'data-called="/customers/{number}/starts"' in page
    assert 'class="side"' not in page and "data-print" in page
    part = client.get(f"/customers/{number}/brief", headers=HTMX).text
    assert "<html" not in part and "Saw the hall." in part


def test_what_a_person_likes_stands_on_it(app: Flask, sign_in: SignIn):
    number = add(app, "sales", kind="person", industry=None, interests="Sailing", contacts=())
    assert "Sailing" in sign_in("sales").get(f"/customers/{number}/brief").text


def test_it_masks_and_leaves_out_what_the_reader_may_not_know(
    app: Flask, sign_in: SignIn, employ: Employ, number: str
):
    employ("support", {"customers:see": "all"})
    page = sign_in("support").get(f"/customers/{number}/brief").text
    assert MOBILE not in page and "138****5678" in page
    assert "tel:" not in page and "data-called" not in page
    assert "Saw the hall." not in page
    assert sign_in("sales2").get(f"/customers/{number}/brief").status_code == 404


def test_whole_values_on_it_are_noted_as_looks(app: Flask, sign_in: SignIn, number: str):
    sign_in("sales").get(f"/customers/{number}/brief")
    with app.app_context():
        [row] = database.session.execute(select(ViewingRow.__table__)).mappings()
    assert "mobile" in row["columns"]


def test_it_costs_the_same_whatever_is_open(app: Flask, sign_in: SignIn, number: str):
    client, figures = sign_in("sales"), []
    for _round in range(2):
        client.get(f"/customers/{number}/brief")
        with counted(app) as statements:
            client.get(f"/customers/{number}/brief")
        figures.append(len(statements.own))
        with app.app_context():
            for n in range(20):
                planned({"id": 1}, what=f"Step {n}")
    assert figures[0] == figures[1] <= 8
