"""What crmlite and packs bring for cases: deadlines, canned replies, categories, who leads joint teams."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime
from importlib import resources
from typing import Any

from sqlalchemy import select

from crmlite import hooks
from crmlite.accounts.queries import teams
from crmlite.cases.declaring import CannedText, CaseCategory
from crmlite.cases.models import CannedReply, CaseLevelRule, CaseTarget
from crmlite.cases.words import LISTS
from crmlite.extensions import database
from crmlite.rules.wording import Label
from crmlite.settings.models import ChoiceRow
from crmlite.settings.values import value_row
from crmlite.work import records
from crmlite.work.shipped import Shipment

CATEGORIES = "category:"  # how their rows are told from other values that a pack brings
GONE = {"state": "deleted"}
Rows = dict[str, dict[str, Any]]


def shipments(owner: str) -> Iterator[Shipment]:
    """What an owner brings: categories, their deadlines, canned replies."""
    categories = hooks.declared("register_case_categories", owner)
    yield Shipment(
        model=ChoiceRow,
        owner=owner,
        rows={f"{CATEGORIES}{one.key}": _category(one) for one in categories},
        gone={"retired": True},
        within=CATEGORIES,
    )
    targets = shipped_targets() if owner == hooks.OWN else _targets(categories)
    yield Shipment(
        model=CaseTarget, owner=owner, rows=targets, gone=GONE, together=("unit", "amount")
    )
    texts = hooks.declared("register_canned_replies", owner)
    replies = _replies() if owner == hooks.OWN else {one.key: _reply(one) for one in texts}
    yield Shipment(model=CannedReply, owner=owner, rows=replies, gone=GONE)


def shipped_targets() -> Rows:
    """crmlite's own deadlines by the names under which they come."""
    return {name: _target(**raw) for name, raw in _read("targets.toml").items()}


def _category(one: CaseCategory) -> dict[str, Any]:
    more = {"level": one.level, "manager": one.manager}
    kept = {name: value for name, value in more.items() if value}
    return value_row(LISTS["category"], one.key, one.label, more=kept)


def _targets(categories: tuple[CaseCategory, ...]) -> Rows:
    return {
        "/".join(filter(None, (one.key, target.clock, target.level))): _target(
            category=one.key, **target._asdict()
        )
        for one in categories
        for target in one.targets
    }


def _target(clock: str, unit: str, amount: int, **conditions: str | None) -> dict[str, Any]:
    any_case = dict.fromkeys(("kind", "level", "category", "tier"))
    counted = {"clock": clock, "unit": unit, "amount": amount}
    return {**any_case, **conditions, **counted, "state": "active"}


def _replies() -> Rows:
    return {
        name: {
            "title": dict(zip(("en", "zh"), raw["title"], strict=True)),
            "body": dict(zip(("en", "zh"), raw["body"], strict=True)),
            "state": "active",
        }
        for name, raw in _read("replies.toml").items()
    }


def _reply(one: CannedText) -> dict[str, Any]:
    return {"title": _words(one.title), "body": _words(one.body), "state": "active"}


def _words(label: Label) -> dict[str, str]:
    return {"en": label} if isinstance(label, str) else dict(label)


def put_in_level_rules(at: datetime) -> None:
    """Say who leads severe and critical complaints where nothing is said. Belongs inside an
    operation."""
    table = CaseLevelRule.__table__
    there = set(database.session.execute(select(table.c.level)).scalars())
    known = {team.key: team.id for team in teams()}
    rows = [
        {
            "level": level,
            "leader": raw["leader"],
            "team_ids": [known[key] for key in raw["teams"] if key in known],
        }
        for level, raw in _read("levels.toml").items()
        if level not in there
    ]
    records.insert_many(CaseLevelRule, rows)


def _read(name: str) -> Mapping[str, Any]:
    text = resources.files(__package__).joinpath(f"data/{name}").read_text("utf-8")
    return tomllib.loads(text)
