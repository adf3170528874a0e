"""The dimensions of tags that every book has, and the tags that rules put on."""

from datetime import datetime

from sqlalchemy import select

from crmlite.customers.models import Dimension, Tag
from crmlite.extensions import database
from crmlite.rules.conditions import All, Any, FromToday, to_json, where
from crmlite.work import records

MIRRORED = ("basic", "need")  # their tags follow from fields and are changed there
DIMENSIONS = (
    ("basic", "Basic", "基础"),
    ("need", "Need", "需求"),
    ("behaviour", "Behaviour", "行为"),
    ("free", "Free", "自由"),
)
BEHAVIOUR = "behaviour"
RULED = (
    (
        "high-potential",
        "High potential",
        "高潜力",
        All(
            (
                where("lifecycle", "is", "interested"),
                where("open_needs", "at_least", 1),
                Any((where("urgency", "is", "high"), where("budget", "is", "over-500k"))),
            )
        ),
    ),
    (
        "low-frequency",
        "Low frequency",
        "低频",
        All(
            (
                where("lifecycle", "is", "active"),
                where("last_contact", "before", FromToday(-90, "d")),
            )
        ),
    ),
)


def put_in_dimensions(at: datetime) -> None:
    """Add the dimensions that are missing. Belongs inside an operation."""
    table = Dimension.__table__
    there = set(database.session.execute(select(table.c.key)).scalars())
    records.insert_many(
        Dimension,
        [
            {
                "key": key,
                "label": {"en": en, "zh": zh},
                "exclusive": False,
                "shipped": True,
                "position": position,
            }
            for position, (key, en, zh) in enumerate(DIMENSIONS)
            if key not in there
        ],
    )


def put_in_ruled_tags(at: datetime) -> None:
    """Add the tags of behaviour that are missing, with their rules. Belongs inside an operation."""
    tags, dimensions = Tag.__table__, Dimension.__table__
    home = database.session.execute(
        select(dimensions.c.id).where(dimensions.c.key == BEHAVIOUR)
    ).scalar_one()
    there = set(
        database.session.execute(select(tags.c.key).where(tags.c.dimension_id == home)).scalars()
    )
    records.insert_many(
        Tag,
        [
            {
                "dimension_id": home,
                "key": key,
                "label": {"en": en, "zh": zh},
                "retired": False,
                "rule": to_json(tree),
                "rule_on": True,
                "position": position,
            }
            for position, (key, en, zh, tree) in enumerate(RULED)
            if key not in there
        ],
    )
