"""Promises on Today: beside one's own lines, and risen to those who look after the team."""

from datetime import timedelta

import pytest
from flask import Flask

from crmlite import clock, hookimpl, hooks
from crmlite.followups.operations import finish_task
from crmlite.panels import Panel
from crmlite.settings.queries import local_day
from crmlite.testing import SignIn
from tests.followups.conftest import add_customer
from tests.followups.tasks import person, planned


@pytest.fixture
def promises(app: Flask) -> None:
    """Promises of sales: late by two days, due tomorrow, kept; and one late of the manager."""
    with app.app_context():
        today, now = local_day(clock.now()), clock.now()
        customer = add_customer("sales", "Calder Ltd")
        for what, who, days in (
            ("Late quote", "sales", -2), ("Sketch", "sales", 1), ("Kept sample", "sales", 2),
            ("Word of the boss", "manager", -1),
        ):  # fmt: skip
            due_on = today + timedelta(days=days)
            planned(customer, who, what=what, kind="promise", due_on=due_on)
        finish_task(3, by=person("sales"), at=now, outcome="By courier")


def beside(page: str, heading: str) -> str:
    """A part of the right column."""
    return page.partition(f"<h2>{heading}</h2>")[2].partition("</section>")[0]


def test_the_right_column_shows_what_is_due_first(sign_in: SignIn, promises):
    column = beside(sign_in("sales").get("/today").text, "Promises due")
    assert column.index("Late quote") < column.index("Sketch")
    assert "2 days late" in column and 'href="/today/promises">All 2</a>' in column
    assert "Kept sample" not in column and "Word of the boss" not in column


def test_all_of_them_and_how_earlier_ones_went_stand_on_a_page(sign_in: SignIn, promises):
    page = sign_in("sales").get("/today/promises").text
    assert page.index("Late quote") < page.index("Sketch") < page.index("Kept sample")
    assert "kept in time" in page and "By courier" in page
    assert sign_in("sales").get("/today/promises?who=manager").status_code == 404


def test_late_ones_of_the_team_have_risen_to_who_looks_at_it(sign_in: SignIn, promises):
    page = sign_in("manager").get("/today?team=sales").text
    risen = page.partition("Escalated to you")[2].partition("</section>")[0]
    assert "Promise late: Late quote" in risen and "Sketch" not in risen
    assert "/steps/1/takeover" in risen and "/steps/1/nudge" in risen
    assert "Word of the boss" not in risen  # one's own has not risen
    members = page.partition("The team today")[2].partition("</section>")[0]
    assert 'class="late" href="/today/promises?who=sales">1</a>' in members
    assert "Escalated to you" not in sign_in("sales").get("/today").text


class Kitchen:
    """A pack with a part of the right column, and one that fails."""

    @hookimpl
    def today_panels(self, shown) -> list[Panel]:
        if shown.is_team:
            raise LookupError("no team in this pack")
        title = f"Ovens of {len(shown.ids)}"
        return [Panel(name="ovens", title=title, template="frame/_toasts.html", weight=20)]


def test_packs_add_to_it_and_one_that_fails_is_left_out(app: Flask, sign_in: SignIn, promises):
    with app.app_context():
        hooks.manager().register(Kitchen(), "kitchen")
    boss = sign_in("manager")
    page = boss.get("/today?who=sales").text
    assert page.index("Promises due") < page.index("Ovens of 1") < page.index("Written within 24")
    assert boss.get("/today?team=sales").status_code == 200


def test_why_a_task_is_there_is_said_in_the_readers_language_and_leads_there(
    app: Flask, sign_in: SignIn, promises
):
    from crmlite.followups.reasons import TaskReason

    class Reasons:
        @hookimpl
        def register_task_reasons(self) -> list[TaskReason]:
            return [
                TaskReason(
                    "oven",
                    lambda params, reader: f"{params['n']} loaves for {reader.name}",
                    lambda params, reader: "/customers?oven",
                )
            ]

    with app.app_context():
        hooks.manager().register(Reasons(), "reasons")
        today = local_day(clock.now())
        for code in ("oven", "of a pack that is gone"):
            reason = {"code": code, "params": {"n": 3}}
            planned({"id": 1}, what=f"Bake: {code}", due_on=today, reason=reason)
    page = sign_in("sales").get("/today").text
    assert "3 loaves for 林知夏" in page and 'href="/customers?oven"' in page
    assert "Bake: of a pack that is gone" in page
