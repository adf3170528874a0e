"""What records of packs put on other pages: tabs of a customer's page, parts of those of orders and
cases."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from crmlite.access import Reader
from crmlite.objects import queries
from crmlite.objects.kinds import Kind, any_kinds, known
from crmlite.objects.record import columns_of, lines, places, tab_url
from crmlite.objects.sight import may_add
from crmlite.objects.words import OFF, PARENTS
from crmlite.panels import Panel
from crmlite.wording import label

Row = Mapping[str, Any]
SHOWN = 50
IN_TAB = 4  # columns that have room beside the facts of the customer
FROM_OFF = "from-packs-off"
HANGS_ON_CUSTOMERS = ("customer", "contact")


class Lazy(Mapping[str, Any]):
    """A context that is read when its part is drawn: the title of a tab stands on every tab."""

    def __init__(self, made: Callable[[], Mapping[str, Any]]) -> None:
        self._make = made
        self._made: Mapping[str, Any] | None = None

    def _context(self) -> Mapping[str, Any]:
        if self._made is None:
            self._made = self._make()
        return self._made

    def __getitem__(self, name: str) -> Any:
        return self._context()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._context())

    def __len__(self) -> int:
        return len(self._context())


def tabs(customer: Row, reader: Reader) -> list[Panel]:
    """A tab for each kind: of customers and their contacts always, of orders and cases where there are
    some. What packs that are off have left stands together in one."""
    if not any_kinds():
        return []
    counts = queries.counted(customer, reader)
    found = [
        _tab(of, customer, reader, counts.get(of.id, 0))
        for of in known().on
        if of.parent in HANGS_ON_CUSTOMERS or of.id in counts
    ]
    off = [of for of in known().off if of.id in counts]
    if off:
        found.append(
            Panel(
                name=FROM_OFF,
                title=label(OFF),
                template="objects/_off.html",
                context=Lazy(lambda: {"parts": [_part(of, customer, reader) for of in off]}),
                weight=90,
                count=sum(counts[of.id] for of in off),
            )
        )
    return found


def _tab(of: Kind, customer: Row, reader: Reader, count: int) -> Panel:
    return Panel(
        name=of.name,
        title=of.nouns,
        template="objects/_tab.html",
        context=Lazy(lambda: _part(of, customer, reader)),
        weight=15,
        count=count or "",
    )


def _part(of: Kind, customer: Row, reader: Reader) -> dict[str, Any]:
    """The latest records of a kind that a customer has, and where to add one."""
    rows = queries.of_customer(customer, reader, of, SHOWN)
    on = {"owner_id": customer["owner_id"], "customer_state": customer["state"]}
    is_direct = of.parent in HANGS_ON_CUSTOMERS
    adds = of.is_on and is_direct and may_add(reader, of.parent, on)
    return {
        "kind": of,
        "rows": lines(
            of,
            rows,
            reader,
            editable=adds if is_direct or not of.is_on else None,
            most=IN_TAB,
        ),
        "columns": drawn_columns(of),
        "title_label": words_of(of, of.title),
        "day_label": words_of(of, of.day),
        "parent_label": label(PARENTS[of.parent]) if of.parent != "customer" else "",
        "new": url_for("objects.new", name=of.name, customer=customer["number"]) if adds else "",
        "all": url_for("objects.index", name=of.name, q=customer["number"])
        if len(rows) == SHOWN
        else "",
        "here": tab_url(customer["number"], of),
    }


def drawn_columns(of: Kind) -> list[tuple[str, str]]:
    """The heads of the columns beside title and day: what each is called, and the classes of its
    cells."""
    columns = columns_of(of, IN_TAB)
    classes = places(columns, "k2", "k4")
    return [(label(one.label), classes[one.name]) for one in columns]


def words_of(of: Kind, name: str) -> str:
    """What a column is called: as its field, or for what no field says."""
    field = of.field(name)
    if field is not None:
        return label(field.label)
    return of.noun if name == of.title else str(_("Added"))


def of_order(order: Row, reader: Reader) -> list[Panel]:
    """What hangs on an order."""
    on = {"owner_id": order["customer_owner_id"], "customer_state": order["customer_state"]}
    return _beside("order", order, reader, on)


def of_case(case: Row, reader: Reader) -> list[Panel]:
    """What hangs on a case."""
    on = {
        "owner_id": case["customer_owner_id"],
        "customer_state": case["customer_state"],
        "case_id": case["id"],
    }
    return _beside("case", case, reader, on)


def _beside(parent: str, row: Row, reader: Reader, on: Row) -> list[Panel]:
    kinds = [of for of in known().by_id.values() if of.parent == parent]
    if not kinds:
        return []
    there = queries.of_parent(reader, parent, row["id"])
    adds = any(of.is_on for of in kinds) and may_add(reader, parent, on)
    found = []
    for of in kinds:
        rows = there.get(of, ())
        if not rows and not (of.is_on and adds):
            continue
        may = adds and of.is_on
        found.append(
            Panel(
                name=of.name,
                title=of.nouns,
                template="objects/_beside.html",
                context={
                    "kind": of,
                    "rows": lines(of, rows, reader, editable=may),
                    "new": url_for("objects.new", name=of.name, **{parent: row["number"]})
                    if may
                    else "",
                    "off": "" if of.is_on else label(OFF),
                },
                weight=15 if of.is_on else 90,
                count=len(rows) or "",
            )
        )
    return found
