"""What does not fit together about a customer, by field; nothing is refused for it."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from crmlite import clock
from crmlite.access import Reader
from crmlite.customers.conditions.sql import CUSTOMER, FACTS, asking, condition
from crmlite.customers.fields import RECORDED, list_fields
from crmlite.customers.logic import conditions_about, illogical
from crmlite.extensions import database
from crmlite.forms import Doubt
from crmlite.forms.times import zone
from crmlite.rules.lifecycle import CustomerFacts, doubts
from crmlite.rules.messages import MESSAGES
from crmlite.rules.names import check_name
from crmlite.rules.problems import Problem
from crmlite.wording import label
from crmlite.work.records import chunks

FIELD_OF = {  # where a doubt is shown
    "contract_end_before_start": "contract_ends_on",
    "cooperation_before_contact": "cooperation_on",
}


def about(form: Any, **given: Any) -> list[Doubt]:
    """Doubts about what a form holds; `given` are values that it has no field for."""
    return about_values({**given, **{field.name: field.data for field in form}})


def about_values(values: Mapping[str, Any]) -> list[Doubt]:
    """Doubts about the values of a customer, by column."""
    of = values.get

    kind = of("kind") or "company"
    facts = CustomerFacts(
        first_contact_on=of("first_contact_on"),
        cooperation_start=of("cooperation_on"),
        contract_end=of("contract_ends_on"),
        founded_on=of("founded_on"),
        birthday=of("birthday"),
    )
    found = [*doubts(facts, clock.today(zone())), *check_name(of("name") or "", kind)]
    said = [
        (str(dict(one.params).get("field") or FIELD_OF.get(one.code, "name")), _said(one))
        for one in found
    ]
    return said + illogical(values)


def news(before: Mapping[str, Any], **changes: Any) -> list[str]:
    """What becomes doubtful about a customer when some of its values change, in sentences."""
    standing = about_values(before)
    found = about_values({**before, **changes})
    return [sentence for name, sentence in found if (name, sentence) not in standing]


def number_doubtful(customer_ids: Sequence[int], about_field: str, reader: Reader) -> int:
    """About how many of these customers a rule has doubts that asks about this field."""
    tree = conditions_about([about_field])
    asked = condition(tree, list_fields(), asking(reader, clock.today(zone())))
    both = CUSTOMER.join(FACTS, FACTS.c.customer_id == CUSTOMER.c.id)
    return sum(
        database.session.execute(
            select(func.count()).select_from(both).where(CUSTOMER.c.id.in_(ids), asked)
        ).scalar_one()
        for ids in chunks(customer_ids)
    )


def _said(problem: Problem) -> str:
    words = dict(problem.params)
    if "field" in words:
        words["field"] = next(
            (label(field.label) for field in RECORDED if field.name == words["field"]), ""
        )
    return str(_(MESSAGES[problem.code], **words))
