"""What cases can be about: which categories are offered, and what follows from one."""

from crmlite import hooks, settings
from crmlite.cases.words import LISTS
from crmlite.forms import Option
from crmlite.settings.catalogue import Choice
from crmlite.wording import label

LIST = LISTS["category"]


def offered() -> list[Option]:
    """The categories to choose from: crmlite's and the firm's, then under its name those of each
    pack."""
    return [
        Option(one.key, label(one.label), group=_heading(one)) for one in settings.choices(LIST)
    ]


def _heading(one: Choice) -> str:
    return label(hooks.title(one.owner)) if one.owner else ""


def level_of(category: str | None) -> str | None:
    """The level with which complaints of a category begin; None where it says nothing."""
    return _more(category, "level")


def manager_of(category: str | None) -> str | None:
    """What a manager has to do with cases of a category at once: `told` or `leads`; None for
    nothing."""
    return _more(category, "manager")


def pack_of(category: str | None) -> str:
    """The pack that a category is of; empty for one of crmlite's or the firm's."""
    found = settings.choice(LIST, category)
    return found.owner if found else ""


def _more(category: str | None, name: str) -> str | None:
    found = settings.choice(LIST, category)
    return found.more.get(name) if found else None
