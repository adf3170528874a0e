"""The form for a contact that took place just now."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request

from crmlite import clock
from crmlite.access import Reader
from crmlite.followups.forms import InteractionForm, interaction_form
from crmlite.followups.kinds import kinds
from crmlite.followups.queries.interactions import contact_names
from crmlite.forms import Option

Row = Mapping[str, Any]


def fresh_form(
    customer: Row,
    reader: Reader,
    steps: Sequence[Row],
    start: Row | None = None,
    asked: Mapping[str, str] | None = None,
    **more: Any,
) -> InteractionForm:
    """An empty form. What is `asked`, by the address unless it is given, fills it in: `kind`, `step`, and
    with `took` the moment for which the step was planned. `steps` are what is open at the customer,
    `start` is the contact that was begun."""
    offered = {choice.key for choice in kinds()}
    asked = request.args if asked is None else asked
    planned = next((row for row in steps if str(row["id"]) == asked.get("step")), None)
    kind = (
        asked.get("kind")
        or (start["kind"] if start else None)
        or (planned["channel"] if planned else None)
    )
    moment, done_by = clock.now(), reader.user_id
    if start is not None:
        moment, done_by = start["at"], start["user_id"]
    elif planned is not None and planned["due_at"] and "took" in asked:
        moment, done_by = min(planned["due_at"], moment), planned["assignee_id"] or done_by
    form = interaction_form(
        contact_options(customer),
        [Option(str(row["id"]), row["what"]) for row in steps],
        data={
            "kind": kind if kind in offered else next(iter(kinds())).key,
            "occurred_at": moment,
            "direction": "out",
            "done_by_id": done_by,
            "answered": True,
            "contact_id": next((pair[0] for pair in contact_names(customer["id"])), None),
            "closes": [planned["id"]] if planned else [],
            "start_id": str(start["id"]) if start else "",
        },
        **more,
    )
    form.preset_moment(None)
    return form


def contact_options(customer: Row) -> list[Option]:
    """The contacts of a customer to choose from."""
    return [Option(str(key), name) for key, name in contact_names(customer["id"])]
