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


def fresh_form(customer: Row, reader: Reader, steps: Sequence[Row], **more: Any) -> InteractionForm:
    """An empty form; `?kind=`, `?step=` fill it in. `steps` are what is open at the customer."""
    offered = {choice.key for choice in kinds()}
    wanted = request.args.get("kind", "")
    step = request.args.get("step", "")
    options = [Option(str(row["id"]), row["what"]) for row in steps]
    form = interaction_form(
        contact_options(customer),
        options,
        data={
            "kind": wanted if wanted in offered else next(iter(kinds())).key,
            "occurred_at": clock.now(),
            "direction": "out",
            "done_by_id": reader.user_id,
            "answered": True,
            "contact_id": next((pair[0] for pair in contact_names(customer["id"])), None),
            "closes": [int(step)] if step in {option.value for option in options} else [],
        },
        **more,
    )
    form.preset_moment(None)
    return form


def contact_options(customer: Row) -> list[Option]:
    """The contacts of a customer to choose from."""
    return [Option(str(key), name) for key, name in contact_names(customer["id"])]
