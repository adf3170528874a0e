"""Asks a condition of one record whose values are at hand, as the database asks it of the book.

For what is not stored yet: a form that is about to be saved, a draft of an import.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo

from crmlite.rules.conditions.checking import Catalogue
from crmlite.rules.conditions.dates import day_range
from crmlite.rules.conditions.figures import Figures
from crmlite.rules.conditions.settling import settled_test
from crmlite.rules.conditions.tree import All, Any, Me, Node, Not, Scalar, Test
from crmlite.rules.contact_details import email_forms, im_form, phone_forms
from crmlite.rules.fields import Field

Values = Mapping[str, object]
"""What is recorded, by the name of the field; what is missing is None or not there."""

TWINS = {"is_not": "is", "lacks": "contains", "has_none": "has_any"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Onlooker:
    """Who asks, on which day and where: what "me", "60 days ago", a setting, the day of a moment and
    a phone number without its country mean."""

    today: date
    zone: tzinfo = UTC
    home: str = "86"
    user_id: int | None = None
    team_ids: Collection[int] = field(default_factory=frozenset)
    figures: Figures = field(default_factory=Figures)


def holds(tree: Node, values: Values, catalogue: Catalogue, asking: Onlooker) -> bool:
    """Whether a validated condition holds for these values."""
    match tree:
        case All(parts):
            return all(holds(part, values, catalogue, asking) for part in parts)
        case Any(parts):
            return any(holds(part, values, catalogue, asking) for part in parts)
        case Not(part):
            return not holds(part, values, catalogue, asking)
        case Test(name, operator):
            wanted = settled_test(tree, catalogue[name], asking.figures).values
            asked = catalogue[name], values.get(name), wanted, asking
            if operator in TWINS:
                return not answered(TWINS[operator], *asked)
            return answered(operator, *asked)


def answered(
    operator: str, asked: Field, found: object, wanted: Sequence[Scalar], asking: Onlooker
) -> bool:
    """Whether the value of a field answers a test with yes. A missing one answers only `empty`."""
    missing = found is None or found == "" or found in ((), [], frozenset())
    if operator in ("empty", "filled"):
        return missing is (operator == "empty")
    if missing:
        return False
    if asked.multiple or asked.kind == "team":
        return among(operator, several(found), wanted, asking)
    return BY_VALUES[asked.traits.values](operator, asked, found, wanted, asking)


def several(found: object) -> set[object]:
    """The values of a field that may hold more than one."""
    return set(found) if isinstance(found, Collection) and not isinstance(found, str) else {found}


def among(operator: str, found: set[object], wanted: Sequence[Scalar], asking: Onlooker) -> bool:
    """Whether one of these values, or all of them, are there."""
    keys: set[object] = set()
    for value in wanted:
        keys |= set(asking.team_ids) if isinstance(value, Me) else {value}
    return keys <= found if operator == "has_all" else bool(keys & found)


def text(
    operator: str, asked: Field, found: object, wanted: Sequence[Scalar], asking: Onlooker
) -> bool:
    """Tests of texts, without regard to case; ways to reach people in any way they are written."""
    if form := FORMS.get(asked.kind):
        reached = form(str(found), asking.home)
        if operator == "ends":
            return any(reached.endswith(str(value)) for value in wanted)
        return reached in {form(str(value), asking.home) for value in wanted}
    folded = str(found).lower()
    texts = [str(value).lower() for value in wanted]
    match operator:
        case "contains":
            return texts[0] in folded
        case "starts":
            return folded.startswith(texts[0])
    return folded in texts


def key(
    _operator: str, asked: Field, found: object, wanted: Sequence[Scalar], _asking: Onlooker
) -> bool:
    """Tests of choices. A section of industries takes its divisions, these the codes below."""
    if asked.kind == "industry":
        return any(str(found).startswith(str(value)) for value in wanted)
    return found in wanted


def number(
    operator: str, _asked: Field, found: object, wanted: Sequence[Scalar], _asking: Onlooker
) -> bool:
    """Tests of numbers."""
    there = float(found)  # type: ignore[arg-type]
    first, last = float(wanted[0]), float(wanted[-1])  # type: ignore[arg-type]
    match operator:
        case "at_least":
            return there >= first
        case "at_most":
            return there <= first
        case "above":
            return there > first
        case "below":
            return there < first
        case "between":
            return first <= there <= last
    return there in {float(value) for value in wanted}  # type: ignore[arg-type]


def day(
    operator: str, _asked: Field, found: object, wanted: Sequence[Scalar], asking: Onlooker
) -> bool:
    """Tests of days, and of moments by the day that they fall on."""
    start, end = day_range(operator, wanted, asking.today)
    there = found.astimezone(asking.zone).date() if isinstance(found, datetime) else found
    if not isinstance(there, date):
        there = date.fromisoformat(str(there)[:10])
    return (start is None or there >= start) and (end is None or there < end)


def flag(
    _operator: str, _asked: Field, found: object, wanted: Sequence[Scalar], _asking: Onlooker
) -> bool:
    """Tests of yes and no."""
    return bool(found) is wanted[0]


def who(
    _operator: str, _asked: Field, found: object, wanted: Sequence[Scalar], asking: Onlooker
) -> bool:
    """Tests of people."""
    return found in [asking.user_id if isinstance(value, Me) else value for value in wanted]


FORMS: dict[str, Callable[[str, str], str]] = {
    "phone": lambda written, home: phone_forms(written, home=home).whole,
    "email": lambda written, _home: email_forms(written).address,
    "im": lambda written, _home: im_form(written),
}
BY_VALUES: dict[str, Callable[[str, Field, object, Sequence[Scalar], Onlooker], bool]] = {
    "text": text,
    "key": key,
    "whole": number,
    "number": number,
    "day": day,
    "moment": day,
    "flag": flag,
    "id": who,
}
