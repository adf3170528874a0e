"""Written within 24 h: the same contacts and the same rule as the score on Today."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select

from crmlite.followups.kinds import icon_of, kind_label
from crmlite.followups.queries import promptness
from crmlite.metrics.declaring import Metric, Span, Told
from crmlite.rules.promptness import last_moment
from crmlite.wording import N_


def _rows(people: Sequence[int], span: Span) -> Select[Any]:
    return promptness.contacts(people, span.since, span.until)


def _told(ids: Sequence[int]) -> Mapping[int, Told]:
    return {
        row_id: Told(
            customer_id=row["customer_id"],
            icon=icon_of(row["kind"]),
            said=row["content"],
            due=last_moment(row["occurred_at"]),
            done=row["recorded_at"],
            state=kind_label(row["kind"]),
        )
        for row_id, row in promptness.told(ids).items()
    }


METRIC = Metric(
    name="written",
    label=N_("Written within 24 hours"),
    definition=N_(
        "Of all follow-ups that took place in the period: how many were written down no later than 24 "
        "hours after they took place. It counts for whoever had the talk. What came out of a file "
        "and what was deleted does not count."
    ),
    rows=_rows,
    told=_told,
    right="interactions:see",
)
