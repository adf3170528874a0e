"""What keeps a strategy from being followed: whom it serves, and what its touches ask for."""

from collections.abc import Iterator

from crmlite import settings
from crmlite.accounts.queries import role_by_key
from crmlite.customers.catalogue import whole_catalogue
from crmlite.customers.figures import figures
from crmlite.rules.conditions import Me, every_test, validate
from crmlite.rules.problems import Problem
from crmlite.rules.strategies import ROLE, Around, Strategy, Touch
from crmlite.strategies.sections import DATES
from crmlite.wording import N_

MESSAGES = {
    "touch_channel_gone": N_("%(touch)s: there is no such channel any more."),
    "touch_date_gone": N_("%(touch)s: the date that it is planned by is not there any more."),
    "touch_role_gone": N_("%(touch)s: there is no such role any more."),
}


def problems_of(strategy: Strategy) -> list[Problem]:
    """What is wrong with a strategy, as the book stands; empty where it can be followed."""
    problems = validate(strategy.serves, whole_catalogue(), figures())
    values = (value for test in every_test(strategy.serves) for value in test.values)
    if any(isinstance(value, Me) for value in values):
        problems.append(Problem("rule_asks_me"))
    return [*problems, *(one for touch in strategy.touches for one in _of_touch(touch))]


def _of_touch(touch: Touch) -> Iterator[Problem]:
    known = {one.key for one in settings.choices("channel", retired=True)}
    if touch.channel not in known:
        yield Problem("touch_channel_gone", {"touch": touch.label})
    if isinstance(touch.cadence, Around) and touch.cadence.field:
        field = whole_catalogue().get(touch.cadence.field)
        if field is None or field.kind not in DATES:
            yield Problem("touch_date_gone", {"touch": touch.label})
    role = touch.executor.removeprefix(ROLE)
    if role != touch.executor and role_by_key(role) is None:
        yield Problem("touch_role_gone", {"touch": touch.label})
