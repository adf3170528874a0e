"""Switches our packs on in a book and gives its customers values of theirs: run in a process of its own."""

import random

from sqlalchemy import bindparam, select, update

from crmlite import clock
from crmlite.app import create_app
from crmlite.customers.following import refresh_all
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.fields.queries import fields_of
from crmlite.objects.kinds import kind_called
from crmlite.objects.operations import ObjectDraft, add_objects
from crmlite.packs.operations import enable_pack
from crmlite.rules.fields import Field
from crmlite.work import Actor, operation
from crmlite.work.actors import command_line

PACKS = ("retail", "manufacturing", "education")
CUSTOMERS = Customer.__table__
HAS = 0.5  # of its fields a customer has so many
COUPONS = 3


def main() -> None:
    """Do it all."""
    with create_app().app_context():
        for name in PACKS:
            enable_pack(name, by=command_line(), at=clock.now())
        database.session.remove()
        chance = random.Random(7)  # noqa: S311 - the same values each time
        ids = list(database.session.execute(select(CUSTOMERS.c.id)).scalars())
        fields = [field for field in fields_of("customer") if not field.sealed]
        rows = [{"row": one, "new": _extra(fields, chance)} for one in ids]
        put = update(CUSTOMERS).where(CUSTOMERS.c.id == bindparam("row"))
        with database.engine.begin() as connection:
            connection.execute(put.values(extra=bindparam("new")), rows)
        database.session.remove()
        _give_coupons(ids, by=command_line(), at=clock.now())


@operation("demo_generated")
def _give_coupons(ids: list[int], *, by: Actor, at: object) -> int:
    coupon = kind_called("retail__coupon")
    assert coupon is not None
    day = {"retail__coupon_issued_on": "2026-11-01", "retail__coupon_state": "open"}
    for place in range(COUPONS):
        drafts = [
            ObjectDraft(
                type_id=coupon.id,
                customer_id=one,
                extra={"retail__coupon_code": f"B{one}-{place}", **day},
            )
            for one in ids
        ]
        add_objects(drafts, clock.now())
    refresh_all(ids)
    return len(ids)


def _extra(fields: list[Field], chance: random.Random) -> dict[str, object]:
    found = {field.name: _value(field, chance) for field in fields if chance.random() < HAS}
    return {name: value for name, value in found.items() if value is not None}


def _value(field: Field, chance: random.Random) -> object:
    keys = [choice.key for choice in field.choices]
    match field.kind:
        case "choice":
            return chance.choice(keys) if keys else None
        case "choices":
            return sorted(chance.sample(keys, 2)) if keys else None
        case "integer" | "amount":
            return chance.randrange(1_000)
        case "number":
            return chance.randrange(100) + 0.5
        case "boolean":
            return True
        case "date":
            return f"2026-{chance.randrange(1, 12):02d}-{chance.randrange(1, 28):02d}"
        case "text":
            return f"K {chance.randrange(10_000)}"
    return None


if __name__ == "__main__":
    main()
