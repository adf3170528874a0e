"""The plan on a customer's page: by which strategy, what comes next, and why."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import and_, select

from crmlite import clock
from crmlite.access import Reader
from crmlite.accounts.queries import person_name
from crmlite.customers.models import Contact, Facts
from crmlite.customers.queries import is_main_contact
from crmlite.extensions import database
from crmlite.followups.models import Task
from crmlite.followups.reasons import reason_words
from crmlite.followups.wording import due_state, due_words
from crmlite.paging import with_query
from crmlite.panels import Panel
from crmlite.rules.conditions import to_text, where
from crmlite.settings.queries import local_day
from crmlite.strategies import queries
from crmlite.strategies.models import Followed, PlannedTouch, Strategy
from crmlite.strategies.sending import to_send
from crmlite.strategies.wording import message_for
from crmlite.wording import label

FOLLOWED, TOUCHES = Followed.__table__, PlannedTouch.__table__
STRATEGIES, TASKS = Strategy.__table__, Task.__table__
CONTACTS, FACTS = Contact.__table__, Facts.__table__
SEE = "strategies:see"


def of_customer(customer: Mapping[str, Any], reader: Reader) -> list[Panel]:
    """The plan of a customer; nothing for whom no strategy serves."""
    if not reader.may(SEE):
        return []
    rows = _rows(customer["id"])
    if not rows:
        return []
    served = {row["strategy_id"]: _served(row) for row in rows}
    lines = [_line(row, reader) for row in rows if row["due_on"] is not None]
    return [
        Panel(
            name="plan",
            title=_("Contact plan"),
            template="strategies/_plan.html",
            context={
                "main": [one for one in served.values() if not one["on_top"]],
                "on_top": [one["name"] for one in served.values() if one["on_top"]],
                "table": with_query(
                    url_for("strategies.table"),
                    {"w": to_text(where("number", "is", customer["number"]))},
                ),
                "lines": sorted(lines, key=lambda line: line["day"]),
            },
            weight=15,
        )
    ]


def of_brief(customer: Mapping[str, Any], reader: Reader) -> list[Panel]:
    """What to talk about with a customer, and what is ready to be sent; nothing where nothing is
    planned."""
    lines = talks_of(customer, reader)
    if not lines:
        return []
    return [
        Panel(
            name="talk",
            title=_("Talking points"),
            template="strategies/_talk.html",
            context={"lines": lines},
            weight=5,
        )
    ]


def talks_of(customer: Mapping[str, Any], reader: Reader) -> list[dict[str, Any]]:
    """What each planned touch of a customer is about, the earliest first, as far as the reader sees
    strategies: `id` of its task, `channel`, `what`, `about`, `questions`, `points`."""
    if not reader.may(SEE):
        return []
    lines = [line for row in _rows(customer["id"]) if (line := _talk(row, customer)) is not None]
    return sorted(lines, key=lambda line: line["day"])


def _talk(row: Mapping[str, Any], customer: Mapping[str, Any]) -> dict[str, Any] | None:
    """What a planned touch is about, in the reader's language."""
    if row["due_on"] is None:
        return None
    touches = queries.touches_of(row["touches"])
    touch = next((one for one in touches if one.name == row["touch"]), None)
    if touch is None:
        return None
    return {
        "id": row["task_id"],
        "channel": row["channel"],
        "what": label(touch.label),
        "day": row["due_on"],
        "due": due_words(row["due_on"], row["due_at"]),
        "state": due_state(row["due_on"], row["due_at"]),
        "about": label(touch.about(row["core_need"])),
        "questions": [label(one) for one in touch.questions],
        "points": [label(one) for one in touch.points],
        "message": message_for(touch, row["to"] or customer["name"]),
    }


def on_today(shown: Any, reader: Reader) -> list[Panel]:
    """That something is to be sent, on the reader's own day."""
    if shown.is_team or not shown.mine or not reader.may(SEE):
        return []
    waiting = to_send(reader, local_day(clock.now()))
    if not waiting:
        return []
    return [
        Panel(
            name="sending",
            title=_("To be sent"),
            template="strategies/_sending.html",
            context={"kinds": Counter(label(one.touch.label) for one in waiting).most_common()},
            count=len(waiting),
            url=url_for("strategies.sending"),
            weight=40,
        )
    ]


def _rows(customer_id: int) -> Sequence[Mapping[str, Any]]:
    """The strategies that serve a customer, the main one first, each with what is planned by it."""
    planned = and_(
        TOUCHES.c.strategy_id == FOLLOWED.c.strategy_id,
        TOUCHES.c.customer_id == FOLLOWED.c.customer_id,
        TOUCHES.c.state == "open",
    )
    task = and_(
        TASKS.c.id == TOUCHES.c.task_id, TASKS.c.status == "open", TASKS.c.state == "active"
    )
    told = ("channel", "due_on", "due_at", "reason", "what", "assignee_id")
    statement = (
        select(
            FOLLOWED.c.strategy_id,
            STRATEGIES.c.label,
            STRATEGIES.c.on_top,
            STRATEGIES.c.touches,
            TOUCHES.c.touch,
            TOUCHES.c.task_id,
            FACTS.c.core_need,
            CONTACTS.c.name.label("to"),
            *(TASKS.c[name] for name in told),
        )
        .select_from(
            FOLLOWED.join(STRATEGIES, STRATEGIES.c.id == FOLLOWED.c.strategy_id)
            .outerjoin(TOUCHES, planned)
            .outerjoin(TASKS, task)
            .outerjoin(CONTACTS, is_main_contact(FOLLOWED.c.customer_id))
            .outerjoin(FACTS, FACTS.c.customer_id == FOLLOWED.c.customer_id)
        )
        .where(FOLLOWED.c.customer_id == customer_id)
        .order_by(STRATEGIES.c.on_top, STRATEGIES.c.priority.desc(), STRATEGIES.c.id, TASKS.c.id)
    )
    return database.session.execute(statement).mappings().all()


def _served(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": label(row["label"]),
        "url": url_for("strategies.show", strategy_id=row["strategy_id"]),
        "on_top": row["on_top"],
    }


def _line(row: Mapping[str, Any], reader: Reader) -> dict[str, Any]:
    reason = row["reason"]
    return {
        "what": label(reason["params"]["touch"]) if reason else row["what"],
        "day": row["due_on"],
        "due": due_words(row["due_on"], row["due_at"]),
        "state": due_state(row["due_on"], row["due_at"]),
        "why": reason_words(reason, reader),
        "who": person_name(row["assignee_id"]),
    }
