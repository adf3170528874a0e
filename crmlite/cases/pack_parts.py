"""What cases do with packs: what they refuse of one, what follows, what they hold and remove."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select

from crmlite import hooks
from crmlite.access.readers import whoever_asks
from crmlite.calendars.wording import target as target_words
from crmlite.cases.categories import LIST
from crmlite.cases.declaring import CategoryTarget
from crmlite.cases.filling import FIELD, FIELDS
from crmlite.cases.models import CannedReply, Case, CaseFacts, CaseTarget
from crmlite.cases.operations.policies import follow_shipped, have_clocks_read
from crmlite.cases.sight import case_ids
from crmlite.cases.words import LEVELS, clock_label, listed
from crmlite.declarations import Declared, PackPart, Told
from crmlite.extensions import database
from crmlite.rules.did_you_mean import unknown
from crmlite.rules.fields import BadDeclaration
from crmlite.rules.working_time import Target, Unit
from crmlite.settings.models import ChoiceRow
from crmlite.wording import label
from crmlite.work import records

CASES, FACTS = Case.__table__, CaseFacts.__table__
TARGETS, REPLIES, CHOICES = CaseTarget.__table__, CannedReply.__table__, ChoiceRow.__table__
KEPT_OF_TARGET = ("clock", "kind", "level", "category", "tier", "unit", "amount", "state")


def part() -> PackPart:
    """What this room does with packs."""
    return PackPart(
        name="cases",
        refuse=refuse,
        told=told,
        switched=switched,
        held=held,
        kept=kept,
        purge=purge,
        weight=10,
    )


def told(_pack: str, declared: Declared) -> Told:
    """Within which time cases of its categories are dealt with."""
    lines = [
        (label(one.label), _(", ").join(map(_in_words, one.targets)))
        for one in declared.get("register_case_categories", ())
        if one.targets
    ]
    return str(_("Deadlines")), lines


def _in_words(target: CategoryTarget) -> str:
    words = f"{clock_label(target.clock)} {target_words(Target(Unit(target.unit), target.amount))}"
    return f"{words} ({listed('level', target.level)})" if target.level else words


def refuse(pack: str, declared: Declared) -> None:
    """Raise BadDeclaration for categories and texts that are not fit."""
    added = declared.get("register_choices", ())
    levels = _levels() | {one.key for one in added if one.list == LEVELS}
    known = {one.key for one in added if one.list == LIST}
    for category in declared.get("register_case_categories", ()):
        where = f"Case category {category.key!r}"
        _refuse_foreign(pack, where, category.key)
        if category.key in known:
            raise BadDeclaration(f"{where}: it is declared twice, here and as a value of the list.")
        for level in (category.level, *(target.level for target in category.targets)):
            if level and level not in levels:
                raise BadDeclaration(f"{where}: the level {unknown(level, levels)}.")
    for text in declared.get("register_canned_replies", ()):
        where = f"Canned reply {text.key!r}"
        _refuse_foreign(pack, where, text.key)
        for body in [text.body] if isinstance(text.body, str) else text.body.values():
            for name in FIELD.findall(body):
                if name not in FIELDS:
                    raise BadDeclaration(f"{where}: the field {unknown(name, FIELDS)}.")


def _levels() -> set[str]:
    lists = hooks.declared("register_choice_lists")
    return {value.key for one in lists if one.name == LEVELS for value in one.shipped}


def _refuse_foreign(pack: str, where: str, key: str) -> None:
    if not key.startswith(f"{pack}__"):
        raise BadDeclaration(f"{where}: what belongs to this pack begins with `{pack}__`.")


def switched(pack: str) -> None:
    """Have the clocks of open cases read anew where a pack names deadlines."""
    wanted = select(TARGETS.c.id).where(TARGETS.c.owner == pack).limit(1)
    if database.session.execute(wanted).first() is not None:
        follow_shipped()


def held(pack: str) -> Mapping[str, int]:
    """How many cases are in a pack's categories, its deadlines and its canned replies."""
    in_categories = CASES.c.category.in_(_categories(pack))
    return {
        _("Cases in its categories"): _count(CASES, in_categories),
        _("Deadlines"): _count(TARGETS, TARGETS.c.owner == pack, TARGETS.c.state == "active"),
        _("Canned replies"): _count(REPLIES, REPLIES.c.owner == pack, REPLIES.c.state == "active"),
    }


def _count(table: Any, *which: ColumnElement[bool]) -> int:
    wanted = select(func.count()).select_from(table).where(*which)
    return int(database.session.execute(wanted).scalar_one())


def _categories(pack: str) -> Any:
    return select(CHOICES.c.key).where(CHOICES.c.owner == pack, CHOICES.c.list == LIST)


def kept(pack: str) -> Iterator[Mapping[str, Any]]:
    """Its deadlines, its canned replies, and which cases that the reader sees are in its categories, as
    plain values."""
    for row in _rows(TARGETS, pack):
        yield {"deadline": {name: row[name] for name in KEPT_OF_TARGET}}
    for row in _rows(REPLIES, pack):
        yield {"canned_reply": {name: row[name] for name in ("title", "body", "state")}}
    wanted = select(CASES.c.number, CASES.c.category).where(
        CASES.c.category.in_(_categories(pack)),
        CASES.c.id.in_(case_ids(whoever_asks(), "cases:see")),
    )
    for case in database.session.execute(wanted.order_by(CASES.c.id)).mappings():
        yield {"case": case["number"], "category": case["category"]}


def _rows(table: Any, pack: str) -> Sequence[Mapping[str, Any]]:
    wanted = select(table).where(table.c.owner == pack).order_by(table.c.id)
    return database.session.execute(wanted).mappings().all()


def purge(pack: str) -> int:
    """Remove a pack's canned replies and deadlines; the deadlines of categories that open cases are in
    stay, since they were promised. Its categories go with the values of lists. Answers how much was
    removed."""
    promised = (
        select(CASES.c.category)
        .join(FACTS, FACTS.c.case_id == CASES.c.id)
        .where(FACTS.c.is_open.is_(True), CASES.c.category.in_(_categories(pack)))
        .distinct()
    )
    stay = set(database.session.execute(promised).scalars())
    targets = [row["id"] for row in _rows(TARGETS, pack) if row["category"] not in stay]
    replies = [row["id"] for row in _rows(REPLIES, pack)]
    records.delete_many(CaseTarget, targets)
    records.delete_many(CannedReply, replies)
    if targets:
        have_clocks_read()
    return len(targets) + len(replies)
