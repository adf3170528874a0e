"""Puts what the rules found wrong into a sentence for the reader."""

from collections.abc import Mapping

from flask_babel import gettext as _

from crmlite.rules.messages import MESSAGES
from crmlite.rules.problems import Problem


def said(problem: Problem, messages: Mapping[str, str] | None = None) -> str:
    """The sentence for a problem; `messages` are those of a slice's own codes."""
    sentence = (messages or {}).get(problem.code) or MESSAGES[problem.code]
    return str(_(sentence, **problem.params))
