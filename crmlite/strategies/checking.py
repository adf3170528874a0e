"""What keeps a strategy from being followed: whom it serves, and what its touches ask for."""

from collections.abc import Iterator

from crmlite import settings
from crmlite.customers.conditions.catalogue import whole_catalogue
from crmlite.customers.conditions.lasting import problems_of as asked_problems
from crmlite.rules.problems import Problem
from crmlite.rules.strategies import FESTIVALS, Around, Strategy, Touch
from crmlite.strategies.events import events
from crmlite.strategies.executors import Executors
from crmlite.strategies.sections import DATES
from crmlite.wording import N_

MESSAGES = {
    "touch_channel_gone": N_("%(touch)s: there is no such channel any more."),
    "touch_date_gone": N_("%(touch)s: the date that it is planned by is not there any more."),
    "touch_nobody": N_("%(touch)s: nobody is there any more who is to do it."),
}


def absent_of(strategy: Strategy) -> list[Problem]:
    """Who is to do something and is not there any more: it is the owners' meanwhile, until somebody
    else is named."""
    executors = Executors()
    return [
        Problem("touch_nobody", {"touch": touch.label})
        for touch in strategy.touches
        if executors.has_nobody(touch.executor)
    ]


def problems_of(strategy: Strategy) -> list[Problem]:
    """What is wrong with a strategy, as the book stands; empty where it can be followed."""
    problems = asked_problems(strategy.serves)
    return [*problems, *(one for touch in strategy.touches for one in _of_touch(touch))]


def _of_touch(touch: Touch) -> Iterator[Problem]:
    known = {one.key for one in settings.choices("channel", retired=True)}
    if touch.channel not in known:
        yield Problem("touch_channel_gone", {"touch": touch.label})
    if isinstance(touch.cadence, Around) and not _is_there(touch.cadence):
        yield Problem("touch_date_gone", {"touch": touch.label})


def _is_there(around: Around) -> bool:
    """Whether there is what a touch is dated by."""
    if around.event:
        return around.event in FESTIVALS or around.event in events()
    field = whole_catalogue().get(around.field)
    return field is not None and field.kind in DATES
