"""The queue: cases in the order in which something is due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from crmlite.access import Reader
from crmlite.cases.models import Case, CaseFacts
from crmlite.cases.sight import open_ones_in_sight, reached, seen_cases
from crmlite.customers.models import Customer
from crmlite.db.keyset import Page, Sort, cut, ordered
from crmlite.extensions import database
from crmlite.rules.casework import Status

Row = Mapping[str, Any]
CASES, FACTS, CUSTOMERS = Case.__table__, CaseFacts.__table__, Customer.__table__
SIZE = 50
MOST_COUNTED = 1000
MINE, UNASSIGNED, TEAM, OPEN, CLOSED = "mine", "unassigned", "team", "open", "closed"
WAITING, REVISIT = "waiting", "revisit"
VIEWS = (MINE, UNASSIGNED, TEAM, OPEN, WAITING, REVISIT, CLOSED)
FILTERS = ("kind", "level", "category", "status", "channel", "mood")  # columns of Case
COLUMNS = (
    CASES.c.id,
    CASES.c.number,
    CASES.c.subject,
    CASES.c.kind,
    CASES.c.level,
    CASES.c.category,
    CASES.c.status,
    CASES.c.is_complex,
    CASES.c.opened_at,
    CASES.c.assignee_id,
    CASES.c.team_id,
    CASES.c.customer_id,
    FACTS.c.clock,
    FACTS.c.unit,
    FACTS.c.due_at,
    FACTS.c.sort_at,
    FACTS.c.is_held,
    FACTS.c.reopened,
    FACTS.c.step,
    FACTS.c.owner_id,
    CUSTOMERS.c.name.label("customer"),
    CUSTOMERS.c.number.label("customer_number"),
    CUSTOMERS.c.dedicated_id,
    CUSTOMERS.c.tier,
    CUSTOMERS.c.lifecycle,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What the queue is asked for: one of VIEWS, values of FILTERS, somebody's, a customer's. `saved`
    is the saved view it came from; 0 for none."""

    view: str = OPEN
    filters: Mapping[str, str] = field(default_factory=dict)
    assignee_id: int | None = None
    customer_id: int | None = None
    saved: int = 0

    @property
    def is_narrowed(self) -> bool:
        """Whether it is less than its view holds."""
        return bool(self.filters) or self.assignee_id is not None or self.customer_id is not None


def page_of(reader: Reader, wanted: Wanted, cursor: str = "") -> Page:
    """A page of the queue. Raises BadCursor."""
    newest_first = wanted.view == CLOSED
    sort = (
        Sort("opened", CASES.c.opened_at, descending=True)
        if newest_first
        else Sort("due", FACTS.c.sort_at)
    )
    statement = ordered(_asked(reader, wanted, COLUMNS), sort, FACTS.c.case_id, cursor, SIZE)
    rows = database.session.execute(statement).mappings().all()
    key = "opened_at" if newest_first else "sort_at"
    return cut(rows, sort, cursor, SIZE, key=key, id_key="id")


def neighbours(reader: Reader, wanted: Wanted, case: Row) -> tuple[str, str]:
    """The numbers of the cases before and after a case in the order of a queue, whether it is itself
    there or not; empty for none."""
    newest_first = wanted.view == CLOSED
    column = CASES.c.opened_at if newest_first else FACTS.c.sort_at
    value = case["opened_at"] if newest_first else case["sort_at"]
    found = []
    for descending in (not newest_first, newest_first):
        order = (column.desc(), FACTS.c.case_id.desc()) if descending else (column, FACTS.c.case_id)
        statement = _asked(reader, wanted, (CASES.c.number,)).order_by(*order).limit(1)
        further = _further(column, value, case["id"], descending=descending)
        found.append(database.session.execute(statement.where(further)).scalar() or "")
    return found[0], found[1]


def _further(
    column: ColumnElement[Any], value: Any, case_id: int, *, descending: bool
) -> ColumnElement[bool]:
    if descending:
        return or_(column < value, and_(column == value, FACTS.c.case_id < case_id))
    return or_(column > value, and_(column == value, FACTS.c.case_id > case_id))


def on_desk(reader: Reader, user_id: int, limit: int) -> tuple[list[Row], int]:
    """What somebody has on the desk, the most urgent first, and how many there are in all."""
    wanted = Wanted(view=OPEN, assignee_id=user_id)
    statement = _asked(reader, wanted, COLUMNS).order_by(FACTS.c.sort_at, FACTS.c.case_id)
    rows = database.session.execute(statement.limit(limit)).mappings().all()
    return list(rows), counted(reader, wanted) if len(rows) == limit else len(rows)


def counted(reader: Reader, wanted: Wanted) -> int:
    """How many there are; counted to MOST_COUNTED, by indexes of the facts alone where nothing else is
    asked for: only cases that are there have facts."""
    if wanted.filters or wanted.customer_id is not None:
        found = _asked(reader, wanted, (FACTS.c.case_id,))
    else:
        found = select(FACTS.c.case_id).where(
            reached(reader, "cases:see"), *_of_facts(reader, wanted)
        )
    some = found.limit(MOST_COUNTED).subquery()
    return int(database.session.execute(select(func.count()).select_from(some)).scalar_one())


def counts(reader: Reader, views: Sequence[str] = VIEWS[:-1]) -> dict[str, int]:
    """How many each view holds."""
    return {view: counted(reader, Wanted(view=view)) for view in views}


def _asked(reader: Reader, wanted: Wanted, columns: Sequence[Any]) -> Select[Any]:
    source = FACTS.join(CASES, CASES.c.id == FACTS.c.case_id)
    if any(column.table is CUSTOMERS for column in columns if hasattr(column, "table")):
        source = source.join(CUSTOMERS, CUSTOMERS.c.id == CASES.c.customer_id)
    statement = select(*columns).select_from(source)
    statement = statement.where(*_of_facts(reader, wanted))
    for name, value in wanted.filters.items():
        statement = statement.where(CASES.c[name] == value)
    if wanted.customer_id is not None:
        statement = statement.where(CASES.c.customer_id == wanted.customer_id)
    return seen_cases(reader, statement)


def _of_facts(reader: Reader, wanted: Wanted) -> list[ColumnElement[bool]]:
    found = [*_view(reader, wanted.view)]
    if wanted.assignee_id is not None:
        found.append(FACTS.c.assignee_id == wanted.assignee_id)
    return found


def _view(reader: Reader, view: str) -> Sequence[ColumnElement[bool]]:
    if view == CLOSED:
        return (FACTS.c.is_open.is_(False),)
    is_open = FACTS.c.is_open.is_(True)
    match view:
        case "mine":
            return (is_open, FACTS.c.assignee_id == reader.user_id)
        case "unassigned":
            return (is_open, FACTS.c.assignee_id.is_(None), open_ones_in_sight(reader))
        case "team":
            return (
                is_open,
                FACTS.c.team_id.in_(sorted(reader.team_ids)),
                open_ones_in_sight(reader),
            )
        case "waiting":
            return (FACTS.c.status == Status.WAITING,)
        case "revisit":
            return (FACTS.c.status == Status.RESOLVED,)
    return (is_open, open_ones_in_sight(reader))
