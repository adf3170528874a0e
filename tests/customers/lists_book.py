"""A small book for lists: customers of every life-cycle, owner, tier and amount."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from crmlite import clock
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.models import Dimension
from crmlite.customers.operations import create_customer, create_tag
from crmlite.extensions import database
from crmlite.followups.operations import InteractionDraft, TaskDraft, log_interaction
from crmlite.testing import person_id
from crmlite.work import Actor

TODAY = date(2026, 6, 15)
NAMES = ("常州恒泰机床有限公司", "Calder & Sons", "Éclair 50%_off", "王小明", "北京_数耕", "Zebra")


def fill(count: int = 24) -> list[dict[str, Any]]:
    """Add customers; answers what was put in, as an oracle may look at it."""
    manager = Actor("person", "manager", person_id("manager"))
    owners = [person_id("sales"), person_id("sales2"), None]
    table = Dimension.__table__
    free = database.session.execute(select(table.c.id).where(table.c.key == "free")).scalar_one()
    tags = {
        key: create_tag(free, key, {"en": key, "zh": key}, by=manager, at=clock.now())
        for key in ("vip", "risky")
    }
    made = []
    for n in range(count):
        row = {
            "kind": "person" if n % 6 == 3 else "company",
            "name": f"{NAMES[n % 6]} {n}",
            "owner_id": owners[n % 3],
            "lifecycle": ("potential", "interested", "active", "lost", "dormant")[n % 5],
            "stage": ("discovery", None, "proposal")[n % 3],
            "tier": (None, "core", "strategic", "normal")[n % 4],
            "industry": ("C35", "C3511", "I65", None)[n % 4],
            "annual_amount": None if n % 4 == 0 else n * 100_00,
            "contract_ends_on": None if n % 3 == 0 else TODAY + timedelta(days=n - 12),
            "region": (None, "", "Leeds")[n % 3] or None,
        }
        keys = [key for key, place in (("vip", 2), ("risky", 5)) if n % place == 0]
        added = create_customer(
            CustomerDraft(
                values=row,
                contacts=[{"name": "Ada", "mobile": f"1391234{n:04d}"}] if n % 2 else [],
                tags=[tags[key] for key in keys],
            ),
            by=manager,
            at=clock.now(),
        )
        last = None
        if n % 3 == 1:
            last = clock.now() - timedelta(days=n)
            log_interaction(
                InteractionDraft(
                    customer_id=added["id"],
                    kind="phone",
                    content=f"Talk {n}",
                    occurred_at=last,
                    next_step=TaskDraft(what="Call", due_on=TODAY + timedelta(days=n))
                    if n % 2
                    else None,
                ),
                by=manager,
                at=clock.now(),
            )
        made.append(
            {
                **row,
                "id": added["id"],
                "number": added["number"],
                "tags": {f"free/{key}" for key in keys},
                "mobile": f"1391234{n:04d}" if n % 2 else "",
                "last_contact": last,
            }
        )
    return made


def tier_of(row: dict[str, Any]) -> str | None:
    """The tier that is shown of a customer of this book."""
    return "dormant" if row["lifecycle"] == "dormant" else row["tier"]
