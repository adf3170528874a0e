"""Rows become customers, a batch at a time: what they become and how far the import is are one
transaction, so that it goes on after a crash where it was."""

import json
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.models import Alias, Customer
from crmlite.customers.numbers import taken
from crmlite.customers.operations.adding import add_customers
from crmlite.customers.operations.tags import create_tag
from crmlite.customers.queries import dimension_id, dimensions_with_tags
from crmlite.db.bulk import insert_rows
from crmlite.db.columns import new_uid
from crmlite.db.keys import ring
from crmlite.db.sealing import seal
from crmlite.extensions import database
from crmlite.followups.facts import of_first
from crmlite.followups.operations import add_histories
from crmlite.imports import queries
from crmlite.imports.drafting import Draft, known_of
from crmlite.imports.judging import Judge, Verdict
from crmlite.imports.models import (
    CREATED,
    DUPLICATE,
    FAILED,
    UPDATED,
    Import,
    ImportNote,
    ImportRow,
)
from crmlite.imports.operations.updating import update_customers
from crmlite.imports.reading import Doubt, Incoming
from crmlite.jobs.queue import LeaseLost
from crmlite.rules.problems import Problem
from crmlite.rules.text import folded
from crmlite.work import Actor, current, operation, records, tell
from crmlite.work.records import plain

IMPORTS, ROWS, NOTES = Import.__table__, ImportRow.__table__, ImportNote.__table__
KEY_BYTES = 6
FREE = "free"  # the dimension of tags that anybody sets
COUNTS = {CREATED: "created", UPDATED: "updated", DUPLICATE: "duplicates", FAILED: "failed"}


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows that stand one after the other; `after` is the one before them, `state` that of the import
    while they are written. `renew` keeps the hold on the work, in the transaction that does it."""

    import_id: int
    state: str
    after: int
    rows: Sequence[Incoming]
    renew: Callable[[], None]


@operation("customers_imported")
def import_batch(batch: Batch, judge: Judge, *, by: Actor, at: datetime) -> dict[str, int]:
    """Write what a batch of rows becomes; answers how many of each fate, and its `operation`, 0
    where it changed no customer.

    Raises LeaseLost when the import is not where this batch begins: another process goes on with
    it, or it is being taken back.
    """
    verdicts = judge.judge(batch.rows)
    created = [one for one in verdicts if one.fate == CREATED]
    _add_tags([one.draft for one in created if one.draft is not None], by, at)
    ids = _create(created, judge, by, at)
    for one in created:
        one.customer_id = ids[one.told.row]
    _find_earlier(batch, verdicts, judge)
    updated = [one for one in verdicts if one.fate == UPDATED]
    _add_tags([one.draft for one in updated if one.draft is not None], by, at)
    update_customers(updated, by=by, at=at)
    counted = note(batch, verdicts)
    if current().changes:
        counted["operation"] = current().id
        first = update(IMPORTS).where(IMPORTS.c.id == batch.import_id)
        database.session.execute(
            first.where(IMPORTS.c.operation_id.is_(None)).values(operation_id=current().id)
        )
    return counted


@operation("import_checked", traced=False)
def check_batch(batch: Batch, judge: Judge, *, by: Actor, at: datetime) -> dict[str, int]:
    """Note what a batch of rows would become. Raises LeaseLost as `import_batch`."""
    return note(batch, judge.judge(batch.rows))


def note(batch: Batch, verdicts: Sequence[Verdict]) -> dict[str, int]:
    """Write down the fates of a batch, and that the import is past it; answers the counts."""
    counts = Counter(COUNTS[one.fate] for one in verdicts)
    counts["likely"] = sum(bool(one.likely) for one in verdicts if one.fate == CREATED)
    moved = database.session.execute(
        update(IMPORTS)
        .where(
            IMPORTS.c.id == batch.import_id,
            IMPORTS.c.position == batch.after,
            IMPORTS.c.state == batch.state,
        )
        .values(
            position=batch.rows[-1].row,
            **{name: IMPORTS.c[name] + number for name, number in counts.items()},
        )
    )
    if not moved.rowcount:  # type: ignore[attr-defined]
        raise LeaseLost("import")
    batch.renew()
    _replace_notes(batch)
    whose = {"import_id": batch.import_id}
    rows = [
        {
            **whose,
            "number": one.told.row,
            "fate": one.fate,
            "customer_id": one.customer_id,
            "order_id": one.order_id,
            "object_id": getattr(one, "object_id", None),
        }
        for one in verdicts
    ]
    connection = database.session.connection()
    insert_rows(connection, ROWS, rows)
    notes = [note_of(batch.import_id, one) for one in verdicts if _has_something(one)]
    insert_rows(connection, NOTES, notes)
    return dict(counts)


def _replace_notes(batch: Batch) -> None:
    """Forget what an earlier pass over the file, as the check of it is, noted about these rows."""
    for table in (ROWS, NOTES):
        database.session.execute(
            delete(table).where(
                table.c.import_id == batch.import_id,
                table.c.number > batch.after,
                table.c.number <= batch.rows[-1].row,
            )
        )


def _has_something(verdict: Verdict) -> bool:
    is_lost = verdict.fate in (DUPLICATE, FAILED)
    return bool(verdict.doubts or verdict.likely or verdict.differs or is_lost)


def note_of(import_id: int, verdict: Verdict) -> dict[str, Any]:
    """What is to be said about a row, sealed."""
    uid = new_uid()
    said = json.dumps(told_of(verdict), ensure_ascii=False, default=plain)
    place = (NOTES.name, "told", uid)
    return {
        "uid": uid,
        "import_id": import_id,
        "number": verdict.told.row,
        "told": seal(ring(), said, place),
    }


def told_of(verdict: Verdict) -> dict[str, Any]:
    """The same as JSON can hold it."""
    return {
        "name": verdict.title,
        "doubts": [told_doubt(doubt) for doubt in verdict.doubts],
        "earlier": verdict.earlier,
        "likely": list(verdict.likely),
    }


def told_doubt(doubt: Doubt) -> dict[str, Any]:
    """A doubt as JSON can hold it."""
    problem = doubt.problem
    return {
        "heading": doubt.heading,
        "text": doubt.text,
        "code": problem.code,
        "params": {name: str(value) for name, value in problem.params.items()},
        "level": problem.level,
    }


def _create(verdicts: Sequence[Verdict], judge: Judge, by: Actor, at: datetime) -> dict[int, int]:
    """Add customers; answers their ids by row."""
    if not verdicts:
        return {}
    _settle_numbers(verdicts, judge)
    drafts = [one.draft for one in verdicts if one.draft is not None]
    added = add_customers([_counted(draft) for draft in drafts], by=by, at=at)
    contacts, steps = [], []
    for one, draft in zip(added, drafts, strict=True):
        if draft.contact is not None:
            contacts.append(replace(draft.contact, customer_id=one.id))
        if draft.step is not None:
            steps.append(replace(draft.step, customer_id=one.id))
        tell("customer_created", customer_id=one.id)
    add_histories(contacts, steps, counted=True, by=by, at=at)
    return {one.told.row: new.id for one, new in zip(verdicts, added, strict=True)}


def _find_earlier(batch: Batch, verdicts: Sequence[Verdict], judge: Judge) -> None:
    """Find whom rows are about that repeat an earlier one, and look again what they may change of
    them. Where that cannot be found, or they may change nothing of it by now, the row is held back."""
    repeating = [one for one in verdicts if one.fate == UPDATED and one.customer_id is None]
    rows = {one.told.row: one for one in verdicts}
    for one in repeating:
        assert one.earlier is not None
        before = rows.get(one.earlier)
        one.customer_id = (
            before.customer_id if before else queries.customer_of(batch.import_id, one.earlier)
        )
    known = known_of({one.customer_id for one in repeating if one.customer_id is not None})
    for one in repeating:
        whom = known.get(one.customer_id) if one.customer_id is not None else None
        if whom is None:
            one.hold_back()
        elif problem := judge.hindrance(whom):
            one.hold_back(problem)
        else:
            one.draft = judge.drafter.draft(one.told, whom)


def _add_tags(drafts: Sequence[Draft], by: Actor, at: datetime) -> None:
    """Make the tags that there are not yet, among those that anybody sets."""
    if not any(draft.new_tags for draft in drafts):
        return
    known = {
        folded(words).casefold(): tag["id"]
        for _dimension, tags in dimensions_with_tags()
        for tag in tags
        for words in tag["label"].values()
        if not tag["retired"]
    }
    for draft in drafts:
        for name in draft.new_tags:
            if name.casefold() not in known:
                label = {"en": name, "zh": name}
                key = secrets.token_hex(KEY_BYTES)
                known[name.casefold()] = create_tag(dimension_id(FREE), key, label, by=by, at=at)
        ids = [known[name.casefold()] for name in draft.new_tags]
        draft.customer = replace(draft.customer, tags=[*draft.customer.tags, *ids])


def _counted(draft: Draft) -> CustomerDraft:
    return replace(draft.customer, facts=of_first(draft.contact, draft.step))


def _settle_numbers(verdicts: Sequence[Verdict], judge: Judge) -> None:
    """See to it that the numbers of new customers are free."""
    drawn = [(one, one.draft) for one in verdicts if one.draft is not None]
    free = with_free_numbers([draft.customer for _one, draft in drawn], judge.reaches)
    for (one, draft), customer in zip(drawn, free, strict=True):
        if customer.number != draft.customer.number:
            told = {"number": draft.customer.number}
            one.noted.append(Doubt("", Problem("import_number_taken", told, "warning")))
        draft.customer = customer


def with_free_numbers(
    drafts: Sequence[CustomerDraft], reaches: Callable[[int | None], bool]
) -> list[CustomerDraft]:
    """Give way where a number of the file is another customer's: a new one is given, and the old one
    leads here too. Who lies in the recycle bin gives way instead, so that a file that was taken back
    and comes again has its numbers again; but not who is out of reach of who imports, and could then
    not take the import back."""
    used = taken(sorted({draft.number for draft in drafts if draft.number}))
    used -= _vacated(used - _aliases(used), reaches)
    found = []
    for draft in drafts:
        number = draft.number
        if number is not None and number in used:
            found.append(replace(draft, number=None, aliases=[number]))
        else:
            found.append(draft)
        used |= {number} if number else set()
    return found


def _vacated(numbers: set[str], reaches: Callable[[int | None], bool]) -> set[str]:
    """Which of these numbers customers in the recycle bin had that who imports may change; these are
    called otherwise now."""
    table = Customer.__table__
    found = database.session.execute(
        select(table.c.id, table.c.number, table.c.owner_id).where(
            table.c.number.in_(sorted(numbers)), table.c.state == "deleted"
        )
    )
    return vacate(Customer, [row for row in found if reaches(row.owner_id)], taken)


def vacate(
    model: type[Any], rows: Iterable[Any], used: Callable[[Sequence[str]], set[str]]
) -> set[str]:
    """Have records in the recycle bin called otherwise; answers the numbers that are free now. `used`
    answers which numbers are not."""
    further = {f"{row.number}.{row.id}"[-40:]: row for row in rows}
    blocked = used(sorted(further))
    renamed: Mapping[str, Any] = {new: row for new, row in further.items() if new not in blocked}
    records.update_many(model, {row.id: {"number": new} for new, row in renamed.items()})
    return {row.number for row in renamed.values()}


def _aliases(numbers: set[str]) -> set[str]:
    table = Alias.__table__
    found = select(table.c.number).where(table.c.number.in_(sorted(numbers)))
    return set(database.session.execute(found).scalars())
