"""Strategies of packs are followed while their pack is on, and leave nothing behind."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy import func, select

from crmlite import clock
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.followups.models import Task
from crmlite.packs.operations import disable_pack, enable_pack, purge_pack
from crmlite.strategies import queries
from crmlite.strategies.models import Followed, PlannedTouch, Strategy, StrategyVersion
from crmlite.strategies.planner.jobs import SOON
from crmlite.strategies.planner.writing import make_plans
from crmlite.work.actors import command_line, job
from tests.customers.records import add

TRADE = """
[pack]
title = "Trade"
description = "For trying out"
[strategies.regulars]
label = ["Regulars", "老顾客"]
goal = ["Have them come again", "促成复购"]
serves = ["tier is core"]
priority = 99
touches = [{name = "call", every = "week", channel = "phone", about = ["What is new", "新品"]}]
"""
TASKS, TOUCHES = Task.__table__, PlannedTouch.__table__


def planned(app: Flask) -> list[tuple[str, str]]:
    """What is planned, by strategy, and how its task stands."""
    table = Strategy.__table__
    with app.app_context():
        ids = list(database.session.execute(select(Customer.__table__.c.id)).scalars())
        make_plans(ids, by=job(SOON), at=clock.now())
        statement = (
            select(table.c.key, TASKS.c.status)
            .select_from(TOUCHES.join(TASKS, TASKS.c.id == TOUCHES.c.task_id))
            .join(table, table.c.id == TOUCHES.c.strategy_id)
            .where(TOUCHES.c.touch == "call")
            .order_by(TOUCHES.c.id)
        )
        return [tuple(row) for row in database.session.execute(statement)]


def test_a_packs_strategy_is_followed_while_it_is_on_and_is_gone_after_a_purge(
    started: Callable[..., Flask],
) -> None:
    app = started(trade={"pack.toml": TRADE})
    add(app, "sales", tier="core", lifecycle="active")
    by, at = command_line(), clock.now()
    assert planned(app) == [("core", "open")]
    with app.app_context():
        enable_pack("trade", by=by, at=at)
        assert queries.strategies()[0]["key"] == "trade__regulars"
    assert planned(app) == [("core", "dropped"), ("trade__regulars", "open")]
    with app.app_context():
        disable_pack("trade", by=by, at=at)
        assert purge_pack("trade", by=by, at=at)["strategies"] == 1  # before the worker came by
        for table in (Followed, PlannedTouch, StrategyVersion, Strategy):
            columns = table.__table__.c
            key = columns.strategy_id if "strategy_id" in columns else columns.id
            gone = select(func.count()).where(key.not_in(select(Strategy.__table__.c.id)))
            assert database.session.execute(gone).scalar_one() == 0
        orphans = select(func.count()).where(
            TASKS.c.kind == "touch",
            TASKS.c.status == "open",
            TASKS.c.id.not_in(select(TOUCHES.c.task_id)),
        )
        assert database.session.execute(orphans).scalar_one() == 0
    assert planned(app)[-1] == ("core", "open")
