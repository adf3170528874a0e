"""Opening a case: for a customer of the book, or for one who is added in the same step."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crmlite.accounts.queries import teams
from crmlite.cases.categories import level_of
from crmlite.cases.levels import may_have
from crmlite.cases.models import Case, CaseMessage
from crmlite.cases.numbers import give_number
from crmlite.cases.operations.events import settled, write_down
from crmlite.cases.operations.leading import appoint_lead, involve_manager
from crmlite.cases.operations.people import tell_assigned
from crmlite.cases.words import COMPLAINT, COMPLEX, GENERAL
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.models import Contact, Customer
from crmlite.customers.operations import add_contact, create_customer
from crmlite.extensions import database
from crmlite.work import Actor, current, operation, records

CUSTOMERS, CONTACTS = Customer.__table__, Contact.__table__
SUPPORT = "support"  # the team that general cases go to


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseDraft:
    """A case to be opened.

    `customer` is the id of one in the book, or a draft of one to be added. `values` are columns of
    Case: kind, subject, channel, opened_at and what else is known. `said` is what the customer said,
    the first message of the conversation. Without a level a complaint begins with that of its category.
    `is_complex` None: as its level has it. `caller` are columns
    of a contact whom a customer of the book gets in the same step; a new one brings its own.
    """

    customer: int | CustomerDraft
    values: Mapping[str, Any]
    said: str = ""
    is_complex: bool | None = None
    caller: Mapping[str, Any] | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@operation("case_opened")
def open_case(draft: CaseDraft, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Open a case; answers `{"id", "number", "customer", "operation"}`.

    One that nobody is named for goes to the dedicated person of its customer, else to the support
    team; a severe or critical complaint is complex unless it is said otherwise. Managers are told, or
    one of them leads it, where its category asks for that. Raises Refused as adding a customer does.
    """
    customer_id = draft.customer
    if isinstance(customer_id, CustomerDraft):
        customer_id = int(create_customer(customer_id, by=by, at=at)["id"])
    values = _values(draft, customer_id) | _caller(draft, customer_id, by=by, at=at)
    if values["assignee_id"] is None:
        values["assignee_id"] = dedicated_person(customer_id)
    case_id = records.insert(Case, values)
    case = {**values, "id": case_id}
    write_down(case, "opened", by=by, at=at, happened_at=values["opened_at"])
    if draft.said:
        records.insert(
            CaseMessage,
            {
                "case_id": case_id,
                "customer_id": customer_id,
                "state": "active",
                "direction": "in",
                "channel": values["channel"],
                "contact_id": values.get("contact_id"),
                "content": draft.said,
                "at": values["opened_at"],
            },
        )
    if values["assignee_id"] is not None:
        write_down(case, "assigned", by=by, at=at, data={"to": values["assignee_id"]})
        tell_assigned(case, by=by, at=at)
    appoint_lead(case, None, by=by, at=at)
    involve_manager(case, by=by, at=at)
    settled(case)
    return {
        "id": case_id,
        "number": values["number"],
        "customer": customer_id,
        "operation": current().id,
    }


def _caller(draft: CaseDraft, customer_id: int, *, by: Actor, at: datetime) -> dict[str, int]:
    """Whom it is talked about with, where that is somebody who is added with the case."""
    if draft.caller is not None:
        return {"contact_id": int(add_contact(customer_id, draft.caller, by=by, at=at))}
    if isinstance(draft.customer, CustomerDraft):
        known = select(CONTACTS.c.id).where(
            CONTACTS.c.customer_id == customer_id, CONTACTS.c.is_primary.is_(True)
        )
        if (found := database.session.execute(known).scalar()) is not None:
            return {"contact_id": found}
    return {}


def dedicated_person(customer_id: int) -> int | None:
    """To whom the cases of a customer go first; None for nobody, or where that person left
    or may not see cases."""
    wanted = select(CUSTOMERS.c.dedicated_id).where(CUSTOMERS.c.id == customer_id)
    user_id = database.session.execute(wanted).scalar()
    return user_id if may_have(user_id) else None


def _values(draft: CaseDraft, customer_id: int) -> dict[str, Any]:
    given = dict(draft.values)
    is_complaint = given["kind"] == COMPLAINT
    begins = given.get("level") or level_of(given.get("category")) or GENERAL
    level = begins if is_complaint else None
    is_complex = level in COMPLEX if draft.is_complex is None else draft.is_complex
    if not is_complaint:
        given |= {"mood": None, "demand": None}
    return {
        "assignee_id": None,
        "team_id": _support_team(),
        **given,
        "number": give_number(),
        "customer_id": customer_id,
        "state": "active",
        "status": "new",
        "level": level,
        "is_complex": is_complex,
        "extra": dict(draft.extra) or None,
    }


def _support_team() -> int | None:
    return next((team.id for team in teams() if team.key == SUPPORT), None)
