"""What hand-overs contribute: their pages, their right, their work in the background."""

from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext as _

from crmlite import hookimpl
from crmlite.access import Permission, Reader
from crmlite.accounts.queries import person_name
from crmlite.handover.models import Handover
from crmlite.handover.operations import KIND, NOTICE, go_on
from crmlite.handover.queries import left_behind
from crmlite.handover.views import MAKE, bp, permissions, words_of
from crmlite.jobs import JobKind
from crmlite.navigation import SettingsPage
from crmlite.notifications import NotificationKind
from crmlite.panels import Panel
from crmlite.wording import N_
from crmlite.work.record_types import RecordType


@hookimpl
def register_permissions() -> list[Permission]:
    return permissions()


@hookimpl
def register_blueprints() -> list[Blueprint]:
    return [bp]


@hookimpl
def register_job_kinds() -> list[JobKind]:
    return [
        JobKind(
            name=KIND,
            label=N_("Hand over somebody's customers and work"),
            hint=N_("Where there is much of it, or it was cut short while somebody waited."),
            run=go_on,
            long=True,
        )
    ]


@hookimpl
def register_notification_kinds() -> list[NotificationKind]:
    return [
        NotificationKind(
            name=NOTICE,
            label=N_("Work is handed over to me"),
            icon="arrows-right-left",
            words=lambda params, _reader: _(
                "The work of %(name)s was handed over to you.", name=person_name(params["from"])
            ),
            url=lambda _params: url_for("dashboard.today"),
        )
    ]


@hookimpl
def register_settings_pages() -> list[SettingsPage]:
    return [
        SettingsPage(
            key="handovers",
            label=N_("Hand-overs"),
            description=N_("Customers, tasks, promises and cases of somebody pass to others"),
            icon="arrows-right-left",
            endpoint="handover.index",
            permission=MAKE,
            weight=12,
        )
    ]


@hookimpl
def register_record_types() -> list[RecordType]:
    return [
        RecordType(
            name="handover",
            edit=MAKE,
            label=N_("Hand-over"),
            many=N_("Hand-overs"),
            model=Handover,
            icon="arrows-right-left",
            labels={
                "user_id": N_("Whose work"),
                "receivers": N_("Taken over by"),
                "way": N_("How"),
                "counts": N_("What passes on"),
                "total": N_("In all"),
                "at": N_("When"),
            },
            wording=_words,
            operations={
                "handover_begun": N_("Handed over"),
                "customers_handed_over": N_("Customers handed over"),
                "dedicated_handed_over": N_("Dedicated person replaced"),
                "cases_handed_over": N_("Cases handed over"),
                "seats_handed_over": N_("Seats in joint teams handed over"),
                "tasks_handed_over": N_("Tasks handed over"),
                "improvements_handed_over": N_("Improvements handed over"),
            },
            url=lambda _id: url_for("handover.index"),
        )
    ]


def _words(column: str, value: Any) -> str | None:
    match column:
        case "receivers":
            return str(_(", ")).join(person_name(one) for one in value or ())
        case "counts":
            return words_of(value or {})
    return None


@hookimpl
def today_panels(shown: Any, reader: Reader) -> list[Panel]:
    """Work of people who left, for who hands it over."""
    if not reader.may(MAKE) or not (behind := left_behind()):
        return []
    lines = [
        {
            "name": person_name(user_id),
            "url": url_for("handover.show", user_id=user_id),
            "counts": words_of(counts),
        }
        for user_id, counts in behind.items()
    ]
    return [
        Panel(
            name="left-behind",
            title=_("Left behind"),
            template="handover/_left_behind.html",
            context={"lines": lines},
            weight=5,
            count=len(lines),
            url=url_for("handover.index"),
        )
    ]
