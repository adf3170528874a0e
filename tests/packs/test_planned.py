"""Strategies of packs are followed while their pack is on, and leave nothing behind."""

from collections.abc import Callable
from datetime import date

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


TASTINGS = """
from datetime import timedelta

from crmlite import hookimpl
from crmlite.strategies.events import TouchEvent


def tastings(customer_ids, today):
    days = {customer_id: [today - timedelta(days=1)] for customer_id in customer_ids}
    return {**days, 0: None, 1_000_000: ["x"]}


@hookimpl
def register_touch_events():
    return [TouchEvent(name="trade__tasting", label="a tasting", days=tastings)]
"""
AFTER = """
[strategies.after]
label = ["After tastings", "品鉴会后"]
goal = ["Have them buy", "促成购买"]
serves = ["tier is core"]
on_top = true

[[strategies.after.touches]]
name = "call"
when = "40 days after trade__tasting"
channel = "phone"
about = ["How was it", "反馈"]
"""


def test_a_pack_tells_what_touches_lie_around(started: Callable[..., Flask]) -> None:
    app = started(trade={"pack.toml": TRADE + AFTER, "plugin.py": TASTINGS})
    add(app, "sales", tier="core", lifecycle="active")
    with app.app_context():
        enable_pack("trade", by=command_line(), at=clock.now())
        followed = database.session.execute(select(Strategy.id)).scalars().all()
        database.session.execute(
            Followed.__table__.insert(),
            [
                {
                    "customer_id": database.session.execute(
                        select(Customer.__table__.c.id)
                    ).scalar(),
                    "strategy_id": row["strategy_id"],
                    "version_id": row["id"],
                    "begun_on": date(2020, 1, 1),
                }
                for row in database.session.execute(select(StrategyVersion.__table__)).mappings()
                if row["strategy_id"] in followed
            ],
        )
        database.session.commit()
    assert ("trade__after", "open") in planned(app)
    with app.app_context():
        disable_pack("trade", by=command_line(), at=clock.now())
    assert ("trade__after", "dropped") in planned(app)
