"""Rules of tags: set by managers, followed in the background for the whole book."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crmlite import clock
from crmlite.customers.models import Tag
from crmlite.customers.operations.tags import all_keys, replace_tags
from crmlite.customers.queries import tags_of
from crmlite.customers.tag_rules import (
    ALL,
    DUE,
    TAGGED,
    Rule,
    differing,
    have_all_looked_at,
    problems_of,
    rules,
    take_due,
)
from crmlite.extensions import database
from crmlite.jobs import Lease
from crmlite.rules.conditions import All, Node, Unreadable, from_json, to_json
from crmlite.rules.tagging import asks_about
from crmlite.work import Actor, Refused, current, operation, records, tell

BATCH = 200
BATCHES = 100  # about ten seconds


@operation("tag_updated")
def set_rule(
    tag_id: int,
    tree: Node | None,
    *,
    on: bool = True,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> int:
    """Have a condition put a tag on and take it off, or none; answers the id of the operation, 0
    when nothing changed.

    A rule that is off rests: the tag stays where it is and people set it. Raises Stale, Refused
    (`rule-empty`, `rule-unsound`, `rule-circle`).
    """
    if tree is not None:
        _check(tag_id, tree)
    values = {"rule": None if tree is None else to_json(tree), "rule_on": on and tree is not None}
    changed = records.update(Tag, tag_id, values, version=version)
    if not changed:
        return 0
    if any(rule.tag_id == tag_id and _is_circle(rule) for rule in rules()):
        raise Refused("rule-circle")
    have_all_looked_at()
    return current().id


@operation("tag_updated")
def switch_rule(tag_id: int, *, on: bool, by: Actor, at: datetime) -> int:
    """Switch the rule of a tag on or off; answers as `set_rule`, which it is with the same rule.
    One that cannot be asked any more is switched off, and refused to be switched on."""
    table = Tag.__table__
    stored = database.session.execute(select(table.c.rule).where(table.c.id == tag_id)).scalar()
    if stored is None:
        return 0
    if on:
        try:
            return set_rule(tag_id, from_json(stored), by=by, at=at)
        except Unreadable:
            raise Refused("rule-unsound") from None
    if not records.update(Tag, tag_id, {"rule_on": False}):
        return 0
    have_all_looked_at()
    return current().id


def _check(tag_id: int, tree: Node) -> None:
    keys = dict(all_keys())
    if tree == All():
        raise Refused("rule-empty")
    if problems_of(tree, keys.values()):
        raise Refused("rule-unsound")
    asked = asks_about(tree)
    if asked is None or keys[tag_id] in asked:
        raise Refused("rule-circle")


def _is_circle(rule: Rule) -> bool:
    return any(problem.code == "rule_circle" for problem in rule.problems)


def follow_all(_payload: Mapping[str, Any], *, by: Actor, at: datetime, lease: Lease) -> None:
    """Follow the rules for the whole book."""
    follow_rules(by=by, at=at, lease=lease)


def follow_due(_payload: Mapping[str, Any], *, by: Actor, at: datetime, lease: Lease) -> None:
    """Follow the rules for customers that were changed, or for so many that others get their turn:
    the next job goes on."""
    for _ in range(BATCHES):
        if not _follow_due(lease, by=by, at=clock.now()):
            return


@operation(TAGGED)
def _follow_due(lease: Lease, *, by: Actor, at: datetime) -> int:
    """One batch, with all rules; answers how many customers there were."""
    lease.renew()
    ids = take_due(BATCH)
    for rule in rules() if ids else ():
        if not rule.problems:
            _set(rule, ids, at)
    return len(ids)


def follow_rules(*, by: Actor, at: datetime, lease: Lease | None = None) -> int:
    """Put tags on and take them off as their rules say, in the whole book; answers how often. In
    short batches, of which the later ones are parts of the first of their rule."""
    number = 0
    for rule in rules():
        if rule.problems:
            continue
        found = database.session.execute(differing(rule, at))
        first = 0
        for ids in records.chunks([row.id for row in found], BATCH):
            done = _follow(rule.tag_id, ids, lease, by=by, at=at, part_of=first or None)
            first = first or done["operation"]
            number += done["changed"]
    return number


@operation(TAGGED)
def _follow(
    tag_id: int, ids: Sequence[int], lease: Lease | None, *, by: Actor, at: datetime
) -> dict[str, int]:
    """One batch, looked at again: people may have changed it, or the rule, meanwhile."""
    if lease is not None:
        lease.renew()
    rule = next((one for one in rules() if one.tag_id == tag_id and not one.problems), None)
    if rule is None:
        return {"operation": 0, "changed": 0}
    number = _set(rule, ids, at)
    return {"operation": current().id if number else 0, "changed": number}


def _set(rule: Rule, ids: Sequence[int], at: datetime) -> int:
    """Put the tag of a rule on or off for those of these customers where it differs; answers for
    how many."""
    found = {row.id: row.had for row in database.session.execute(differing(rule, at, ids))}
    had = tags_of(list(found))
    changed = replace_tags(
        {
            customer_id: set(had[customer_id]) - {rule.tag_id}
            if has
            else (set(had[customer_id]) - set(rule.later)) | {rule.tag_id}
            for customer_id, has in found.items()
        },
        at,
    )
    for customer_id in changed:
        tell("customer_changed", customer_id=customer_id)
    return len(changed)


__all__ = ["ALL", "DUE", "follow_all", "follow_due", "follow_rules", "set_rule", "switch_rule"]
