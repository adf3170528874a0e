"""Further fields: what packs and managers have recorded beside what crmlite itself asks for.

They are rows, and their values stand in the JSON column `extra` of their records.
"""

from crmlite.fields.fitness import indexed_in_all, refuse_too_many, refuse_unfit
from crmlite.fields.queries import (
    Known,
    field_of,
    fields_of,
    group_label,
    guards_of,
    known_fields,
    memory,
    resting,
)
from crmlite.fields.values import extra_column, extra_kept, extra_value

__all__ = [
    "Known",
    "extra_column",
    "extra_kept",
    "extra_value",
    "field_of",
    "fields_of",
    "group_label",
    "guards_of",
    "indexed_in_all",
    "known_fields",
    "memory",
    "refuse_too_many",
    "refuse_unfit",
    "resting",
]
