"""What cannot be asked of a list, in sentences."""

from collections.abc import Iterable

from crmlite.access import Reader
from crmlite.customers.catalogue import BookVoice, catalogue
from crmlite.rules.conditions import explained
from crmlite.rules.messages import worded
from crmlite.rules.problems import Problem


def sentences(problems: Iterable[Problem], reader: Reader) -> list[str]:
    """Each problem once, with the labels of the fields it speaks of."""
    voice = BookVoice()
    found = [
        worded(explained(problem, catalogue(reader), voice), voice.say) for problem in problems
    ]
    return list(dict.fromkeys(found))
