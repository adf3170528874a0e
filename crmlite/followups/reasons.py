"""Why a task is there: kept as a code with its params, and said in the reader's language when shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from crmlite import hooks
from crmlite.access import Reader
from crmlite.access.permissions import SCOPES

Params = Mapping[str, Any]
KEY = "crmlite.task_reasons"
SEE = "customers:see"


def nowhere(params: Params, reader: Reader) -> str:
    """No address: the reason leads nowhere."""
    return ""


@dataclass(frozen=True, slots=True)
class TaskReason:
    """A reason for which a slice or pack plans tasks.

    `words(params, reader)` says it in the reader's language, in a clause such as "monthly visit,
    strategic"; empty for who may not know. `url(params, reader)` leads to what it comes from, such as
    a case, and is where the line of the task leads; empty for the customer's page. Both are asked for
    each line of Today: they must not look anything up. `right` is what one needs there; who sees more
    customers than that is led to the customer. `title` stands in place of the customer's name
    for who may not know that. A task whose reason `stays` keeps its assignee when its customer gets
    another owner.
    """

    code: str
    words: Callable[[Params, Reader], str]
    url: Callable[[Params, Reader], str] = nowhere
    stays: bool = False
    title: Callable[[Params, Reader], str] = nowhere
    right: str = ""

    @property
    def name(self) -> str:
        """By which a second one of the same code is refused."""
        return self.code


def reasons() -> Mapping[str, TaskReason]:
    """All reasons by code."""
    return hooks.by_name("register_task_reasons")


def reason_words(reason: Mapping[str, Any] | None, reader: Reader) -> str:
    """The reason of a task in words; empty for none, and for one of a pack that is gone."""
    known = reasons().get(reason["code"]) if reason else None
    return known.words(reason.get("params") or {}, reader) if known and reason else ""


def reason_title(reason: Mapping[str, Any] | None, reader: Reader) -> str:
    """What stands in place of the customer of a task for who may not see them; empty for nothing."""
    known = reasons().get(reason["code"]) if reason else None
    return known.title(reason.get("params") or {}, reader) if known and reason else ""


def leads_to(reason: Mapping[str, Any] | None, reader: Reader, customer: str) -> str:
    """Where a task leads: to what it comes from, else to `customer`, the page of its customer, which is
    empty for who does not see them."""
    known = reasons().get(reason["code"]) if reason else None
    where = known.url(reason.get("params") or {}, reader) if known and reason else ""
    if known is None or not where or (customer and not _opens(known.right, reader)):
        return customer
    return where


def _opens(right: str, reader: Reader) -> bool:
    """Whether a right reaches as far as seeing customers does."""
    return not right or SCOPES.index(reader.scope(right)) >= SCOPES.index(reader.scope(SEE))


def reason_stays(reason: Mapping[str, Any] | None) -> bool:
    """Whether a task with this reason keeps its assignee when its customer gets another owner."""
    known = reasons().get(reason["code"]) if reason else None
    return known is not None and known.stays
