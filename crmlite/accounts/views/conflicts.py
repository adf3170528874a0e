"""Telling those who saved later who was faster."""

from crmlite.forms import RecordForm
from crmlite.work.latest import Change, last_change


def conflict_of(record: str, record_id: int, form: RecordForm) -> Change | None:
    """Who saved before this form; None when nobody did."""
    return last_change(record, record_id) if form.is_stale else None
