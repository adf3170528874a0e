"""What the address of a list asks for: conditions, order, columns, page.

`/customers?w=tier~is~strategic&sort=-last_contact&columns=number,name`; a condition with groups
stands in `where` as JSON. Whatever an address holds, a list comes of it: what cannot be read is left
out and said.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from flask import abort
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from crmlite.access import Reader
from crmlite.customers.conditions.asked_fields import extent_problems
from crmlite.customers.conditions.catalogue import catalogue, has_one_value, may_sort
from crmlite.customers.conditions.figures import figures
from crmlite.errors import answer
from crmlite.rules.conditions import (
    ALWAYS,
    All,
    Node,
    Unreadable,
    from_json,
    from_text,
    is_flat,
    to_json,
    to_text,
    validate,
)
from crmlite.rules.fields import Field
from crmlite.rules.problems import Problem

COLUMNS = (
    "number",
    "name",
    "tier",
    "lifecycle",
    "owner",
    "tags",
    "last_contact",
    "next_step",
    "annual_amount",
)
NAME = "name"
MOST_COLUMNS = 20
SORT = "name"
LONGEST_WHERE = 20_000
LONGEST_ADDRESS = 12 * LONGEST_WHERE  # a sign takes up to twelve, as it stands in an address
NO_ORDER = "order_impossible"


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A list as somebody asks for it. `sort` names a field; `view` the saved view it came from."""

    tree: All = ALWAYS
    sort: str = SORT
    descending: bool = False
    columns: tuple[str, ...] = COLUMNS
    cursor: str = ""
    view: str = ""
    problems: tuple[Problem, ...] = field(default=(), compare=False)

    @property
    def adds_columns(self) -> bool:
        """Whether there are other columns than those that a list has from the start."""
        return not set(COLUMNS).issuperset(self.columns)

    def query(self, **changes: Any) -> dict[str, Any]:
        """The parameters of an address that asks for this list, with something else about it.

        A change of anything but the page leads back to the first page.
        """
        asked = replace(self, **{"cursor": "", **changes}) if changes or self.cursor else self
        query: dict[str, Any] = {}
        if asked.view:
            query["view"] = asked.view
        if asked.tree.parts:
            if is_flat(asked.tree):
                query["w"] = to_text(asked.tree)
            else:
                query["where"] = json.dumps(
                    to_json(asked.tree), ensure_ascii=False, separators=(",", ":")
                )
        if (asked.sort, asked.descending) != (SORT, False):
            query["sort"] = f"-{asked.sort}" if asked.descending else asked.sort
        if asked.columns != COLUMNS:
            query["columns"] = ",".join(asked.columns)
        if asked.cursor:
            query["page"] = asked.cursor
        return query

    def stored(self) -> dict[str, Any]:
        """What a saved view keeps."""
        return {
            "where": to_json(self.tree),
            "sort": f"-{self.sort}" if self.descending else self.sort,
            "columns": list(self.columns),
        }

    def without(self, place: int) -> "Asked":
        """The list with one of its conditions taken away."""
        parts = self.tree.parts
        return replace(self, tree=All(parts[:place] + parts[place + 1 :]), cursor="")

    def having(self, part: Node, place: int | None = None) -> "Asked":
        """The list with one more condition, or with this one in place of another."""
        parts = list(self.tree.parts)
        if place is None or not 0 <= place < len(parts):
            parts.append(part)
        else:
            parts[place] = part
        return replace(self, tree=All(tuple(parts)), cursor="")


def asked_for(args: MultiDict[str, str], reader: Reader) -> Asked:
    """The list that an address asks for."""
    fields = catalogue(reader)
    tree, problems = _tree(args, fields)
    sort, descending, wrong = _sort(args.get("sort", ""), fields, reader)
    return Asked(
        tree=tree,
        sort=sort,
        descending=descending,
        columns=_columns(args.get("columns", ""), fields),
        cursor=args.get("page", ""),
        view=args.get("view", "")[:40],
        problems=(*problems, *wrong),
    )


def args_of(text: str) -> MultiDict[str, str]:
    """The address of a list as a form brings it along. Too long a one is not cut but refused, see
    `refuse_wider`: what is behind the cut would be left out unseen."""
    if len(text) > LONGEST_ADDRESS:
        refuse_wider()
    return MultiDict(parse_qsl(text, keep_blank_values=True))


def asked_by_view(stored: Mapping[str, Any], view: str, reader: Reader) -> Asked:
    """The list that a saved view asks for; what is gone meanwhile is left out."""
    fields = catalogue(reader)
    try:
        tree, problems = _sound([_as_all(from_json(stored.get("where")))], fields)
    except Unreadable as unreadable:
        tree, problems = All(), list(unreadable.problems)
    sort, descending, wrong = _sort(str(stored.get("sort", "")), fields, reader)
    return Asked(
        tree=tree,
        sort=sort,
        descending=descending,
        columns=_columns(",".join(stored.get("columns", ())), fields),
        view=view,
        problems=(*problems, *wrong),
    )


def whole(asked: Asked) -> Asked:
    """The list, where no condition of it was left out; see `refuse_wider`."""
    if any(one.code != NO_ORDER for one in asked.problems):
        refuse_wider()
    return asked


def refuse_wider() -> NoReturn:
    """Answer who takes or changes all of a list of which a condition was left out (409): it holds more
    than they looked at."""
    title = _("The filter cannot be asked any more")
    abort(answer(409, title, _("Nothing was done. Look at the list again.")))


def _tree(args: MultiDict[str, str], fields: dict[str, Field]) -> tuple[All, list[Problem]]:
    trees: list[All] = []
    problems: list[Problem] = []
    for text in args.getlist("w"):
        try:
            trees.append(from_text([text], fields))
        except Unreadable as unreadable:
            problems += unreadable.problems
    where = args.get("where", "")
    if where:
        try:
            if len(where) > LONGEST_WHERE:
                raise Unreadable([Problem("too_many_tests", {"most": 50})])
            trees.append(_as_all(from_json(json.loads(where))))
        except Unreadable as unreadable:
            problems += unreadable.problems
        except (ValueError, RecursionError):  # no JSON, or a number of too many digits
            problems.append(Problem("filter_unreadable", {"text": where[:80]}))
    tree, more = _sound(trees, fields)
    return tree, problems + more


def _sound(trees: Sequence[All], fields: dict[str, Field]) -> tuple[All, list[Problem]]:
    """All parts that can be asked, and what is wrong with the others."""
    kept: list[Node] = []
    problems: list[Problem] = []
    for part in (part for tree in trees for part in tree.parts):
        tree = All((*kept, part))
        wrong = [*validate(tree, fields, figures()), *extent_problems(tree)]
        problems += wrong
        if not wrong:
            kept.append(part)
    return All(tuple(kept)), problems


def _as_all(node: Node) -> All:
    return node if isinstance(node, All) else All((node,))


def _sort(
    text: str, fields: dict[str, Field], reader: Reader
) -> tuple[str, bool, tuple[Problem, ...]]:
    """The field and whether it descends; what cannot be an order is by name, and said."""
    name = text.removeprefix("-")
    if name in fields and may_sort(reader, fields[name]):
        return name, text.startswith("-"), ()
    wrong = (Problem(NO_ORDER, {"field": name[:80]}),) if name else ()
    return SORT, False, wrong


def may_show(name: str, fields: Mapping[str, Field]) -> bool:
    """Whether a list can have a column of this name."""
    return name in fields and has_one_value(name)


def _columns(text: str, fields: dict[str, Field]) -> tuple[str, ...]:
    wanted = [name for name in dict.fromkeys(text.split(",")) if may_show(name, fields)]
    if not wanted:
        return tuple(name for name in COLUMNS if name in fields)
    if NAME not in wanted:
        wanted.insert(0, NAME)
    return tuple(wanted[:MOST_COLUMNS])
