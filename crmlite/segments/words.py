"""Whom a condition takes, in words."""

from flask_babel import format_decimal

from crmlite import clock
from crmlite.access import current_reader
from crmlite.customers.lists.answering import CAP
from crmlite.rules.conditions import Node
from crmlite.segments.queries import count
from crmlite.settings.queries import local_day


def how_many(tree: Node) -> str:
    """How many customers in the reader's sight a condition takes; "10,000+" beyond what is counted."""
    found = count(tree, current_reader(), local_day(clock.now()))
    return f"{format_decimal(CAP)}+" if found > CAP else str(format_decimal(found))
