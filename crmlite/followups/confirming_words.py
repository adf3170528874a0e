"""Why owners are asked to confirm something."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from crmlite.access import Reader
from crmlite.rules.freshness import DESCRIPTION, TITLE, WAYS


def to_confirm(params: Mapping[str, Any], _reader: Reader) -> str:
    """What is to be confirmed, and how much of it."""
    said = {
        TITLE: lambda number: ngettext("%(num)d title", "%(num)d titles", number),
        WAYS: lambda number: ngettext(
            "contact details of %(num)d person", "contact details of %(num)d persons", number
        ),
        DESCRIPTION: lambda number: ngettext("%(num)d need", "%(num)d needs", number),
    }
    parts = [words(params[part]) for part, words in said.items() if params.get(part)]
    return str(_("unconfirmed: %(what)s", what=_(", ").join(parts)))
