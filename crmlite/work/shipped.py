"""Rows that come with crmlite or a pack: put in, kept up to date, and left as the firm adjusts them.

Whose a row is stands in the row (`owner`: a pack, or empty for crmlite itself and for what the firm
made), with the key it has among the owner's and the values it came with. By these a later version
changes what nobody touched, and a disabled pack's rows are told from everybody else's.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Index, String, Table, select
from sqlalchemy.orm import Mapped, mapped_column

from crmlite import hooks
from crmlite.db.columns import Json
from crmlite.extensions import database
from crmlite.work import records

Row = Mapping[str, Any]
Fate = Literal["add", "change", "keep", "retire"]


class Shipped:
    """The columns of a table whose rows may come from crmlite or a pack; its arguments contain
    `shipped_once`. A row without a `shipped_key` was made by the firm."""

    owner: Mapped[str] = mapped_column(String(24), default="")
    shipped_key: Mapped[str | None] = mapped_column(String(80))
    shipped: Mapped[dict[str, Any] | None] = mapped_column(Json)


def shipped_once(table: str) -> Index:
    """The index that keeps an owner from having two rows of one key in a table."""
    return Index(f"uq_{table}_shipped", "owner", "shipped_key", unique=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Shipment:
    """The rows of one table that one owner ships, each by its key: `{key: {column: value}}`.

    `gone` is what a row becomes that is shipped no longer. `first` columns are put in with a new row
    and are the firm's from then on, such as its place in an order. `fixed` columns are for good: a
    row of which another value is shipped is left alone, with `misfit` as the reason. `within` is what
    the keys begin with, where an owner has several shipments in one table. Columns that are `together`
    mean something only with one another: where the firm changed one, all of them stay as they are.
    """

    model: type[Any]
    owner: str
    rows: Mapping[str, Row]
    gone: Row = field(default_factory=dict)
    first: Mapping[str, Row] = field(default_factory=dict)
    fixed: Sequence[str] = ()
    misfit: str = ""
    within: str = ""
    together: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ShippedData:
    """What a slice ships. `shipments` answers those of one owner, a pack or empty for crmlite, one
    after the other: a later one may look up what an earlier one has put in. `put_in` is called
    inside an operation for what is only ever added, by crmlite alone. `then` is called inside the
    operation where any row was put in or changed."""

    name: str
    put_in: Callable[[datetime], None] | None = None
    shipments: Callable[[str], Iterator[Shipment]] | None = None
    then: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one shipped row. `values` are what changes, `kept` the columns that a later
    version ships otherwise and that stay as the firm has them. A `problem` says why a row is left
    alone altogether."""

    fate: Fate
    record: str
    key: str
    values: Row
    kept: Sequence[str] = ()
    record_id: int | None = None
    problem: str = ""


def planned(shipment: Shipment) -> list[Outcome]:
    """What delivering a shipment would do, row by row; nothing for rows that stay as they are."""
    table: Table = shipment.model.__table__
    there = {row["shipped_key"]: row for row in _standing(table, shipment.owner, shipment.within)}
    outcomes = []
    for key, values in shipment.rows.items():
        row = there.get(key)
        if row is None:
            added = {**shipment.first.get(key, {}), **values}
            outcomes.append(Outcome("add", records.record_name(table), key, added))
        elif other := [n for n in shipment.fixed if row[n] != values.get(n, row[n])]:
            name = records.record_name(table)
            left = Outcome("keep", name, key, {}, other, row["id"], shipment.misfit)
            outcomes.append(left)
        else:
            outcomes += _compared(table, key, values, row, shipment)
    for key, row in there.items():
        if key not in shipment.rows and any(row[name] != v for name, v in shipment.gone.items()):
            name = records.record_name(table)
            outcomes.append(Outcome("retire", name, key, shipment.gone, (), row["id"]))
    return outcomes


def _standing(table: Table, owner: str, within: str) -> Sequence[Any]:
    wanted = select(table).where(
        table.c.owner == owner, table.c.shipped_key.startswith(within, autoescape=True)
    )
    return database.session.execute(wanted).mappings().all()


def _compared(table: Table, key: str, values: Row, row: Row, shipment: Shipment) -> list[Outcome]:
    """How a row that is there differs from what is shipped now."""
    before = row["shipped"] or {}
    came = {name: records.plain(value) for name, value in values.items()}
    back = shipment.gone if before.get("gone") else {}
    moved = [name for name in values if before.get(name) != came[name]]
    ours = [name for name in moved if records.plain(row[name]) in (before.get(name), came[name])]
    if any(records.plain(row[name]) != before.get(name) for name in shipment.together):
        ours = [name for name in ours if name not in shipment.together]
    kept = [name for name in moved if name not in ours]
    changes = {name: values[name] for name in ours if row[name] != values[name]}
    changes |= {name: values.get(name, _alive(table, name)) for name in back}
    if not (moved or back):
        return []
    fate: Fate = "change" if changes else "keep"
    return [Outcome(fate, records.record_name(table), key, changes, kept, row["id"])]


def _alive(table: Table, column: str) -> Any:
    default = table.c[column].default
    return getattr(default, "arg", None)


def deliver(shipment: Shipment) -> list[Outcome]:
    """Do it; belongs inside an operation. Answers what was done."""
    outcomes = planned(shipment)
    noted = {key: _noted(values) for key, values in shipment.rows.items()}
    added = [one for one in outcomes if one.fate == "add"]
    records.insert_many(
        shipment.model,
        [
            {
                **one.values,
                "owner": shipment.owner,
                "shipped_key": one.key,
                "shipped": noted[one.key],
            }
            for one in added
        ],
    )
    changes = {}
    for one in outcomes:
        if one.record_id is None or one.problem:
            continue
        came = {"gone": True, **(_shipped(shipment, one) or {})}
        changes[one.record_id] = {**one.values, "shipped": noted.get(one.key, came)}
    records.update_many(shipment.model, changes)
    return outcomes


def let_go(model: type[Any], row_ids: Sequence[int], gone: Row) -> None:
    """Have rows be as those that are shipped no longer; they come back when they are shipped again.
    Belongs inside an operation."""
    table: Table = model.__table__
    wanted = select(table.c.id, table.c.shipped).where(table.c.id.in_(row_ids))
    records.update_many(
        model,
        {
            row.id: {**gone, "shipped": {"gone": True, **(row.shipped or {})}}
            for row in database.session.execute(wanted)
        },
    )


def _shipped(shipment: Shipment, outcome: Outcome) -> Row | None:
    """What a row came with."""
    table: Table = shipment.model.__table__
    wanted = select(table.c.shipped).where(table.c.id == outcome.record_id)
    found: Row | None = database.session.execute(wanted).scalar_one()
    return found


def _noted(values: Row) -> dict[str, Any]:
    return {name: records.plain(value) for name, value in values.items()}


def ship_of(owner: str, at: datetime) -> list[Outcome]:
    """Put in and bring up to date all that an owner ships; belongs inside an operation."""
    outcomes: list[Outcome] = []
    for data in hooks.gathered("register_shipped_data"):
        if data.put_in is not None and owner == hooks.OWN:
            data.put_in(at)
        done = []
        for shipment in data.shipments(owner) if data.shipments else ():
            done += deliver(shipment)
        if done and data.then is not None:
            data.then()
        outcomes += done
    return outcomes


def foreseen_of(owner: str) -> list[Outcome]:
    """What shipping would do, without doing it. What hangs on rows that are not there yet is not
    looked up: it is new as well."""
    return [
        outcome
        for data in hooks.gathered("register_shipped_data")
        for shipment in (data.shipments(owner) if data.shipments else ())
        for outcome in planned(shipment)
    ]
