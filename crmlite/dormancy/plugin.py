"""What the ladder contributes: its night, its pages, why its tasks are there."""

from datetime import time

from flask import Blueprint, url_for

from crmlite import hookimpl
from crmlite.access import Permission
from crmlite.dormancy import rights, words
from crmlite.dormancy.models import CleanupLine, DormancyTerm
from crmlite.dormancy.operations.deciding import REACTIVATION
from crmlite.dormancy.operations.nightly import CLEANUP, ENDED, KIND, QUIET, go_down
from crmlite.dormancy.views import bp
from crmlite.followups.reasons import TaskReason
from crmlite.jobs import JobKind
from crmlite.navigation import NavigationEntry, SettingsPage
from crmlite.notifications import NotificationKind
from crmlite.settings.catalogue import Setting
from crmlite.wording import N_
from crmlite.work.record_types import RecordType

GROUP = N_("Dormant customers")


@hookimpl
def register_permissions() -> list[Permission]:
    return rights.permissions()


@hookimpl
def register_settings() -> list[Setting]:
    return [
        _days("reactivation_first", N_("Reactivation plan: first step after so many days"), 1),
        _days("reactivation_second", N_("Reactivation plan: second step after so many days"), 14),
        _days("reactivation_third", N_("Reactivation plan: third step after so many days"), 30),
    ]


def _days(name: str, label: str, default: int) -> Setting:
    return Setting(
        name=name, label=label, kind="integer", default=default, least=0, most=365, group=GROUP
    )


@hookimpl
def register_job_kinds() -> list[JobKind]:
    return [
        JobKind(
            name=KIND,
            label=N_("Look for customers of whom nobody hears"),
            hint=N_("Owners are warned, customers become dormant or archived, each by its terms."),
            run=go_down,
            daily_at=time(1, 10),
            long=True,
        )
    ]


@hookimpl
def register_notification_kinds() -> list[NotificationKind]:
    return [
        NotificationKind(
            name=QUIET,
            label=N_("Customers of mine of whom nobody hears"),
            icon="clock-pause",
            words=words.quiet_words,
            url=words.quiet_url,
        ),
        NotificationKind(
            name=CLEANUP,
            label=N_("The clean-up list of a quarter"),
            icon="archive",
            words=words.cleanup_words,
            url=words.cleanup_url,
        ),
    ]


@hookimpl
def register_task_reasons() -> list[TaskReason]:
    return [
        TaskReason(ENDED, words.ended_words),
        TaskReason(REACTIVATION, words.reactivation_words),
    ]


@hookimpl
def register_blueprints() -> list[Blueprint]:
    return [bp]


@hookimpl
def register_navigation() -> list[NavigationEntry]:
    return [
        NavigationEntry(
            key="dormancy",
            label=N_("Going quiet"),
            icon="clock-pause",
            endpoint="dormancy.quiet",
            permission="customers:see",
            group=2,
            weight=30,
        )
    ]


@hookimpl
def register_settings_pages() -> list[SettingsPage]:
    return [
        SettingsPage(
            key="dormancy",
            label=N_("Dormant customers"),
            description=N_("After how many days owners are warned, customers dormant and archived"),
            icon="clock-pause",
            endpoint="dormancy.all_terms",
            permission=rights.MANAGE,
            weight=23,
        )
    ]


@hookimpl
def register_record_types() -> list[RecordType]:
    return [
        RecordType(
            name="dormancy_term",
            title="tier",
            edit=rights.MANAGE,
            fixed=("tier",),
            label=N_("Terms of dormancy"),
            model=DormancyTerm,
            icon="clock-pause",
            labels={
                "tier": N_("Tier"),
                "warn": N_("Warn the owner: days without real contact"),
                "rest": N_("Dormant: days without real contact"),
                "ask": N_("Ask what becomes of it: days after the contract's end"),
                "archive": N_("Archive: days without dealings"),
            },
            operations={
                "customers_rested": N_("Dormant by the rule: no real contact for long"),
                "cooperation_ends_asked": N_("Asked what becomes of ended cooperations"),
                "customers_archived_by_rule": N_("Archived by the rule: no dealings for long"),
                "customer_reactivated": N_("Brought back, with a reactivation plan"),
            },
            url=lambda _term_id: url_for("dormancy.all_terms"),
        ),
        RecordType(
            name="cleanup_line",
            edit=rights.CONFIRM,
            label=N_("Line of the clean-up list"),
            model=CleanupLine,
            icon="archive",
            labels={"keep": N_("Kept until the next list")},
            operations={"cleanup_kept": N_("Kept on the clean-up list")},
            url=lambda _line_id: url_for("dormancy.cleanup"),
        ),
    ]
