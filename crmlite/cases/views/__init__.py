"""The pages of cases."""

from crmlite.cases.views import (
    case,
    conversation,
    editing,
    improvements,
    intake,
    moves,
    people,
    policies,
    queue,
    saving,
    tasks,
    tying,
    words,
)
from crmlite.cases.views.blueprint import bp

__all__ = [
    "bp",
    "case",
    "conversation",
    "editing",
    "improvements",
    "intake",
    "moves",
    "people",
    "policies",
    "queue",
    "saving",
    "tasks",
    "tying",
    "words",
]
