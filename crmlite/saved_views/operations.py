"""Keeping, changing and dropping views of lists."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from crmlite.saved_views.models import SavedView
from crmlite.work import Actor, current, operation, records


@operation("view_saved")
def save_view(
    list_name: str, name: str, query: Mapping[str, Any], *, shared: bool, by: Actor, at: datetime
) -> int:
    """Keep what a list is asked for under a name; answers the view's id."""
    return records.insert(
        SavedView,
        {
            "list": list_name,
            "name": name,
            "owner_id": by.user_id,
            "shared": shared,
            "position": 0,
            "query": dict(query),
        },
    )


@operation("view_updated")
def update_view(
    view_id: int,
    values: Mapping[str, Any],
    *,
    version: int | None = None,
    by: Actor,
    at: datetime,
) -> int:
    """Rename, share or redefine a view; answers the id of the operation, 0 if nothing changed.
    Raises Stale when it has another `version` by now."""
    return current().id if records.update(SavedView, view_id, values, version=version) else 0


@operation("view_deleted")
def delete_view(view_id: int, *, by: Actor, at: datetime) -> int:
    """Take a view away; the answer is the operation, which can be undone."""
    records.delete(SavedView, view_id)
    return current().id
