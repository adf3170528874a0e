"""What can be asked about a field, and the sentence that asks it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from crmlite.rules.conditions.tree import MAX_VALUES
from crmlite.rules.wording import N_


@dataclass(frozen=True, slots=True)
class Operator:
    """One question. It takes from `least` to `most` values; several are joined by `joined`.

    `says` is the sentence, `says_of` the same for kinds of values that need another one.
    """

    name: str
    says: str
    least: int = 1
    most: int = 1
    joined: str = ""
    says_of: Mapping[str, str] = field(default_factory=dict)


OR, AND, TO = "or", "and", "to"

ALL = (
    Operator(
        "is",
        N_("%(field)s is %(value)s"),
        most=MAX_VALUES,
        joined=OR,
        says_of={"flag": N_("%(field)s: %(value)s")},
    ),
    Operator("is_not", N_("%(field)s is not %(value)s"), most=MAX_VALUES, joined=OR),
    Operator("contains", N_("%(field)s contains %(value)s")),
    Operator("lacks", N_("%(field)s does not contain %(value)s")),
    Operator("starts", N_("%(field)s starts with %(value)s")),
    Operator("ends", N_("%(field)s ends in %(value)s")),
    Operator("at_least", N_("%(field)s at least %(value)s")),
    Operator("at_most", N_("%(field)s at most %(value)s")),
    Operator("above", N_("%(field)s more than %(value)s")),
    Operator("below", N_("%(field)s less than %(value)s")),
    Operator("between", N_("%(field)s from %(value)s"), least=2, most=2, joined=TO),
    Operator("on", N_("%(field)s on %(value)s")),
    Operator("before", N_("%(field)s before %(value)s")),
    Operator("after", N_("%(field)s after %(value)s")),
    Operator("since", N_("%(field)s since %(value)s")),
    Operator("until", N_("%(field)s until %(value)s")),
    Operator("during", N_("%(field)s %(value)s")),
    Operator("has_any", N_("%(field)s include %(value)s"), most=MAX_VALUES, joined=OR),
    Operator("has_all", N_("%(field)s include all of %(value)s"), most=MAX_VALUES, joined=AND),
    Operator("has_none", N_("%(field)s without %(value)s"), most=MAX_VALUES, joined=OR),
    Operator("empty", N_("No %(field)s"), least=0, most=0),
    Operator("filled", N_("%(field)s filled in"), least=0, most=0),
)

OPERATORS: Mapping[str, Operator] = MappingProxyType({each.name: each for each in ALL})
"""Every operator by its name, in the order in which a menu offers them."""

NAMES = {
    "is": N_("is"),
    "is_not": N_("is not"),
    "contains": N_("contains"),
    "lacks": N_("does not contain"),
    "starts": N_("starts with"),
    "ends": N_("ends in"),
    "at_least": N_("at least"),
    "at_most": N_("at most"),
    "above": N_("more than"),
    "below": N_("less than"),
    "between": N_("between"),
    "on": N_("on the day"),
    "before": N_("before"),
    "after": N_("after"),
    "since": N_("since (that day included)"),
    "until": N_("until (that day included)"),
    "during": N_("in the period"),
    "has_any": N_("includes one of"),
    "has_all": N_("includes all of"),
    "has_none": N_("includes none of"),
    "empty": N_("is empty"),
    "filled": N_("is filled in"),
}
"""What a menu of operators calls each of them."""
