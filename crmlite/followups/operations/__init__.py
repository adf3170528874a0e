"""Everything that changes interactions and next steps."""

from crmlite.followups.operations.histories import PastContact, PlannedStep, add_histories
from crmlite.followups.operations.interactions import (
    InteractionDraft,
    NextStep,
    delete_interaction,
    log_interaction,
    update_interaction,
)
from crmlite.followups.operations.tasks import (
    add_task,
    drop_task,
    finish_task,
    move_task,
    update_task,
)

__all__ = [
    "InteractionDraft",
    "NextStep",
    "PastContact",
    "PlannedStep",
    "add_histories",
    "add_task",
    "delete_interaction",
    "drop_task",
    "finish_task",
    "log_interaction",
    "move_task",
    "update_interaction",
    "update_task",
]
