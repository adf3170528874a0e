"""Everything that changes cases."""

from crmlite.cases.operations.asking import ask, close_task
from crmlite.cases.operations.conversation import Promise, Said, agree_plan, answer, hear, note
from crmlite.cases.operations.editing import change_level, make_complaint, update_case
from crmlite.cases.operations.improvements import (
    add_improvement,
    tell_customer,
    tie,
    untie,
    update_improvement,
)
from crmlite.cases.operations.intake import CaseDraft, open_case
from crmlite.cases.operations.links import link, split, unlink
from crmlite.cases.operations.moves import (
    Revisit,
    Solution,
    delete_case,
    move,
    reopen,
    resolve,
    revisit,
)
from crmlite.cases.operations.people import assign, hand_round, join, leave, take

__all__ = [
    "CaseDraft",
    "Promise",
    "Revisit",
    "Said",
    "Solution",
    "add_improvement",
    "agree_plan",
    "answer",
    "ask",
    "assign",
    "change_level",
    "close_task",
    "delete_case",
    "hand_round",
    "hear",
    "join",
    "leave",
    "link",
    "make_complaint",
    "move",
    "note",
    "open_case",
    "reopen",
    "resolve",
    "revisit",
    "split",
    "take",
    "tell_customer",
    "tie",
    "unlink",
    "untie",
    "update_case",
    "update_improvement",
]
