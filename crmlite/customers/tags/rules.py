"""Tags that a condition puts on and takes off: which there are, what they ask, whom they take.

While a pack is off its tags rest: their rules are not followed and nobody sets them, and customers
that have them keep them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    exists,
    false,
    func,
    not_,
    select,
    text,
    update,
)

from crmlite import hooks, settings
from crmlite.access import Reader, visible_to
from crmlite.access.readers import everything
from crmlite.customers.conditions.catalogue import BookVoice, catalogue, whole_catalogue
from crmlite.customers.conditions.lasting import problems_of
from crmlite.customers.conditions.sql import CUSTOMER, FACTS, asking, condition
from crmlite.customers.models import CustomerTag, Dimension, Tag
from crmlite.customers.tags.at_rest import is_automatic
from crmlite.extensions import database
from crmlite.jobs import enqueue_once
from crmlite.rules.conditions import (
    Node,
    Unreadable,
    explained,
    fields_used,
    from_json,
    sentence,
    settings_used,
)
from crmlite.rules.messages import worded
from crmlite.rules.problems import Problem
from crmlite.rules.tagging import TAGS as TAGS_FIELD
from crmlite.rules.tagging import in_order
from crmlite.work import current
from crmlite.work.operations import is_running, move_epoch

ALL = "tag-by-rules"
DUE = "tag-by-rules-soon"
KEY = "crmlite.tag_rules"
TAGGED = "customers_tagged"
SLID = "figures_slid"  # before the rules are followed for the whole book
PLANNED = "plans_made"
LINKS, TAGS, DIMENSIONS = CustomerTag.__table__, Tag.__table__, Dimension.__table__


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """The rule of a tag. Of the tags of its exclusive dimension, `later` give way to it and `rivals`
    go before it; while it has `problems` it rests, and the tag stays where it is."""

    tag_id: int
    key: str
    label: Mapping[str, str]
    dimension_id: int
    exclusive: bool
    tree: Node | None
    problems: tuple[Problem, ...] = ()
    later: tuple[int, ...] = ()
    rivals: frozenset[int] = frozenset()

    @property
    def asks_tags(self) -> bool:
        """Whether it depends on what other tags a customer has."""
        return self.tree is not None and TAGS_FIELD in fields_used(self.tree)


def rules() -> list[Rule]:
    """The rules that are on, in the order in which they are followed: each after those whose tags
    it asks about."""
    rows = database.session.execute(
        select(
            TAGS.c.id,
            TAGS.c.key,
            TAGS.c.label,
            TAGS.c.rule,
            TAGS.c.rule_on,
            TAGS.c.retired,
            TAGS.c.owner,
            TAGS.c.dimension_id,
            DIMENSIONS.c.key.label("dimension"),
            DIMENSIONS.c.exclusive,
            DIMENSIONS.c.owner.label("dimension_owner"),
        )
        .join(DIMENSIONS, DIMENSIONS.c.id == TAGS.c.dimension_id)
        .order_by(DIMENSIONS.c.position, DIMENSIONS.c.id, TAGS.c.position, TAGS.c.id)
    ).all()
    keys = {f"{row.dimension}/{row.key}" for row in rows}
    found = _ordered(_rule(row, keys) for row in rows if is_automatic(row._mapping))  # noqa: SLF001 - public by its documentation
    families: dict[int, list[int]] = {}
    for row in rows:
        families.setdefault(row.dimension_id, []).append(row.id)
    return [_placed(rule, found[place + 1 :], families) for place, rule in enumerate(found)]


def _placed(rule: Rule, following: Sequence[Rule], families: Mapping[int, Collection[int]]) -> Rule:
    """A rule with those tags of its dimension that give way to it and those that do not."""
    if not rule.exclusive:
        return rule
    later = [one.tag_id for one in following if one.dimension_id == rule.dimension_id]
    rivals = set(families[rule.dimension_id]) - {rule.tag_id, *later}
    return replace(rule, later=tuple(later), rivals=frozenset(rivals))


def _rule(row: Any, keys: Iterable[str]) -> Rule:
    tree, problems = read_rule(row.rule, keys)
    return Rule(
        tag_id=row.id,
        key=f"{row.dimension}/{row.key}",
        label=row.label,
        dimension_id=row.dimension_id,
        exclusive=row.exclusive,
        tree=tree,
        problems=tuple(problems),
    )


def read_rule(stored: Any, tag_keys: Iterable[str]) -> tuple[Node | None, list[Problem]]:
    """A stored condition, and what keeps it from being asked."""
    try:
        tree = from_json(stored)
    except Unreadable as unreadable:
        return None, list(unreadable.problems)
    return tree, problems_of(tree, tag_keys)


def rule_sentence(stored: Any) -> str:
    """A stored condition in the reader's words; empty for one that cannot be read."""
    try:
        return sentence(from_json(stored), whole_catalogue(), BookVoice())
    except Unreadable:
        return ""


def said(problems: Iterable[Problem]) -> list[str]:
    """What keeps conditions from being asked, in sentences for who may know all fields."""
    voice = BookVoice()
    found = [worded(explained(one, whole_catalogue(), voice), voice.say) for one in problems]
    return list(dict.fromkeys(found))


def asks_amounts(stored: Any) -> bool:
    """Whether a stored condition tells something of an amount."""
    fields = whole_catalogue()
    try:
        asked = fields_used(from_json(stored))
    except Unreadable:
        return False
    return any(fields[name].kind == "amount" for name in asked if name in fields)


def asks_beyond(stored: Any, reader: Reader) -> bool:
    """Whether a stored condition asks about a field about which this reader may not ask: what they
    would save holds for more customers than it does."""
    try:
        asked = fields_used(from_json(stored))
    except Unreadable:
        return False
    return any(name in whole_catalogue() for name in asked - catalogue(reader).keys())


def _ordered(found: Iterable[Rule]) -> list[Rule]:
    """Rules in the order in which they are followed; those that cannot be, last."""
    by_key = {rule.key: rule for rule in found}
    order, circle = in_order({key: one.tree for key, one in by_key.items() if one.tree is not None})
    broken = [one for one in by_key.values() if one.tree is None]
    looping = [
        replace(by_key[key], problems=(*by_key[key].problems, Problem("rule_circle")))
        for key in circle
    ]
    return [*(by_key[key] for key in order), *looping, *broken]


def wanted(rule: Rule, at: datetime) -> ColumnElement[bool]:
    """Whether a customer is to have the tag of a sound rule. In an exclusive dimension it gives way
    to what was set by hand and to rules that come first."""
    holds = _holds([rule], at)[0]
    if not rule.rivals:
        return holds
    rival = exists(
        select(LINKS.c.tag_id).where(
            LINKS.c.customer_id == CUSTOMER.c.id, LINKS.c.tag_id.in_(rule.rivals)
        )
    )
    return and_(holds, not_(rival))


def _holds(some: Sequence[Rule], at: datetime) -> list[ColumnElement[bool]]:
    """Whether the conditions of sound rules hold for a customer."""
    today = at.astimezone(ZoneInfo(settings.get("timezone"))).date()
    fields, ask = dict(whole_catalogue()), asking(everything(), today)
    return [
        func.coalesce(condition(rule.tree, fields, ask), false())
        for rule in some
        if rule.tree is not None
    ]


def held_by(some: Sequence[Rule], among: Sequence[int], at: datetime) -> dict[int, set[int]]:
    """The tags of those of some sound rules whose conditions hold, by the ids of these customers; one
    statement for all of them."""
    columns = [
        holds.label(f"tag_{rule.tag_id}")
        for rule, holds in zip(some, _holds(some, at), strict=True)
    ]
    statement = _active(select(CUSTOMER.c.id, *columns)).where(CUSTOMER.c.id.in_(among))
    return {
        row[0]: {rule.tag_id for rule, holds in zip(some, row[1:], strict=True) if holds}
        for row in database.session.execute(statement.order_by(CUSTOMER.c.id))
    }


def differing(rule: Rule, at: datetime, among: Sequence[int] | None = None) -> Select[Any]:
    """The customers (`id`) that have the tag (`had`) and are not to, or the other way round."""
    has = has_tag(rule.tag_id)
    holds = wanted(rule, at)
    differs = holds.is_distinct_from(has)
    statement = _active(select(CUSTOMER.c.id, has.label("had"))).where(differs)
    if among is not None:
        statement = statement.where(CUSTOMER.c.id.in_(among))
    return statement.order_by(CUSTOMER.c.id)


def count_having(tag_id: int) -> int:
    """How many customers have a tag now."""
    return _count(has_tag(tag_id))


def count_previewed(row: Mapping[str, Any], tree: Node, at: datetime) -> int:
    """How many customers are to have a tag (`row`, with `exclusive`), were this its rule."""
    known = next((rule for rule in rules() if rule.tag_id == row["id"]), None)
    tried = Rule(
        tag_id=row["id"],
        key=row["key"],
        label=row["label"],
        dimension_id=row["dimension_id"],
        exclusive=row["exclusive"],
        tree=tree,
        rivals=known.rivals if known else _others(row),
    )
    return _count(wanted(tried, at))


def _others(row: Mapping[str, Any]) -> frozenset[int]:
    """The other tags of an exclusive dimension, before all of which a new rule gives way."""
    if not row["exclusive"]:
        return frozenset()
    family = select(TAGS.c.id).where(TAGS.c.dimension_id == row["dimension_id"])
    return frozenset(database.session.execute(family).scalars()) - {row["id"]}


def _count(holds: ColumnElement[bool]) -> int:
    statement = _active(select(func.count())).where(holds)
    return int(database.session.execute(statement).scalar_one())


def _active(statement: Select[Any]) -> Select[Any]:
    joined = CUSTOMER.join(FACTS, FACTS.c.customer_id == CUSTOMER.c.id)
    return visible_to(everything(), statement.select_from(joined))


def has_tag(tag_id: int) -> ColumnElement[bool]:
    """Whether a customer has a tag."""
    return exists(
        select(LINKS.c.tag_id).where(LINKS.c.customer_id == CUSTOMER.c.id, LINKS.c.tag_id == tag_id)
    )


def have_looked_at(customer_ids: Sequence[int]) -> None:
    """Have the rules followed for these customers soon, and their plans made; belongs inside the
    operation that changes them. Where figures are only worked out for comparison there is none, and
    nothing to follow."""
    due = dues()
    if any(due.values()):
        # Also where it says so already: whoever follows the rules meanwhile has to look again.
        wanted = {name: True for name, is_due in due.items() if is_due}
        database.session.execute(
            update(FACTS).where(FACTS.c.customer_id.in_(customer_ids)).values(wanted)
        )


def dues() -> dict[str, bool]:
    """What is to be done, by the column of the facts, for customers whom the operation under way
    changes."""
    plans = is_running() and current().name not in (PLANNED, SLID)
    return {"rules_due": are_followed(), "plan_due": plans}


def are_followed() -> bool:
    """Whether the rules are to be followed for what the operation under way changes."""
    return is_running() and current().name not in (TAGGED, SLID) and _any_rules()


def are_due() -> bool:
    """Whether customers were changed for whom the rules have not been followed since."""
    return database.session.execute(_due().limit(1)).first() is not None


def take_due(most: int) -> list[int]:
    """Customers for whom the rules are to be followed; belongs inside the operation that does it,
    and from its end on they are due no more."""
    ids = list(database.session.execute(_due().order_by(FACTS.c.customer_id).limit(most)).scalars())
    database.session.execute(
        update(FACTS).where(FACTS.c.customer_id.in_(ids)).values(rules_due=False)
    )
    return ids


def _due() -> Select[Any]:
    return select(FACTS.c.customer_id).where(text("rules_due"))  # as the index says it


def have_all_looked_at() -> None:
    """Have the rules followed for the whole book; belongs inside the operation that changes one."""
    move_epoch()
    enqueue_once(ALL)


def _any_rules() -> bool:
    """Whether any rule is on; asked once for each of the firm's arrangements."""
    now = settings.memory()
    known: tuple[settings.Memory, bool] | None = current_app.extensions.get(KEY)
    if known is None or known[0] is not now:
        on = select(TAGS.c.id).where(
            TAGS.c.rule.is_not(None),
            TAGS.c.rule_on.is_(True),
            TAGS.c.retired.is_(False),
            TAGS.c.owner.in_((hooks.OWN, *hooks.enabled())),
        )
        there = database.session.execute(on.limit(1)).first() is not None
        known = current_app.extensions[KEY] = (now, there)
    return known[1]


def ask_for(setting: str) -> bool:
    """Whether the rule of a tag compares with a setting, of this name."""
    found = database.session.execute(select(TAGS.c.rule).where(TAGS.c.rule.is_not(None)))
    return any(setting in settings_of(rule) for rule in found.scalars())


def settings_of(stored: Any) -> frozenset[str]:
    """The settings that a stored condition compares with."""
    try:
        return settings_used(from_json(stored))
    except Unreadable:
        return frozenset()
