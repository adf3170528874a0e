"""Records that a form or a query names by number: those of others are neither changed nor shown.

What stands in the path is test_objects.py's.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask
from sqlalchemy import or_, select

from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.sales.models import Order, OrderLine
from crmlite.testing import SignIn, csrf_token, person_id
from tests.access.specimens import Collector, Shelf
from tests.access.unspoilt import unspoilt
from tests.applications import FIRST_ON_POSTGRESQL
from tests.figures import told

MARKS = ("another&#39;s Ltd", "another's Ltd", "Of support")
DAY = "2026-12-01"


def forms(
    shelf: Shelf, own: int, theirs: Mapping[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Forms of somebody about their own, that name something of another."""
    number = shelf["customer"]["own"].at["number"]
    case, order = (shelf[kind]["own"].at["number"] for kind in ("case", "order"))
    talk = {"kind": "phone", "content": "Talked.", "direction": "out", "done_by_id": own}
    yield f"/customers/{number}/interactions/new", talk | {"contact_id": theirs["contact_id"]}
    yield f"/customers/{number}/interactions/new", talk | {"closes": theirs["task_id"]}
    yield f"/customers/{number}/interactions/new", talk | {"start_id": theirs["start_id"]}
    yield f"/customers/{number}/call", {"notes": "x", "contact_id": theirs["contact_id"]}
    yield f"/customers/{number}/call", {"notes": "x", "answered": "1", "closes": theirs["task_id"]}
    for what in ("tag", "untag", "stage", "tier", "archive"):
        for value in ("1", "proposal", "core", ""):
            yield f"/customers/bulk/{what}", {"pick": theirs["customer_id"], "value": value}
            for asked in ("", f"w=owner~is~{theirs['owner_id']}", "w=owner~is~0"):
                yield f"/customers/bulk/{what}", {"all": "1", "list": asked, "value": value}
    for what in ("finish", "drop", "move"):
        yield f"/today/together/{what}", {"pick": theirs["task_id"], "day": DAY}
        yield f"/today/older/{what}", {"pick": theirs["task_id"], "day": DAY}
    yield "/strategies/sending", {"task": theirs["task_id"]}
    yield f"/cases/{case}/links/new", {"number": theirs["case"]}
    yield f"/cases/{case}/messages", {"content": "x", "contact_id": theirs["contact_id"]}
    yield f"/cases/{case}/messages", {"reply": "1", "content": f"@{theirs['case']}"}
    yield f"/cases/{case}/revisit", {"contact_id": theirs["contact_id"], "answered": "1"}
    complaint = {"kind": "complaint", "subject": "Noise", "channel": "phone"}
    yield "/cases/new", complaint | {"customer": theirs["number"]}
    yield "/cases/new", complaint | {"customer": number, "contact_id": theirs["contact_id"]}
    sold = {"ordered_on": DAY, "standing": "draft", "lines-0-name": "Pump", "lines-0-quantity": "1"}
    sold |= {"lines-0-price": "1"}
    yield "/orders/new", sold | {"customer": theirs["number"]}
    yield f"/orders/{order}/edit", sold | {"lines-0-line": theirs["line"], "version": "1"}
    yield f"/orders/{order}/edit", sold | {"customer": theirs["number"], "version": "1"}
    yield f"/orders/{order}/returns/new", {f"line_{theirs['line']}": "1", "returned_on": DAY}
    yield f"/records/trade__coupon/new?customer={theirs['number']}", {"code": "B"}
    contact = f"customer={number}&contact={theirs['contact_id']}"
    yield f"/records/trade__lesson/new?{contact}", {"subject": "maths"}
    yield f"/records/trade__progress/new?order={theirs['order']}", {"step": "x"}
    yield f"/records/trade__check/new?case={theirs['case']}", {"what": "x"}
    for export in ("/customers/export", "/orders/export", "/records/trade__coupon/export"):
        for form in ("csv", "json"):
            yield export, {"list": "", "format": form, "layout": "all"}
            yield export, {"list": f"w=number~is~{theirs['number']}", "format": form}
    yield f"/customers/views/{theirs['view']}/edit", {"name": "Mine"}


def queries(theirs: Mapping[str, Any]) -> Iterator[str]:
    """Pages that are asked for something of another."""
    for named in ("customer", "case", "order", "contact", "of", "who", "team", "task", "start"):
        for value in {str(one) for one in theirs.values()}:
            for page in PAGES:
                yield f"{page}?{named}={value}"
    for page in ("/customers", "/orders", "/complaints"):
        yield f"{page}?view={theirs['view']}"
        yield f"{page}?w=owner~is~{theirs['owner_id']}"
        yield f"{page}?w=number~is~{theirs['number']}"
        yield f"{page}?sort=-name&w=name~contains~Ltd"
    for page in ("/today", "/calendar", "/reports/record-keeping", "/dormancy"):
        for named in ("who", "of", "team", "person"):
            yield f"{page}?{named}={theirs['owner_id']}"
            yield f"{page}?{named}=all"


PAGES = (
    "/cases/new",
    "/cases/new/beside",
    "/cases/new/customer",
    "/orders/new",
    "/orders/customers",
    "/today",
    "/palette",
    "/search",
)

Ids = dict[str, set[int]]


def of_another(shelf: Shelf) -> tuple[dict[str, Any], Ids]:
    """What is another's, by the names that forms use, and the ids of all of it by table."""
    at = {
        kind: standings["another's"].at
        for kind, standings in shelf.items()
        if "another's" in standings
    }
    customers, orders, lines = Customer.__table__, Order.__table__, OrderLine.__table__
    case, order = at["case"]["number"], at["order"]["number"]
    found = {
        "number": at["customer"]["number"],
        "contact_id": at["contact"]["contact_id"],
        "task_id": at["task"]["task_id"],
        "start_id": at["start"]["start_id"],
        "case": case,
        "order": order,
        "view": shelf["saved view"]["support"].at["view_id"],
        "owner_id": person_id("support"),
    }
    wanted = select(customers.c.id).where(customers.c.number == found["number"])
    found["customer_id"] = database.session.execute(wanted).scalar_one()
    wanted = select(lines.c.id).join(orders).where(orders.c.number == order)
    found["line"] = database.session.execute(wanted).scalar_one()
    ids: Ids = {"customer": {found["customer_id"]}, "saved_view": {found["view"]}}
    for table in database.metadata.sorted_tables:
        if "customer_id" in table.c and "id" in table.c:
            mine = select(table.c.id).where(table.c.customer_id == found["customer_id"])
            ids[table.name] = set(database.session.execute(mine).scalars())
    return found, ids


def as_it_is(ids: Ids) -> str:
    """All rows that are another's, or lead to something of theirs."""
    told = hashlib.sha256()
    for table in database.metadata.sorted_tables:
        leads = [
            column.in_(ids[key.column.table.name])
            for column in table.c
            for key in column.foreign_keys
            if ids.get(key.column.table.name)
        ]
        if ids.get(table.name):
            leads.append(table.c.id.in_(ids[table.name]))
        if leads and table.name != "viewing":
            rows = database.session.execute(
                select(table).where(or_(*leads)).order_by(*table.primary_key)
            )
            told.update(f"{table.name} {rows.all()}".encode())
    return told.hexdigest()


@FIRST_ON_POSTGRESQL
def test_what_a_form_names_of_others_is_left_alone_and_not_shown(app: Flask, sign_in: SignIn):
    shelf = Collector(app, sign_in("manager")).collect()
    client = sign_in("sales")
    token = csrf_token(client, "/profile")
    with app.app_context():
        own = person_id("sales")
        theirs, ids = of_another(shelf)
        before = as_it_is(ids)
        database.session.remove()
    touched, shown, sent, saved = [], [], 0, set()
    with unspoilt(app) as book:
        for url, form in forms(shelf, own, theirs):
            sent += 1
            answer = client.post(url, data=form, headers={"X-CSRFToken": token})
            cell = f"{url} {form}: {answer.status_code}"
            assert answer.status_code < 500, cell
            if answer.status_code < 400 and book.has_been_written_to():
                saved.add(url)
            with app.app_context():
                if as_it_is(ids) != before:
                    touched.append(cell)
                database.session.remove()
            if any(mark in answer.text for mark in MARKS):
                shown.append(cell)
            book.take_back()
        for url in queries(theirs):
            sent += 1
            answer = client.get(url)
            assert answer.status_code < 500, url
            if any(mark in answer.text for mark in MARKS):
                shown.append(url)
    told("records named in forms", f"sent {sent}, touched {len(touched)}, shown {len(shown)}")
    assert touched == []
    assert shown == []
    assert {"/customers/bulk/stage", "/customers/bulk/tier"} <= saved
    assert sent >= 300
