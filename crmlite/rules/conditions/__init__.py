"""One language for every "which customers?": lists, views, tags, strategies, surveys, reports.

    where("tier", "is", "strategic", "core")
    All((where("stage", "is", "proposal"), where("last_contact", "before", FromToday(-60, "d"))))
    where("orders_year", "at_least", FromSetting("many_orders"))

A condition is a value. It is checked against the fields there are (`validate`), kept as JSON
(`to_json`, `from_json`), written into addresses (`to_text`, `from_text`), said in the reader's
words (`phrases`, `sentence`), and answered by the database; what is not stored yet, by `holds`.
"""

from crmlite.rules.conditions.checking import Catalogue, validate
from crmlite.rules.conditions.dates import (
    DayRange,
    FromToday,
    Span,
    StartOf,
    day_range,
    resolved,
)
from crmlite.rules.conditions.figures import AGO, AHEAD, Figures, FromSetting
from crmlite.rules.conditions.holding import Onlooker, holds
from crmlite.rules.conditions.operators import OPERATORS, Operator
from crmlite.rules.conditions.phrasing import Phrase, Voice, explained, phrases, sentence
from crmlite.rules.conditions.settling import settled
from crmlite.rules.conditions.short import from_text, is_flat, to_text
from crmlite.rules.conditions.stored import from_json, to_json
from crmlite.rules.conditions.tree import (
    ALWAYS,
    MAX_DEPTH,
    MAX_SPREAD,
    MAX_TESTS,
    MAX_VALUES,
    ME,
    All,
    Any,
    Me,
    Node,
    Not,
    Scalar,
    Test,
    Unreadable,
    every_test,
    fields_used,
    parts_of,
    settings_used,
    where,
)
from crmlite.rules.conditions.typed import read_test
from crmlite.rules.conditions.written import Reading, from_words

__all__ = [
    "AGO",
    "AHEAD",
    "ALWAYS",
    "MAX_DEPTH",
    "MAX_SPREAD",
    "MAX_TESTS",
    "MAX_VALUES",
    "ME",
    "OPERATORS",
    "All",
    "Any",
    "Catalogue",
    "DayRange",
    "Figures",
    "FromSetting",
    "FromToday",
    "Me",
    "Node",
    "Not",
    "Onlooker",
    "Operator",
    "Phrase",
    "Reading",
    "Scalar",
    "Span",
    "StartOf",
    "Test",
    "Unreadable",
    "Voice",
    "day_range",
    "every_test",
    "explained",
    "fields_used",
    "from_json",
    "from_text",
    "from_words",
    "holds",
    "is_flat",
    "parts_of",
    "phrases",
    "read_test",
    "resolved",
    "sentence",
    "settings_used",
    "settled",
    "to_json",
    "to_text",
    "validate",
    "where",
]
