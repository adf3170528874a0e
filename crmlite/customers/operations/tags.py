"""Tags by hand: made by managers, put on customers by those who may change them."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select

from crmlite.customers.models import Customer, CustomerTag, Dimension, Tag
from crmlite.customers.operations.tag_words import have_found
from crmlite.customers.queries import tags_of
from crmlite.customers.search_rows import index_customers
from crmlite.customers.tags.at_rest import is_at_rest, is_automatic
from crmlite.customers.tags.rules import have_all_looked_at, have_looked_at
from crmlite.extensions import database
from crmlite.work import Actor, Refused, current, operation, records, tell
from crmlite.work.operations import move_epoch


@operation("customer_tagged")
def set_tags(
    customer_id: int,
    tag_ids: Collection[int],
    *,
    seen: Collection[int] | None = None,
    by: Actor,
    at: datetime,
) -> int:
    """Give a customer exactly these tags besides those that rules gave it or that rest; answers the
    id of the operation, 0 when it had them. Of those that somebody has `seen` it have, and changed to
    these, only the difference is added and taken.

    Raises Refused (`tags-exclusive`) for two tags of an exclusive dimension, `tags-outrun` where the
    other one came since, `tag-automatic` for a tag that is its rule's, `tag-at-rest` for one of a
    pack that is off.
    """
    automatic = automatic_tags()
    had, wanted = set(tags_of([customer_id])[customer_id]), set(tag_ids)
    ruled = had & {*automatic, *tags_at_rest()}
    check_exclusive(wanted - ruled)
    if seen is not None:
        wanted = (had & wanted) | (had - set(seen)) | (wanted - set(seen))
        check_exclusive(wanted - ruled, "tags-outrun")
    refuse_automatic(wanted - ruled, automatic)
    kept = ruled - rivals_of(wanted - ruled)
    if not replace_tags({customer_id: wanted - ruled | kept}, at):
        return 0
    tell("customer_changed", customer_id=customer_id)
    return current().id


def automatic_tags() -> dict[int, dict[str, str]]:
    """The labels of the tags that rules put on and take off."""
    return {row["id"]: row["label"] for row in _all_tags() if is_automatic(row)}


def tags_at_rest() -> dict[int, dict[str, str]]:
    """The labels of the tags of packs that are off."""
    return {
        row["id"]: row["label"]
        for row in _all_tags()
        if is_at_rest(row["owner"], row["dimension_owner"])
    }


def _all_tags() -> Sequence[Mapping[Any, Any]]:
    tags, dimensions = Tag.__table__, Dimension.__table__
    names = ("id", "label", "rule", "rule_on", "retired", "owner")
    found = select(*(tags.c[name] for name in names), dimensions.c.owner.label("dimension_owner"))
    joined = found.join(dimensions, dimensions.c.id == tags.c.dimension_id)
    return database.session.execute(joined).mappings().all()


def refuse_automatic(
    tag_ids: Collection[int], automatic: Mapping[int, Mapping[str, str]] | None = None
) -> None:
    """Refused (`tag-automatic`) when one of the tags is its rule's, `tag-at-rest` when its pack is
    off."""
    if not tag_ids:
        return
    known = automatic_tags() if automatic is None else automatic
    resting = tags_at_rest()
    for tag_id in tag_ids:
        if tag_id in known:
            raise Refused("tag-automatic", {"tag": known[tag_id]})
        if tag_id in resting:
            raise Refused("tag-at-rest", {"tag": resting[tag_id]})


def rivals_of(tag_ids: Collection[int]) -> set[int]:
    """The other tags of the exclusive dimensions of these."""
    tags, dimensions = Tag.__table__, Dimension.__table__
    mine = select(tags.c.dimension_id).where(tags.c.id.in_(tag_ids))
    found = database.session.execute(
        select(tags.c.id)
        .join(dimensions, dimensions.c.id == tags.c.dimension_id)
        .where(
            dimensions.c.exclusive.is_(True),
            tags.c.dimension_id.in_(mine),
            tags.c.id.not_in(tag_ids),
        )
    )
    return set(found.scalars())


def replace_tags(wanted: Mapping[int, set[int]], at: datetime) -> list[int]:
    """Give each customer the tags named for it; answers those whose tags really changed."""
    links = CustomerTag.__table__
    session = database.session
    had: dict[int, set[int]] = {customer_id: set() for customer_id in wanted}
    for ids in records.chunks(sorted(wanted)):
        found = session.execute(
            select(links.c.customer_id, links.c.tag_id).where(links.c.customer_id.in_(ids))
        )
        for customer_id, tag_id in found:
            had[customer_id].add(tag_id)
    changed = [customer_id for customer_id in wanted if had[customer_id] != wanted[customer_id]]
    added = [
        {"customer_id": customer_id, "tag_id": tag_id, "since": at}
        for customer_id in changed
        for tag_id in sorted(wanted[customer_id] - had[customer_id])
    ]
    taken = [
        {"customer": customer_id, "tag": tag_id}
        for customer_id in changed
        for tag_id in sorted(had[customer_id] - wanted[customer_id])
    ]
    if taken:
        link = (links.c.customer_id == bindparam("customer"), links.c.tag_id == bindparam("tag"))
        session.connection().execute(delete(links).where(*link), taken)
    if added:
        session.execute(insert(links), added)
    names = dict(all_keys())
    for customer_id in changed:
        records.note(
            Customer,
            customer_id,
            {
                "tags": [
                    sorted(names[tag] for tag in had[customer_id]),
                    sorted(names[tag] for tag in wanted[customer_id]),
                ]
            },
        )
    spoken = _spoken()
    index_customers([one for one in changed if not spoken.isdisjoint(had[one] ^ wanted[one])])
    have_looked_at(changed)
    return changed


def _spoken() -> set[int]:
    """The tags by whose words customers are found."""
    table = Tag.__table__
    return set(database.session.execute(select(table.c.id).where(~table.c.quiet)).scalars())


def restore_tags(keys: Mapping[int, list[str] | None]) -> None:
    """Put the tags of customers back as the ledger has them; tags that are gone stay gone. Raises
    Refused (`tags-exclusive`) where one comes back beside another of a dimension that is exclusive by
    now."""
    by_key = {key: tag_id for tag_id, key in all_keys()}
    wanted = {
        customer_id: {by_key[key] for key in names or () if key in by_key}
        for customer_id, names in keys.items()
    }
    _refuse_rivals(wanted)
    replace_tags(wanted, current().at)


def _refuse_rivals(wanted: Mapping[int, set[int]]) -> None:
    tags, dimensions = Tag.__table__, Dimension.__table__
    exclusive = (
        select(tags.c.id, tags.c.dimension_id, dimensions.c.label)
        .join(dimensions, dimensions.c.id == tags.c.dimension_id)
        .where(dimensions.c.exclusive.is_(True))
    )
    automatic = automatic_tags()  # their rules put them right again
    found = database.session.execute(exclusive)
    homes = {row.id: row for row in found if row.id not in automatic}
    for ids in records.chunks(sorted(wanted)) if homes else ():
        for customer_id, had in tags_of(ids).items():
            coming = wanted[customer_id] & homes.keys()
            several = Counter(homes[one].dimension_id for one in coming)
            for one in coming.difference(had):
                if several[homes[one].dimension_id] > 1:
                    raise Refused("tags-exclusive", {"dimension": homes[one].label})


def check_exclusive(tag_ids: Collection[int], code: str = "tags-exclusive") -> None:
    """Refused when two of the tags belong to one exclusive dimension."""
    tags, dimensions = Tag.__table__, Dimension.__table__
    if len(tag_ids) < 2:
        return
    found = database.session.execute(
        select(tags.c.dimension_id, dimensions.c.label)
        .join(dimensions, dimensions.c.id == tags.c.dimension_id)
        .where(tags.c.id.in_(tag_ids), dimensions.c.exclusive.is_(True))
    )
    seen: set[int] = set()
    for dimension_id, label in found:
        if dimension_id in seen:
            raise Refused(code, {"dimension": label})
        seen.add(dimension_id)


def all_keys() -> list[tuple[int, str]]:
    """Every tag as the ledger names it."""
    tags, dimensions = Tag.__table__, Dimension.__table__
    found = database.session.execute(
        select(tags.c.id, dimensions.c.key, tags.c.key).join(
            dimensions, dimensions.c.id == tags.c.dimension_id
        )
    )
    return [(tag_id, f"{dimension}/{key}") for tag_id, dimension, key in found]


@operation("tag_created")
def create_tag(
    dimension_id: int, key: str, label: Mapping[str, str], *, by: Actor, at: datetime
) -> int:
    """Add a tag to a dimension; answers its id. Raises Refused (`tag-exists`)."""
    tags = Tag.__table__
    there = select(tags.c.id).where(tags.c.dimension_id == dimension_id, tags.c.key == key)
    if database.session.execute(there).first():
        raise Refused("tag-exists", {"key": key})
    move_epoch()  # what rested for want of it goes on
    return records.insert(
        Tag,
        {
            "dimension_id": dimension_id,
            "key": key,
            "label": dict(label),
            "retired": False,
            "position": 0,
        },
    )


@operation("tag_updated")
def update_tag(
    tag_id: int, values: Mapping[str, Any], *, by: Actor, at: datetime, version: int | None = None
) -> int:
    """Rename or move a tag, or have it shown in lists or not; answers the id of the operation, 0 when
    nothing changed."""
    changed = records.update(Tag, tag_id, values, version=version)
    if "label" in changed or "quiet" in changed:
        have_found([tag_id])
    return current().id if changed else 0


@operation("tag_retired")
def retire_tag(tag_id: int, *, by: Actor, at: datetime) -> int:
    """Offer a tag no longer; customers that have it keep it."""
    return _offer(tag_id, False)


@operation("tag_revived")
def revive_tag(tag_id: int, *, by: Actor, at: datetime) -> int:
    """Offer a retired tag again."""
    return _offer(tag_id, True)


def _offer(tag_id: int, offered: bool) -> int:
    """A rule rests while its tag is not offered."""
    if not records.update(Tag, tag_id, {"retired": not offered}):
        return 0
    table = Tag.__table__
    ruled = select(table.c.id).where(table.c.id == tag_id, table.c.rule.is_not(None))
    if database.session.execute(ruled).first():
        have_all_looked_at()
    return current().id


@operation("dimension_created")
def create_dimension(label: Mapping[str, str], *, exclusive: bool, by: Actor, at: datetime) -> int:
    """Add a family of tags; answers its id. Of an exclusive one a customer has one tag at most."""
    table = Dimension.__table__
    number = (database.session.execute(select(func.max(table.c.id))).scalar() or 0) + 1
    return records.insert(
        Dimension,
        {
            "key": f"own-{number}",
            "label": dict(label),
            "exclusive": exclusive,
            "position": number,
        },
    )


@operation("dimension_updated")
def update_dimension(
    dimension_id: int,
    values: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> int:
    """Rename a dimension, or let customers have one of its tags only; answers the id of the
    operation, 0 when nothing changed. Raises Refused (`tags-several`) when some have several."""
    changed = records.update(Dimension, dimension_id, values, version=version)
    if changed.get("exclusive", (None, False))[1] and (number := _with_several(dimension_id)):
        table = Dimension.__table__
        label = select(table.c.label).where(table.c.id == dimension_id)
        params = {"dimension": database.session.execute(label).scalar_one(), "number": number}
        raise Refused("tags-several", params)
    if "exclusive" in changed:
        have_all_looked_at()
    return current().id if changed else 0


def may_be_exclusive(_reader: Any, dimension_id: int, returning: Mapping[str, Any]) -> bool:
    """Whether what comes back of a dimension fits the tags that customers have by now."""
    return not (returning.get("exclusive") and _with_several(dimension_id))


def _with_several(dimension_id: int) -> int:
    """How many customers in everyday use have more than one tag of a dimension. Of those set aside and in
    the recycle bin nobody can take any; should one come back, its form of tags leaves it one."""
    links, tags, customers = CustomerTag.__table__, Tag.__table__, Customer.__table__
    several = (
        select(links.c.customer_id)
        .join(tags, tags.c.id == links.c.tag_id)
        .join(customers, customers.c.id == links.c.customer_id)
        .where(tags.c.dimension_id == dimension_id, customers.c.state == "active")
        .group_by(links.c.customer_id)
        .having(func.count() > 1)
        .subquery()
    )
    number = select(func.count()).select_from(several)
    return int(database.session.execute(number).scalar_one())
