"""What lacks something required is to be completed, whichever way it came to be so."""

from datetime import date

from flask import Flask
from sqlalchemy import select

from crmlite import clock
from crmlite.customers import operations as do
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.models import Customer
from crmlite.customers.operations.bulk import BulkChange
from crmlite.extensions import database
from crmlite.jobs.worker import Worker
from crmlite.rules.conditions import All, where
from crmlite.rules.fields import Field
from crmlite.settings.operations import change_settings
from crmlite.work import undo
from crmlite.work.actors import command_line
from crmlite.work.ledger import ChangeRow
from tests.customers.operating import CLAIRE, FIRM, added, done, row_of
from tests.fields.packs import bring
from tests.work.at_once import at_once


def lacks(customer_id: int) -> bool:
    database.session.rollback()
    return bool(row_of(customer_id)["incomplete"])


def work(app: Flask) -> None:
    """What waits in the background, as a worker does it."""
    worker = Worker(app)
    while worker.step():
        pass


def test_it_is_marked_until_everything_is_there(inside: Flask) -> None:
    made = added()
    assert lacks(made["id"])
    done(do.update_customer, made["id"], {"industry": "C38"})
    assert not lacks(made["id"])


def test_a_move_and_a_common_change_complete_it_too(inside: Flask) -> None:
    one, two = (added(stage=None, industry="C38")["id"] for _ in range(2))
    done(do.move_stage, one, "discovery")
    done(do.change_many, [two], BulkChange(values={"stage": "discovery"}))
    assert not lacks(one) and not lacks(two)


def test_a_contact_added_meanwhile_is_no_hindrance_to_who_edits(inside: Flask) -> None:
    made = done(do.create_customer, CustomerDraft(values={**FIRM, "industry": "C38"}))
    seen = row_of(made["id"])["version"]
    done(do.add_contact, made["id"], CLAIRE)
    assert not lacks(made["id"])
    assert done(do.update_customer, made["id"], {"region": "Leeds"}, version=seen)


def test_an_undo_asks_again_and_leaves_no_trace_of_it(inside: Flask) -> None:
    made = added(stage=None)
    first = done(do.update_customer, made["id"], {"industry": "C38"})
    done(do.move_stage, made["id"], "discovery")
    assert not lacks(made["id"])
    undone = undo(first, by=command_line(), at=clock.now())
    assert undone.kept == [] and lacks(made["id"])
    undo(undone.operation, by=command_line(), at=clock.now())
    assert not lacks(made["id"])
    diffs = database.session.execute(select(ChangeRow.__table__.c.diff)).scalars()
    assert not any("incomplete" in diff for diff in diffs)


def test_other_requirements_are_asked_of_everyone_in_the_background(inside: Flask) -> None:
    made = added()
    table = Customer.__table__
    version = select(table.c.version).where(table.c.id == made["id"])
    before = database.session.execute(version).scalar()
    changed = change_settings(
        {"required_company": ["contact"], "required_person": ["reach"]},
        by=command_line(),
        at=clock.now(),
    )
    work(inside)
    assert not lacks(made["id"])
    undo(changed, by=command_line(), at=clock.now())
    work(inside)
    assert lacks(made["id"])
    assert database.session.execute(version).scalar() == before


def test_what_two_people_fill_in_at_once_is_complete(app: Flask) -> None:
    with app.app_context():
        made = done(do.create_customer, CustomerDraft(values=FIRM))

    def fill(number: int) -> None:
        if number:
            done(do.add_contact, made["id"], CLAIRE)
        else:
            done(do.update_customer, made["id"], {"industry": "C38"})

    assert at_once(app, fill, 2) == []
    with app.app_context():
        assert not lacks(made["id"])


FLOUR = Field(  # that some customers must have
    name="bakery__flour",
    label="Flour",
    required_when=All((where("lifecycle", "is", "active"), where("cooperation_on", "filled"))),
)


def test_what_a_pack_requires_is_missed_where_its_condition_holds(inside: Flask) -> None:
    bring(inside, "bakery", customer=[FLOUR])
    made = added(industry="C14", lifecycle="active")["id"]
    assert not row_of(made)["incomplete"]
    done(do.update_customer, made, {"cooperation_on": date(2026, 3, 1)})
    assert row_of(made)["incomplete"]
    done(do.update_customer, made, {"extra": {"bakery__flour": "rye"}})
    assert not row_of(made)["incomplete"]
