"""The plan on a customer's page: by which strategy, what comes next, and why."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from crmlite.access import Reader
from crmlite.accounts.queries import person_name
from crmlite.extensions import database
from crmlite.followups.kinds import icon_of
from crmlite.followups.models import Task
from crmlite.followups.reasons import reason_words
from crmlite.followups.wording import due_state, due_words
from crmlite.panels import Panel
from crmlite.strategies.models import Followed, PlannedTouch, Strategy
from crmlite.wording import label

FOLLOWED, TOUCHES = Followed.__table__, PlannedTouch.__table__
STRATEGIES, TASKS = Strategy.__table__, Task.__table__
SEE = "strategies:see"


def of_customer(customer: Mapping[str, Any], reader: Reader) -> list[Panel]:
    """The plan of a customer whose tasks the reader sees; nothing for who has none."""
    if not reader.may(SEE):
        return []
    served = _served(customer["id"])
    lines = _lines(customer["id"], reader)
    if not (served or lines):
        return []
    return [
        Panel(
            name="plan",
            title=_("Contact plan"),
            template="strategies/_plan.html",
            context={"served": served, "lines": lines},
            weight=15,
        )
    ]


def _served(customer_id: int) -> list[dict[str, Any]]:
    """The strategies that serve a customer, the main one first."""
    statement = (
        select(STRATEGIES.c.id, STRATEGIES.c.label, STRATEGIES.c.on_top, FOLLOWED.c.begun_on)
        .join(FOLLOWED, FOLLOWED.c.strategy_id == STRATEGIES.c.id)
        .where(FOLLOWED.c.customer_id == customer_id)
        .order_by(STRATEGIES.c.on_top, STRATEGIES.c.priority.desc(), STRATEGIES.c.id)
    )
    return [
        {
            "name": label(row.label),
            "url": url_for("strategies.show", strategy_id=row.id),
            "on_top": row.on_top,
            "since": row.begun_on,
        }
        for row in database.session.execute(statement)
    ]


def _lines(customer_id: int, reader: Reader) -> list[dict[str, Any]]:
    """What is planned, the next first."""
    statement = (
        select(TASKS)
        .join(TOUCHES, TOUCHES.c.task_id == TASKS.c.id)
        .where(
            TOUCHES.c.customer_id == customer_id,
            TOUCHES.c.state == "open",
            TASKS.c.status == "open",
            TASKS.c.state == "active",
        )
        .order_by(TASKS.c.due_on, TASKS.c.id)
    )
    return [
        {
            "what": label(row["reason"]["params"]["touch"]) if row["reason"] else row["what"],
            "icon": icon_of(row["channel"]),
            "due": due_words(row["due_on"], row["due_at"]),
            "state": due_state(row["due_on"], row["due_at"]),
            "why": reason_words(row["reason"], reader),
            "who": person_name(row["assignee_id"]),
        }
        for row in database.session.execute(statement).mappings()
    ]
