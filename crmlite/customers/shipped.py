"""The dimensions of tags that every book has."""

from datetime import datetime

from sqlalchemy import select

from crmlite.customers.models import Dimension
from crmlite.extensions import database
from crmlite.work import records

MIRRORED = ("basic", "need")  # their tags follow from fields and are changed there
DIMENSIONS = (
    ("basic", "Basic", "基础"),
    ("need", "Need", "需求"),
    ("behaviour", "Behaviour", "行为"),
    ("free", "Free", "自由"),
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
