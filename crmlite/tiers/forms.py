"""The forms of tiers: a pin, and what gives how many points."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from crmlite.forms import Choice, Form, Integer, RecordForm, Text
from crmlite.rules.tiering import (
    FACTORS,
    MOST_POINTS,
    MOST_WEIGHT,
    Bound,
    Factor,
    read_steps,
    written_steps,
)
from crmlite.tiers.schemes import tiers
from crmlite.wording import label

MOST_TEXT = 300


class PinForm(Form):
    """A tier that stays, and why."""

    tier = Choice(_l("Tier"), options=tiers, required=True)
    reason = Text(_l("Reason"), most=300, required=True)


class PointsForm(RecordForm):
    """What gives how many points; made for the scheme in use."""

    def factors(self) -> list[Factor]:
        """The factors as they are to be."""
        return [
            Factor(
                name=name,
                weight=self[f"weight_{name}"].data or 0,
                steps=read_steps(self[f"steps_{name}"].data).value or (),
            )
            for name in FACTORS
        ]

    def bounds(self) -> list[Bound]:
        """The bounds as they are to be, the highest tier first; the lowest begins at nothing."""
        keys = [choice.key for choice in tiers()]
        fields = [(key, self[f"bound_{key}"].data) for key in keys[:-1]]
        given = [Bound(key, least) for key, least in fields if least is not None]
        return [*given, *(Bound(key, 0) for key in keys[-1:])]

    def validate(self, **more: Any) -> bool:
        """Whether the steps can be read."""
        fits = bool(super().validate(**more))
        for name in FACTORS:
            field = self[f"steps_{name}"]
            if field.errors:
                continue
            for problem in read_steps(field.data).problems:
                self.blame(field.name, _sentence(problem.code, problem.params))
                fits = False
        return fits


def _sentence(code: str, params: Mapping[str, Any]) -> str:
    match code:
        case "steps_unreadable":
            return str(_("“%(part)s” cannot be read: write 20000: 25, 100000: 50.", **params))
        case "steps_order":
            return str(_("Each step begins higher than the one before and gives no fewer points."))
    return str(_("Give from 1 to %(most)s steps.", **params))


def points_form(factors: Sequence[Factor], bounds: Sequence[Bound], version: int) -> PointsForm:
    """The form of the scheme in use, filled with what holds now."""
    known = {one.name: one for one in factors}
    names = {choice.key: label(choice.label) for choice in tiers()}
    fields: dict[str, Any] = {}
    data: dict[str, Any] = {"version": version}
    for name in FACTORS:
        fields[f"weight_{name}"] = Integer(_l("Weight"), most=MOST_WEIGHT)
        fields[f"steps_{name}"] = Text(_l("From which value on how many points"), most=MOST_TEXT)
        stands = known.get(name)
        data[f"weight_{name}"] = stands.weight if stands else 0
        data[f"steps_{name}"] = written_steps(stands.steps) if stands else "1: 100"
    least = {one.tier: one.least for one in bounds}
    for key in list(names)[:-1]:
        fields[f"bound_{key}"] = Integer(names[key], most=MOST_POINTS)
        data[f"bound_{key}"] = least.get(key)
    made = type("PointsFormOfScheme", (PointsForm,), fields)
    form: PointsForm = made(data=data)
    return form
