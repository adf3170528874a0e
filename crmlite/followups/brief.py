"""What to know before a contact, on one small page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from crmlite import hooks
from crmlite.access import Reader
from crmlite.accounts.queries import person_name
from crmlite.customers.further import Fact
from crmlite.customers.record import Record
from crmlite.followups.composer import Step, may_log, step_line
from crmlite.followups.kinds import icon_of, kind_label
from crmlite.followups.queries.interactions import interactions_before
from crmlite.followups.queries.of_customer import open_steps
from crmlite.panels import Panel

Row = Mapping[str, Any]
TALKS = 3
PREFERENCES = (
    "likes_products",
    "likes_colours",
    "likes_brands",
    "interests",
    "birthday",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Talk:
    """A contact as a brief tells it."""

    at: datetime
    icon: str
    kind: str
    who: str
    said: str
    feedback: str
    result: str


class Brief:
    """A customer as one reader should know it before they call or go there."""

    def __init__(self, row: Row, reader: Reader) -> None:
        self.record = Record(row, reader)
        self.row, self.reader = row, reader

    @cached_property
    def steps(self) -> Sequence[Step]:
        """What is still to be done: promises first, for they are asked after first."""
        lines = [step_line(row, self.reader) for row in open_steps(self.record.id)]
        return sorted(lines, key=lambda line: not line.is_promise)

    @property
    def talks(self) -> Sequence[Talk]:
        """What was said last, as far as the reader may know it."""
        if not self.record.may("interactions:see"):
            return []
        return [_talk(row) for row in interactions_before(self.record.id, None, TALKS)]

    @property
    def preferences(self) -> Sequence[Fact]:
        """What they like, and when to wish them well."""
        facts = (
            self.record.fact(field) for field in self.record.fields() if field.name in PREFERENCES
        )
        return [fact for fact in facts if fact.text]

    @property
    def needs(self) -> Sequence[Any]:
        """What they need and do not have yet."""
        return [wish for wish in self.record.needs if wish.row["status"] in ("open", "proposed")]

    @property
    def panels(self) -> Sequence[Panel]:
        """What other slices and packs add, such as open complaints and talking points."""
        found: list[Panel] = hooks.asked("customer_brief", customer=self.row, reader=self.reader)
        return sorted(found, key=lambda one: one.weight)

    @property
    def may_log(self) -> bool:
        """Whether the reader may write contacts with this customer down."""
        return may_log(self.row, self.reader)


def _talk(row: Row) -> Talk:
    return Talk(
        at=row["occurred_at"],
        icon=icon_of(row["kind"]),
        kind=kind_label(row["kind"]),
        who=person_name(row["done_by_id"]) or row["done_by_name"] or "",
        said=row["content"],
        feedback=row["feedback"] or "",
        result=row["result"] or "",
    )
