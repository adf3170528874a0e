"""Why a rule put a tag on a customer: the condition in words, with the customer's own figures."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _

from crmlite.access import Reader
from crmlite.customers import queries
from crmlite.customers.conditions.asked_fields import asked
from crmlite.customers.conditions.catalogue import (
    BookVoice,
    has_one_value,
    may_ask,
    whole_catalogue,
)
from crmlite.customers.fields import IN_ITS_CURRENCY
from crmlite.customers.logic import is_true_of, value_of
from crmlite.customers.tags.rules import asks_amounts
from crmlite.customers.words import in_words
from crmlite.rules.conditions import (
    All,
    Node,
    Unreadable,
    every_test,
    fields_used,
    from_json,
    sentence,
)
from crmlite.rules.conditions import Any as Either
from crmlite.rules.fields import Field
from crmlite.wording import label

Row = Mapping[str, Any]
NOT_SAID = ("tags", "team")  # what has no single value of the customer's own


def with_answers(row: Row, rules: Iterable[Any], reader: Reader) -> Row:
    """The row of a customer, and with it what these rules ask and other slices answer, as far as the
    reader may ask that, too."""
    answered = asked()
    names = {name for rule in rules for name in _names(rule) if name in answered}
    wanted = sorted(name for name in names if may_ask(reader, answered[name].field))
    return {**row, **queries.answers(row["id"], wanted)} if wanted else row


def _names(rule: Any) -> set[str]:
    try:
        return set(fields_used(from_json(rule)))
    except Unreadable:
        return set()


def why(rule: Any, row: Row, *, amounts: bool) -> str:
    """Why the tag of a stored rule is on a customer of this row. Where the reader may not see the
    `amounts` that the rule compares with, it says only that."""
    if asks_amounts(rule) and not amounts:
        return str(_("Set by a rule that compares amounts, which you may not see."))
    try:
        tree = _reason(from_json(rule), row)
    except Unreadable:
        return str(_("Set by its rule."))
    condition = sentence(tree, whole_catalogue(), BookVoice())
    found = _("; ").join(
        str(_("%(field)s: %(value)s", field=label(field.label), value=_value(field, row) or "–"))
        for field in _asked(tree, row)
    )
    if not found:
        return str(_("Set by the rule: %(condition)s.", condition=condition))
    return str(
        _("%(figures)s. Set by the rule: %(condition)s.", figures=found, condition=condition)
    )


def _reason(tree: Node, row: Row) -> Node:
    """Of a condition what speaks for this customer: of alternatives, those that hold."""
    match tree:
        case All(parts):
            return All(tuple(_reason(part, row) for part in parts))
        case Either(parts):
            speaking = tuple(_reason(part, row) for part in parts if _speaks(part, row))
            if len(speaking) == 1:
                return speaking[0]
            return Either(speaking) if speaking else tree
    return tree


def _speaks(part: Node, row: Row) -> bool:
    """Whether a part holds for a customer, as far as its row can tell."""
    fields = whole_catalogue()
    if not all(name in fields and _is_said(fields[name], row) for name in fields_used(part)):
        return True
    return is_true_of(part, row)


def _is_said(field: Field, row: Row) -> bool:
    """Whether a customer has one value of a field, which may stand in a sentence; of what other slices
    answer only what the reader was given."""
    if field.name in asked() and field.name not in row:
        return False
    return has_one_value(field.name) and not (field.name in NOT_SAID or field.sealed)


def _asked(tree: Node, row: Row) -> list[Field]:
    """The fields that a condition asks for and that have a value to show, in its order."""
    fields = whole_catalogue()
    names = dict.fromkeys(test.field for test in every_test(tree))
    return [fields[name] for name in names if name in fields and _is_said(fields[name], row)]


def _value(field: Field, row: Row) -> str:
    value = value_of(field, row)
    currency = row["currency"] if field.pack or field.name in IN_ITS_CURRENCY else ""
    return in_words(field, value, currency=currency)
