"""Rows become records of a pack, a batch at a time: what they become and how far the import is are one
transaction, so that it goes on after a crash where it was."""

from datetime import datetime

from sqlalchemy import update

from crmlite.extensions import database
from crmlite.imports.models import CREATED, UPDATED, Import
from crmlite.imports.objects.judging import ObjectJudge
from crmlite.imports.objects.targets import kind_of
from crmlite.imports.operations.batches import Batch, note
from crmlite.objects.operations import ObjectDraft, add_objects, update_object
from crmlite.work import Actor, current, operation

IMPORTS = Import.__table__


@operation("objects_imported")
def import_objects(batch: Batch, judge: ObjectJudge, *, by: Actor, at: datetime) -> dict[str, int]:
    """Write what a batch of rows becomes; answers how many of each fate, and its `operation`, 0 where
    it changed nothing. Raises LeaseLost as `import_batch`."""
    verdicts = judge.judge(batch.rows)  # type: ignore[arg-type]
    of = kind_of(judge.about)
    assert of is not None
    fresh = [one for one in verdicts if one.fate == CREATED]
    drafts = [
        ObjectDraft(
            type_id=of.id,
            customer_id=one.customer_id or 0,
            extra=one.extra,
            parent_id=one.parent_id,
        )
        for one in fresh
    ]
    for one, object_id in zip(fresh, add_objects(drafts, at), strict=True):
        one.object_id = object_id
    for one in verdicts:
        if one.fate == UPDATED and one.object_id is not None:
            update_object(one.object_id, one.extra, by=by, at=at)
    counted = note(batch, verdicts)
    if current().changes:
        counted["operation"] = current().id
        first = update(IMPORTS).where(IMPORTS.c.id == batch.import_id)
        database.session.execute(
            first.where(IMPORTS.c.operation_id.is_(None)).values(operation_id=current().id)
        )
    return counted
