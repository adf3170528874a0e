"""Rows become orders, a batch at a time: what they become and how far the import is are one
transaction, so that it goes on after a crash where it was."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from crmlite.customers.models import Customer
from crmlite.customers.operations.adding import add_customers
from crmlite.extensions import database
from crmlite.imports.models import Import
from crmlite.imports.operations.batches import Batch, note, with_free_numbers
from crmlite.imports.operations.returns import used_numbers, write_returns
from crmlite.imports.orders.finding import Party, Ware
from crmlite.imports.orders.judging import ORDER, OrderJudge
from crmlite.imports.orders.plans import Change, Plan
from crmlite.imports.orders.reading import Whose
from crmlite.imports.reading import Incoming
from crmlite.rules.contact_details.reading import read_phone
from crmlite.sales.models import Order, OrderLine
from crmlite.sales.operations import OrderDraft, update_order
from crmlite.sales.operations.bulk import add_orders, add_products
from crmlite.sales.operations.orders import load, settled
from crmlite.work import Actor, Refused, current, operation, records, tell

IMPORTS = Import.__table__
LINES, CUSTOMERS = OrderLine.__table__, Customer.__table__


@operation("orders_imported")
def import_orders(batch: Batch, judge: OrderJudge, *, by: Actor, at: datetime) -> dict[str, int]:
    """Write what a batch of rows becomes; answers how many of each fate, and its `operation`, 0 where
    it changed nothing. Raises LeaseLost as `import_batch`."""
    planned = judge.plan(batch.rows)
    _add_parties(planned.parties, judge, by, at)
    _add_wares(planned.wares, at)
    _write_new([plan for plan in planned.plans if plan.order_id is None], judge, by, at)
    for plan in planned.plans:
        if plan.order_id is not None:
            _add_lines(plan, by, at)
    for change in planned.changes:
        _change(change, by, at)
    write_returns(planned, judge, by=by, at=at)
    counted = note(batch, planned.verdicts)
    if current().changes:
        counted["operation"] = current().id
        first = update(IMPORTS).where(IMPORTS.c.id == batch.import_id)
        database.session.execute(
            first.where(IMPORTS.c.operation_id.is_(None)).values(operation_id=current().id)
        )
    return counted


def _add_parties(parties: Sequence[Party], judge: OrderJudge, by: Actor, at: datetime) -> None:
    """Add the customers that the book does not know. A number that is another one's gives way."""
    if not parties:
        return
    drafts = [judge.drafter.draft(_incoming(party)).customer for party in parties]
    free = with_free_numbers(drafts, judge.reaches)
    for party, added in zip(parties, add_customers(free, by=by, at=at), strict=True):
        party.id, party.owner_id = added.id, added.values["owner_id"]
        tell("customer_created", customer_id=added.id)


def _incoming(party: Party) -> Incoming:
    """A new customer as a row of customers would tell of it."""
    whose = party.fresh or Whose()
    kind = "person" if _is_person(whose) else "company"
    told = Incoming(
        row=0,
        number=whose.number or None,
        values={"name": party.name, "kind": kind}
        | ({"region": whose.region} if whose.region else {}),
    )
    contact: dict[str, Any] = {}
    if whose.phone:
        phone = read_phone(whose.phone)
        contact["mobile" if phone is None or phone.kind == "mobile" else "phone"] = whose.phone
    if whose.email:
        contact["email"] = whose.email
    if kind == "person" or contact:
        told.contact = contact | {"name": party.name}
    if kind == "person":
        told.contact["is_self"] = True
    return told


def _is_person(whose: Whose) -> bool:
    """Whether somebody is rather a person than a firm: a name of two to four characters."""
    name = whose.name
    return 2 <= len(name) <= 4 and all("\u3400" <= sign <= "\u9fff" for sign in name)


def _add_wares(wares: Sequence[Ware], at: datetime) -> None:
    """Add products to the list; each costs what it did where the file has it first."""
    needed = [ware for ware in wares if ware.id is None and ware.fresh is not None]
    ids = add_products(
        {
            "name": ware.name,
            "code": (ware.fresh.code if ware.fresh else "") or None,
            "unit": ware.unit,
            "price": ware.price,
            "currency": ware.currency,
        }
        for ware in needed
    )
    for ware, product_id in zip(needed, ids, strict=True):
        ware.id = product_id


def _write_new(plans: Sequence[Plan], judge: OrderJudge, by: Actor, at: datetime) -> None:
    used = used_numbers(Order, {plan.number for plan in plans if plan.number}, judge)
    for plan in plans:
        if plan.number in used:
            plan.verdicts[0].remark("order_number_taken", number=plan.number)
    drafts = [
        OrderDraft(
            customer_id=int(plan.party.id or 0),
            values=plan.values,
            lines=[sold.draft() for sold in plan.lines],
            number=None if plan.number in used else plan.number,
        )
        for plan in plans
    ]
    for plan, placed in zip(plans, add_orders(drafts, by=by, at=at), strict=True):
        if plan.number:
            row = plan.verdicts[0].told.row
            judge.earlier.add(ORDER, plan.number, row, placed.id, plan.party.id)
        for verdict in plan.verdicts:
            verdict.order_id, verdict.customer_id = placed.id, plan.party.id


def _add_lines(plan: Plan, by: Actor, at: datetime) -> None:
    """Rows further down about an order that this import wrote before."""
    order = load(int(plan.order_id or 0))
    there = select(LINES.c.id).where(LINES.c.order_id == order["id"])
    first = len(database.session.execute(there).all())
    shared = {
        "order_id": order["id"],
        "customer_id": order["customer_id"],
        "currency": order["currency"],
        "state": "active",
    }
    records.insert_many(
        OrderLine,
        [
            {**sold.draft().columns(), **shared, "position": place}
            for place, sold in enumerate(plan.lines, first)
        ],
    )
    for verdict in plan.verdicts:
        verdict.order_id, verdict.customer_id = order["id"], order["customer_id"]
    settled(order)


def _change(change: Change, by: Actor, at: datetime) -> None:
    """Let a known order be as the file has it."""
    try:
        update_order(change.order["id"], change.values, change.lines, by=by, at=at)
    except Refused as refusal:
        for verdict in change.verdicts:
            verdict.hold_back(refusal.code, **refusal.params)
