"""Files of cases: how a case is found for them, and where they stand on its page."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from crmlite.access import Reader
from crmlite.cases.models import Case, CaseFacts
from crmlite.cases.sight import seen_cases
from crmlite.extensions import database
from crmlite.files.attachables import Attachable, Target
from crmlite.files.showing import attachments
from crmlite.panels import Panel
from crmlite.wording import N_

Row = Mapping[str, Any]
CASES, FACTS = Case.__table__, CaseFacts.__table__


def attachable() -> Attachable:
    """Cases take files."""
    return Attachable(record_type="case", label=N_("Case"), find=_find, event="case-changed")


def panels(row: Row, reader: Reader) -> list[Panel]:
    """The files beside a case, for who may see them."""
    target = Target(
        customer_id=row["customer_id"],
        owner_id=row["customer_owner_id"],
        url=url_for("cases.show", number=row["number"]),
        title=row["subject"],
    )
    may_change = _find(reader, row["id"], change=True) is not None
    given = attachments("case", row["id"], target, reader, may_change=may_change, beside=True)
    if given is None:
        return []
    template = "files/_attachments.html"
    return [
        Panel(name="attachments", title=_("Files"), template=template, context=given, weight=50)
    ]


def _find(reader: Reader, case_id: int, *, change: bool) -> Target | None:
    wanted = (
        select(CASES.c.number, CASES.c.subject, CASES.c.customer_id, FACTS.c.owner_id)
        .select_from(FACTS.join(CASES, CASES.c.id == FACTS.c.case_id))
        .where(CASES.c.id == case_id)
    )
    permission = "cases:edit" if change else "cases:see"
    row = database.session.execute(seen_cases(reader, wanted, permission=permission)).first()
    if row is None:
        return None
    return Target(
        customer_id=row.customer_id,
        owner_id=row.owner_id,
        url=url_for("cases.show", number=row.number),
        title=row.subject,
    )
