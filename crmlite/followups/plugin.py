"""What follow-ups contribute."""

from datetime import time
from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext as _

from crmlite import clock, hookimpl
from crmlite.access import Permission, Reader
from crmlite.customers.following import FactsPart, OwnedPart, Sliding
from crmlite.customers.timeline import TimelineSource
from crmlite.files.attachables import Attachable
from crmlite.followups import attaching, facts, handing_over, rights, telling, timeline
from crmlite.followups import record_types as kinds
from crmlite.followups.composer import on_top
from crmlite.followups.confirming_words import to_confirm
from crmlite.followups.operations import alerts, answers, confirming, zones
from crmlite.followups.reasons import TaskReason
from crmlite.followups.views import bp
from crmlite.jobs import JobKind
from crmlite.notifications import NotificationKind
from crmlite.panels import Action, Panel
from crmlite.settings.catalogue import SettingFollower
from crmlite.wording import N_
from crmlite.work import Actor
from crmlite.work.record_types import RecordType


@hookimpl
def register_permissions() -> list[Permission]:
    return rights.permissions()


@hookimpl
def register_record_types() -> list[RecordType]:
    return kinds.record_types()


@hookimpl
def register_blueprints() -> list[Blueprint]:
    return [bp]


@hookimpl
def register_facts() -> list[FactsPart]:
    within_half_a_year = Sliding(
        until="answers_until", columns=facts.SPEED, refresh=facts.refresh_answers
    )
    return [FactsPart(name="followups", refresh=facts.refresh, sliding=within_half_a_year)]


@hookimpl
def register_owned_parts() -> list[OwnedPart]:
    return [OwnedPart(name="next-steps", go_along=handing_over.go_along)]


@hookimpl
def register_job_kinds() -> list[JobKind]:
    return [
        JobKind(
            name=alerts.KIND,
            label=N_("Tell of reminders and late promises"),
            hint=N_("A few seconds after a reminder or the time of a promise has come."),
            run=alerts.tell_due,
            pending=alerts.are_due,
        ),
        JobKind(
            name=confirming.SOON,
            label=N_("Ask owners to confirm what is new or changed"),
            hint=N_("A few seconds after a contact or a need was changed, or confirmed."),
            run=confirming.ask_due,
            pending=confirming.are_due,
            long=True,
        ),
        JobKind(
            name=confirming.AGAIN,
            label=N_("Ask owners to confirm again what was confirmed long ago"),
            hint=N_("For the tiers that the settings name, after as many days as these say."),
            run=confirming.ask_again,
            daily_at=time(1, 40),
            long=True,
        ),
        JobKind(
            name=answers.KIND,
            label=N_("Count how soon customers answer"),
            hint=N_("After the working calendar or the time zone was changed."),
            run=answers.count_answers,
            long=True,
        ),
        JobKind(
            name=zones.KIND,
            label=N_("Put tasks that have a time on its day"),
            hint=N_("After the time zone was changed."),
            run=zones.find_days,
            long=True,
        ),
    ]


@hookimpl
def register_task_reasons() -> list[TaskReason]:
    return [TaskReason(confirming.REASON, to_confirm)]


@hookimpl
def register_setting_followers() -> list[SettingFollower]:
    return [
        SettingFollower(
            name=answers.KIND, setting="timezone", changed=answers.have_answers_counted
        ),
        SettingFollower(name=zones.KIND, setting="timezone", changed=zones.have_days_found),
    ]


@hookimpl
def register_notification_kinds() -> list[NotificationKind]:
    return telling.kinds()


@hookimpl
def register_attachables() -> list[Attachable]:
    return [attaching.attachable()]


@hookimpl
def register_timeline() -> list[TimelineSource]:
    return timeline.sources()


@hookimpl
def customer_actions(customer: Any, reader: Reader) -> list[Action]:
    found = []
    if reader.covers("interactions:create", customer["owner_id"]):
        found.append(
            Action(
                name="log-contact",
                label=_("Log follow-up"),
                icon="pencil",
                url=url_for("followups.new_interaction", number=customer["number"]),
            )
        )
    if reader.covers("tasks:edit", customer["owner_id"]):
        found.append(
            Action(
                name="next-step",
                label=_("Next step"),
                icon="square-check",
                url=url_for("followups.new_step", number=customer["number"]),
                weight=10,
            )
        )
    found.append(
        Action(
            name="brief",
            label=_("Brief"),
            icon="file-text",
            url=url_for("followups.brief", number=customer["number"]),
            weight=20,
        )
    )
    return found


@hookimpl
def calendar_changed() -> None:
    answers.ask_for_answers(by=Actor("job", answers.KIND), at=clock.now())


@hookimpl
def customer_composer(customer: Any, reader: Reader) -> list[Panel]:
    return on_top(customer, reader)
