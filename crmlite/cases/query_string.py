"""What the address of the queue asks for, and what a saved view of it keeps.

`/complaints?view=open&level=severe&assignee=anna`; `saved` says which view it came from.
"""

from collections.abc import Mapping
from typing import Any

from crmlite import settings
from crmlite.access import Reader
from crmlite.accounts.queries import people
from crmlite.cases.queries import queue as reading
from crmlite.cases.queries.queue import FILTERS, MINE, OPEN, VIEWS, Wanted
from crmlite.cases.words import KINDS, LISTS, STATUSES
from crmlite.rules.text import clean_int
from crmlite.wording import label

LIST = "cases"
MOST = 2**31 - 1


def wanted_of(asked: Mapping[str, str], reader: Reader) -> Wanted:
    """The queue that an address asks for; what cannot be read is left out."""
    view = asked.get("view", "")
    if view not in VIEWS:
        view = MINE if reading.counted(reader, Wanted(view=MINE)) else OPEN
    login = asked.get("assignee", "")
    person = next((one.id for one in people().values() if one.login == login), None)
    saved = clean_int(asked.get("saved", ""), least=1, most=MOST).value
    return Wanted(view=view, filters=_filters(asked), assignee_id=person, saved=saved or 0)


def wanted_by_view(row: Mapping[str, Any]) -> Wanted:
    """The queue that a saved view asks for; what is gone meanwhile is left out."""
    stored = row["query"]
    view, assignee = stored.get("view"), stored.get("assignee")
    return Wanted(
        view=view if view in VIEWS else OPEN,
        filters=_filters(stored.get("filters") or {}),
        assignee_id=assignee if assignee in people() else None,
        saved=row["id"],
    )


def stored(wanted: Wanted) -> dict[str, Any]:
    """What a saved view keeps."""
    found: dict[str, Any] = {"view": wanted.view, "filters": dict(wanted.filters)}
    return found | ({"assignee": wanted.assignee_id} if wanted.assignee_id is not None else {})


def query_of(wanted: Wanted) -> dict[str, str]:
    """The parameters of an address that asks for it."""
    person = people().get(wanted.assignee_id) if wanted.assignee_id is not None else None
    query = {"view": wanted.view, **wanted.filters}
    if person:
        query["assignee"] = person.login
    if wanted.saved:
        query["saved"] = str(wanted.saved)
    return query


def known(name: str) -> dict[str, str]:
    """The values of a filter, and what they are called."""
    if name == "kind":
        return {key: label(words) for key, words in KINDS.items()}
    if name == "status":
        return {key: label(words) for key, words in STATUSES.items()}
    return {one.key: label(one.label) for one in settings.choices(LISTS[name], retired=True)}


def _filters(asked: Mapping[str, Any]) -> dict[str, str]:
    return {name: asked[name] for name in FILTERS if asked.get(name) in known(name)}
