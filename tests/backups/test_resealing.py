"""After a rotation every value gets the new key, in batches, and nobody's change is run over."""

import pytest
from sqlalchemy import select, text

from crmlite import clock
from crmlite.backups import resealing
from crmlite.backups.resealing import KIND, note_rotation, reseal_values, values_per_key
from crmlite.customers.models import Customer
from crmlite.db.keys import ring
from crmlite.db.sealing import key_of, open_sealed
from crmlite.extensions import database
from crmlite.jobs.models import Job
from crmlite.work import actors
from crmlite.work.ledger import ChangeRow
from tests.backups.books import SECRET, book, code, config, new_place

__all__ = ["book", "code", "config", "new_place"]

BY = actors.job(KIND)
table = Customer.__table__


class Lease:
    """A lease that does something each time it is renewed."""

    def __init__(self, then=lambda: None) -> None:
        self.then, self.renewed = then, 0

    def renew(self) -> None:
        self.renewed += 1
        self.then()


@pytest.fixture
def rotated(app, book):
    """The application with a book whose keys were rotated; answers both keys."""
    with app.app_context():
        old, new = ring().active, ring().rotate()
        yield old, new
        database.session.remove()


def addresses() -> dict[int, tuple[str, str]]:
    """The key and the text of each address."""
    database.session.rollback()
    rows = database.session.execute(select(table.c.id, table.c.uid, table.c.address)).all()
    database.session.rollback()
    return {
        row.id: (
            key_of(row.address),
            open_sealed(ring(), row.address, ("customer", "address", row.uid)),
        )
        for row in rows
    }


def test_every_value_gets_the_new_key_and_stays_what_it_was(rotated, monkeypatch):
    old, new = rotated
    monkeypatch.setattr(resealing, "BATCH", 7)
    assert set(addresses().values()) == {(old, SECRET)}
    lease = Lease()
    reseal_values({}, by=BY, at=clock.now(), lease=lease)
    assert set(addresses().values()) == {(new, SECRET)}
    assert lease.renewed >= 5
    counts = values_per_key(database.session.connection(), ring())
    assert counts == {old: 0, new: 30, "": 0}


def test_no_change_is_noted_for_none_is_made(rotated):
    changes = select(ChangeRow.__table__.c.id)
    before = len(database.session.execute(changes).all())
    versions = select(table.c.version, table.c.updated_at)
    row = database.session.execute(versions).first()
    reseal_values({}, by=BY, at=clock.now(), lease=Lease())
    database.session.rollback()
    assert len(database.session.execute(changes).all()) == before
    assert database.session.execute(versions).first() == row


def test_a_value_changed_between_two_batches_is_not_run_over(rotated, monkeypatch):
    monkeypatch.setattr(resealing, "BATCH", 10)
    cleared = "UPDATE customer SET address = NULL WHERE id = 25"

    def clear() -> None:
        with database.engine.begin() as connection:
            connection.execute(text(cleared))

    reseal_values({}, by=BY, at=clock.now(), lease=Lease(clear))
    database.session.rollback()
    left = select(table.c.id).where(table.c.address.is_(None))
    assert database.session.execute(left).scalars().all() == [25]


def test_a_value_that_does_not_open_is_left_and_the_others_are_renewed(rotated, caplog):
    _old, new = rotated
    with database.engine.begin() as connection:
        moved = "(SELECT address FROM customer WHERE id = 2)"
        connection.execute(text(f"UPDATE customer SET address = {moved} WHERE id = 1"))
    reseal_values({}, by=BY, at=clock.now(), lease=Lease())
    database.session.rollback()
    keys = dict(database.session.execute(select(table.c.id, table.c.address)).all())
    assert [n for n, stored in keys.items() if key_of(stored) != new] == [1]
    assert SECRET not in caplog.text


def test_a_second_run_changes_nothing(rotated):
    reseal_values({}, by=BY, at=clock.now(), lease=Lease())
    stored = select(table.c.address).order_by(table.c.id)
    database.session.rollback()
    before = database.session.execute(stored).scalars().all()
    reseal_values({}, by=BY, at=clock.now(), lease=Lease())
    database.session.rollback()
    assert database.session.execute(stored).scalars().all() == before


def test_a_rotation_asks_for_one_run(rotated):
    _old, new = rotated
    for _ in range(2):
        note_rotation(new, by=actors.command_line(), at=clock.now())
    jobs = Job.__table__
    asked = select(jobs.c.payload).where(jobs.c.kind == KIND)
    assert database.session.execute(asked).scalars().all() == [{"key": new}]
