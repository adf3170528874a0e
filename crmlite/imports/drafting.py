"""From what a row says to what is written: the firm's people and tags found by name, and what has no
field of its own kept as a remark."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

from crmlite.access import Reader
from crmlite.accounts.roster import roster
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.extra import extra_kept
from crmlite.customers.operations.tags import automatic_tags
from crmlite.customers.queries import dimensions_with_tags
from crmlite.followups.operations import PastContact, PlannedStep
from crmlite.followups.operations.histories import LONGEST_STEP
from crmlite.imports.reading import Doubt, Incoming
from crmlite.rules.lifecycle import DORMANT
from crmlite.rules.problems import Problem
from crmlite.rules.text import folded

KIND = "other"  # of a contact that a file tells of: it does not say how it was made
LONGEST_BY = 120
LONGEST_TAG = 40
MOST_TAGS = 100  # new ones in a file


class KnownTag(NamedTuple):
    """A tag, and the exclusive dimension that it is of."""

    id: int
    family: int | None


@dataclass(slots=True)
class Draft:
    """A customer to be added or changed, with its last contact and its next step. The customer's id
    is put in when it is known. `new_tags` are names of tags that there are not yet."""

    customer: CustomerDraft
    new_tags: Sequence[str] = ()
    contact: PastContact | None = None
    step: PlannedStep | None = None


@dataclass(kw_only=True)
class Drafter:
    """Makes drafts for one import. `reader` is who imports; `owner_id` whose the customers become
    whose row names nobody; `headings` what stands above the column of each target."""

    reader: Reader
    headings: Mapping[str, str]
    owner_id: int | None = None
    today: date
    _people: dict[str, int | None] = field(default_factory=dict)
    _tags: dict[str, KnownTag] = field(default_factory=dict)
    _automatic: Mapping[int, Any] = field(default_factory=dict)
    _new: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for person in roster().people.values():
            if person.active:
                for name in {folded(person.login).casefold(), folded(person.name).casefold()}:
                    self._people[name] = None if name in self._people else person.id
        for dimension, tags in dimensions_with_tags():
            for tag in tags:
                known = KnownTag(tag["id"], dimension["id"] if dimension["exclusive"] else None)
                for name in () if tag["retired"] else {tag["key"], *tag["label"].values()}:
                    self._tags.setdefault(folded(name).casefold(), known)
        self._automatic = automatic_tags()

    def draft(self, told: Incoming) -> Draft:
        """What to write for a row that has a name; what of it cannot be kept is among its doubts."""
        values = {"first_contact_on": told.talk.at.date() if told.talk else None, **told.values}
        if values.get("tier") == DORMANT:
            values |= {"tier": None, "lifecycle": DORMANT}
        by = self._by(told)
        values["owner_id"] = self._owner(told, by)
        new_tags: list[str] = []
        draft = Draft(
            CustomerDraft(
                values=values,
                contacts=[told.contact] if told.contact else (),
                needs=[told.need] if told.need else (),
                tags=self._tag_ids(told, new_tags),
                number=told.number,
                extra=extra_kept(told.extra),
                named=told.named,
            ),
            new_tags,
        )
        if told.talk is not None:
            draft.contact = PastContact(
                customer_id=0,
                kind=KIND,
                content=told.talk.content,
                occurred_at=told.talk.at,
                done_by_id=by,
                done_by_name=told.by[:LONGEST_BY] if by is None and told.by else None,
            )
        draft.step = self._step(told, by or values["owner_id"])
        remarks = [{"text": text} for text in told.remarks]
        draft.customer = replace(draft.customer, remarks=remarks)
        return draft

    def _by(self, told: Incoming) -> int | None:
        """Who follows up, by id. A name that nobody signs in with stays with the contact they made;
        where the row tells of none, it is kept as a remark."""
        if not told.by:
            return None
        found = self._people.get(told.by.casefold())
        if found is None and told.talk is None:
            column = self.headings["talk.by"]
            told.remarks.append(f"{column}: {told.by}")
            told.doubts.append(Doubt(column, Problem("import_by_kept", level="warning")))
        return found

    def _owner(self, told: Incoming, by: int | None) -> int | None:
        """Whose the customer is: the owner that the row names; else who follows up, unless the import
        says whose all are. Who may not give customers to others keeps them."""
        named = self._people.get(told.owner.casefold()) if told.owner else None
        if told.owner and named is None:
            problem = Problem("import_owner_unknown", {"name": told.owner})
            told.doubts.append(Doubt(self.headings["owner"], problem, told.owner))
        wanted = named if named is not None else self.owner_id if self.owner_id is not None else by
        if self.reader.covers("customers:assign", wanted):
            return wanted
        return self.reader.user_id or None

    def _may_be_added(self, name: str) -> bool:
        """Whether a tag that there is not is to be made: of names, a file has few. Many different ones
        are something else under a heading that says tags."""
        typed = folded(name)
        if len(typed) > LONGEST_TAG or not self.reader.may("tags:manage"):
            return False
        if len(self._new) < MOST_TAGS:
            self._new.add(typed.casefold())
        return typed.casefold() in self._new

    def _tag_ids(self, told: Incoming, new: list[str]) -> list[int]:
        kept: dict[int, int | None] = {}  # tag: its dimension where that is exclusive
        for name in told.tags:
            tag = self._tags.get(folded(name).casefold())
            if tag is None and self._may_be_added(name):
                new.append(folded(name))
                continue
            if tag is None:
                code = "import_tag_unknown"
            elif tag.id in self._automatic:
                code = "import_tag_automatic"
            elif tag.family is not None and tag.family in kept.values():
                code = "import_tag_exclusive"
            else:
                kept[tag.id] = tag.family
                continue
            problem = Problem(code, {"tag": name.strip()})
            told.doubts.append(Doubt(self.headings["tags"], problem, name.strip()))
        return list(kept)

    def _step(self, told: Incoming, assignee: int | None) -> PlannedStep | None:
        step = told.step
        if step is None:
            return None
        what = step.what
        if len(what) > LONGEST_STEP:
            told.remarks.append(what)
            warning = Problem("import_step_long", level="warning")
            told.doubts.append(Doubt(self.headings["next.what"], warning))
            what = f"{what[: LONGEST_STEP - 1]}…"
        due_on = step.due_on or self.today
        return PlannedStep(customer_id=0, what=what, due_on=due_on, assignee_id=assignee)
