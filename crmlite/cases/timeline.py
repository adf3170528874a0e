"""What cases put into a customer's timeline: each when it was opened."""

from collections.abc import Sequence
from datetime import datetime

from flask import g, url_for
from sqlalchemy import select

from crmlite.access import Reader
from crmlite.accounts.queries import person_name
from crmlite.cases.models import Case, CaseFacts
from crmlite.cases.queries.cases import of_customer
from crmlite.cases.sight import seen_cases
from crmlite.cases.words import kind_label, listed, status_label
from crmlite.customers.timeline import Entry, Row, TimelineSource
from crmlite.extensions import database
from crmlite.followups.queries.interactions import further
from crmlite.wording import N_

PREFIX = "case"
CASES, FACTS = Case.__table__, CaseFacts.__table__


def sources() -> list[TimelineSource]:
    """Cases, when they were opened."""
    return [TimelineSource(name="cases", label=N_("complaints"), entries=entries, weight=15)]


def entries(
    customer: Row, reader: Reader, before: tuple[datetime, str] | None, limit: int
) -> Sequence[Entry]:
    """Each case when it was opened, with where it stands now."""
    statement = (
        select(
            CASES.c.id,
            CASES.c.number,
            CASES.c.subject,
            CASES.c.kind,
            CASES.c.level,
            CASES.c.status,
            CASES.c.assignee_id,
            CASES.c.opened_at,
            CASES.c.resolution,
        )
        .select_from(CASES.join(FACTS, FACTS.c.case_id == CASES.c.id))
        .where(CASES.c.customer_id == customer["id"])
    )
    if before is not None:
        statement = statement.where(further(CASES.c.opened_at, CASES.c.id, PREFIX, *before))
    statement = statement.order_by(CASES.c.opened_at.desc(), CASES.c.id.desc()).limit(limit)
    rows = database.session.execute(seen_cases(reader, statement)).mappings().all()
    if before is None:
        g.latest_cases = customer["id"], rows
    return [_entry(row) for row in rows]


def latest(customer: Row, reader: Reader, limit: int) -> Sequence[Row]:
    """The latest cases of a customer, for a panel beside the timeline: from what that has read where
    the page shows both."""
    customer_id, rows = g.get("latest_cases", (0, ()))
    if customer_id == customer["id"]:
        return rows[:limit]
    return of_customer(reader, customer["id"], limit=limit)


def _entry(row: Row) -> Entry:
    return Entry(
        at=row["opened_at"],
        key=f"{PREFIX}-{row['id']:012d}",
        kind="cases",
        template="cases/moment_case.html",
        context={
            "row": row,
            "url": url_for("cases.show", number=row["number"]),
            "kind": kind_label(row["kind"]),
            "level": listed("level", row["level"]) if row["level"] else "",
            "status": status_label(row["status"]),
            "assignee": person_name(row["assignee_id"]),
        },
    )
