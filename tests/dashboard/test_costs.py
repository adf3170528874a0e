"""Today costs no more with many lines than with few, and looks nothing up by reading a table through."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from crmlite import clock
from crmlite.extensions import database
from crmlite.settings.queries import local_day
from crmlite.testing import SignIn
from tests.customers.records import counted
from tests.followups.conftest import add_customer
from tests.followups.tasks import planned

READ_THROUGH = re.compile(r"SCAN (task|customer|interaction|contact_start|case|case_facts)\b")


def plan_some(app: Flask, count: int) -> None:
    """A customer of sales with tasks, late and of today."""
    with app.app_context():
        today, customer = local_day(clock.now()), add_customer("sales", "Calder Bearings Ltd")
        for n in range(count):
            kind = ("promise", "next-step")[n % 2]
            planned(customer, kind=kind, channel="phone", due_on=today - timedelta(days=n))
        planned(customer, channel="phone", due_at=clock.now() - timedelta(hours=1))


@contextmanager
def plans(app: Flask) -> Iterator[list[str]]:
    """Collects how SQLite goes about each query."""
    found: list[str] = []

    def explain(connection: Any, _cursor: Any, asked: str, params: Any, *_more: Any) -> None:
        if asked.startswith(("SELECT", "WITH")):
            rows = connection.connection.execute(f"EXPLAIN QUERY PLAN {asked}", params)
            found.extend(row[3] for row in rows)

    with app.app_context():
        engine = database.engine
    event.listen(engine, "before_cursor_execute", explain)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", explain)


def test_today_costs_the_same_with_few_lines_and_many(app: Flask, sign_in: SignIn):
    sales, boss, figures = sign_in("sales"), sign_in("manager"), []
    plan_some(app, 2)
    for _round in range(2):
        for client, url in ((sales, "/today"), (boss, "/today?team=sales"), (sales, "/customers")):
            forget_counts(app)  # else one that was kept a while ago runs out in between
            client.get(url)
            with counted(app) as statements:
                assert client.get(url).status_code == 200
            figures.append((url, len(statements.own)))
        plan_some(app, 60)
    assert figures[:3] == figures[3:]
    assert dict(figures)["/today"] <= 10


def forget_counts(app: Flask) -> None:
    """Have every count beside the navigation asked for anew."""
    for name, kept in app.extensions.items():
        if name.startswith("crmlite.counts."):
            kept.clear()


@pytest.mark.parametrize("engine", ["sqlite"])
def test_an_index_leads_to_all_of_it(app: Flask, sign_in: SignIn):
    plan_some(app, 30)
    who = {"/today?team=sales": "manager"}
    for url in (
        "/today",
        "/today?team=sales",
        "/today?older=1",
        "/today/written",
        "/today/promises",
    ):
        client = sign_in(who.get(url, "sales"))
        with plans(app) as found:
            assert client.get(url).status_code == 200
        assert any("ix_task" in step or "ix_interaction" in step for step in found), url
        assert [step for step in found if READ_THROUGH.match(step)] == [], url
