"""The tags of packs: how a `pack.toml` declares them, and what becomes of them with their pack."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from crmlite import hooks
from crmlite.access.readers import whoever_asks
from crmlite.customers.conditions.catalogue import BookVoice
from crmlite.customers.conditions.written import figures_of, pack_catalogue, read_condition
from crmlite.customers.models import Customer, CustomerTag, Dimension, Tag
from crmlite.customers.operations.tags import replace_tags
from crmlite.customers.queries import dimension_id, tags_of
from crmlite.customers.tags.declaring import KEY, ShippedTag, TagDimension, refuse_unfit
from crmlite.customers.tags.rules import have_all_looked_at, rules, said
from crmlite.customers.tags.shipped import FREE
from crmlite.declarations import Declared, PackPart, Section, Told, full_name, of_kind, only, words
from crmlite.extensions import database
from crmlite.rules.conditions import FromSetting, Scalar, sentence
from crmlite.rules.fields import BadDeclaration, Field
from crmlite.wording import N_, label
from crmlite.work import current, records
from crmlite.work.records import chunks

DIMENSIONS, TAGS, LINKS = Dimension.__table__, Tag.__table__, CustomerTag.__table__
CUSTOMERS = Customer.__table__
OF_DIMENSION = ("label", "exclusive")
OF_TAG = ("dimension", "label", "when", "quiet")
PIECE = 500


def sections() -> list[Section]:
    """The tables that packs write: `[tag_dimensions]`, then `[tags]`."""
    return [
        Section(name="tag_dimensions", read=_read_dimensions, weight=30),
        Section(name="tags", read=_read_tags, weight=40),
    ]


def _read_dimensions(pack: str, raw: Mapping[str, Any], _declared: Declared) -> Declared:
    found = []
    for key, table in _tables(raw, "tag_dimensions"):
        where = f"[tag_dimensions.{key}]"
        known = only(table, OF_DIMENSION, where)
        found.append(
            TagDimension(
                key=full_name(pack, key),
                label=words(known.get("label"), where),
                exclusive=of_kind(known, "exclusive", bool, False, where),
            )
        )
    return {"register_tag_dimensions": found}


def _read_tags(pack: str, raw: Mapping[str, Any], declared: Declared) -> Declared:
    own = {one.key for one in declared.get("register_tag_dimensions", ())}
    found = []
    for key, table in _tables(raw, "tags"):
        where = f"[tags.{key}]"
        known = only(table, OF_TAG, where)
        home = of_kind(known, "dimension", str, "", where)
        found.append(
            ShippedTag(
                dimension=full_name(pack, home) if full_name(pack, home) in own else home,
                key=full_name(pack, key),
                label=words(known.get("label"), where),
                when=(
                    read_condition(known["when"], f"{where} when", pack, declared)
                    if "when" in known
                    else None
                ),
                quiet=of_kind(known, "quiet", bool, False, where),
            )
        )
    _refuse_unfit(pack, declared.get("register_tag_dimensions", ()), found)
    return {"register_tags": found}


def _tables(raw: Mapping[str, Any], section: str) -> Iterable[tuple[str, Any]]:
    for key in raw:
        if not KEY.fullmatch(key):
            raise BadDeclaration(f"[{section}.{key}]: keys are like `win_back`.")
    return raw.items()


def _refuse_unfit(pack: str, families: Sequence[TagDimension], tags: Sequence[ShippedTag]) -> None:
    of_crmlite = [one.key for one in hooks.declared("register_tag_dimensions")]
    refuse_unfit(pack, families, tags, of_crmlite)


def part() -> PackPart:
    """What the customer book does with the tags of packs."""
    return PackPart(
        name="tags",
        faults=_faults,
        told=_told,
        switched=lambda _pack: have_all_looked_at(),
        held=_held,
        kept=_kept,
        purge=_purge,
        weight=40,
    )


class Beforehand(BookVoice):
    """Says conditions of a pack with its settings as they come: it may not be on yet."""

    def __init__(self, declared: Declared) -> None:
        self._come = figures_of(declared)

    def now(self, field: Field, value: FromSetting, /) -> Scalar | None:
        """What a setting gives: the firm's, else as it comes."""
        found = super().now(field, value)
        return self._come.of(value, field.kind) if found is None else found


def _told(pack: str, declared: Declared) -> Told:
    """Who gets its tags by a rule."""
    tags = [one for one in declared.get("register_tags", ()) if one.when is not None]
    if not tags:
        return "", ()
    fields, voice = pack_catalogue(pack, declared), Beforehand(declared)
    lines = [(label(one.label), sentence(one.when, fields, voice)) for one in tags]
    return str(_("Rules of tags")), lines


def _faults(pack: str) -> Iterator[str]:
    """What is wrong with the tags that a pack declares, or with their rules."""
    try:
        _refuse_unfit(
            pack,
            hooks.declared("register_tag_dimensions", pack),
            hooks.declared("register_tags", pack),
        )
    except BadDeclaration as wrong:
        yield str(wrong)
        return
    own = {tag_id for tag_id, _key in _own_tags(pack)}
    for rule in rules():
        if rule.tag_id in own and rule.problems:
            why = " ".join(said(rule.problems))
            yield str(_("The rule of the tag “%(tag)s”: %(why)s", tag=label(rule.label), why=why))


def _own_tags(pack: str) -> list[tuple[int, str]]:
    found = select(TAGS.c.id, TAGS.c.key).where(TAGS.c.owner == pack).order_by(TAGS.c.id)
    return [(row.id, row.key) for row in database.session.execute(found)]


def _held(pack: str) -> Mapping[str, int]:
    """How many tags there are of a pack, and how often customers have one."""
    ids = [tag_id for tag_id, _key in _own_tags(pack)]
    used = select(func.count()).select_from(LINKS).where(LINKS.c.tag_id.in_(ids))
    return {
        N_("Tags"): len(ids),
        N_("Tags on customers"): int(database.session.execute(used).scalar_one()) if ids else 0,
    }


def _kept(pack: str) -> Iterator[Mapping[str, Any]]:
    """Each tag of a pack, and each customer that has one, as far as the reader sees them."""
    reader = whoever_asks()
    for tag_id, key in _own_tags(pack):
        row = database.session.execute(select(TAGS).where(TAGS.c.id == tag_id)).mappings().one()
        yield {"tag": key, "label": row["label"], "rule": row["rule"], "retired": row["retired"]}
        having = (
            select(LINKS.c.customer_id, LINKS.c.since, CUSTOMERS.c.owner_id)
            .join(CUSTOMERS, CUSTOMERS.c.id == LINKS.c.customer_id)
            .where(LINKS.c.tag_id == tag_id)
        )
        for one in database.session.execute(having.order_by(LINKS.c.customer_id)):
            if reader.covers("customers:see", one.owner_id):
                yield {"tag": key, "customer": one.customer_id, "since": one.since.isoformat()}


def _purge(pack: str) -> int:
    """Take the tags of a pack from all customers, then the tags and their dimensions away. Tags that
    the firm made in such a dimension become free ones."""
    ids = {tag_id for tag_id, _key in _own_tags(pack)}
    wanted = select(LINKS.c.customer_id).distinct().where(LINKS.c.tag_id.in_(ids))
    number = 0
    for some in chunks(list(database.session.execute(wanted).scalars()), PIECE):
        had = tags_of(some)
        number += sum(len(ids.intersection(tags)) for tags in had.values())
        replace_tags({one: set(tags) - ids for one, tags in had.items()}, current().at)
    records.delete_many(Tag, sorted(ids))
    homes = list(
        database.session.execute(
            select(DIMENSIONS.c.id).where(DIMENSIONS.c.owner == pack)
        ).scalars()
    )
    left = select(TAGS.c.id).where(TAGS.c.dimension_id.in_(homes))
    free = {"dimension_id": dimension_id(FREE)}
    records.update_many(Tag, dict.fromkeys(database.session.execute(left).scalars(), free))
    records.delete_many(Dimension, homes)
    have_all_looked_at()
    return number + len(ids)
