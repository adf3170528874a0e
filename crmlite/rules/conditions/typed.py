"""Makes a test from what a person enters in a filter form."""

from collections.abc import Sequence

from crmlite.rules.conditions.operators import OPERATORS
from crmlite.rules.conditions.short import value_from_text
from crmlite.rules.conditions.tree import Scalar, Test, where
from crmlite.rules.fields import Field
from crmlite.rules.problems import Checked, Problem, refused
from crmlite.rules.text import clean_text
from crmlite.rules.values import Reading, read_value


def read_test(field: Field, operator: str, texts: Sequence[str], reading: Reading) -> Checked[Test]:
    """The test that a chosen operator and typed values make, or what is wrong with a value.

    A value may be typed as anywhere else (`12万`, `昨天`, `5月1日`) or stand as it does in an
    address (`-60d`, `month-1`, `me`). Empty ones are left out. Whether the question can be asked
    at all is for `validate()` to say.
    """
    if operator not in OPERATORS:
        return refused("unknown_operator", operator=operator[:80])
    values: list[Scalar] = []
    problems: list[Problem] = []
    for text in texts if OPERATORS[operator].most else ():
        read = read_operand(field, operator, text, reading)
        problems.extend(read.problems)
        if read.value is not None and read.value not in values:
            values.append(read.value)
    if any(problem.level == "error" for problem in problems):
        return Checked(None, tuple(problems))
    return Checked(where(field.name, operator, *values), tuple(problems))


def read_operand(field: Field, operator: str, text: str, reading: Reading) -> Checked[Scalar]:
    """One typed value; of texts and keys any part of a value is right, so only their form counts."""
    cleaned = clean_text(text, max_length=field.traits.longest)
    if not cleaned.value:
        return Checked(None, cleaned.problems)
    values = field.traits.values
    if values in ("day", "moment", "id", "flag"):
        moving = value_from_text(field, operator, cleaned.value)
        if moving is not None:
            return Checked(moving)
    if operator == "during":
        return refused("date_unreadable")
    if values == "moment":
        field = DAY
    if values == "text" and operator != "is":
        return cleaned
    read = read_value(field, cleaned.value, reading)
    if isinstance(read.value, tuple):
        return Checked(read.value[0] if len(read.value) == 1 else None, read.problems)
    return Checked(read.value, tuple(p for p in read.problems if p.level == "error"))


DAY = Field(name="day", label="Day", kind="date")
