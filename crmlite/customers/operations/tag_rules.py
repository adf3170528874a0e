"""Rules of tags: set by managers, followed in the background for the whole book."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crmlite import clock
from crmlite.customers.models import Tag
from crmlite.customers.operations.sliding import slide
from crmlite.customers.operations.tags import all_keys, replace_tags
from crmlite.customers.queries import tags_of
from crmlite.customers.tags.rules import (
    ALL,
    DUE,
    TAGGED,
    Rule,
    differing,
    have_all_looked_at,
    held_by,
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
    """Follow the rules for the whole book, after what the days have changed was counted."""
    slide(by=by, at=at, lease=lease)
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
    _set(ids, at)
    return len(ids)


def follow_rules(*, by: Actor, at: datetime, lease: Lease | None = None) -> int:
    """Put tags on and take them off as their rules say, in the whole book; answers for how many
    customers. Whose tags differ the database says for all at once; they change in short batches, of
    which the later ones are parts of the first."""
    found: set[int] = set()
    for rule in rules():
        if not rule.problems:
            found.update(row.id for row in database.session.execute(differing(rule, at)))
    first, number = 0, 0
    for ids in records.chunks(sorted(found), BATCH):
        done = _follow(ids, lease, by=by, at=at, part_of=first or None)
        first = first or done["operation"]
        number += done["changed"]
    return number


@operation(TAGGED)
def _follow(ids: Sequence[int], lease: Lease | None, *, by: Actor, at: datetime) -> dict[str, int]:
    """One batch, looked at again: people may have changed it, or a rule, meanwhile."""
    if lease is not None:
        lease.renew()
    number = _set(ids, at)
    return {"operation": current().id if number else 0, "changed": number}


def _set(ids: Sequence[int], at: datetime) -> int:
    """Put the tags of all rules on or off for those of these customers where they differ; answers
    for how many. Rules that ask for tags are asked one by one, each after what it asks for."""
    sound = [rule for rule in rules() if not rule.problems] if ids else []
    steps = [[rule for rule in sound if not rule.asks_tags]]
    steps += [[rule] for rule in sound if rule.asks_tags]
    changed: set[int] = set()
    for step in steps:
        changed.update(_set_together(step, ids, at) if step else ())
    for customer_id in sorted(changed):
        tell("customer_changed", customer_id=customer_id)
    return len(changed)


def _set_together(some: Sequence[Rule], ids: Sequence[int], at: datetime) -> list[int]:
    held = held_by(some, ids, at)
    had = tags_of(list(held))
    return replace_tags(
        {
            customer_id: tags
            for customer_id, holding in held.items()
            if (tags := _tags_by(some, had[customer_id], holding)) != set(had[customer_id])
        },
        at,
    )


def _tags_by(some: Sequence[Rule], had: Sequence[int], holding: Collection[int]) -> set[int]:
    """The tags of a customer who had some, by the rules whose conditions hold for them."""
    tags = set(had)
    for rule in some:
        if rule.tag_id in holding and tags.isdisjoint(rule.rivals):
            tags = (tags - set(rule.later)) | {rule.tag_id}
        else:
            tags.discard(rule.tag_id)
    return tags


__all__ = ["ALL", "DUE", "follow_all", "follow_due", "follow_rules", "set_rule", "switch_rule"]
