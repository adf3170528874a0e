"""Everything that changes interactions and tasks.

Other rooms plan and close tasks inside their own operations by `plan`, `replan` and `close`.
"""

from crmlite.followups.operations.histories import PastContact, PlannedStep, add_histories
from crmlite.followups.operations.interactions import (
    InteractionDraft,
    Promise,
    delete_interaction,
    log_interaction,
    update_interaction,
)
from crmlite.followups.operations.planning import TaskDraft, close, plan, replan
from crmlite.followups.operations.starts import dismiss_start, start_contact
from crmlite.followups.operations.tasks import (
    add_task,
    drop_task,
    finish_task,
    move_task,
    take_task,
    update_task,
)
from crmlite.followups.operations.together import drop_tasks, finish_tasks, move_tasks

__all__ = [
    "InteractionDraft",
    "PastContact",
    "PlannedStep",
    "Promise",
    "TaskDraft",
    "add_histories",
    "add_task",
    "close",
    "delete_interaction",
    "dismiss_start",
    "drop_task",
    "drop_tasks",
    "finish_task",
    "finish_tasks",
    "log_interaction",
    "move_task",
    "move_tasks",
    "plan",
    "replan",
    "start_contact",
    "take_task",
    "update_interaction",
    "update_task",
]
