"""What the firm's settings say in conditions: the whole numbers among them."""

from flask import current_app

from crmlite import settings
from crmlite.rules.amounts import exponent
from crmlite.rules.conditions import Figures
from crmlite.settings.queries import declared_settings

KEY = "crmlite.figures"


def figures() -> Figures:
    """The figures of now, made once for each of the firm's arrangements."""
    now = settings.memory()
    known: tuple[settings.Memory, Figures] | None = current_app.extensions.get(KEY)
    if known is None or known[0] is not now:
        whole = {one.name for one in declared_settings().values() if one.kind == "integer"}
        numbers = {name: value for name, value in now.values.items() if name in whole}
        found = Figures(numbers, 10 ** exponent(str(now.values["currency"])))
        known = current_app.extensions[KEY] = (now, found)
    return known[1]
