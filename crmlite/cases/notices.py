"""What people are told of cases, in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from crmlite.access import Reader
from crmlite.cases.models import Case, CaseFacts
from crmlite.cases.sight import seen_cases
from crmlite.cases.telling import escalation_words
from crmlite.cases.words import listed
from crmlite.extensions import database
from crmlite.notifications.kinds import NotificationKind, Params
from crmlite.wording import N_

CASES, FACTS = Case.__table__, CaseFacts.__table__


def kinds() -> list[NotificationKind]:
    """All that cases tell people."""
    return [
        NotificationKind(
            name="case-assigned",
            label=N_("A case is assigned to me"),
            icon="user",
            words=_assigned,
            url=_url,
            ahead=_ahead,
        ),
        NotificationKind(
            name="case-joined",
            label=N_("I am in the joint team of a case"),
            icon="users",
            words=_joined,
            url=_url,
            ahead=_ahead,
        ),
        NotificationKind(
            name="case-leads",
            label=N_("I am to lead the joint team of a case"),
            icon="users",
            words=_leads,
            url=_url,
            ahead=_ahead,
        ),
        NotificationKind(
            name="case-told",
            label=N_("A case is of a category that managers are told of"),
            icon="alert-triangle",
            words=_told,
            url=_url,
            urgent=True,
            ahead=_ahead,
        ),
        NotificationKind(
            name="case-task",
            label=N_("I am given a task in a case"),
            icon="checklist",
            words=_asked,
            url=_url,
            ahead=_ahead,
        ),
        NotificationKind(
            name="case-mentioned",
            label=N_("A colleague mentions me"),
            icon="lock",
            words=_mentioned,
            url=_url,
            ahead=_ahead,
        ),
        NotificationKind(
            name="case-due",
            label=N_("Time is running out for a case"),
            icon="clock",
            words=_escalated,
            url=_url,
            urgent=True,
            ahead=_ahead,
        ),
        NotificationKind(
            name="case-overdue",
            label=N_("A case is overdue"),
            icon="alert-triangle",
            words=_escalated,
            url=_url,
            urgent=True,
            mutable=False,
            ahead=_ahead,
        ),
    ]


def _ahead(given: Sequence[Params], reader: Reader) -> None:
    """Read all the cases of a page at once."""
    ids = {params["case"] for params in given}
    statement = (
        select(CASES.c.id, CASES.c.number, CASES.c.subject, CASES.c.category)
        .select_from(FACTS.join(CASES, CASES.c.id == FACTS.c.case_id))
        .where(CASES.c.id.in_(ids))
    )
    rows = database.session.execute(seen_cases(reader, statement)).mappings()
    known = g.setdefault("cases_told", {})
    known |= dict.fromkeys(ids) | {row["id"]: row for row in rows}


def _case(params: Params, reader: Reader) -> Mapping[str, Any] | None:
    if params["case"] not in g.setdefault("cases_told", {}):
        _ahead([params], reader)
    return g.cases_told[params["case"]]  # type: ignore[no-any-return]


def _named(row: Mapping[str, Any]) -> str:
    return _("%(subject)s (%(number)s)", subject=row["subject"], number=row["number"])


def _assigned(params: Params, reader: Reader) -> str | None:
    row = _case(params, reader)
    return _("Assigned to you: %(case)s", case=_named(row)) if row else None


def _joined(params: Params, reader: Reader) -> str | None:
    row = _case(params, reader)
    return _("You are in the joint team: %(case)s", case=_named(row)) if row else None


def _leads(params: Params, reader: Reader) -> str | None:
    row = _case(params, reader)
    return _("You lead the joint team: %(case)s", case=_named(row)) if row else None


def _told(params: Params, reader: Reader) -> str | None:
    row = _case(params, reader)
    if row is None:
        return None
    return _(
        "%(category)s: %(case)s", category=listed("category", row["category"]), case=_named(row)
    )


def _asked(params: Params, reader: Reader) -> str | None:
    row = _case(params, reader)
    return _("A task for you in %(case)s", case=_named(row)) if row else None


def _mentioned(params: Params, reader: Reader) -> str | None:
    row = _case(params, reader)
    return _("You are mentioned: %(case)s", case=_named(row)) if row else None


def _escalated(params: Params, reader: Reader) -> str | None:
    row = _case(params, reader)
    if row is None:
        return None
    return f"{escalation_words(params['clock'], params['step'])} · {_named(row)}"


def _url(params: Params) -> str:
    return url_for("cases.show", number=params["number"])
