"""Every sentence about a problem, by its code, so that forms, import and API say the same."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from crmlite.rules import (
    amounts,
    dates,
    lifecycle,
    names,
    numbering,
    order_states,
    quantities,
    tagging,
    text,
    values,
)
from crmlite.rules.conditions import checking, short, stored
from crmlite.rules.contact_details import emails, messengers, phones, websites
from crmlite.rules.problems import Problem
from crmlite.rules.working_time import reading

TABLES = (
    text.MESSAGES,
    dates.MESSAGES,
    amounts.MESSAGES,
    values.MESSAGES,
    phones.MESSAGES,
    emails.MESSAGES,
    messengers.MESSAGES,
    websites.MESSAGES,
    numbering.MESSAGES,
    names.MESSAGES,
    lifecycle.MESSAGES,
    checking.MESSAGES,
    short.MESSAGES,
    stored.MESSAGES,
    tagging.MESSAGES,
    reading.MESSAGES,
    quantities.MESSAGES,
    order_states.MESSAGES,
)

MESSAGES: Mapping[str, str] = MappingProxyType(
    {code: msgid for table in TABLES for code, msgid in table.items()}
)
"""The msgid of each code of a `Problem`."""


def worded(problem: Problem, say: Callable[..., str]) -> str:
    """The sentence that tells a problem; `say` is gettext. Labels among the params come worded."""
    return say(MESSAGES[problem.code], **problem.params)
