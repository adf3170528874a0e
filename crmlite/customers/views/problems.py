"""What cannot be asked of a list, in sentences."""

from collections.abc import Iterable

from crmlite.access import Reader
from crmlite.customers.catalogue import BookVoice, catalogue
from crmlite.customers.fields import list_fields
from crmlite.rules.conditions import explained
from crmlite.rules.messages import worded
from crmlite.rules.problems import Problem


def sentences(problems: Iterable[Problem], reader: Reader) -> list[str]:
    """Each problem once, with the labels of the fields it speaks of."""
    voice = BookVoice()
    fields = {**list_fields(), **catalogue(reader)}  # also those that the reader may not ask for
    found = [worded(explained(problem, fields, voice), voice.say) for problem in problems]
    return list(dict.fromkeys(found))
