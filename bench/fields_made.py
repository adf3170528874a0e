"""Gives a book further fields, two of them quick, and every customer values of theirs: run in a process
of its own.

python -m bench.fields_made fill        fields and values, then their indexes
python -m bench.fields_made indexed     seconds for which the indexes were made anew
"""

import random
import sys
import time

from sqlalchemy import bindparam, select, text, update

from crmlite import clock
from crmlite.app import create_app
from crmlite.customers.models import Customer
from crmlite.db.derived import ensure_derived_schema, existing
from crmlite.extensions import database
from crmlite.fields.drafts import ChoiceDraft, FieldDraft
from crmlite.fields.indexes import PREFIX
from crmlite.fields.operations import add_field
from crmlite.work.actors import command_line
from crmlite.work.records import chunks

CUSTOMERS = Customer.__table__
LEVELS = ("silver", "gold", "black")
BATCH = 5_000


def fill() -> None:
    """The fields, and what every customer has of them."""
    told = {"by": command_line(), "at": clock.now()}
    add_field("customer", "integer", FieldDraft(label={"en": "Points"}, indexed=True), **told)
    levels = [ChoiceDraft(label={"en": one}) for one in LEVELS]
    add_field(
        "customer",
        "choice",
        FieldDraft(label={"en": "Level"}, choices=levels, indexed=True),
        **told,
    )
    add_field("customer", "text", FieldDraft(label={"en": "Member no"}), **told)
    database.session.remove()
    chance = random.Random(7)  # noqa: S311 - the same values each time
    with database.engine.begin() as connection:
        ids = list(connection.execute(select(CUSTOMERS.c.id).order_by(CUSTOMERS.c.id)).scalars())
    put = update(CUSTOMERS).where(CUSTOMERS.c.id == bindparam("row")).values(extra=bindparam("new"))
    for some in chunks(ids, BATCH):
        rows = [{"row": one, "new": _extra(one, chance)} for one in some]
        with database.engine.begin() as connection:
            connection.execute(put, rows)
    with database.engine.begin() as connection:
        ensure_derived_schema(connection)


def _extra(customer_id: int, chance: random.Random) -> dict[str, object]:
    level = LEVELS[min(2, int(chance.expovariate(1.2)))]
    return {
        "custom__points": chance.randrange(1_000_000),
        "custom__level": level,
        "custom__member_no": f"M{customer_id:08d}",
    }


def indexed() -> float:
    """Seconds for which the indexes of all quick fields were made anew."""
    with database.engine.begin() as connection:
        for name in sorted(existing(connection)):
            if name.startswith(PREFIX):
                connection.execute(text(f'DROP INDEX "{name}"'))
    began = time.perf_counter()
    with database.engine.begin() as connection:
        ensure_derived_schema(connection)
    return time.perf_counter() - began


def main() -> None:
    """Do what is asked, and print the figure."""
    with create_app().app_context():
        match sys.argv[1]:
            case "fill":
                fill()
            case "indexed":
                print(indexed())


if __name__ == "__main__":
    main()
