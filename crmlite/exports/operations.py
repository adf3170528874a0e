"""Writing down that customers are taken away, before they are."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from crmlite.access import Reader
from crmlite.customers.conditions.catalogue import whole_catalogue
from crmlite.exports.models import ExportRow
from crmlite.exports.order_book import WantedOrders
from crmlite.exports.wanted import ORDERS, RECORDS, Wanted
from crmlite.extensions import database
from crmlite.rules.contact_details import masked
from crmlite.rules.fields import Field
from crmlite.sales.query_string import query_of
from crmlite.work import Actor, Refused, operation, records

MOST, WITHIN = 20, timedelta(minutes=10)
TABLE = ExportRow.__table__


@operation("customers_exported")
def write_down(wanted: Wanted, rows: int, *, by: Actor, at: datetime) -> int:
    """Have it in the ledger who takes which customers away; answers the id of the row.

    Refused (`too_many`) for a person who has had 20 files in the last ten minutes.
    """
    _refuse_many(by, at)
    return records.insert(
        ExportRow,
        {
            "made_at": at,
            "reader_id": wanted.reader.user_id or None,
            "layout": wanted.layout,
            "format": wanted.format,
            "asked": discreet(wanted.asked.stored(), whole_catalogue()),
            "archived": "archived" in wanted.states,
            "rows": rows,
        },
    )


@operation("orders_exported")
def write_down_orders(wanted: WantedOrders, rows: int, *, by: Actor, at: datetime) -> int:
    """The same of orders."""
    _refuse_many(by, at)
    return records.insert(
        ExportRow,
        {
            "made_at": at,
            "reader_id": wanted.reader.user_id or None,
            "layout": ORDERS,
            "format": wanted.format,
            "asked": {"query": query_of(wanted.asked)},
            "archived": False,
            "rows": rows,
        },
    )


@operation("objects_exported")
def write_down_objects(
    reader: Reader, kind: str, asked: Mapping[str, Any], rows: int, *, by: Actor, at: datetime
) -> int:
    """The same of records of a pack: `asked` names their kind and what their list asks for, `kind` is
    the format."""
    _refuse_many(by, at)
    return records.insert(
        ExportRow,
        {
            "made_at": at,
            "reader_id": reader.user_id or None,
            "layout": RECORDS,
            "format": kind,
            "asked": dict(asked),
            "rows": rows,
        },
    )


def _refuse_many(by: Actor, at: datetime) -> None:
    if by.user_id is not None and _lately(by.user_id, at) >= MOST:
        raise Refused("too_many")


def discreet(told: Any, fields: Mapping[str, Field]) -> Any:
    """A stored condition whose phones and addresses are masked: what is sealed in the book must not
    lie open in the ledger."""
    match told:
        case list():
            return [discreet(one, fields) for one in told]
        case {"field": str(name), "values": list(values)} if name in fields and fields[name].sealed:
            return told | {"values": [masked(fields[name].kind, str(one)) for one in values]}
        case dict():
            return {name: discreet(one, fields) for name, one in told.items()}
    return told


def _lately(reader_id: int, at: datetime) -> int:
    counted = select(func.count()).where(
        TABLE.c.reader_id == reader_id, TABLE.c.made_at > at - WITHIN
    )
    return int(database.session.execute(counted).scalar_one())
