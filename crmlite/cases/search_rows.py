"""How cases stand in the search index, and how they are shown when found."""

from collections.abc import Mapping, Sequence

from flask import url_for
from sqlalchemy import func, select

from crmlite.access import Reader
from crmlite.accounts.queries import person_name
from crmlite.cases.models import Case, CaseFacts, CaseMember, CaseMessage
from crmlite.cases.sight import seen_cases
from crmlite.cases.words import status_label
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.search.entries import Entry
from crmlite.search.index import put_many
from crmlite.search.searchables import Found, Searchable
from crmlite.search.tokens import LONGEST_TEXT
from crmlite.wording import N_

TYPE = "case"
MOST_SAID = 20_000  # characters by which a case is found
MOST_MESSAGES = 50
CASES, FACTS, MEMBERS = Case.__table__, CaseFacts.__table__, CaseMember.__table__
MESSAGES, CUSTOMERS = CaseMessage.__table__, Customer.__table__


def index_cases(case_ids: Sequence[int]) -> None:
    """Make the search rows of these cases anew. Belongs inside an operation."""
    joined: dict[int, list[int]] = {}
    wanted = select(MEMBERS.c.case_id, MEMBERS.c.user_id).where(MEMBERS.c.case_id.in_(case_ids))
    for case_id, user_id in database.session.execute(wanted):
        joined.setdefault(case_id, []).append(user_id)
    said = _said(case_ids)
    rows = database.session.execute(
        select(CASES, CUSTOMERS.c.owner_id, CUSTOMERS.c.name.label("customer"))
        .join(CUSTOMERS, CUSTOMERS.c.id == CASES.c.customer_id)
        .where(CASES.c.id.in_(case_ids))
    ).mappings()
    put_many(
        TYPE,
        [
            Entry(
                record_id=row["id"],
                title=row["subject"],
                names=[row["customer"]],
                numbers=[row["number"], *filter(None, [row["order_number"]])],
                labels=list(filter(None, [row["product"]])),
                texts=[*filter(None, [row["demand"]]), *said.get(row["id"], ())],
                owner_id=row["owner_id"],
                also=[*filter(None, [row["assignee_id"]]), *joined.get(row["id"], ())],
                state=row["state"],
            )
            for row in rows
        ],
    )


def _said(case_ids: Sequence[int]) -> Mapping[int, Sequence[str]]:
    """What was said in these cases, the newest first; of long conversations the newest part."""
    order = MESSAGES.c.at.desc(), MESSAGES.c.id.desc()
    place = func.row_number().over(partition_by=MESSAGES.c.case_id, order_by=order)
    content = func.substr(MESSAGES.c.content, 1, LONGEST_TEXT)
    newest = (
        select(MESSAGES.c.case_id, content.label("content"), place.label("place"))
        .where(MESSAGES.c.case_id.in_(case_ids), MESSAGES.c.state == "active")
        .subquery()
    )
    found: dict[int, list[str]] = {}
    left = dict.fromkeys(case_ids, MOST_SAID)
    wanted = select(newest).where(newest.c.place <= MOST_MESSAGES).order_by(newest.c.place)
    for case_id, text, _place in database.session.execute(wanted):
        if left[case_id] > 0:
            found.setdefault(case_id, []).append(text)
            left[case_id] -= len(text)
    return found


def searchable() -> Searchable:
    """Cases in the search box."""
    return Searchable(
        record_type=TYPE,
        label=N_("Complaints"),
        icon="message-circle",
        permission="cases:see",
        present=present,
        index=index_cases,
        weight=20,
    )


def present(reader: Reader, case_ids: Sequence[int]) -> Mapping[int, Found]:
    """How found cases are shown; those out of sight are left out."""
    statement = (
        select(
            CASES.c.id,
            CASES.c.number,
            CASES.c.subject,
            CASES.c.status,
            CASES.c.assignee_id,
            CUSTOMERS.c.name.label("customer"),
        )
        .select_from(
            FACTS.join(CASES, CASES.c.id == FACTS.c.case_id).join(
                CUSTOMERS, CUSTOMERS.c.id == CASES.c.customer_id
            )
        )
        .where(CASES.c.id.in_(case_ids))
    )
    found = {}
    for row in database.session.execute(seen_cases(reader, statement)):
        about = (row.number, row.customer, status_label(row.status), person_name(row.assignee_id))
        url = url_for("cases.show", number=row.number)
        found[row.id] = Found(url, row.subject, " · ".join(filter(None, about)))
    return found
