"""Why a file, a row or a cell could not be taken, in words."""

from collections.abc import Iterable, Mapping
from typing import Any

from crmlite.imports.models import FAILED
from crmlite.imports.objects.reading import MESSAGES as OF_OBJECTS
from crmlite.imports.orders.reading import MESSAGES as OF_ORDERS
from crmlite.imports.reading import MESSAGES as OF_ROWS
from crmlite.imports.sources.unreadable import MESSAGES as OF_FILES
from crmlite.rules.messages import MESSAGES as OF_VALUES
from crmlite.rules.problems import Problem
from crmlite.wording import N_, label
from crmlite.work import Refused

REFUSALS = {
    "import-no-name": N_("No column holds the name of the customer. Say which one does."),
    "import-no-order": N_(
        "An order needs the day, a customer, and a product or an amount. Say which columns hold them."
    ),
    "import-no-record": N_(
        "A record needs what names it, and what it hangs on. Say which columns hold them."
    ),
    "import-pack-off": N_("The pack of these records is off, so none can be added."),
    "import-at-work": N_("This import is at work, or at its end."),
    "import-nobody": N_("Whoever brought this file may not sign in, or not import, any more."),
}
MOST_ERRORS = 1000
GONE = {"file_gone": N_("The file is not kept any more.")}
MESSAGES: Mapping[str, str] = {
    **OF_VALUES,
    **OF_ROWS,
    **OF_ORDERS,
    **OF_OBJECTS,
    **OF_FILES,
    **REFUSALS,
    **GONE,
}


def reason(problem: Problem | Refused) -> str:
    """A problem of a file, or why something is refused."""
    return worded(problem.code, problem.params)


def worded(code: str, params: Mapping[str, object]) -> str:
    """The sentence of a code."""
    return label(MESSAGES[code]) % dict(params)


def doubt_worded(doubt: Mapping[str, Any]) -> str:
    """What is to be said about a cell or a row, with what stood there where it was not kept."""
    said = worded(doubt["code"], doubt["params"])
    return f"{said} ({doubt['text']})" if doubt["text"] and doubt["text"] not in said else said


def rows_reported(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What could not be taken of rows, as `--json` lists it: the first thousand."""
    found: list[dict[str, Any]] = []
    for row in rows:
        for doubt in row["doubts"]:
            if doubt["level"] != "error":
                continue
            if len(found) == MOST_ERRORS:
                return found
            found.append(
                {
                    "row": row["number"],
                    "column": doubt["heading"],
                    "level": "row" if row["fate"] == FAILED else "value",
                    "message": doubt_worded(doubt),
                }
            )
    return found
