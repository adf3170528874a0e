"""Words for dates that move: "60 days ago", "the start of last month", "this quarter"."""

from collections.abc import Callable

from crmlite.rules.conditions.dates import FromToday, Span, StartOf
from crmlite.rules.wording import N_, NN_

TODAY = N_("today")
AGO = {
    "d": NN_("%(num)d day ago", "%(num)d days ago"),
    "w": NN_("%(num)d week ago", "%(num)d weeks ago"),
    "m": NN_("%(num)d month ago", "%(num)d months ago"),
    "y": NN_("%(num)d year ago", "%(num)d years ago"),
}
AHEAD = {
    "d": NN_("%(num)d day from now", "%(num)d days from now"),
    "w": NN_("%(num)d week from now", "%(num)d weeks from now"),
    "m": NN_("%(num)d month from now", "%(num)d months from now"),
    "y": NN_("%(num)d year from now", "%(num)d years from now"),
}
NEAR = {
    ("week", -1): N_("last week"),
    ("week", 0): N_("this week"),
    ("week", 1): N_("next week"),
    ("month", -1): N_("last month"),
    ("month", 0): N_("this month"),
    ("month", 1): N_("next month"),
    ("quarter", -1): N_("last quarter"),
    ("quarter", 0): N_("this quarter"),
    ("quarter", 1): N_("next quarter"),
    ("year", -1): N_("last year"),
    ("year", 0): N_("this year"),
    ("year", 1): N_("next year"),
}
BACK = {
    "week": NN_("the week %(num)d week back", "the week %(num)d weeks back"),
    "month": NN_("the month %(num)d month back", "the month %(num)d months back"),
    "quarter": NN_("the quarter %(num)d quarter back", "the quarter %(num)d quarters back"),
    "year": NN_("the year %(num)d year back", "the year %(num)d years back"),
}
ON = {
    "week": NN_("the week %(num)d week ahead", "the week %(num)d weeks ahead"),
    "month": NN_("the month %(num)d month ahead", "the month %(num)d months ahead"),
    "quarter": NN_("the quarter %(num)d quarter ahead", "the quarter %(num)d quarters ahead"),
    "year": NN_("the year %(num)d year ahead", "the year %(num)d years ahead"),
}
START = N_("the start of %(period)s")


def moving_words(
    value: FromToday | StartOf | Span,
    say: Callable[..., str],
    count: Callable[[str, str, int], str],
) -> str:
    """A moving date in words; `say` and `count` are gettext and ngettext of the reader."""
    match value:
        case FromToday(0, _):
            return say(TODAY)
        case FromToday(number, unit):
            return count(*(AGO if number < 0 else AHEAD)[unit], abs(number))
        case StartOf(period, shift):
            return say(START, period=period_words(period, shift, say, count))
        case Span(period, shift):
            return period_words(period, shift, say, count)


def period_words(
    period: str, shift: int, say: Callable[..., str], count: Callable[[str, str, int], str]
) -> str:
    """A whole week, month, quarter or year in words."""
    if near := NEAR.get((period, shift)):
        return say(near)
    return count(*(BACK if shift < 0 else ON)[period], abs(shift))
