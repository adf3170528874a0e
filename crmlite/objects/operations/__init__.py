"""Everything that changes records of packs."""

from crmlite.objects.operations.objects import (
    ObjectDraft,
    add_object,
    add_objects,
    delete_object,
    update_object,
)

__all__ = ["ObjectDraft", "add_object", "add_objects", "delete_object", "update_object"]
