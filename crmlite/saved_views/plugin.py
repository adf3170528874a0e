"""What this room contributes: how the change record speaks of kept views."""

from flask import Blueprint

from crmlite import hookimpl
from crmlite.saved_views.models import SavedView
from crmlite.wording import N_
from crmlite.work.record_types import RecordType

bp = Blueprint("saved_views", "crmlite.saved_views", template_folder="templates")


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The form; the addresses are those of the lists."""
    return [bp]


@hookimpl
def register_record_types() -> list[RecordType]:
    """Views."""
    return [
        RecordType(
            name="saved_view",
            title="name",
            label=N_("View"),
            model=SavedView,
            icon="table",
            labels={
                "name": N_("Name"),
                "list": N_("Which list"),
                "shared": N_("For everybody"),
                "position": N_("Position"),
                "query": N_("Filters"),
                "owner_id": N_("Owner"),
            },
        )
    ]
