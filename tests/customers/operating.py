"""Calls operations of the customer book as tests need them."""

from typing import Any

from sqlalchemy import select, update

from crmlite import clock
from crmlite.customers import operations as do
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.models import Customer, Dimension, Facts, Tag
from crmlite.customers.tags.shipped import BEHAVIOUR
from crmlite.extensions import database
from crmlite.work.actors import command_line

FIRM = {"name": "Riverton New Energy Ltd", "kind": "company", "stage": "discovery"}
CLAIRE = {"name": "Claire Harlow", "mobile": "13812345678"}


def done(operation: Any, *given: Any, **more: Any) -> Any:
    """What an operation of now answers."""
    return operation(*given, by=command_line(), at=clock.now(), **more)


def added(**values: Any) -> dict[str, Any]:
    """A new customer with one contact."""
    draft = CustomerDraft(values={**FIRM, **values}, contacts=[CLAIRE])
    return dict(done(do.create_customer, draft))


def without_computed_tags() -> None:
    """Let the rules of computed tags rest: what everybody has would stand in the way of counting."""
    tags, dimensions = Tag.__table__, Dimension.__table__
    behaviour = select(dimensions.c.id).where(dimensions.c.key == BEHAVIOUR).scalar_subquery()
    database.session.execute(
        update(tags)
        .where(tags.c.rule.is_not(None), tags.c.dimension_id != behaviour)
        .values(rule_on=False)
    )
    database.session.commit()


def row_of(customer_id: int) -> Any:
    """A customer with its facts, as they are stored."""
    customers, facts = Customer.__table__, Facts.__table__
    return (
        database.session.execute(
            select(customers, facts)
            .join(facts, facts.c.customer_id == customers.c.id)
            .where(customers.c.id == customer_id)
        )
        .mappings()
        .one()
    )
