"""Rows about orders that the book has: which lines they mean, and what of them is otherwise."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from crmlite.imports.orders.plans import Sold
from crmlite.rules.order_states import OPEN_LINES, wrong_state
from crmlite.sales.facts import discount_of
from crmlite.sales.operations import LineDraft

Row = Mapping[str, Any]
IsLine = Callable[[Any, Row], bool]
OF_LINE = ("product_id", "name", "unit", "quantity", "price")


def draft_of(line: Row) -> LineDraft:
    """A line as it is."""
    return LineDraft(
        id=line["id"], discount=discount_of(line), **{name: line[name] for name in OF_LINE}
    )


def matched(known: Sequence[Row], sold: Sequence[Sold], is_line: IsLine) -> list[LineDraft]:
    """The lines of a known order as they are to be: each row finds its own, first one that says the
    same, else the next of its product; those of which the file says nothing stay."""
    rows = {line["id"]: line for line in known}
    drafts = {key: draft_of(line) for key, line in rows.items()}
    free = dict.fromkeys(rows)
    fresh: list[LineDraft] = []
    waiting: list[Sold] = []
    for one in sold:
        same = next((key for key in free if _says(rows[key], one, is_line)), None)
        if same is None:
            waiting.append(one)
        else:
            del free[same]
    for one in waiting:
        key = next((key for key in free if is_line(one.told, rows[key])), None)
        if key is None:
            fresh.append(one.draft())
        else:
            del free[key]
            drafts[key] = one.draft(key, rows[key]["name"])
    return [*drafts.values(), *fresh]


def _says(line: Row, one: Sold, is_line: IsLine) -> bool:
    """Whether a line says what a row does."""
    row = one.told
    if row is None or not is_line(row, line) or row.quantity != line["quantity"]:
        return False
    if row.unit is not None and row.unit != line["unit"]:
        return False
    if row.amount is not None:
        return bool(row.amount == line["amount"])
    return one.item.price == line["price"] and one.item.discount == discount_of(line)


def hindrance(order: Row, values: Row, *, lines: int, are_changed: bool) -> str:
    """Why an order of the book may not become so, with so many lines, if it may not."""
    if are_changed and order["status"] not in OPEN_LINES:
        return "order_lines_fixed"
    problem = wrong_state(
        values.get("status", order["status"]), lines=lines, returns=order["returns"]
    )
    return problem.code if problem else ""
