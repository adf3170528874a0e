"""How the change record speaks of notifications."""

from typing import Any

from crmlite.notifications.kinds import kinds
from crmlite.notifications.models import MutedKind, Notification
from crmlite.wording import N_, label
from crmlite.work.record_types import RecordType


def record_types() -> list[RecordType]:
    """Notifications, and the kinds that people muted."""
    return [
        RecordType(
            name="notification",
            label=N_("Notification"),
            many=N_("Notifications"),
            model=Notification,
            icon="bell",
            title="kind",
            titled=_kind,
            labels={
                "user_id": N_("Who is told"),
                "kind": N_("Kind of notification"),
                "at": N_("When"),
            },
            wording=_worded,
            operations={"people_notified": N_("People notified")},
        ),
        RecordType(
            name="muted_kind",
            label=N_("Muted notifications"),
            model=MutedKind,
            icon="bell",
            title="kind",
            titled=_kind,
            labels={"user_id": N_("Who is told"), "kind": N_("Kind of notification")},
            wording=_worded,
            operations={"notification_kinds_chosen": N_("Notifications chosen")},
        ),
    ]


def _kind(name: Any) -> str:
    known = kinds().get(str(name))
    return label(known.label) if known else str(name)


def _worded(column: str, value: Any) -> str | None:
    return _kind(value) if column == "kind" else None
