"""The deadlines and canned replies that every book begins with."""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from importlib import resources
from typing import Any

from sqlalchemy import select

from crmlite.accounts.queries import teams
from crmlite.cases.models import CannedReply, CaseLevelRule, CaseTarget
from crmlite.extensions import database
from crmlite.work import records


def shipped_targets() -> Mapping[str, Mapping[str, Any]]:
    """The deadlines by the names under which they were shipped."""
    return _read("targets.toml")


def put_in_targets(at: datetime) -> None:
    """Add the deadlines that are missing. Belongs inside an operation."""
    there = _there(CaseTarget)
    rows = [
        {**values, "state": "active", "shipped": name}
        for name, values in shipped_targets().items()
        if name not in there
    ]
    records.insert_many(CaseTarget, rows)


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


def put_in_replies(at: datetime) -> None:
    """Add the canned replies that are missing. Belongs inside an operation."""
    there = _there(CannedReply)
    rows = [
        {
            "state": "active",
            "shipped": name,
            "title": {"en": raw["title"][0], "zh": raw["title"][1]},
            "body": {"en": raw["body"][0], "zh": raw["body"][1]},
        }
        for name, raw in _read("replies.toml").items()
        if name not in there
    ]
    records.insert_many(CannedReply, rows)


def _there(model: type[Any]) -> set[str]:
    table = model.__table__
    return set(database.session.execute(select(table.c.shipped)).scalars())


def _read(name: str) -> Mapping[str, Any]:
    text = resources.files(__package__).joinpath(f"data/{name}").read_text("utf-8")
    return tomllib.loads(text)
