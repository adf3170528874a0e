"""Cases, what happens to them, and how soon the firm means to act."""

from crmlite.cases.models.cases import (
    Case,
    CaseEvent,
    CaseFacts,
    CaseLink,
    CaseMember,
    CaseMessage,
    CaseSeries,
    CaseTask,
    Improvement,
    ImprovementCase,
)
from crmlite.cases.models.policies import CannedReply, CaseLevelRule, CaseTarget

__all__ = [
    "CannedReply",
    "Case",
    "CaseEvent",
    "CaseFacts",
    "CaseLevelRule",
    "CaseLink",
    "CaseMember",
    "CaseMessage",
    "CaseSeries",
    "CaseTarget",
    "CaseTask",
    "Improvement",
    "ImprovementCase",
]
