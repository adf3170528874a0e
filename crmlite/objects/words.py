"""What is said of records of packs: states, and why something is refused."""

from typing import Any

from crmlite.customers.further import words_of
from crmlite.fields.object_kinds import OBJECT
from crmlite.objects.kinds import kind, known
from crmlite.wording import N_, label
from crmlite.work import Refused

STATES = {
    "active": N_("in use"),
    "retired": N_("declared no more"),
    "deleted": N_("in the recycle bin"),
}
PARENTS = {
    "customer": N_("Customer"),
    "contact": N_("Contact"),
    "order": N_("Order"),
    "case": N_("Case"),
}
REFUSALS = {"kind-off": N_("The pack of these records is off: they can only be read.")}
ELSE = N_("This was refused, and nothing was changed.")
OFF = N_("From packs that are off")


def refusal(refused: Refused) -> str:
    """Why something is refused."""
    return label(REFUSALS.get(refused.code, ELSE))


def called(stored: Any) -> str:
    """What a record is called, by what it keeps of it: its kind, and the value that names it."""
    match stored:
        case [int() as type_id, value] if type_id in known().by_id:
            of = kind(type_id)
            title = of.title_of(value)
            return of.noun if title == of.noun else f"{of.noun} {title}"
    return ""


def worded(column: str, value: Any) -> str | None:
    """A value out of the change record in words; None for what words itself."""
    if value is None:
        return None
    match column:
        case "state":
            return label(STATES.get(value, value))
        case "type_id":
            return kind(value).noun if value in known().by_id else None
        case "parent":
            return label(PARENTS.get(value, value))
    return words_of(OBJECT, column, value)
